"""Reads: a Core select compiled once, its JSON built by Postgres, the bytes passed on as they are.

Measured (docs/decisions/0002-reads-as-json.md): a row costs a quarter of what it costs through the ORM and
`response_model`. The schema that OpenAPI shows for such an answer is held by tests against real answers.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import asyncpg
import orjson
from fastapi import Request, Response
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    String,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import Select

from services.kit.db import Database, Driver
from services.kit.errors import NotFound, check_seen
from services.kit.paging import After, BadCursor, Order, continued, question, sealed

LIMIT = 200
BLOCK = 500
"""Rows fetched at once over a cursor."""
NEAR, HITS, FURTHER = 400, 4, 8000
"""A search walks along the first NEAR rows of a list; where they hold HITS, along FURTHER, else it asks the index.

Measured by bench_search: of 100,000 rows, what one in a hundred holds is found as soon in one way as in the other.
"""
COUNTED_TO = 10_000
"""How far the matches of a search are counted: no index spares a visit to each of them (decision 0042)."""
ENTITY_TAG = re.compile('"[^"]*"')
"""An entity tag among others, without the mark of a weak one."""
_LIMIT = bindparam("limit_and_one", type_=BigInteger)
DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped


@dataclass(frozen=True)
class Compiled:
    """A statement as the driver takes it, and the order of its values."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, object]

    def values(self, given: Mapping[str, object]) -> list[object]:
        """The values in the order of the placeholders."""
        return [given[name] if name in given else self.constants[name] for name in self.names]


def compiled(select: Select[Any]) -> Compiled:
    """Compile `select` once for the driver."""
    made = select.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return Compiled(str(made), tuple(made.positiontup or ()), dict(made.params))


def placed(statement: Compiled, names: list[str], constants: dict[str, object], *, part: str) -> str:
    """The SQL of a part of a statement, its placeholders numbered by `names` of the whole, which are added to.

    Values that callers give go by the same name in every part; constants that a part brings are its own.
    """

    def of_whole(name: str) -> str:
        constant = statement.constants[name]
        own = name if constant is None else f"{part}.{name}"
        if own not in names:
            names.append(own)
            constants[own] = constant
        return own

    numbers = [names.index(of_whole(name)) + 1 for name in statement.names]
    return re.sub(r"\$([0-9]+)", lambda place: f"${numbers[int(place[1]) - 1]}", statement.sql)


class One:
    """One thing by its key, as JSON; `columns` are what the select names.

    The select must bound itself by `:region` and by what the caller may see.
    """

    def __init__(self, select: Select[Any], *, what: str) -> None:
        self.what = what
        inner = compiled(select)
        version = "found.version" if "version" in select.selected_columns else "NULL"
        self._query = Compiled(
            f"SELECT row_to_json(found)::text, {version} FROM ({inner.sql}) AS found", inner.names, inner.constants
        )

    async def fetch(self, driver: Driver, **values: object) -> tuple[str, int | str | None] | None:
        """The JSON and the version, or None."""
        found: tuple[str, int | str | None] | None = await driver.fetchrow(self._query.sql, *self._query.values(values))
        return found

    async def tag(self, driver: Driver, **values: object) -> int | str | None:
        """What the ETag of its answer names, None where it is not there."""
        found = await self.fetch(driver, **values)
        return None if found is None else tag_of(found[0].encode(), found[1])

    async def check_seen(self, driver: Driver, if_match: str | None, **values: object) -> None:
        """Refuse an act on what is not as its caller saw it; what is not there is the act's to refuse."""
        tag = None if if_match is None else await self.tag(driver, **values)
        if tag is not None:
            check_seen(if_match, tag)

    async def answer(self, db: Database, request: Request, *, key: object, **values: object) -> Response:
        """The JSON as a response with its ETag, 304 where the caller has it, or `NotFound`."""
        async with db.driver() as driver:
            found = await self.fetch(driver, **values)
        if found is None:
            raise NotFound(self.what, key)
        return tagged(request, found[0].encode(), version=found[1])


def tag_of(body: bytes, version: int | str | None = None) -> int | str:
    """What an ETag names: the row's version where it has one, else a digest of the bytes."""
    return hashlib.blake2b(body, digest_size=9).hexdigest() if version is None else version


def tagged(request: Request, body: bytes, *, version: int | str | None = None) -> Response:
    """`body` with its ETag: the row's version where it has one, else a digest of the bytes."""
    etag = f'"{tag_of(body, version)}"'
    if request.method in {"GET", "HEAD"} and _held(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag})


def _held(none_match: Sequence[str], etag: str) -> bool:
    """Whether `If-None-Match` says that the caller has it: `*`, or a list of tags, weak ones as good (RFC 9110, 13.1.2).

    A tag may hold a comma; a list may come in several fields.
    """
    if [field.strip() for field in none_match] == ["*"]:
        return True
    return any(etag == tag for field in none_match for tag in ENTITY_TAG.findall(field))


class Page:
    """A list by opaque cursor over (sort key, id), as JSON `{"items": […], "next": cursor or null}`.

    `filters` are clauses by name; only those for which a value was given take part. Each combination is compiled
    once. `search` names those of them that are a search, the slowest one first: each alone says whether a row is
    meant, and the last that is given has an index to itself. `sort` is the list's own order, of a key that all rows
    have; `sorts` are the keys that it can be sorted by instead.
    """

    def __init__(
        self,
        select: Select[Any],
        *,
        sort: ColumnElement[Any],
        identity: ColumnElement[Any],
        sorts: Mapping[str, ColumnElement[Any]] | None = None,
        filters: Mapping[str, ColumnElement[bool]] | None = None,
        search: Sequence[str] = (),
        descending: bool = False,
        counted_to: int = COUNTED_TO,
    ) -> None:
        self.select = select
        self.own_order = Order(sort, identity, descending=descending)
        self.sorts = dict(sorts or {})
        self.filters = dict(filters or {})
        self.search = tuple(search)
        self.counted_to = counted_to
        self._compiled = lru_cache(maxsize=512)(self._compile)
        self._compiled_whole = lru_cache(maxsize=64)(self._compile_whole)

    @cached_property
    def name(self) -> str:
        """By which a cursor knows its list: a digest of what it reads."""
        own = compiled(self.select.order_by(*self.own_order.clauses))
        return hashlib.blake2b(own.sql.encode(), digest_size=9).hexdigest()

    def order(self, sort: str | None) -> Order:
        """The order that is asked for by a name of `sorts`, `-` before it for the other way round."""
        if sort is None:
            return self.own_order
        key, descending = self.sorts[sort.removeprefix("-")], sort.startswith("-")
        if key is self.own_order.key:
            return (
                self.own_order
                if descending == self.own_order.descending
                else Order(key, self.own_order.identity, descending)
            )
        return Order(key, self.own_order.identity, descending, nullable=True)

    def _compile(self, named: frozenset[str], after: After | None, total: bool, sort: str | None) -> Compiled:
        order = self.order(sort)
        indexed = [name for name in self.search if name in named][-1:]
        matching = and_(
            true(), *(self.filters[name] for name in sorted(named) if name in indexed or name not in self.search)
        )
        beyond = true() if after is None else order.beyond(after)
        fixed = named <= set(self.search)
        if indexed and fixed and order.key is self.own_order.key:
            page = self._searched(order, self.filters[self.search[0]], matching, beyond)
        else:  # by another key there is nothing to walk along: what is found is sorted
            page = self.select.where(matching, beyond)
        shown_page = page.add_columns(cast(order.key, String).label("_sort"), cast(order.identity, String).label("_id"))
        ordered = shown_page.order_by(*order.clauses).limit(literal_column(str(LIMIT + 1)) if fixed else _LIMIT)
        names: list[str] = [_LIMIT.key]
        constants: dict[str, object] = {}
        sql = placed(compiled(ordered), names, constants, part="page")
        if fixed:  # values change nothing about the way: with a bound that it knows, Postgres plans it once and for all
            sql = f"SELECT * FROM ({sql}) AS bounded LIMIT $1"
        counted = "NULL::bigint"
        if total:
            counting = self.select.where(matching)
            if indexed:
                counting = counting.limit(literal_column(str(self.counted_to + 1)))
            count = placed(compiled(counting), names, constants, part="count")
            counted = f"(SELECT count(*) FROM ({count}) AS counted)"
        bound = "$1"
        shown = ", ".join(f'numbered."{column.name}"' for column in self.select.selected_columns)
        sql = f"""
WITH numbered AS (SELECT page.*, row_number() OVER () AS _row FROM ({sql}) AS page)
SELECT coalesce(json_agg((SELECT item FROM (SELECT {shown}) AS item) ORDER BY _row) FILTER (WHERE _row < {bound}), '[]')::text,
       max(_row) = {bound}, max(_sort) FILTER (WHERE _row = {bound} - 1), max(_id) FILTER (WHERE _row = {bound} - 1), {counted}
FROM numbered"""
        return Compiled(sql, tuple(names), constants)

    def _searched(
        self, order: Order, each: ColumnElement[bool], matching: ColumnElement[bool], beyond: ColumnElement[bool]
    ) -> Select[Any]:
        """The page of a search. What many rows hold is found by walking along the list, what few hold by the index.

        Postgres cannot know which of the two it is. So the first rows are walked; where they fill the page, that is
        all. Where they hold enough of what is looked for, more are walked, a bounded way; else the index is asked.
        """
        keys = self.select.with_only_columns(order.key.label("sort"), order.identity.label("id")).where(beyond)

        def walked(name: str, rows: ColumnElement[int]) -> CTE:
            way = keys.add_columns(each.label("hit")).order_by(*order.clauses).limit(rows).subquery(f"{name}_rows")
            return select(way.c.sort, way.c.id).where(way.c.hit).limit(_LIMIT).cte(name)

        def filled(way: CTE) -> ColumnElement[bool]:
            return select(func.count() >= _LIMIT).select_from(way).scalar_subquery()

        near = walked("near", literal_column(str(NEAR)))
        promising = select(func.count().between(HITS, _LIMIT - 1)).select_from(near).scalar_subquery()
        further = walked("further", case((promising, FURTHER), else_=0))
        far = keys.where(matching, not_(filled(near)), not_(filled(further))).cte("far").prefix_with("MATERIALIZED")
        rest_order = (far.c.sort.desc(), far.c.id.desc()) if order.descending else (far.c.sort, far.c.id)
        rest = select(far.c.id).order_by(*rest_order).limit(_LIMIT).subquery("rest")
        found = union_all(
            select(near.c.id).where(filled(near)), select(further.c.id).where(filled(further)), select(rest.c.id)
        ).subquery("found")
        return self.select.where(order.identity == any_(func.array(select(found.c.id).scalar_subquery())))

    async def fetch(
        self,
        driver: Driver,
        *,
        limit: int = 50,
        cursor: str | None = None,
        total: bool = False,
        sort: str | None = None,
        given: Mapping[str, object] | None = None,
        **values: object,
    ) -> bytes:
        """One page as JSON. `given` holds the filters that take part, by name."""
        given = {name: value for name, value in (given or {}).items() if value is not None}
        sort = None if self.order(sort) is self.own_order else sort
        more = {**values, **given, "limit_and_one": limit + 1}
        after: After | None = None
        if cursor is not None:
            more["after_sort"], more["after_id"] = continued(cursor, self._asked(sort, given, values))
            after = "nothing" if more["after_sort"] is None else "value"
        query = self._compiled(frozenset(given), after, total, sort)
        items: str
        try:
            found = await driver.fetchrow(query.sql, *query.values(more))
        except asyncpg.DataError as error:
            if cursor is None:
                raise
            raise BadCursor from error  # well formed, but no value of the columns that this list is sorted by
        items, further, key, identity, count = found
        following = orjson.dumps(sealed(self._asked(sort, given, values), key, identity) if further else None)
        return b'{"items":' + items.encode() + b',"next":' + following + self._told(count, given) + b"}"

    def _asked(self, sort: str | None, given: Mapping[str, object], values: Mapping[str, object]) -> str:
        return question(self.name, sort, given, values)

    def _told(self, count: int | None, given: Mapping[str, object]) -> bytes:
        """The count as the page tells it, where it was asked for."""
        if count is None:
            return b""
        if count > self.counted_to and not given.keys().isdisjoint(self.search):
            return b',"total":null,"more_than":%d' % self.counted_to
        return b',"total":%d' % count

    def _compile_whole(self, named: frozenset[str], sort: str | None) -> Compiled:
        base = self.select.where(*(self.filters[name] for name in sorted(named)))
        inner = compiled(base.order_by(*self.order(sort).clauses))
        return Compiled(f"SELECT row_to_json(item)::text FROM ({inner.sql}) AS item", inner.names, inner.constants)

    async def every(
        self,
        driver: Driver,
        *,
        sort: str | None = None,
        given: Mapping[str, object] | None = None,
        **values: object,
    ) -> AsyncIterator[list[str]]:
        """Everything on all pages as JSON, some hundred at a time, over a cursor of the transaction that is open."""
        given = {name: value for name, value in (given or {}).items() if value is not None}
        query = self._compiled_whole(frozenset(given), sort)
        cursor = await driver.cursor(query.sql, *query.values({**values, **given}))
        while rows := await cursor.fetch(BLOCK):
            yield [row[0] for row in rows]


def as_json(body: bytes | str | Sequence[Any] | Mapping[str, Any]) -> Response:
    """An answer that is JSON already, or becomes it here with exact numbers as strings."""
    if isinstance(body, str):
        body = body.encode()
    return Response(body if isinstance(body, bytes) else orjson.dumps(body, default=str), media_type="application/json")

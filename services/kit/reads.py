"""Reads: a Core select compiled once, its JSON built by Postgres, the bytes passed on as they are.

Measured (docs/decisions/0002-reads-as-json.md): a row costs a quarter of what it costs through the ORM and
`response_model`. The schema that OpenAPI shows for such an answer is held by tests against real answers.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg
import orjson
from fastapi import Request, Response
from sqlalchemy import ColumnElement, String, and_, bindparam, cast, or_
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import Select

from services.kit.db import Database, Driver
from services.kit.errors import NotFound, Refused

LIMIT = 200
BLOCK = 500
"""Rows fetched at once over a cursor."""
DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped


class BadCursor(Refused):
    """The cursor was not made by this list."""

    code = "bad-cursor"

    def __init__(self) -> None:
        super().__init__(
            "send the cursor exactly as `next` gave it",
            zh="游标无效：请原样使用上一页返回的 next",
            pointer="/query/cursor",
        )


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

    async def answer(self, db: Database, request: Request, *, key: object, **values: object) -> Response:
        """The JSON as a response with its ETag, 304 where the caller has it, or `NotFound`."""
        async with db.driver() as driver:
            found = await self.fetch(driver, **values)
        if found is None:
            raise NotFound(self.what, key)
        return tagged(request, found[0].encode(), version=found[1])


def tagged(request: Request, body: bytes, *, version: int | str | None = None) -> Response:
    """`body` with its ETag: the row's version where it has one, else a digest of the bytes."""
    etag = f'"{hashlib.blake2b(body, digest_size=9).hexdigest() if version is None else version}"'
    held = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if not held.isdisjoint({etag, "*"}):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag})


class Page:
    """A list by opaque cursor over (sort key, id), as JSON `{"items": […], "next": cursor or null}`.

    `filters` are clauses by name; only those for which a value was given take part. Each combination is compiled
    once.
    """

    def __init__(
        self,
        select: Select[Any],
        *,
        sort: ColumnElement[Any],
        identity: ColumnElement[Any],
        filters: Mapping[str, ColumnElement[bool]] | None = None,
        descending: bool = False,
    ) -> None:
        self.select, self.sort, self.identity = select, sort, identity
        self.filters = dict(filters or {})
        self.descending = descending
        self._compiled = lru_cache(maxsize=256)(self._compile)
        self._compiled_whole = lru_cache(maxsize=64)(self._compile_whole)

    def _compile(self, named: frozenset[str], after: bool, total: bool) -> Compiled:
        base = self.select.where(*(self.filters[name] for name in sorted(named)))
        paged = base.add_columns(cast(self.sort, String).label("_sort"), cast(self.identity, String).label("_id"))
        if after:
            last_sort = cast(bindparam("after_sort", type_=String), self.sort.type)
            last_id = cast(bindparam("after_id", type_=String), self.identity.type)
            beyond, tie = (
                (self.sort < last_sort, self.identity < last_id)
                if self.descending
                else (self.sort > last_sort, self.identity > last_id)
            )
            paged = paged.where(or_(beyond, and_(self.sort == last_sort, tie)))
        order = (self.sort.desc(), self.identity.desc()) if self.descending else (self.sort, self.identity)
        inner = compiled(paged.order_by(*order).limit(bindparam("limit_and_one")))
        counted, constants, names = "NULL::bigint", dict(inner.constants), inner.names
        if total:
            count = compiled(base)
            if count.names != inner.names[: len(count.names)]:  # pragma: no cover - a mistake in a declaration
                raise AssertionError("the count must take the page's values first")
            counted = f"(SELECT count(*) FROM ({count.sql}) AS counted)"
        bound = f"${len(names) + 1}"
        shown = ", ".join(f'numbered."{column.name}"' for column in self.select.selected_columns)
        sql = f"""
WITH numbered AS (SELECT page.*, row_number() OVER () AS _row FROM ({inner.sql}) AS page)
SELECT coalesce(json_agg((SELECT item FROM (SELECT {shown}) AS item) ORDER BY _row) FILTER (WHERE _row < {bound}), '[]')::text,
       max(_row) = {bound}, max(_sort) FILTER (WHERE _row = {bound} - 1), max(_id) FILTER (WHERE _row = {bound} - 1), {counted}
FROM numbered"""
        return Compiled(sql, (*names, "limit_and_one"), constants)

    async def fetch(
        self,
        driver: Driver,
        *,
        limit: int = 50,
        cursor: str | None = None,
        total: bool = False,
        given: Mapping[str, object] | None = None,
        **values: object,
    ) -> bytes:
        """One page as JSON. `given` holds the filters that take part, by name."""
        given = {name: value for name, value in (given or {}).items() if value is not None}
        query = self._compiled(frozenset(given), cursor is not None, total)
        more = {**values, **given, "limit_and_one": limit + 1}
        if cursor is not None:
            more["after_sort"], more["after_id"] = opened(cursor)
        items: str
        try:
            found = await driver.fetchrow(query.sql, *query.values(more))
        except asyncpg.DataError as error:
            if cursor is None:
                raise
            raise BadCursor from error  # well formed, but no value of the columns that this list is sorted by
        items, further, sort, identity, count = found
        following = orjson.dumps(sealed(sort, identity) if further else None)
        counted = b"" if count is None else b',"total":%d' % count
        return b'{"items":' + items.encode() + b',"next":' + following + counted + b"}"

    def _compile_whole(self, named: frozenset[str]) -> Compiled:
        base = self.select.where(*(self.filters[name] for name in sorted(named)))
        order = (self.sort.desc(), self.identity.desc()) if self.descending else (self.sort, self.identity)
        inner = compiled(base.order_by(*order))
        return Compiled(f"SELECT row_to_json(item)::text FROM ({inner.sql}) AS item", inner.names, inner.constants)

    async def every(
        self, driver: Driver, *, given: Mapping[str, object] | None = None, **values: object
    ) -> AsyncIterator[list[str]]:
        """Everything on all pages as JSON, some hundred at a time, over a cursor of the transaction that is open."""
        given = {name: value for name, value in (given or {}).items() if value is not None}
        query = self._compiled_whole(frozenset(given))
        cursor = await driver.cursor(query.sql, *query.values({**values, **given}))
        while rows := await cursor.fetch(BLOCK):
            yield [row[0] for row in rows]


def sealed(sort: str, identity: str) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(orjson.dumps([sort, identity])).decode().rstrip("=")


def opened(cursor: str) -> tuple[str, str]:
    """What `sealed` closed, or `BadCursor`."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor from error
    if not isinstance(parts, list) or [type(part) for part in parts] != [str, str]:
        raise BadCursor
    return parts[0], parts[1]


def check_cursor(cursor: str | None) -> None:
    """Refuse a cursor that no list made, before anything else is said of what is asked for."""
    if cursor is not None:
        opened(cursor)


def as_json(body: bytes | str | Sequence[Any] | Mapping[str, Any]) -> Response:
    """An answer that is JSON already, or becomes it here with exact numbers as strings."""
    if isinstance(body, str):
        body = body.encode()
    return Response(body if isinstance(body, bytes) else orjson.dumps(body, default=str), media_type="application/json")

"""How versioned objects are kept and read: the row of today for lists, the versions for everything earlier."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response
from sqlalchemy import ColumnElement, Select, Text, any_, bindparam, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.kit.clock import business_now
from services.kit.db import Database, Driver, Session, driver_of, knowledge_key, knowledge_lock
from services.kit.errors import NotFound
from services.kit.exports import paged
from services.kit.names import Named, check_names
from services.kit.reads import One, Page, tagged
from services.registry.schema import Table
from services.registry.versions.metrics import ENTERPRISES, NAMES
from services.registry.versions.rules import Content, Reference
from services.registry.versions.schemas import Paging
from services.registry.versions.tables import Current, Version
from services.registry.versions.written import Veil, Written, note


def among(column: ColumnElement[str], codes: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of these: one array, since a file names more than a statement takes parameters."""
    return column == any_(literal(sorted(codes), ARRAY(Text)))


@dataclass(frozen=True)
class Stamp:
    """Who writes, for which region, and from when it counts."""

    region: str
    by: str
    recorded_at: datetime


async def stamp(session: Session, region: str, by: str) -> Stamp:
    """Take the region's lock and read the business clock: the last thing before writing."""
    await knowledge_lock(session, region)
    return Stamp(region, by, await business_now(session))


@dataclass(frozen=True)
class Shelf:
    """One kind of versioned objects: its table, the fields of its content, the columns that lists go by.

    Codes are unique in a region; those of a `plan_scoped` kind in a plan.
    """

    kind: str
    table: type[Current]
    fields: tuple[str, ...]
    columns: Callable[[Content], Mapping[str, object]]
    filters: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    names: Mapping[str, Named] = field(default_factory=dict)
    """Filters that name an object of another kind here than in other lists."""
    sorts: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    """What the list can be sorted by beside code, name and `recorded_at`."""
    plan_scoped: bool = False
    absent: Mapping[str, Any] = field(default_factory=dict)
    """What a field is answered as in versions that were written before the field existed; else null."""
    veil: Veil | None = None
    """How a content with addresses is told in the trail."""

    def column(self, name: str) -> Any:  # noqa: ANN401 - a column of any type
        """A column of the table."""
        return self.table.__table__.c[name]  # type: ignore[attr-defined]  # SQLAlchemy adds it

    def view(self) -> Select[Any]:
        """Today's objects of `:region`, as they are answered."""
        own = [self.column(name) for name in ("id", "version", "recorded_at")]
        return select(*own, *self.content_columns(self.column("content"))).where(
            self.column("region") == bindparam("region"), self.column("ended_at").is_(None), *self.seen()
        )

    def seen(self) -> list[ColumnElement[bool]]:
        """What a caller sees of a kind that not everybody sees whole; bounds lists, objects and their histories alike."""
        return []

    @cached_property
    def one(self) -> One:
        """Today's object by `:code` (and `:plan`)."""
        return One(self.view().where(*self._key()), what=self.kind)

    @cached_property
    def page(self) -> Page:
        """Today's objects, by code."""
        return Page(
            self.view(),
            sort=self.column("code"),
            identity=self.column("id"),
            sorts=self.keys(),
            filters=self.filters,
            search=("q", "letters"),
        )

    def keys(self) -> dict[str, ColumnElement[Any]]:
        """What the list can be sorted by."""
        own = {name: self.column(name) for name in ("code", "recorded_at")}
        if "name" in self.fields:
            own["name"] = self.column("content")["name"].astext
        return {**own, **self.sorts}

    @cached_property
    def past(self) -> One:
        """The object as `:known_at` knew it."""
        latest = (
            select(Version.__table__)  # type: ignore[attr-defined]  # SQLAlchemy adds it
            .where(*self._versions(), literal_column("recorded_at") <= bindparam("known_at"))
            .order_by(literal_column("recorded_at").desc(), literal_column("version").desc())
            .limit(1)
            .subquery()
        )
        found = select(*self.past_view(latest.c), *self.content_columns(latest.c.content)).where(
            latest.c.content.is_not(None)
        )
        return One(found, what=self.kind)

    def past_view(self, latest: Any) -> list[Any]:  # noqa: ANN401 - columns of a subquery
        """What a version is answered by, beside its content."""
        return [latest.object_id.label("id"), latest.version, latest.recorded_at]

    @cached_property
    def history(self) -> Page:
        """Every version of the object, the first one first."""
        columns = Version.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
        return Page(
            select(columns.version, columns.recorded_at, columns.by, columns.content).where(*self._versions()),
            sort=columns.version,
            identity=columns.id,
            sorts={name: columns[name] for name in ("version", "recorded_at")},
        )

    def content_columns(self, content: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - a JSONB column
        """The fields of a content, each as a column."""
        found: dict[str, ColumnElement[Any]] = {
            name: content.op("->")(literal_column(f"'{name}'")) for name in self.fields
        }
        for name, value in self.absent.items():
            found[name] = func.coalesce(found[name], cast(literal_column(f"'{orjson.dumps(value).decode()}'"), JSONB))
        return [column.label(name) for name, column in found.items()]

    def _key(self) -> list[ColumnElement[bool]]:
        plan = [self.column("plan") == bindparam("plan")] if self.plan_scoped else []
        return [self.column("code") == bindparam("code"), *plan]

    def _versions(self) -> list[ColumnElement[bool]]:
        columns = Version.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
        identity = select(self.column("id")).where(
            self.column("region") == bindparam("region"), *self._key(), *self.seen()
        )
        return [columns.region == bindparam("region"), columns.object_id == identity.scalar_subquery()]

    async def row(self, session: Session, region: str, code: str, *, plan: str | None = None) -> Current | None:
        """The row of today, also of an object that was ended."""
        found = select(self.table).where(self.column("region") == region, self.column("code") == code)
        if plan is not None:
            found = found.where(self.column("plan") == plan)
        row: Current | None = (await session.execute(found)).scalar_one_or_none()
        return row

    async def rows(
        self, session: Session, region: str, *, plan: str | None = None, codes: Collection[str] | None = None
    ) -> dict[str, Current]:
        """The rows of a region, or of a plan, by code, those of ended objects too; all, or those of `codes`."""
        found = select(self.table).where(self.column("region") == region).order_by(self.column("id"))
        if plan is not None:
            found = found.where(self.column("plan") == plan)
        if codes is not None:
            found = found.where(among(self.column("code"), codes))
        return {row.code: row for row in (await session.execute(found)).scalars()}

    async def current(self, session: Session, region: str) -> list[Current]:
        """The rows of everything in a region that was not ended."""
        found = select(self.table).where(self.column("region") == region, self.column("ended_at").is_(None))
        return list((await session.execute(found)).scalars())

    def write(self, session: Session, stamp: Stamp, row: Current | None, code: str, content: Content) -> Current:
        """Add a version, the first one of a new object or the next one of `row`."""
        before = None if row is None or row.ended_at is not None else row.content
        if row is None:
            row = self.table(region=stamp.region, code=code, recorded_at=stamp.recorded_at)
        for name, value in self.columns(content).items():
            setattr(row, name, value)
        row.content, row.ended_at = content, None
        return self._versioned(session, stamp, row, before, content)

    def end(self, session: Session, stamp: Stamp, row: Current) -> Current:
        """Add the version that ends the object; its code can be taken up again."""
        row.ended_at = stamp.recorded_at
        return self._versioned(session, stamp, row, row.content, None)

    def _versioned(
        self, session: Session, stamp: Stamp, row: Current, before: Content | None, content: Content | None
    ) -> Current:
        row.version, row.recorded_at = row.version + 1, stamp.recorded_at
        session.add(row)
        session.add(
            Version(
                region=stamp.region,
                kind=self.kind,
                object_id=row.id,
                code=row.code,
                version=row.version,
                recorded_at=stamp.recorded_at,
                by=stamp.by,
                content=content,
            )
        )
        subject = self.subject(row.code, getattr(row, "plan", None))
        note(session, Written(subject, row.version, before, content, self.veil))
        return row

    def subject(self, code: str, plan: str | None = None) -> str:
        """An object as the trail names it: kind and code, and where codes are a plan's, the plan's before it."""
        return f"{self.kind}:{plan}/{code}" if self.plan_scoped else f"{self.kind}:{code}"

    async def found(
        self, db: Database, *, known_at: datetime | None = None, **key: object
    ) -> tuple[bytes, int | str | None]:
        """The object and its version, today or as `known_at` knew it, or `NotFound`.

        What an earlier instant knew says so: `known_at`, and `provisional` where that answer may still change.
        """
        async with db.driver() as driver:
            if known_at is None:
                found = await self.one.fetch(driver, **key)
                provisional = False
            else:
                async with driver.transaction():
                    _, provisional = await knowledge(driver, str(key["region"]), known_at)
                    found = await self.past.fetch(driver, known_at=known_at, **key)
        if found is None:
            raise NotFound(self.kind, key["code"])
        if known_at is None:
            return found[0].encode(), found[1]
        return orjson.dumps({**orjson.loads(found[0]), "known_at": known_at, "provisional": provisional}), found[1]

    async def written(self, session: Session, request: Request, *, created: bool = False, **key: object) -> Response:
        """The object as it is after a write in this session, as a response."""
        found = await self.one.fetch(await driver_of(session), **key)
        if found is None:
            raise NotFound(self.kind, key["code"])
        answer = tagged(request, found[0].encode(), version=found[1])
        if created:
            answer.status_code = HTTPStatus.CREATED
            answer.headers["Location"] = f"{request.url.path}/{key['code']}"
        return answer

    async def listed(
        self,
        db: Database,
        asked: Paging,
        *,
        shown: Callable[[Content], Content] | None = None,
        **values: Any,  # noqa: ANN401 - values of a query
    ) -> Response:
        """One page of today's objects, or all of them as the file that is asked for, as a response.

        `shown` makes of each what the caller may see.
        """
        return await page_of(db, self.page, asked, shown=shown, names={**NAMES, **self.names}, **values)

    async def check_known(self, db: Database, **key: Any) -> None:  # noqa: ANN401 - values of a query
        """Refuse what never was; what was ended has its history and its log still."""
        async with db.driver() as driver:
            found = await self.history.fetch(driver, limit=1, **key)
        if found.startswith(b'{"items":[]'):
            raise NotFound(self.kind, key["code"])

    async def past_versions(
        self,
        db: Database,
        asked: Paging,
        *,
        shown: Callable[[Content], Content] | None = None,
        **key: Any,  # noqa: ANN401 - values of a query
    ) -> Response:
        """One page of the object's versions, as a response, or `NotFound`."""
        if asked.cursor is None:
            await self.check_known(db, **key)
        return await page_of(db, self.history, asked, given={}, shown=_within(shown), **key)

    async def answer(
        self, db: Database, request: Request, *, known_at: datetime | None = None, **key: object
    ) -> Response:
        """The object as a response with its ETag."""
        body, version = await self.found(db, known_at=known_at, **key)
        return tagged(request, body, version=version)


def _within(shown: Callable[[Content], Content] | None) -> Callable[[Content], Content] | None:
    """What is shown of a version: its content, as the caller may see it."""
    if shown is None:
        return None
    return lambda version: {**version, "content": version["content"] and shown(version["content"])}


async def page_of(
    db: Database,
    page: Page,
    asked: Paging,
    *,
    shown: Callable[[Content], Content] | None = None,
    given: Mapping[str, object] | None = None,
    names: Mapping[str, Named] = NAMES,
    **values: Any,  # noqa: ANN401 - values of a query
) -> Response:
    """One page of a list, or all of it as the file that is asked for, as a response; `given` are other filters than asked."""
    return await paged(
        db,
        page,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=asked.filters() if given is None else given,
        values=values,
        shown=shown,
        names=names,
    )


async def check_filters(session: Session, given: Mapping[str, object], **values: object) -> None:
    """Refuse filters of what is no list that name an object which is not there."""
    await check_names(await driver_of(session), NAMES, given, values)


async def knowledge(driver: Driver, region: str, known_at: datetime | None) -> tuple[datetime, bool]:
    """The instant an answer in this transaction is known at, now where none is asked for, and whether it is provisional.

    It is where something recorded up to then may still come: the instant is not over, or someone is writing.
    """
    now, quiet = await driver.fetchrow(
        "SELECT platform.now(), pg_try_advisory_xact_lock_shared($1)", knowledge_key(region)
    )
    return known_at or now, not quiet or known_at is None or known_at >= now


async def answering(session: Session, region: str, references: Iterable[Reference]) -> Mapping[str, Content]:
    """The units that shall answer for something, by code, and those that took over from them."""
    units = Table.metadata.tables["registry.unit"].c
    found: dict[str, Content] = {}
    wanted = {reference.code for reference in references if reference.kind == "unit" and reference.on is not None}
    while wanted:
        there = select(units.code, units.content).where(
            units.region == region, among(units.code, wanted), units.ended_at.is_(None)
        )
        more = {row.code: row.content for row in await session.execute(there)}
        found |= more
        wanted = {heir for unit in more.values() for heir in unit["successors"]} - found.keys()
    return found


def search_filters(table: type[Current]) -> dict[str, ColumnElement[bool]]:
    """The filters of a searchable table."""
    columns = table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    return {
        "q": columns.search.like(bindparam("q")),
        "letters": columns.letters.contains(bindparam("letters", type_=columns.letters.type)),
    }


async def merged_into(session: Session, region: str, references: Iterable[Reference]) -> Mapping[str, str]:
    """The enterprises referred to that were merged, each with the one that stands for it."""
    codes = {reference.code for reference in references if reference.kind == "enterprise"}
    if not codes:
        return {}
    columns = ENTERPRISES.c
    found = select(columns.code, columns.merged_into).where(
        columns.region == region, among(columns.code, codes), columns.merged_into.is_not(None)
    )
    return {row.code: row.merged_into for row in await session.execute(found)}


async def present(session: Session, region: str, references: Iterable[Reference]) -> Collection[tuple[str, str]]:
    """Which of the objects referred to are there, as (kind, code)."""
    wanted: dict[str, set[str]] = {}
    for reference in references:
        wanted.setdefault(reference.kind, set()).add(reference.code)
    found = set()
    for kind, codes in wanted.items():
        table = Table.metadata.tables[f"registry.{kind}"]
        there = select(table.c.code).where(
            table.c.region == region, among(table.c.code, codes), table.c.ended_at.is_(None)
        )
        found |= {(kind, code) for code in (await session.execute(there)).scalars()}
    return found

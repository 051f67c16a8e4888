"""Many versions at once: staged row by row, written by a few statements, with all that one `Shelf.write` promises.

Every staged row becomes a version in the feed, the row of today is what the version says, its columns are those of
`Shelf.columns`, and what changed since it was looked at is found before anything is written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ARRAY, Column, Text, text
from sqlalchemy.exc import IntegrityError

from services.kit.db import Session, copy_rows, give_time, uuid7
from services.kit.errors import Refused
from services.kit.reads import DIALECT
from services.registry.versions.rules import Content
from services.registry.versions.store import Shelf, Stamp

STATEMENT_SECONDS: Final = 300
"""A request's statements have 5 s; those of an import write up to its whole file."""
OWN: Final = ("line", "object_id", "version_id", "seen", "plan_code", "code", "content")
"""What is staged beside a shelf's columns. `seen` is the version that was looked at, 0 of a new object."""


KEY: Final = re.compile(r"Key \(region, (?P<column>\w+)\)=\([0-9]+, (?P<value>.*)\) ", re.DOTALL)
"""How Postgres names the value that must be unique, or must be there."""


class Clash(Refused):
    """The database has a rule that rows break: a value that another object has, or that nothing has."""

    code = "not-unique"

    def __init__(self, name: str | None, lines: Sequence[int], value: str, detail: str) -> None:
        super().__init__(
            f"a value that must be unique is another object's: {detail}", zh=f"须唯一的值已被其他对象使用：{detail}"
        )
        self.name, self.lines, self.value = name, lines, value


@dataclass(frozen=True)
class Staged:
    """One object as it shall be."""

    line: int
    code: str
    content: Content
    seen: int = 0
    plan: str | None = None


@dataclass(frozen=True)
class Bulk:
    """The versions of one shelf that a transaction is about to write."""

    shelf: Shelf
    columns: tuple[str, ...]
    """Those of `Shelf.columns`."""

    async def stage(self, session: Session, rows: Sequence[Staged]) -> None:
        """Keep rows until they are written."""
        records = []
        for row in rows:
            columns = self.shelf.columns(row.content)
            own = (row.line, uuid7(), uuid7(), row.seen, row.plan or "", row.code, orjson.dumps(row.content).decode())
            records.append((*own, *(columns[name] for name in self.columns)))
        await copy_rows(session, "staged_version", (*OWN, *self.columns), records)

    async def moved(self, session: Session, region: str) -> list[int]:
        """Lines whose object is not what it was when it was looked at: somebody wrote it meanwhile."""
        found = await session.execute(
            text(f"""
SELECT s.line FROM staged_version AS s LEFT JOIN {self._table} AS t ON t.region = :region AND {self._same("t", "s")}
WHERE s.seen IS DISTINCT FROM CASE WHEN t.ended_at IS NULL THEN coalesce(t.version, 0) ELSE 0 END ORDER BY s.line"""),
            {"region": region},
        )
        return list(found.scalars())

    async def write(self, session: Session, stamp: Stamp, *, keep: bool = True) -> list[tuple[str, int]]:
        """Write every staged row as the next version of its object, or only see that it could be.

        Returns what was written, as the trail names it, with its version.

        Raises `Clash` where the database refuses: two objects with what must be one's own.
        """
        try:
            async with session.begin_nested() as point:
                written = await self._write(session, stamp)
                await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                if not keep:
                    await point.rollback()
        except IntegrityError as error:
            raise await self._clash(session, error) from error
        return written

    async def _clash(self, session: Session, error: IntegrityError) -> "Clash":
        """Which rows hold the value that the database names."""
        cause = getattr(error.orig, "__cause__", None)
        detail = str(getattr(cause, "detail", None) or "")
        told = KEY.match(detail)
        name, lines = None, []
        if told is not None and told["column"] in self.columns:
            name = told["column"]
            found = await session.execute(
                text(f'SELECT line FROM staged_version WHERE "{name}"::text = :value ORDER BY line LIMIT 100'),
                {"value": told["value"]},
            )
            lines = list(found.scalars())
        return Clash(name, lines, told["value"] if told else "", detail)

    async def _write(self, session: Session, stamp: Stamp) -> list[tuple[str, int]]:
        values = {"region": stamp.region, "at": stamp.recorded_at, "by": stamp.by, "kind": self.shelf.kind}
        joined = f"staged_version AS s LEFT JOIN {self._table} AS t ON t.region = :region AND {self._same('t', 's')}"
        await session.execute(
            text(f"""
INSERT INTO registry.version (region, id, kind, object_id, code, version, recorded_at, by, content)
SELECT :region, s.version_id, :kind, coalesce(t.id, s.object_id), s.code, coalesce(t.version, 0) + 1, :at, :by, s.content
FROM {joined}"""),
            values,
        )
        defaults = self._defaults(stamp)
        await self._set_aside(session, stamp)
        names = ("region", "id", "code", "version", "recorded_at", "content", *self.columns, *defaults)
        taken = ", ".join(f's."{name}"::{self._type(name)}' for name in self.columns)
        more = "".join(f", CAST(:{name} AS {self._type(name)})" for name in defaults)
        renewed = ", ".join(f'"{name}" = excluded."{name}"' for name in ("recorded_at", "content", *self.columns))
        written = await session.execute(
            text(f"""
INSERT INTO {self._table} ({", ".join(f'"{name}"' for name in names)})
SELECT :region, s.object_id, s.code, 1, :at, s.content, {taken}{more} FROM staged_version AS s
ON CONFLICT ({", ".join(self._key)}) DO UPDATE
SET version = {self._name}.version + 1, ended_at = NULL, {renewed}
RETURNING code, version, {"plan" if self.shelf.plan_scoped else "NULL"}"""),
            {"region": stamp.region, "at": stamp.recorded_at, **defaults},
        )
        return sorted((self.shelf.subject(code, plan), version) for code, version, plan in written)

    async def _set_aside(self, session: Session, stamp: Stamp) -> None:
        """End for a moment whoever has a value that another staged row takes, and is staged too: it comes back by itself.

        Postgres looks at a unique index row by row, and two that swap what must be unique are in each other's way. Only
        those who are in the way are touched: a second version of every row would cost as much as the first.
        """
        for columns in self._unique_while_not_ended():
            taken = " AND ".join(f'holder."{name}" = s."{name}"::{self._type(name)}' for name in columns)
            await session.execute(
                text(f"""
UPDATE {self._table} AS t SET ended_at = :at WHERE t.id IN (
    SELECT holder.id FROM staged_version AS s
    JOIN {self._table} AS holder ON holder.region = :region AND holder.ended_at IS NULL AND {taken}
    JOIN staged_version AS own ON {self._same("holder", "own")}
    WHERE own.line <> s.line) AND t.region = :region"""),
                {"region": stamp.region, "at": stamp.recorded_at},
            )

    def _unique_while_not_ended(self) -> list[list[str]]:
        """The columns of each index that lets a value have one object, of those that were not ended."""
        table: Any = self.shelf.table.__table__  # type: ignore[attr-defined]  # SQLAlchemy adds it
        among = [index for index in table.indexes if index.unique]
        partial = [index for index in among if "ended_at IS NULL" in str(index.dialect_options["postgresql"]["where"])]
        return sorted([column.name for column in index.columns if column.name != "region"] for index in partial)

    @property
    def _table(self) -> str:
        return f"registry.{self._name}"

    @property
    def _name(self) -> str:
        return str(self.shelf.table.__tablename__)

    @property
    def _key(self) -> tuple[str, ...]:
        return ("region", "plan", "code") if self.shelf.plan_scoped else ("region", "code")

    def _same(self, one: str, other: str) -> str:
        of_plan = f" AND {one}.plan = {other}.plan_code" if self.shelf.plan_scoped else ""
        return f"{one}.code = {other}.code{of_plan}"

    def _type(self, name: str) -> str:
        return _type_of(self.shelf.column(name))

    def _defaults(self, stamp: Stamp) -> Mapping[str, Any]:
        """What a new object has in columns that its content does not speak of."""
        blank = self.shelf.table(region=stamp.region, code="", recorded_at=stamp.recorded_at)
        known = {"region", "id", "code", "version", "recorded_at", "ended_at", "content", *self.columns}
        others = {column.name for column in self.shelf.table.__table__.c} - known  # type: ignore[attr-defined]  # SQLAlchemy adds it
        return {name: getattr(blank, name) for name in sorted(others) if getattr(blank, name, None) is not None}


async def open_bulk(session: Session, shelf: Shelf, sample: Content) -> Bulk:
    """Make the place where versions of a shelf are staged, in this transaction; `sample` is any content of it."""
    columns = tuple(name for name in shelf.columns(sample) if name not in OWN)
    await give_time(session, STATEMENT_SECONDS)
    told = "".join(f', "{name}" {_staged_type(shelf.column(name))}' for name in columns)
    await session.execute(
        text(f"""
CREATE TEMP TABLE staged_version (line int NOT NULL, object_id uuid NOT NULL, version_id uuid NOT NULL, seen int NOT NULL,
    plan_code text NOT NULL, code text NOT NULL, content jsonb NOT NULL{told}) ON COMMIT DROP""")
    )
    return Bulk(shelf, columns)


def _type_of(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=DIALECT))


def _staged_type(column: Column[Any]) -> str:
    """The type under which COPY takes a column's values: types of extensions have no binary form there."""
    base = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    return _type_of(column) if base.__module__.startswith("sqlalchemy") or isinstance(base, Text) else "text"

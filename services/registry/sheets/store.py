"""What imported rows are compared with: the objects of today, and what they refer to. Speaks SQL."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, Text, bindparam, func, literal, select

from services.kit.db import Session, copy_rows
from services.kit.reads import Page
from services.registry.schema import Table
from services.registry.sheets.tables import SheetRow
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Shelf

BLOCK: Final = 50_000
Key = tuple[str, str]
"""Plan and code; the plan is empty for what belongs to no plan."""


@dataclass(frozen=True)
class Present:
    """An object as it is today."""

    version: int
    content: Content


async def present(session: Session, shelf: Shelf, region: str, keys: Collection[Key]) -> dict[Key, Present]:
    """Those of the objects that are there."""
    codes = sorted({code for _, code in keys})
    plan = shelf.column("plan") if shelf.plan_scoped else literal("")
    found = select(plan, shelf.column("code"), shelf.column("version"), shelf.column("content")).where(
        shelf.column("region") == region,
        shelf.column("code") == func.any(bindparam("codes", type_=ARRAY(Text))),
        shelf.column("ended_at").is_(None),
    )
    rows = (await session.execute(found, {"codes": codes})).all()
    return {
        key: Present(version, content)
        for of_plan, code, version, content in rows
        if (key := (of_plan if shelf.plan_scoped else "", code)) in keys
    }


_row: Any = SheetRow.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
ROWS_OF_JOBS: Final = Page(
    select(_row.line.label("row"), _row.code, _row.change).where(
        _row.region == bindparam("region"), _row.job == bindparam("job")
    ),
    sort=_row.line,
    identity=_row.code,
    sorts={"row": _row.line},
    filters={"change": _row.change == bindparam("change")},
)
"""What became of the rows of a job, in the file's order."""


async def keep_rows(session: Session, region: str, job: uuid.UUID, rows: Sequence[tuple[int, str, str]]) -> None:
    """Remember what became of each row of a job."""
    for start in range(0, len(rows), BLOCK):
        records = [(region, job, *row) for row in rows[start : start + BLOCK]]
        await copy_rows(session, "registry.sheet_row", ("region", "job", "line", "code", "change"), records)


async def codes_by(session: Session, shelf: Shelf, region: str, name: str, values: Collection[str]) -> dict[str, str]:
    """The codes of the objects that have these values in a field that is unique among them."""
    field = shelf.column("content")[name].astext
    found = select(field, shelf.column("code")).where(
        shelf.column("region") == region,
        shelf.column("ended_at").is_(None),
        field == func.any(bindparam("values", type_=ARRAY(Text))),
    )
    rows = (await session.execute(found, {"values": sorted(values)})).all()
    return {row[0]: row[1] for row in rows}


async def known_by(
    session: Session, shelf: Shelf, region: str, names: Sequence[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Today's objects of a kind: code, and the values of some fields."""
    fields = [shelf.column("content")[name].astext for name in names]
    found = select(shelf.column("code"), *fields).where(
        shelf.column("region") == region, shelf.column("ended_at").is_(None)
    )
    rows = (await session.execute(found.order_by(shelf.column("code")))).all()
    return [(code, tuple(values)) for code, *values in rows]


async def missing(session: Session, region: str, named: Iterable[Reference]) -> set[tuple[str, str]]:
    """Which of the objects referred to are not there, as (kind, code)."""
    wanted: dict[str, set[str]] = {}
    for reference in named:
        wanted.setdefault(reference.kind, set()).add(reference.code)
    absent: set[tuple[str, str]] = set()
    for kind, codes in wanted.items():
        columns: Any = Table.metadata.tables[f"registry.{kind}"].c
        there = select(columns["code"]).where(
            columns["region"] == region,
            columns["code"] == func.any(bindparam("codes", type_=ARRAY(Text))),
            columns["ended_at"].is_(None),
        )
        found = set((await session.execute(there, {"codes": sorted(codes)})).scalars())
        absent |= {(kind, code) for code in codes - found}
    return absent

"""Where it is kept what happened to tasks and what was published."""

import uuid
from typing import Any

from sqlalchemy import Boolean, Integer, Select, any_, bindparam, extract, or_, select
from sqlalchemy import cast as as_type

from services.kit.db import Session, driver_of
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.tasks.tables import Publicity, TaskEntry
from services.registry.units.store import UNITS, named, units_named

_entries = TaskEntry.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_published = Publicity.__table__.c  # type: ignore[attr-defined]  # as above


def _shown(columns: Any, *without: str, day: str = "day") -> Select[Any]:  # noqa: ANN401 - columns of a table
    named = [column.label(day) if column.name == "day" else column for column in columns]
    kept = [column for column in named if column.name not in {"region", *without}]
    return select(*kept).where(columns.region == bindparam("region"))


ENTRIES = Page(
    _shown(_entries, day="on").where(_entries.plan == bindparam("plan"), _entries.task == bindparam("task")),
    sort=_entries.day,
    identity=_entries.id,
    sorts={"on": _entries.day, "kind": _entries.kind, "recorded_at": _entries.recorded_at},
    filters={"kind": _entries.kind == bindparam("kind")},
)
"""The log of one task, the first day first."""

ENTRY = One(_shown(_entries, day="on").where(_entries.id == bindparam("id")), what="entry")

PUBLICITY = Page(
    _shown(_published, "withdrawn_by"),
    sort=_published.day,
    identity=_published.id,
    sorts={name: _published[name] for name in ("day", "medium", "title", "unit", "recorded_at")},
    filters={
        "plan": _published.plan == bindparam("plan"),
        "unit": _published.unit == any_(units_named()),
        "sought": holds(_published.title, _published.medium, named(_published.region, _published.unit)),
        "medium": _published.medium == bindparam("medium"),
        "year": as_type(extract("year", _published.day), Integer) == bindparam("year", type_=Integer),
        "withdrawn": or_(_published.withdrawn_at.is_(None), bindparam("withdrawn", type_=Boolean)),
    },
)
"""What was published, the first day first."""

PUBLISHED = One(_shown(_published, "withdrawn_by").where(_published.id == bindparam("id")), what="publicity")


async def one(session: Session, found: One, region: str, identity: uuid.UUID) -> bytes:
    """What was just written, as it is answered."""
    row = await found.fetch(await driver_of(session), region=region, id=identity)
    if row is None:  # pragma: no cover - it was written in this transaction
        raise AssertionError(identity)
    return row[0].encode()


async def publicity(session: Session, region: str, plan: str, identity: uuid.UUID) -> Publicity | None:
    """Something published, as a row to withdraw."""
    found = select(Publicity).where(_published.region == region, _published.plan == plan, _published.id == identity)
    row: Publicity | None = (await session.execute(found)).scalar_one_or_none()
    return row


async def units_of(session: Session, region: str, plan: str, matter: str) -> list[str]:
    """Who answers for a task: the lead unit and those in support."""
    row = await RESPONSIBILITIES.row(session, region, matter, plan=plan)
    return [] if row is None or row.ended_at is not None else [row.content["lead"], *row.content["support"]]


async def unit_paths(session: Session, region: str, codes: list[str]) -> dict[str, str]:
    """The places of units in the tree, of those that are there."""
    rows = await UNITS.rows(session, region, codes=codes)
    return {code: row.content["path"] for code, row in rows.items() if row.ended_at is None}

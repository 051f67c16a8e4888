"""Where calendars and the clock are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text

from services.kit.db import Database, Session
from services.registry.calendar import rules
from services.registry.calendar.schemas import CalendarYear as Content
from services.registry.calendar.tables import CalendarYear
from services.registry.versions.store import Shelf

_columns = CalendarYear.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

CALENDARS = Shelf(
    kind="calendar",
    table=CalendarYear,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={"published": _columns.published == bindparam("published")},
    sorts={"year": _columns.year},
)


@dataclass(frozen=True)
class ClockRow:
    """The business clock as it is now."""

    now: datetime
    standing: bool
    moving_to: datetime | None
    real: bool


_SHOWN = "platform.now() AS now, standing, moving_to, business_at = real_at AND NOT standing AS real"


async def clock(session: Session) -> ClockRow:
    """The clock."""
    return ClockRow(**(await session.execute(text(f"SELECT {_SHOWN} FROM platform.clock"))).mappings().one())


async def held_clock(session: Session) -> ClockRow:
    """The clock, and nobody else changes it until the commit."""
    await session.execute(text("SELECT FROM platform.clock FOR UPDATE"))
    return await clock(session)


async def set_course(session: Session, to: datetime) -> None:
    """From now on the clock stands, and is on its way to `to`."""
    await session.execute(
        text(
            "UPDATE platform.clock SET business_at = platform.now(), real_at = clock_timestamp(), "
            "moving_to = greatest(:to, platform.now())"
        ),
        {"to": to},
    )


async def set_standing(session: Session, *, standing: bool) -> None:
    """Let it stand or tick, at once or when it has arrived."""
    await session.execute(
        text(
            "UPDATE platform.clock SET business_at = platform.now(), real_at = clock_timestamp(), standing = :standing "
            "WHERE standing <> :standing"
        ),
        {"standing": standing},
    )


async def visit(session: Session, at: datetime) -> None:
    """Let a moving clock show `at`, unless a nearer goal was set meanwhile."""
    await session.execute(
        text(
            "UPDATE platform.clock SET business_at = :at, real_at = clock_timestamp() "
            "WHERE business_at < :at AND moving_to >= :at"
        ),
        {"at": at},
    )


async def arrive(session: Session, at: datetime) -> None:
    """The clock is where it was to go; it ticks on from here unless it is to stand. A farther goal set meanwhile holds."""
    await session.execute(
        text("UPDATE platform.clock SET moving_to = NULL, real_at = clock_timestamp() WHERE moving_to = :at"),
        {"at": at},
    )


@asynccontextmanager
async def only_mover(db: Database) -> AsyncIterator[bool]:
    """Whether we are the one who moves the clock now; the others leave it to us until the block ends."""
    async with db.driver() as driver:
        ours: bool = await driver.fetchval("SELECT pg_try_advisory_lock(hashtextextended('clock', 0))")
        try:
            yield ours
        finally:
            if ours:
                await driver.execute("SELECT pg_advisory_unlock(hashtextextended('clock', 0))")

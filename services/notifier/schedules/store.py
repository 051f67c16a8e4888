"""The schedules' SQL, and the lock that keeps what is due in single file."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.kit.db import Database, Session
from services.notifier.schedules.tables import Schedule, ScheduleFire


def _key(region: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"due:{region}".encode(), digest_size=8).digest(), signed=True)


@asynccontextmanager
async def single_file(db: Database, region: str) -> AsyncIterator[bool]:
    """Whether this process is the one that decides now, for the length of the block. Never waits."""
    async with db.driver() as driver:
        mine: bool = await driver.fetchval("SELECT pg_try_advisory_lock($1)", _key(region))
        try:
            yield mine
        finally:
            if mine and not driver.is_closed():
                await driver.execute("SELECT pg_advisory_unlock($1)", _key(region))


async def ensure(session: Session, schedule: Schedule) -> None:
    """Make a schedule, or bring its weekday, time and zone up to date; what it has handled stays handled."""
    row = schedule.model_dump()
    changed = {name: row[name] for name in ("weekday", "at", "time_zone")}
    differs = or_(*(col(getattr(Schedule, name)) != value for name, value in changed.items()))
    await session.execute(
        upsert(Schedule)
        .values(row)
        .on_conflict_do_update(index_elements=["region", "plan", "code"], set_=changed, where=differs)
    )


async def schedules(session: Session, region: str) -> Sequence[Schedule]:
    """Every schedule of the region."""
    found = await session.scalars(
        select(Schedule).where(col(Schedule.region) == region).order_by(col(Schedule.plan), col(Schedule.code))
    )
    return found.all()


async def fired(session: Session, fire: ScheduleFire) -> bool:
    """Note a fire and that everything up to it is handled; says whether it is new."""
    made = await session.execute(
        upsert(ScheduleFire).values(fire.model_dump()).on_conflict_do_nothing().returning(col(ScheduleFire.fire_at))
    )
    await session.execute(
        update(Schedule)
        .where(
            col(Schedule.region) == fire.region, col(Schedule.plan) == fire.plan, col(Schedule.code) == fire.schedule
        )
        .values(handled_to=fire.fire_at)
    )
    return made.first() is not None


async def count(session: Session, fire: ScheduleFire, digests: int, nothing_open: int) -> None:
    """Note what a fire made."""
    await session.execute(
        update(ScheduleFire)
        .where(
            col(ScheduleFire.region) == fire.region,
            col(ScheduleFire.plan) == fire.plan,
            col(ScheduleFire.schedule) == fire.schedule,
            col(ScheduleFire.fire_at) == fire.fire_at,
        )
        .values(digests=digests, nothing_open=nothing_open)
    )

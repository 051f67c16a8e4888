"""Keeping calendars, and moving the business clock so that everything on the way happens at its own instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import chinese_calendar

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Database, Session
from services.registry.calendar import rules, store
from services.registry.calendar.schemas import Clock, DueService, Move
from services.registry.calendar.store import CALENDARS
from services.registry.versions import service
from services.registry.versions import store as versions
from services.registry.versions.rules import Content
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Audit

LIBRARY = "chinese-calendar"
VISITS = 100
"""So often one instant is visited at most: services that find something new each time would hold the clock for ever."""


class ClockHeld(Exception):  # noqa: N818 - what happened, as for refusals
    """At one instant something new was due again and again."""


async def ensure_calendars(session: Session, region: str) -> None:
    """Let the region have the calendars that the library knows; those that are there stay as they are."""
    stamp = await versions.stamp(session, region, LIBRARY)
    rows = await CALENDARS.rows(session, region)
    first = stamp if rows else Stamp(region, LIBRARY, rules.SEEDED_AT)
    known = rules.years(chinese_calendar.holidays, chinese_calendar.workdays)
    for year, content in sorted(known.items()):
        if str(year) not in rows:
            CALENDARS.write(session, first, None, str(year), content)
    await session.flush()


async def put_calendar(session: Session, caller: Caller, calendar: Content, *, if_match: str | None) -> bool:
    """A year's calendar anew, or for the first time; says whether it is the first."""
    code, faults = str(calendar["year"]), rules.faults(calendar)
    return await service.put(session, CALENDARS, caller, code, calendar, if_match=if_match, faults=faults)


async def clock(session: Session, *, movable: bool) -> Clock:
    """The clock as it is now."""
    row = await store.clock(session)
    return Clock(
        now=row.now,
        standing=row.standing or row.moving_to is not None,
        moving_to=row.moving_to,
        synthetic=not row.real,
        movable=movable,
    )


async def move_clock(session: Session, caller: Caller, move: Move, *, movable: bool) -> Clock:
    """Send the clock forward, or let it stand or tick. The worker makes the way; asking again changes the goal."""
    if not movable:
        raise rules.ClockIsReal
    row = await store.held_clock(session)
    if move.to is not None:
        rules.check_forward(row.now, move.to)
    if move.standing is not None:
        await store.set_standing(session, standing=move.standing)
    if move.to is not None:
        await store.set_course(session, move.to)
    wanted: Mapping[str, object] = move.model_dump(mode="json", exclude_none=True)
    await audit.record(session, Audit, caller, "clock.move", subject="clock", at=row.now, **wanted)
    return await clock(session, movable=movable)


async def step_clock(db: Database, services: Sequence[DueService]) -> int:
    """Take a moving clock to its goal, from one instant at which something is due to the next; returns the stops.

    At each stop every service does what is due up to it, in their order: what one brings about for the next is done
    at the same instant. They never do a thing twice, so that a run that was cut off is simply run again.
    """
    async with store.only_mover(db) as ours:
        stops = 0
        while ours:
            async with db.edge() as session:
                row = await store.clock(session)
            if row.moving_to is None:
                break
            stop = rules.next_stop(row.now, row.moving_to, await _settle(services, row.now))
            async with db.edge() as session:
                if stop > row.now:
                    await store.visit(session, stop)
                else:
                    await store.arrive(session, stop)
            stops += 1
        return stops


async def _settle(services: Sequence[DueService], at: datetime) -> list[datetime | None]:
    """Let every service do what is due up to `at`, until all that they announce lies after it."""
    for _ in range(VISITS):
        announced = [await service.run_due(at) for service in services]
        if all(instant is None or instant > at for instant in announced):
            return announced
    raise ClockHeld(f"at {at.isoformat()} something new was due {VISITS} times")

"""Keeping calendars, and moving the business clock so that everything on the way happens at its own instant."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import chinese_calendar

from services.kit import audit
from services.kit.auth import Caller
from services.kit.clock import business_now
from services.kit.db import Database, Session
from services.kit.errors import Faulty
from services.registry.calendar import rules, store
from services.registry.calendar.schemas import (
    CalendarDay,
    CalendarDays,
    CalendarYear,
    Clock,
    ClockMove,
    DueService,
    NoticeTaken,
    WorkingDay,
)
from services.registry.calendar.store import CALENDARS
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, Unacceptable, check_match
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


async def take_notice(
    session: Session,
    caller: Caller,
    notice: rules.Notice,
    faults: Iterable[Faulty],
    *,
    if_match: str | None,
    dry_run: bool,
) -> NoticeTaken:
    """Take a year's notice: the calendar of its year and what it says of the days next to it, or say what that changes."""
    service.check_sees_all(caller)
    region, code = caller.region, str(notice.year)
    stamp = await _stamp(session, caller, dry_run=dry_run)
    rows = {int(code): row for code, row in (await CALENDARS.rows(session, region)).items()}
    known = {year: row.content for year, row in rows.items() if row.ended_at is None}
    if notice.year in known and not dry_run:
        check_match(if_match, rows[notice.year].version)
    found = [*faults]
    if found:
        raise Unacceptable(found)
    changed = rules.calendars(notice, known)
    if not dry_run and changed:
        for year, content in sorted(changed.items()):
            CALENDARS.write(session, stamp, rows.get(year), str(year), content)
        subject = f"calendar:{code}"
        await written.record(
            session, caller, "calendar.notice", subject=subject, at=stamp.recorded_at, document=notice.document
        )
    shown = {notice.year: known.get(notice.year), **changed}
    return NoticeTaken(
        dry_run=dry_run,
        calendars=[CalendarYear.model_validate(one) for _, one in sorted(shown.items()) if one is not None],
    )


async def _stamp(session: Session, caller: Caller, *, dry_run: bool) -> Stamp:
    if dry_run:
        return Stamp(caller.region, caller.client_id, await business_now(session))
    return await versions.stamp(session, caller.region, caller.client_id)


async def _known(session: Session, region: str) -> dict[int, Content]:
    return {int(row.code): row.content for row in await CALENDARS.current(session, region)}


async def days(session: Session, region: str, year: int, first: date | None, last: date | None) -> CalendarDays:
    """The days of a year from `first` to `last`. A year without a notice counts weekends only and says so."""
    known = await _known(session, region)
    begins, ends = first or date(year, 1, 1), last or date(year, 12, 31)
    faults = [
        Faulty(f"/query/{name}", "other-year", f"{day} is not a day of {year}", f"{day} 不在 {year} 年内")
        for name, day in (("from", begins), ("to", ends))
        if day.year != year
    ]
    if not faults and ends < begins:
        faults = [Faulty("/query/to", "dates-reversed", f"{ends} is before {begins}", f"{ends} 早于 {begins}")]
    if faults:
        raise Unacceptable(faults)
    calendar, named = rules.working_days(known.values()), rules.names(known.values())
    items = [
        CalendarDay(
            day=day,
            works=calendar.works(day),
            kind=rules.kind_of(day, calendar),
            name=None if calendar.works(day) else named.get(day.isoformat()),
        )
        for day in rules.Holiday("", begins, ends).days()
    ]
    return CalendarDays(
        items=items, working=sum(item.works for item in items), provisional=not rules.published(year, known)
    )


async def working_day(session: Session, region: str, after: date, count: int) -> WorkingDay:
    """The last of so many working days, counted from the day after `after`."""
    known = await _known(session, region)
    day = rules.working_days(known.values()).after(after, count)
    first = after + timedelta(days=1)
    provisional = not all(rules.published(year, known) for year in range(first.year, day.year + 1))
    return WorkingDay(after=after, count=count, day=day, provisional=provisional)


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


async def move_clock(session: Session, caller: Caller, move: ClockMove, *, movable: bool) -> Clock:
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
    moved = await store.clock(session)
    was, now = (
        {"standing": one.standing, "moving_to": None if one.moving_to is None else one.moving_to.isoformat()}
        for one in (row, moved)
    )
    changes = audit.differences(was, now)
    if changes:
        await audit.record(session, Audit, caller, "clock.move", subject="clock:business", at=row.now, changes=changes)
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

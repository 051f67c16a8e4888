"""All that is due up to an instant, done in order of instant, each thing with its own instant as now.

Doing it at once, day by day, or late comes to the same: decisions look at instants and never at a clock. It may be
called by several processes at a time and be cut off anywhere; what was done is not done again.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from services.kit.clock import business_now
from services.kit.db import Database, Session
from services.kit.errors import Conflict, Unavailable
from services.kit.http import CallFailed
from services.kit.workdays import Calendar
from services.notifier.clients.indicators import IndicatorsClient
from services.notifier.clients.registry import RegistryClient
from services.notifier.deliveries import store as deliveries
from services.notifier.deliveries.service import Hours, Sender
from services.notifier.deliveries.tables import Delivery
from services.notifier.digests import service as digests
from services.notifier.digests.service import Cycle
from services.notifier.directory import service as copying
from services.notifier.directory import store as directory
from services.notifier.directory.rules import calendar
from services.notifier.directory.service import Addresses
from services.notifier.directory.store import Copied
from services.notifier.directory.tables import Plan
from services.notifier.ladders import store as ladders
from services.notifier.ladders.rules import DigestRule, Rulebook
from services.notifier.notices import service as notices
from services.notifier.notices import store as matters
from services.notifier.notices.rules import limit as limit_of
from services.notifier.notices.service import Desk
from services.notifier.notices.tables import Step
from services.notifier.schedules import store
from services.notifier.schedules.rules import Fire, Weekly, fires
from services.notifier.schedules.tables import Schedule, ScheduleFire

CALENDAR = "calendar"
"""Who moves limits when working days are published."""
WAITED_SECONDS = 0.05
PATIENCE_SECONDS = 20
Scheduled = tuple[Schedule, Rulebook, DigestRule]
"""A schedule with the rules in force."""


class NotYet(Conflict):
    """Work is due when its instant has come."""

    code = "not-yet"


@dataclass
class Works:
    """What doing all that is due needs; one a process."""

    db: Database
    desk: Desk
    registry: RegistryClient
    indicators: IndicatorsClient
    addresses: Addresses
    sender: Sender


@dataclass(frozen=True)
class Done:
    """How far everything is done, and the earliest instant after that at which something is due."""

    done_to: datetime
    next: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A fire that is due: its schedule, its rules, whether a later one takes its place."""

    schedule: Schedule
    book: Rulebook
    rule: DigestRule
    fire: Fire
    missed: bool

    @property
    def at(self) -> datetime:
        """Its instant: a fire earlier on the day on which the plan became active is made then."""
        return max(self.fire.at, self.schedule.active_from)


async def run_due(works: Works, until: datetime) -> Done:
    """Copy what the others say, decide and fire what is due up to `until`, send what may leave.

    Where another service is away, what is known is done first, and then `CallFailed` is raised.
    """
    region = works.desk.region
    async with works.db.edge() as session:
        now = await business_now(session)
    if until > now:  # a mail that left before its time cannot be called back
        raise NotYet(
            f"it is {now.isoformat()}; {until.isoformat()} is yet to come",
            zh=f"现在是 {now.isoformat()}，{until.isoformat()} 未到",
        )
    trouble: CallFailed | None = None
    waited = 0.0
    while True:
        async with store.single_file(works.db, region) as mine:
            if mine:
                trouble = await _copy(works)
                while not works.sender.stopping.is_set() and await _one(works, until):
                    pass
                break
        if waited > PATIENCE_SECONDS:
            raise Unavailable("another process has been at it for long", zh="另一进程正在处理，请稍后重试")
        await asyncio.sleep(WAITED_SECONDS)
        waited += WAITED_SECONDS
    await works.sender.send_due(until)
    if trouble is not None:
        raise trouble
    async with works.db.edge() as session:
        return await _done(session, region, until)


async def _copy(works: Works) -> CallFailed | None:
    region = works.desk.region
    try:
        await copying.copy_lights(works.db, works.indicators, region)
        # After the lights, so that it covers every instant up to which they are complete.
        await copying.copy_registry(works.db, works.registry, works.addresses, region)
    except CallFailed as failure:
        return failure
    return None


async def _one(works: Works, until: datetime) -> bool:
    """Handle the earliest thing that is due, in one transaction; whether there was one.

    At one instant working days come before owners, these before lights, and lights before fires. Owners and fires wait
    until the lights up to their instant are complete, fires those of their own plan.
    """
    region = works.desk.region
    async with works.db.edge() as session:
        days = await directory.next_calendar(session, region, until)
        lights = await directory.next_lights(session, region, until)
        copied = await directory.copied(session, region, copying.LIGHTS)
        owner = fire = None
        if copied.complete_to is not None:
            owner = await matters.next_owner_change(session, region, min(until, copied.complete_to))
            fire = await _next_fire(session, region, until, copied)
        instants = [thing.at for thing in (owner, *lights[:1], fire) if thing is not None]
        if days is not None and days <= min(instants, default=days):
            await _follow_calendar(session, works.desk, days)
            return True
        if not instants:
            return False
        first = min(instants)
        if owner is not None and owner.at == first:
            await notices.decide_owner(session, works.desk, owner)
        elif lights and lights[0].at == first:
            for light in lights:
                await notices.decide_light(session, works.desk, light)
        elif fire is not None:
            await _fire(session, works.desk, fire)
    return True


async def _follow_calendar(session: Session, desk: Desk, at: datetime) -> None:
    """Work out anew the limits that have not passed at `at`, when working days were recorded; each says why."""
    changed = await directory.years_of(session, desk.region, at)
    days = calendar(await directory.years(session, desk.region))
    why = "、".join(f"{year.year}年工作日安排" + (f"（{year.document}）" if year.document else "") for year in changed)
    for notice in await matters.limited(session, desk.region, at):
        book = await ladders.numbered(session, desk.region, notice.plan, notice.ladder_number)
        assert book is not None  # noqa: S101 - a foreign key holds it
        assert notice.issued_at is not None  # noqa: S101 - it has a limit
        limit = limit_of(book.ladder.level(notice.level), notice.issued_at, days, book.time_zone)
        if limit is None or (limit.on, limit.provisional) == (notice.limit_on, notice.limit_provisional):
            continue
        reason = f"{why}：{notice.limit_on} → {limit.on}"
        notice.limit_on, notice.limit_at, notice.limit_provisional = limit.on, limit.at, limit.provisional
        notice.version += 1
        session.add(
            Step(
                region=desk.region,
                notice=notice.id,
                at=at,
                act="limit_moved",
                by=CALENDAR,
                reason=reason,
                level=notice.level,
            )
        )
    for year in changed:
        year.applied = True
    await session.flush()


async def _fire(session: Session, desk: Desk, waiting: Waiting) -> None:
    schedule = waiting.schedule
    row = ScheduleFire(
        region=desk.region,
        plan=schedule.plan,
        schedule=schedule.code,
        fire_at=waiting.fire.at,
        days=list(waiting.fire.days),
        handled_at=waiting.at,
        made=not waiting.missed,
        reason="missed" if waiting.missed else None,
    )
    if await store.fired(session, row) and not waiting.missed:
        made = await digests.make(session, desk, Cycle(waiting.book, waiting.rule, waiting.fire.at, waiting.at))
        await store.count(session, row, made.digests, made.nothing_open)


async def _next_fire(session: Session, region: str, until: datetime, copied: Copied) -> Waiting | None:
    """The earliest fire up to `until` whose plan's lights are complete up to it."""
    days = calendar(await directory.years(session, region))
    found = []
    for schedule, book, rule in await _schedules(session, region):
        lights_to = copied.lights_to(schedule.plan)
        if lights_to is None:
            continue
        bound = min(until, lights_to)
        fire, later = islice(fires(_weekly(schedule), days, schedule.handled_to), 2)
        waiting = Waiting(schedule, book, rule, fire, missed=later.at <= bound)
        if waiting.at <= bound:
            found.append(waiting)
    return min(found, key=lambda waiting: waiting.at, default=None)


def _weekly(schedule: Schedule) -> Weekly:
    return Weekly(schedule.weekday, schedule.at, schedule.time_zone)


async def _schedules(session: Session, region: str) -> list[Scheduled]:
    """The schedules of active plans, made where they are new, with the rules in force."""
    rules: dict[tuple[str, str], tuple[Rulebook, DigestRule]] = {}
    for plan in await directory.plans(session, region):
        latest = await ladders.latest(session, region, plan.code)
        if plan.state != "active" or plan.active_from is None or latest is None:
            continue
        book = await ladders.numbered(session, region, plan.code, latest.number)
        assert book is not None  # noqa: S101 - it is the latest
        for rule in book.digests:
            await store.ensure(session, _schedule(region, plan, plan.active_from, book, rule))
            rules[plan.code, rule.code] = (book, rule)
    found = await store.schedules(session, region)
    return [(one, *rules[one.plan, one.code]) for one in found if (one.plan, one.code) in rules]


def _schedule(region: str, plan: Plan, active_from: datetime, book: Rulebook, rule: DigestRule) -> Schedule:
    zone = ZoneInfo(book.time_zone)
    midnight = datetime.combine(active_from.astimezone(zone).date(), time(), zone)
    return Schedule(
        region=region,
        plan=plan.code,
        code=rule.code,
        weekday=rule.weekday,
        at=rule.at,
        time_zone=book.time_zone,
        active_from=active_from,
        handled_to=midnight - timedelta(microseconds=1),
    )


async def _done(session: Session, region: str, until: datetime) -> Done:
    """How far it got: fires wait for lights that are not complete."""
    days: Calendar = calendar(await directory.years(session, region))
    copied = await directory.copied(session, region, copying.LIGHTS)
    instants = [await deliveries.next_due(session, region, until)]
    done_to = until
    for schedule, _, _ in await _schedules(session, region):
        fire = next(fires(_weekly(schedule), days, schedule.handled_to))
        if max(fire.at, schedule.active_from) <= until:
            done_to = min(done_to, copied.lights_to(schedule.plan) or schedule.handled_to)
        instants.append(next(fires(_weekly(schedule), days, max(until, schedule.handled_to))).at)
    return Done(done_to, min((one for one in instants if one is not None), default=None))


async def why_not(session: Session, delivery: Delivery) -> str | None:
    """Why a delivery is not due any more: its plan is closed, its matter is, or its unit no longer answers."""
    plan = await directory.plan(session, delivery.region, delivery.plan)
    if plan is not None and plan.state == "closed":
        return "plan_closed"
    if delivery.kind == "notice":
        return await notices.why_not(session, delivery)
    return await digests.why_not(session, delivery)


async def hours_of(session: Session, region: str, plan: str) -> Hours | None:
    """When messages of a plan may go out, by the rules in force now."""
    latest = await ladders.latest(session, region, plan)
    book = None if latest is None else await ladders.numbered(session, region, plan, latest.number)
    return None if book is None else Hours(book.window, calendar(await directory.years(session, region)))

"""Working off what is due."""

from dataclasses import dataclass
from datetime import datetime

from services.indicators.breakdowns import service as breakdowns
from services.indicators.clients.parts import IndicatorsParts
from services.indicators.directory import service as directory
from services.indicators.gaps import store
from services.indicators.gaps.due import store as events
from services.indicators.gaps.due.rules import earliest, next_midnight
from services.indicators.gaps.due.store import Measured
from services.indicators.gaps.schemas import Done
from services.indicators.gaps.tables import LightChange
from services.indicators.merges import service as merges
from services.kit import feed
from services.kit.clock import business_now, civil_date
from services.kit.db import Session, driver_of
from services.kit.errors import Conflict


class NotYet(Conflict):
    """Work is due when its instant has come."""

    code = "not-yet"


@dataclass(frozen=True)
class Event:
    """An instant at which gaps of a plan are looked at again; without `targets` all of them."""

    plan: Measured
    at: datetime
    whole: bool


async def now(parts: IndicatorsParts) -> datetime:
    """The business clock's instant."""
    async with parts.db.edge() as session:
        return await business_now(session)


async def seal(parts: IndicatorsParts) -> int:
    """Give positions to what of the feed should be left without."""
    async with parts.db.edge() as session:
        return await feed.seal(session, LightChange)


async def run_due(parts: IndicatorsParts, region: str, until: datetime) -> Done:
    """Every event up to `until`, in order of instants, each in a transaction of its own and at its own instant.

    What stops half-way goes on where it stopped. Nothing can be recorded at `until` or before once this has begun, so
    what was worked off stays complete.
    """
    await directory.pull(parts.db, parts.registry, region)
    await merges.follow(parts.db, region)
    await breakdowns.follow(parts.db, region)
    reached = await now(parts)
    if until > reached:
        raise NotYet(
            f"it is {reached.isoformat()}; {until.isoformat()} is yet to come",
            zh=f"现在是 {reached.isoformat()}，{until.isoformat()} 未到",
        )
    async with parts.db.edge() as session:
        await events.settle(session, region, until)
    async with parts.db.edge() as session:
        await events.one_at_a_time(session, region)
        await store.advance(await driver_of(session), region, until)
    while True:
        async with parts.db.edge() as session:
            await events.one_at_a_time(session, region)
            event = await _next(session, region, until)
            if event is None:
                await events.all_swept(session, region, until)
                following = await _following(session, region, until)
                break
            await _handle(session, region, event)
    return Done(done_to=until, next=following)


async def _next(session: Session, region: str, until: datetime) -> Event | None:
    found = [await _event(session, region, plan, until) for plan in await events.measured_plans(session, region)]
    return min((event for event in found if event is not None), key=lambda event: event.at, default=None)


async def _event(session: Session, region: str, plan: Measured, until: datetime) -> Event | None:
    """The plan's first event that is not worked off: its activation, a midnight, or something recorded."""
    if plan.done_to is None:
        return Event(plan, plan.activated_at, whole=True) if plan.activated_at <= until else None
    midnight = next_midnight(plan.done_to, plan.time_zone)
    changed = await events.next_change(session, region, plan.code, plan.done_to)
    at = earliest(midnight, changed)
    return Event(plan, at, whole=at == midnight) if at is not None and at <= until else None


async def _handle(session: Session, region: str, event: Event) -> None:
    plan = event.plan
    targets = None
    if not event.whole:
        targets = await events.concerned_targets(session, region, plan.code, event.at)
    if targets is None or targets:
        question = store.Question(region, civil_date(event.at, plan.time_zone), event.at, plan.code, targets)
        await store.refresh(await driver_of(session), question)
        await feed.seal(session, LightChange)
    await events.swept(session, region, plan.code, event.at)


async def _following(session: Session, region: str, until: datetime) -> datetime | None:
    instants: list[datetime | None] = []
    for plan in await events.measured_plans(session, region):
        if plan.done_to is None:
            instants.append(plan.activated_at)
            continue
        instants += [
            next_midnight(until, plan.time_zone),
            await events.next_change(session, region, plan.code, until),
        ]
    return earliest(*instants)

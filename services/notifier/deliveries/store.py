"""The deliveries' SQL: claim, begin, finish, reap."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, and_, bindparam, exists, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.kit.db import Session
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.notifier.channels.rules import Outcome
from services.notifier.deliveries.rules import Settled
from services.notifier.deliveries.tables import Attempt, Delivery
from services.notifier.directory.store import name_at, of_unit, visible
from services.notifier.directory.tables import Unit
from services.notifier.schema import columns

_now = func.clock_timestamp
_delivery, _attempt, _unit = columns(Delivery), columns(Attempt), columns(Unit)

_shown = (
    _delivery.id,
    _delivery.plan,
    _delivery.unit,
    func.coalesce(name_at(_delivery.region, _delivery.unit, _delivery.created_at), _delivery.unit).label("unit_name"),
    _delivery.kind,
    _delivery.channel,
    _delivery.recipients,
    _delivery.subject,
    _delivery.state,
    _delivery.reason,
    _delivery.due_at,
    _delivery.created_at,
    _delivery.accepted_at,
    _delivery.attempts,
    _delivery.provider_reference,
)


def _of_unit() -> ColumnElement[bool]:
    return and_(_unit.region == _delivery.region, _unit.code == _delivery.unit)


def _visible() -> ColumnElement[bool]:
    return and_(_delivery.region == bindparam("region"), visible(func.coalesce(_unit.path, _delivery.unit)))


deliveries = Page(
    select(*_shown).join_from(Delivery, Unit, _of_unit(), isouter=True).where(_visible()),
    sort=_delivery.due_at,
    identity=_delivery.id,
    sorts={name: _delivery[name] for name in ("due_at", "created_at", "accepted_at", "plan", "unit", "kind", "state")},
    filters={
        "sought": holds(_delivery.subject, _delivery.unit, _unit.name),
        "plan": _delivery.plan == bindparam("plan"),
        "unit": of_unit(_delivery.unit),
        "state": _delivery.state == bindparam("state"),
        "kind": _delivery.kind == bindparam("kind"),
    },
)

_tries = (
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_object(
                    *("number", _attempt.number),
                    *("started_at", _attempt.started_at),
                    *("business_at", _attempt.business_at),
                    *("result", _attempt.result),
                    *("code", _attempt.code),
                    *("excerpt", _attempt.excerpt),
                    *("duration_ms", _attempt.duration_ms),
                    *("addressed", _attempt.addressed),
                )
            ),
            func.json_build_array(),
        )
    )
    .where(_attempt.region == _delivery.region, _attempt.delivery == _delivery.id)
    .correlate(Delivery)
    .scalar_subquery()
)
one = One(
    select(*_shown, _delivery.body, _tries.label("tries"))
    .join_from(Delivery, Unit, _of_unit(), isouter=True)
    .where(_visible(), _delivery.id == bindparam("id")),
    what="delivery",
)


@dataclass(frozen=True)
class Claim:
    """A delivery that this process may work on while its lease lasts."""

    region: str
    id: uuid.UUID
    owner: str
    fence: int


def _mine(claim: Claim, state: str) -> ColumnElement[bool]:
    return and_(
        col(Delivery.region) == claim.region,
        col(Delivery.id) == claim.id,
        col(Delivery.lease_owner) == claim.owner,
        col(Delivery.fence) == claim.fence,
        col(Delivery.state) == state,
    )


def _seconds(seconds: float) -> ColumnElement[timedelta]:
    return literal(timedelta(seconds=seconds), Interval)


async def queue(session: Session, delivery: Delivery) -> uuid.UUID:
    """Add a delivery; the same key again is the same delivery. One that was cancelled is taken up again."""
    row = delivery.model_dump()
    again = {name: row[name] for name in ("subject", "body", "recipients", "due_at", "created_at")}
    again |= {"state": "pending", "reason": None, "next_try_at": None}
    statement = upsert(Delivery).values(row)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["region", "dedupe_key"], set_=again, where=col(Delivery.state) == "cancelled"
        )
    )
    found: uuid.UUID = (
        await session.execute(
            select(col(Delivery.id)).where(
                col(Delivery.region) == delivery.region, col(Delivery.dedupe_key) == delivery.dedupe_key
            )
        )
    ).scalar_one()
    return found


async def cancel_waiting(session: Session, region: str, delivery: uuid.UUID, reason: str) -> bool:
    """Cancel a delivery that nobody works on; says whether it was one."""
    done = await session.execute(
        update(Delivery)
        .where(
            col(Delivery.region) == region,
            col(Delivery.id) == delivery,
            col(Delivery.state).in_(("pending", "retry_wait")),
        )
        .values(state="cancelled", reason=reason)
        .returning(col(Delivery.id))
    )
    return done.first() is not None


async def readdress(session: Session, region: str, delivery: uuid.UUID, old: str, new: str) -> None:
    """Let a message that has not left go to the unit that took over."""
    found = await session.scalars(
        select(Delivery)
        .where(
            col(Delivery.region) == region,
            col(Delivery.id) == delivery,
            col(Delivery.state).in_(("pending", "retry_wait")),
        )
        .with_for_update()
    )
    for waiting in found:
        waiting.unit = new
        waiting.recipients = [{**one, "unit": new} if one["unit"] == old else one for one in waiting.recipients]


async def claim(
    session: Session, region: str, owner: str, until: datetime, *, limit: int, lease_seconds: float
) -> list[Claim]:
    """Claim deliveries that are due, in one statement; what others hold is stepped over."""
    due = (
        select(col(Delivery.id))
        .where(
            col(Delivery.region) == region,
            col(Delivery.state).in_(("pending", "retry_wait")),
            col(Delivery.due_at) <= until,
            or_(col(Delivery.next_try_at).is_(None), col(Delivery.next_try_at) <= _now()),
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = await session.execute(
        update(Delivery)
        .where(col(Delivery.region) == region, col(Delivery.id).in_(due))
        .values(
            state="leased",
            lease_owner=owner,
            lease_until=_now() + _seconds(lease_seconds),
            fence=col(Delivery.fence) + 1,
        )
        .returning(col(Delivery.id), col(Delivery.fence))
    )
    return [Claim(region, found, owner, fence) for found, fence in claimed]


async def claimed(session: Session, claim: Claim) -> Delivery | None:
    """The claimed delivery, if the claim still holds."""
    return (await session.scalars(select(Delivery).where(_mine(claim, "leased")))).first()


async def settle_unsent(
    session: Session, claim: Claim, state: str, *, reason: str | None = None, due_at: datetime | None = None
) -> None:
    """End a claim without a call: cancelled, rejected, or pending again for a later instant."""
    values = {"state": state, "lease_owner": None, "lease_until": None}
    if reason is not None:
        values["reason"] = reason
    postponed = {"due_at": due_at} if due_at is not None else {}
    await session.execute(update(Delivery).where(_mine(claim, "leased")).values(**values, **postponed))


async def begin(
    session: Session,
    claim: Claim,
    *,
    call_seconds: float,
    business_at: datetime,
    addressed: Sequence[Mapping[str, str | None]],
) -> int | None:
    """Set `sending` and write the attempt, if the claim holds and outlives the call; its number, or None."""
    number: int | None = (
        await session.execute(
            update(Delivery)
            .where(_mine(claim, "leased"), col(Delivery.lease_until) > _now() + _seconds(call_seconds))
            .values(state="sending", attempts=col(Delivery.attempts) + 1)
            .returning(col(Delivery.attempts))
        )
    ).scalar_one_or_none()
    if number is not None:
        await session.execute(
            insert(Attempt).values(
                region=claim.region,
                delivery=claim.id,
                number=number,
                fence=claim.fence,
                owner=claim.owner,
                started_at=_now(),
                business_at=business_at,
                excerpt="",
                addressed=list(addressed),
            )
        )
    return number


async def finish(  # what an attempt ended in, and what it means
    session: Session, claim: Claim, number: int, outcome: Outcome, settled: Settled, *, accepted_at: datetime, ms: int
) -> bool:
    """Write an attempt's end, where the claim still holds; a late worker changes nothing."""
    again = None if settled.again_after is None else _now() + literal(settled.again_after, Interval)
    done = await session.execute(
        update(Delivery)
        .where(_mine(claim, "sending"))
        .values(
            state=settled.state,
            lease_owner=None,
            lease_until=None,
            next_try_at=again,
            accepted_at=accepted_at if settled.state == "accepted" else None,
            provider_reference=outcome.reference,
            reason=None if settled.state == "accepted" else outcome.excerpt,
        )
        .returning(col(Delivery.id))
    )
    if done.first() is None:
        return False
    await session.execute(
        update(Attempt)
        .where(
            col(Attempt.region) == claim.region,
            col(Attempt.delivery) == claim.id,
            col(Attempt.number) == number,
            col(Attempt.result).is_(None),
        )
        .values(result=outcome.result.value, code=outcome.code, excerpt=outcome.excerpt, duration_ms=ms)
    )
    return True


async def reap(session: Session, region: str) -> None:
    """End leases that ran out: claimed goes back, in a call becomes unknown, because a person may have the message."""
    lapsed = and_(col(Delivery.region) == region, col(Delivery.lease_until) < _now())
    free = {"lease_owner": None, "lease_until": None}
    await session.execute(
        update(Delivery).where(lapsed, col(Delivery.state) == "leased").values(state="pending", **free)
    )
    await session.execute(
        update(Delivery)
        .where(lapsed, col(Delivery.state) == "sending")
        .values(state="unknown", reason="its process ended in the call", **free)
    )


async def in_flight(session: Session, region: str, until: datetime) -> bool:
    """Whether anybody works on a delivery that is due."""
    busy: bool = (
        await session.execute(
            select(
                exists().where(
                    col(Delivery.region) == region,
                    col(Delivery.state).in_(("leased", "sending")),
                    col(Delivery.due_at) <= until,
                )
            )
        )
    ).scalar_one()
    return busy


async def next_due(session: Session, region: str, after: datetime) -> datetime | None:
    """The earliest instant after `after` at which a delivery is due."""
    found: datetime | None = (
        await session.execute(
            select(func.min(col(Delivery.due_at))).where(
                col(Delivery.region) == region,
                col(Delivery.state).in_(("pending", "leased", "sending", "retry_wait")),
                col(Delivery.due_at) > after,
            )
        )
    ).scalar_one()
    return found

"""Instruments of support, and what is paid of them: each payment once, taken back only openly."""

import uuid
from typing import Any

import orjson

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.instruments import rules, store
from services.registry.instruments.schemas import Payment, Payments, Reversal
from services.registry.instruments.store import INSTRUMENTS
from services.registry.instruments.tables import Payment as PaymentRow
from services.registry.plans.store import TASKS
from services.registry.tasks.rules import day_faults, no_such_task
from services.registry.tasks.service import check_reports, today_of
from services.registry.versions import service
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Audit, Current


async def put(session: Session, caller: Caller, instrument: Content, *, if_match: str | None) -> None:
    """An instrument of a plan, for the first time or anew."""
    found = [*rules.faults(instrument)]
    plan, task = instrument["plan"], instrument["task"]
    if task is not None:
        row = await TASKS.row(session, caller.region, task, plan=plan)
        if row is None or row.ended_at is not None:
            found.append(no_such_task(instrument))
    await service.put(
        session,
        INSTRUMENTS,
        caller,
        instrument["code"],
        instrument,
        if_match=if_match,
        references=rules.references(instrument),
        faults=found,
        plan=plan,
    )


async def pay(session: Session, caller: Caller, plan: str, code: str, sent: Payment) -> dict[str, Any]:
    """Record a payment; says what does not add up since. Nothing is refused for that."""
    stamp, instrument = await _instrument(session, caller, plan, code)
    content = sent.model_dump(mode="json")
    faults = [
        *rules.payment_faults(content),
        *day_faults(sent.day, await today_of(session, caller, plan, stamp), "/body/day"),
    ]
    named = [Reference(f"/body/{kind}", kind, content[kind]) for kind in ("enterprise", "project") if content[kind]]
    await service.check(session, caller.region, named, faults)
    row = PaymentRow(
        region=caller.region,
        plan=plan,
        instrument=code,
        recorded_at=stamp.recorded_at,
        by=stamp.by,
        **sent.model_dump(),
    )
    return await _recorded(session, caller, stamp, row, instrument.content)


async def reverse(session: Session, caller: Caller, plan: str, identity: uuid.UUID, sent: Reversal) -> dict[str, Any]:
    """Take a payment back by a second one of the same amount below 0; both stay."""
    paid = await store.payment(session, caller.region, plan, identity)
    if paid is None:
        raise NotFound("payment", identity)
    stamp, instrument = await _instrument(session, caller, plan, paid.instrument)
    if paid.reverses is not None or await store.reversed_(session, caller.region, identity):
        raise rules.ReversedAlready
    faults = [*day_faults(sent.day, await today_of(session, caller, plan, stamp), "/body/day")]
    if sent.day < paid.day:
        said = (f"it was paid on {paid.day}; taken back on {sent.day}?", f"兑现日为 {paid.day}，冲销不能早于该日")
        faults.append(Faulty("/body/day", "before-payment", *said))
    await service.check(session, caller.region, [], faults)
    row = PaymentRow(
        region=caller.region,
        plan=plan,
        instrument=paid.instrument,
        day=sent.day,
        amount=paid.amount.copy_negate(),
        enterprise=paid.enterprise,
        project=paid.project,
        receiver=paid.receiver,
        document=sent.document,
        note=sent.reason,
        reverses=identity,
        recorded_at=stamp.recorded_at,
        by=stamp.by,
    )
    return await _recorded(session, caller, stamp, row, instrument.content)


async def summed(session: Session, caller: Caller, asked: Payments) -> dict[str, Any]:
    """What was paid, by instrument, year and receiver; findings are of whole instruments, whatever is asked."""
    given = asked.model_dump(exclude_none=True)
    await versions.check_filters(session, given, region=caller.region)
    of_plan = {"plan": asked.plan} if asked.plan is not None else {}
    paid = await store.paid(session, caller.region, given)
    instruments = await store.instruments(session, caller.region, plan=asked.plan, code=asked.instrument)
    whole = await store.paid(session, caller.region, of_plan)
    found = rules.sums(paid, instruments)
    return {**found, "findings": [finding for one in instruments for finding in rules.findings(one, whole)]}


async def _instrument(session: Session, caller: Caller, plan: str, code: str) -> tuple[Stamp, Current]:
    """An instrument whose payments the caller may record, with nobody else writing."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await INSTRUMENTS.row(session, caller.region, code, plan=plan)
    if row is None or row.ended_at is not None:
        raise NotFound("instrument", code)
    unit = row.content["unit"]
    await check_reports(session, caller, [] if unit is None else [unit])
    return stamp, row


async def _recorded(
    session: Session, caller: Caller, stamp: Stamp, row: PaymentRow, instrument: Content
) -> dict[str, Any]:
    session.add(row)
    act = "payment.add" if row.reverses is None else "payment.reverse"
    subject = f"instrument:{row.plan}/{row.instrument}"
    told = row.model_dump(mode="json", exclude={"region", "id", "by", "recorded_at", "plan", "instrument"})
    details = {"id": str(row.id), "changes": audit.differences(None, told)}
    await audit.record(session, Audit, caller, act, subject=subject, at=stamp.recorded_at, **details)
    await session.flush()
    paid = await store.paid(session, caller.region, {"plan": row.plan, "instrument": row.instrument})
    payment = orjson.loads(await store.written(session, caller.region, row.id))
    return {"payment": payment, "findings": list(rules.findings(instrument, paid))}

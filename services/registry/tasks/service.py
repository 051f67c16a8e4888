"""Tasks move by steps, their progress is noted, and what was published about a plan is logged."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.kit.auth import Caller, Forbidden
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Conflict, NotFound
from services.registry.plans.store import PLANS, TASKS
from services.registry.tasks import rules, store
from services.registry.tasks.schemas import Progress, Publicity, Reported, Step
from services.registry.tasks.tables import Publicity as PublicityRow
from services.registry.tasks.tables import TaskEntry
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Reference, check_seen
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


class WithdrawnAlready(Conflict):
    """It was withdrawn before."""

    code = "withdrawn"


async def step(session: Session, caller: Caller, plan: str, code: str, sent: Step, *, if_match: str | None) -> bytes:
    """Take a task to its next state: an entry of its log and a version of the task, in one act."""
    stamp, row = await _task(session, caller, plan, code)
    check_seen(if_match, row.version)
    moved = rules.stepped(row.content, sent.to, sent.on)
    today = await today_of(session, caller, plan, stamp)
    faults = [
        *rules.day_faults(sent.on, today),
        *rules.step_faults(row.content, sent.to, sent.text, sent.evidence, sent.on),
    ]
    await service.check(session, caller.region, _unit(sent.unit, sent.on), faults)
    entry = _entry(stamp, plan, code, sent, sent.text)
    entry.kind, entry.from_state, entry.to_state = "step", row.content["state"], sent.to
    TASKS.write(session, stamp, row, code, moved)
    return await _logged(session, caller, entry)


async def note(
    session: Session, caller: Caller, plan: str, code: str, sent: Progress, *, if_match: str | None
) -> bytes:
    """Add a note of a task's progress to its log; its state stays."""
    stamp, row = await _task(session, caller, plan, code)
    check_seen(if_match, row.version)
    rules.check_own(row.content)
    faults = rules.day_faults(sent.on, await today_of(session, caller, plan, stamp))
    await service.check(session, caller.region, _unit(sent.unit, sent.on), faults)
    return await _logged(session, caller, _entry(stamp, plan, code, sent, sent.text))


async def publish(session: Session, caller: Caller, plan: str, sent: Publicity) -> bytes:
    """Log something that was published about a plan."""
    await check_reports(session, caller, [sent.unit])
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    today = await today_of(session, caller, plan, stamp)
    faults = [*rules.day_faults(sent.day, today, "/body/day"), *rules.link_faults(sent.link)]
    if sent.task is not None:
        task = await TASKS.row(session, caller.region, sent.task, plan=plan)
        if task is None or task.ended_at is not None:
            faults.append(rules.no_such_task({"plan": plan, "task": sent.task}))
    await service.check(session, caller.region, _unit(sent.unit, sent.day), faults)
    row = PublicityRow(region=caller.region, plan=plan, recorded_at=stamp.recorded_at, by=stamp.by, **sent.model_dump())
    session.add(row)
    await _record(session, caller, stamp, "publicity.add", f"plan:{plan}", id=str(row.id), title=sent.title)
    return await store.one(session, store.PUBLISHED, caller.region, row.id)


async def withdraw(session: Session, caller: Caller, plan: str, identity: uuid.UUID, reason: str) -> bytes:
    """Mark something published as recorded in error. It stays in the log and counts no more."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await store.publicity(session, caller.region, plan, identity)
    if row is None:
        raise NotFound("publicity", identity)
    await check_reports(session, caller, [row.unit])
    if row.withdrawn_at is not None:
        raise WithdrawnAlready("it was withdrawn already", zh="该条宣传记录已撤回")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = stamp.recorded_at, stamp.by, reason
    await _record(session, caller, stamp, "publicity.withdraw", f"plan:{plan}", id=str(identity), reason=reason)
    return await store.one(session, store.PUBLISHED, caller.region, identity)


async def check_reports(session: Session, caller: Caller, units: list[str]) -> None:
    """Refuse a caller of a unit where neither that unit nor one below it is among those that answer."""
    paths = await store.unit_paths(session, caller.region, units)
    if not rules.reports_for(units, paths, caller.unit_path):
        detail, zh = rules.ASK_WHO_ANSWERS
        raise Forbidden(detail, zh=zh)


async def today_of(session: Session, caller: Caller, plan: str, stamp: Stamp) -> date:
    """The civil date that people of the plan write at this instant."""
    row = await PLANS.row(session, caller.region, plan)
    if row is None:
        raise NotFound("plan", plan)
    return civil_date(stamp.recorded_at, row.content["time_zone"])


async def _task(session: Session, caller: Caller, plan: str, code: str) -> tuple[Stamp, Current]:
    """A task that the caller may report on, with nobody else writing."""
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await TASKS.row(session, caller.region, code, plan=plan)
    if row is None or row.ended_at is not None:
        raise NotFound("task", code)
    await check_reports(session, caller, await store.units_of(session, caller.region, plan, code))
    return stamp, row


def _unit(code: str | None, on: date) -> Iterable[Reference]:
    """The unit that reports: what happened before it was dissolved is still reported in its name."""
    return [] if code is None else [Reference("/body/unit", "unit", code, on.isoformat())]


def _entry(stamp: Stamp, plan: str, code: str, sent: Reported, text: str | None) -> TaskEntry:
    return TaskEntry(
        region=stamp.region,
        plan=plan,
        task=code,
        kind="progress",
        day=sent.on,
        text=text,
        evidence=sent.evidence,
        unit=sent.unit,
        recorded_at=stamp.recorded_at,
        by=stamp.by,
    )


async def _logged(session: Session, caller: Caller, entry: TaskEntry) -> bytes:
    session.add(entry)
    stamp = Stamp(entry.region, entry.by, entry.recorded_at)
    said = rules.entry_content(entry.model_dump())
    await _record(session, caller, stamp, f"task.{entry.kind}", f"task:{entry.plan}/{entry.task}", **said)
    return await store.one(session, store.ENTRY, caller.region, entry.id)


async def _record(
    session: Session,
    caller: Caller,
    stamp: Stamp,
    act: str,
    subject: str,
    **details: Any,  # noqa: ANN401 - JSON
) -> None:
    await written.record(session, caller, act, subject=subject, at=stamp.recorded_at, **details)

"""Deciding about matters, in order of instant: each decision, its notice and its message in one transaction."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Session, uuid7
from services.kit.errors import Conflict, NotFound
from services.notifier.deliveries import store as deliveries
from services.notifier.deliveries.tables import Delivery
from services.notifier.directory import store as directory
from services.notifier.directory.rules import Owner, calendar
from services.notifier.directory.tables import Light as LightRow
from services.notifier.ladders import store as ladders
from services.notifier.ladders.rules import Level, Rulebook
from services.notifier.ladders.tables import Audit
from services.notifier.letters.rules import Facts, Heading, civil_day, notice_letter
from services.notifier.notices import rules, store
from services.notifier.notices.rules import Act, Light, Running, State, Verdict
from services.notifier.notices.tables import Decision, Matter, Notice, NoticeMessage, Step

LADDER = "ladder"
"""Who does what the rules decide."""


@dataclass(frozen=True)
class Desk:
    """Where decisions are taken: the region, the address that letters name, whether the data are synthetic."""

    region: str
    url: str
    synthetic: bool

    def link(self, notice: uuid.UUID) -> str:
        """Where a notice is acknowledged (签收)."""
        return f"{self.url}/v1/notices/{notice}:acknowledge"


@dataclass(frozen=True)
class Event:
    """What is decided: a matter's light at an instant, and what changed."""

    plan: str
    matter: str
    at: datetime
    cause: str
    light: dict[str, Any]


async def decide_light(session: Session, desk: Desk, light: LightRow) -> None:
    """Decide a change of light, at its own instant."""
    await _decide(session, desk, Event(light.plan, light.matter, light.at, "light", light.content))
    await directory.light_decided(session, desk.region, light.id)


async def decide_owner(session: Session, desk: Desk, change: store.OwnerChange) -> None:
    """Decide a change of owner, at its own instant, on the light that the matter shows."""
    matter = await store.matter(session, desk.region, change.plan, change.matter)
    if matter is not None:
        await _decide(session, desk, Event(change.plan, change.matter, change.at, "owner", matter.light))


async def _decide(session: Session, desk: Desk, event: Event) -> None:
    owner = await directory.owner(session, desk.region, event.plan, event.matter, event.at)
    lead = owner.lead if owner is not None else None
    running = await store.running(session, desk.region, event.plan, event.matter)
    mine = next((notice for notice in running if notice.unit == lead), None)
    for notice in running:
        if notice.unit == lead:
            continue
        if mine is None and lead and await directory.took_over(session, desk.region, notice.unit, lead):
            mine = notice
            await _carry_on(session, desk, event, notice, lead)
        else:
            await _hand_over(session, desk, event, notice, led=lead is not None)
    book = await _book(session, desk, event, mine)
    if book is None:
        session.add(_decision(desk, event, Verdict(Act.NONE, "no_ladder"), unit=lead))
    else:
        before = None if mine is None else await _running(session, mine)
        light = _light(event)
        verdict = rules.decide(book.ladder, before, light, led=lead is not None, at=event.at)
        about = await _carry_out(session, desk, event, verdict, book=book, owner=owner, notice=mine)
        given = rules.inputs(book.ladder, before, light, led=lead is not None, at=event.at)
        session.add(_decision(desk, event, verdict, unit=lead, notice=about, given=given))
    await directory.put(
        session,
        Matter(
            region=desk.region,
            plan=event.plan,
            code=event.matter,
            light=event.light,
            owner_recorded_at=owner.recorded_at if owner is not None else None,
        ),
    )
    await session.flush()


async def _book(session: Session, desk: Desk, event: Event, notice: Notice | None) -> Rulebook | None:
    """The version with which the notice began, or the one in force for a new one."""
    if notice is not None:
        return await ladders.numbered(session, desk.region, event.plan, notice.ladder_number)
    return await ladders.in_force(session, desk.region, event.plan, event.at)


async def _running(session: Session, notice: Notice) -> Running:
    sent = await store.messages(session, notice.region, notice.id)
    messaged = frozenset(level for level, (_, state) in sent.items() if state != "cancelled")
    return Running(notice.level, State(notice.state), messaged, notice.red_since)


def _light(event: Event) -> Light:
    return Light(event.light["to_light"], event.light.get("reason"))


def _decision(
    desk: Desk,
    event: Event,
    verdict: Verdict,
    *,
    unit: str | None,
    notice: Notice | None = None,
    given: dict[str, Any] | None = None,
) -> Decision:
    return Decision(
        region=desk.region,
        plan=event.plan,
        matter=event.matter,
        unit=unit,
        at=event.at,
        cause=event.cause,
        act=verdict.act.value,
        reason=verdict.reason,
        level=verdict.level.code if verdict.level is not None else None,
        notice=notice.id if notice is not None else None,
        inputs={**(given or {}), "change": event.light},
    )


async def _hand_over(session: Session, desk: Desk, event: Event, notice: Notice, *, led: bool) -> None:
    book = await ladders.numbered(session, desk.region, event.plan, notice.ladder_number)
    assert book is not None  # noqa: S101 - a foreign key holds it
    before = await _running(session, notice)
    verdict = rules.hand_over(book.ladder, before, led=led)
    _step(session, desk, notice, event, verdict)
    await _end_messages(session, notice, verdict.reason)
    notice.state, notice.closed_at, notice.close_reason = State.CLOSED.value, event.at, verdict.reason
    notice.version += 1
    given = rules.inputs(book.ladder, before, _light(event), led=led, at=event.at)
    session.add(_decision(desk, event, verdict, unit=notice.unit, notice=notice, given=given))
    await session.flush()


async def _carry_on(session: Session, desk: Desk, event: Event, notice: Notice, lead: str) -> None:
    """Let the unit that took over carry the notice on: nothing of it begins anew, and nothing is sent again."""
    book = await ladders.numbered(session, desk.region, event.plan, notice.ladder_number)
    assert book is not None  # noqa: S101 - a foreign key holds it
    before = await _running(session, notice)
    verdict = rules.carry_on(book.ladder, before)
    names = await directory.unit_names(session, desk.region, [notice.unit, lead])
    _step(session, desk, notice, event, verdict, act="carried_on", reason=f"{names[notice.unit]} → {names[lead]}")
    for delivery, _ in (await store.messages(session, notice.region, notice.id)).values():
        await deliveries.readdress(session, notice.region, delivery, notice.unit, lead)
    notice.written_for = notice.written_for or notice.unit
    notice.unit = lead
    notice.version += 1
    given = rules.inputs(book.ladder, before, _light(event), led=True, at=event.at)
    session.add(_decision(desk, event, verdict, unit=lead, notice=notice, given=given))
    await session.flush()


async def _carry_out(
    session: Session,
    desk: Desk,
    event: Event,
    verdict: Verdict,
    *,
    book: Rulebook,
    owner: Owner | None,
    notice: Notice | None,
) -> Notice | None:
    """Bring the notice to what was decided; returns it, where there is one."""
    if verdict.level is None or verdict.state is None or owner is None or owner.lead is None:
        return None
    if notice is None:
        notice = Notice(
            region=desk.region,
            plan=event.plan,
            matter=event.matter,
            matter_name=owner.name or event.matter,
            unit=owner.lead,
            ladder_number=book.ladder.number,
            opened_at=event.at,
            level_since=event.at,
            state=State.OPEN.value,
            light=event.light,
            **_of_level(verdict.level, owner),
        )
        session.add(notice)
    elif verdict.act is Act.RAISED:
        await _end_messages(session, notice, "raised")
        for name, value in _of_level(verdict.level, owner).items():
            setattr(notice, name, value)
        notice.level_since = event.at
        notice.written_for = None
        notice.issued_at = notice.limit_on = notice.limit_at = notice.answered_at = None
        notice.limit_provisional = False
    notice.light, notice.red_since = event.light, verdict.red_since
    notice.support = list(owner.support)
    notice.version += 1
    notice.state = verdict.state.value
    if verdict.act in {Act.CLOSED, Act.AWAITS}:
        await _end_messages(session, notice, verdict.reason)
    if verdict.act is Act.CLOSED:
        notice.closed_at, notice.close_reason = event.at, verdict.reason
    if verdict.act not in {Act.KEPT, Act.NONE}:
        _step(session, desk, notice, event, verdict)
    await session.flush()
    if verdict.own_message:
        await _message(session, desk, event, book=book, notice=notice, level=verdict.level)
    return notice


def _of_level(level: Level, owner: Owner) -> dict[str, Any]:
    return {
        "level": level.code,
        "level_name": level.name,
        "asks": level.asks,
        "to_roles": list(level.to),
        "copy_units": list(owner.support) if level.copy_to else [],
        "own_message": level.own_message,
        "digest": level.digest,
    }


def _step(
    session: Session,
    desk: Desk,
    notice: Notice,
    event: Event,
    verdict: Verdict,
    *,
    act: str | None = None,
    reason: str | None = None,
) -> None:
    assert verdict.level is not None  # noqa: S101 - only without a notice there is none
    session.add(
        Step(
            region=desk.region,
            notice=notice.id,
            at=event.at,
            act=act or verdict.act.value,
            by=LADDER,
            reason=reason or verdict.reason,
            level=verdict.level.code,
        )
    )


async def _end_messages(session: Session, notice: Notice, reason: str) -> None:
    """Cancel what has not left: the matter is no longer as it says. What never left has not been issued."""
    for level, (delivery, _) in (await store.messages(session, notice.region, notice.id)).items():
        if await deliveries.cancel_waiting(session, notice.region, delivery, reason) and level == notice.level:
            notice.issued_at = notice.limit_on = notice.limit_at = None
            notice.limit_provisional = False


async def _message(session: Session, desk: Desk, event: Event, *, book: Rulebook, notice: Notice, level: Level) -> None:
    """Queue the notice's own message for the next hours of sending; its limit counts from then."""
    due_at = book.window.earliest(event.at, calendar(await directory.years(session, desk.region)))
    await issue(session, book, notice, level, due_at)
    copies = [(unit, role) for unit in notice.support for role in level.copy_to]
    names = await directory.unit_names(session, desk.region, [notice.unit, level.issued_by, *notice.support])
    plan = await directory.plan(session, desk.region, event.plan)
    letter = notice_letter(
        Heading(
            plan_name=plan.name if plan is not None else event.plan,
            unit=names[notice.unit],
            issued_by=names[level.issued_by],
            on=civil_day(due_at, book.time_zone),
            synthetic=desk.synthetic,
        ),
        facts(notice),
        level=level.name,
        asks=level.asks,
        limit_on=notice.limit_on,
        copies=[names[unit] for unit in notice.support] if copies else [],
        link=desk.link(notice.id),
    )
    delivery = await deliveries.queue(
        session,
        Delivery(
            region=desk.region,
            dedupe_key=f"notice:{notice.id}:{level.code}",
            plan=event.plan,
            unit=notice.unit,
            kind="notice",
            channel=level.channels[0],
            recipients=[
                *({"as": "to", "unit": notice.unit, "role": role} for role in level.to),
                *({"as": "cc", "unit": unit, "role": role} for unit, role in copies),
            ],
            subject=letter.subject,
            body=letter.body,
            due_at=due_at,
            created_at=event.at,
        ),
    )
    await directory.put(
        session, NoticeMessage(region=desk.region, notice=notice.id, level=level.code, delivery=delivery)
    )


async def issue(session: Session, book: Rulebook, notice: Notice, level: Level, at: datetime) -> None:
    """Note when a notice first goes out at its level; its limit counts working days from the day after."""
    if notice.issued_at is not None:
        return
    limit = rules.limit(level, at, calendar(await directory.years(session, notice.region)), book.time_zone)
    notice.issued_at = at
    if limit is not None:
        notice.limit_on, notice.limit_at, notice.limit_provisional = limit.on, limit.at, limit.provisional
    await session.flush()


def facts(notice: Notice) -> Facts:
    """What a letter says about a notice's matter."""
    light = notice.light

    def day(name: str) -> date | None:
        return date.fromisoformat(light[name]) if light.get(name) else None

    return Facts(
        code=notice.matter,
        name=notice.matter_name,
        light=light["to_light"],
        reason=light.get("reason"),
        measured_in=light.get("unit"),
        goal="-".join(light[name] for name in ("goal", "goal_upper") if light.get(name)) or None,
        goal_on=day("goal_on"),
        actual=light.get("actual"),
        scheduled=light.get("scheduled"),
        gap=light.get("gap"),
        lag_pp=light.get("lag_pp"),
        coverage_date=day("coverage_date"),
    )


async def why_not(session: Session, delivery: Delivery) -> str | None:
    """Why a notice's own message is not due any more: asked just before it leaves."""
    found = await store.of_message(session, delivery.region, delivery.id)
    if found is None:
        return "no_notice"
    notice, level = found
    if notice.state not in rules.RUNNING:
        return notice.state
    return None if notice.level == level else "raised"


async def acknowledge(
    session: Session, caller: Caller, notice_id: uuid.UUID, *, person: str | None, reason: str, now: datetime
) -> None:
    """Acknowledge a notice (签收) once, for a unit that the caller may see."""
    notice = await store.to_answer(session, caller.region, notice_id, caller.unit_path)
    if notice is None:
        raise NotFound("notice", notice_id)
    if notice.state != State.OPEN:
        raise Conflict(
            f"the notice is {notice.state}: only an open one is acknowledged",
            zh=f"督办件状态为 {notice.state}，无需签收",
        )
    notice.state = State.ACKNOWLEDGED.value
    notice.version += 1
    if notice.asks == "acknowledgement":
        notice.answered_at = now
    session.add(
        Step(
            region=caller.region,
            id=uuid7(),
            notice=notice.id,
            at=now,
            act=State.ACKNOWLEDGED.value,
            by=caller.client_id,
            person=person,
            reason=reason,
            level=notice.level,
        )
    )
    changes = {"state": [State.OPEN.value, notice.state]}
    subject = f"notice:{notice.id}"
    await audit.record(
        session, Audit, caller, "notices.acknowledge", subject=subject, at=now, version=notice.version, changes=changes
    )
    await session.flush()

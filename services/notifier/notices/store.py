"""The notices' SQL: what runs, for deciding; lists and details, for reading."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, DateTime, and_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from services.kit.db import Driver, Session
from services.kit.paging import holds
from services.kit.reads import LIMIT, One, Page
from services.notifier.deliveries.tables import Delivery
from services.notifier.directory.store import name_at, of_unit, visible
from services.notifier.directory.tables import Responsibility, Unit
from services.notifier.notices.rules import RUNNING, State
from services.notifier.notices.tables import Decision, Matter, Notice, NoticeMessage
from services.notifier.schema import columns


@dataclass(frozen=True)
class OwnerChange:
    """A version of a responsibility that was not decided yet."""

    plan: str
    matter: str
    at: datetime


async def matter(session: Session, region: str, plan: str, code: str) -> Matter | None:
    """A matter as decided last."""
    return await session.get(Matter, (region, plan, code))


async def running(session: Session, region: str, plan: str, code: str) -> Sequence[Notice]:
    """The notices about a matter that are not closed: one of each unit that leads or led it."""
    found = await session.scalars(
        select(Notice)
        .where(
            col(Notice.region) == region,
            col(Notice.plan) == plan,
            col(Notice.matter) == code,
            col(Notice.state) != State.CLOSED.value,
        )
        .with_for_update()
    )
    return found.all()


async def messages(session: Session, region: str, notice: uuid.UUID) -> dict[str, tuple[uuid.UUID, str]]:
    """A notice's own messages by level: the delivery and its state."""
    found = await session.execute(
        select(col(NoticeMessage.level), col(Delivery.id), col(Delivery.state))
        .join(
            Delivery,
            (col(Delivery.region) == col(NoticeMessage.region)) & (col(Delivery.id) == col(NoticeMessage.delivery)),
        )
        .where(col(NoticeMessage.region) == region, col(NoticeMessage.notice) == notice)
    )
    return {level: (delivery, state) for level, delivery, state in found}


async def next_owner_change(session: Session, region: str, until: datetime) -> OwnerChange | None:
    """The earliest version of a responsibility up to `until` that is newer than what its matter was decided with."""
    found = await session.execute(
        select(col(Responsibility.plan), col(Responsibility.matter), col(Responsibility.recorded_at))
        .join(
            Matter,
            (col(Matter.region) == col(Responsibility.region))
            & (col(Matter.plan) == col(Responsibility.plan))
            & (col(Matter.code) == col(Responsibility.matter)),
        )
        .where(
            col(Responsibility.region) == region,
            col(Responsibility.recorded_at) <= until,
            or_(
                col(Matter.owner_recorded_at).is_(None),
                col(Responsibility.recorded_at) > col(Matter.owner_recorded_at),
            ),
        )
        .order_by(col(Responsibility.recorded_at), col(Responsibility.matter))
        .limit(1)
    )
    row = found.first()
    return None if row is None else OwnerChange(*row)


async def in_digests(session: Session, region: str, plan: str) -> Sequence[Notice]:
    """The notices of a plan that digests hold: running, at a level that is told by digest."""
    found = await session.scalars(
        select(Notice)
        .where(
            col(Notice.region) == region,
            col(Notice.plan) == plan,
            col(Notice.state).in_([state.value for state in RUNNING]),
            col(Notice.digest),
        )
        .order_by(col(Notice.unit), col(Notice.matter))
        .with_for_update()
    )
    return found.all()


async def limited(session: Session, region: str, at: datetime) -> Sequence[Notice]:
    """The running notices whose limit has not passed at `at` and that were not answered."""
    found = await session.scalars(
        select(Notice)
        .where(
            col(Notice.region) == region,
            col(Notice.state).in_([state.value for state in RUNNING]),
            col(Notice.answered_at).is_(None),
            col(Notice.limit_at) > at,
        )
        .order_by(col(Notice.id))
        .with_for_update()
    )
    return found.all()


async def of_message(session: Session, region: str, delivery: uuid.UUID) -> tuple[Notice, str] | None:
    """The notice whose own message a delivery is, and the level it was for."""
    found = await session.execute(
        select(Notice, col(NoticeMessage.level))
        .join(
            NoticeMessage,
            (col(Notice.region) == col(NoticeMessage.region)) & (col(Notice.id) == col(NoticeMessage.notice)),
        )
        .where(col(NoticeMessage.region) == region, col(NoticeMessage.delivery) == delivery)
    )
    row = found.first()
    return None if row is None else (row[0], row[1])


async def to_answer(session: Session, region: str, notice: uuid.UUID, unit_path: str) -> Notice | None:
    """A notice that the caller may see, locked for what the caller does with it."""
    unit = columns(Unit)
    found = await session.scalars(
        select(Notice)
        .join(Unit, (unit.region == col(Notice.region)) & (unit.code == col(Notice.unit)))
        .where(col(Notice.region) == region, col(Notice.id) == notice, visible(unit.path))
        .with_for_update(of=Notice),
        {"unit_path": unit_path},
    )
    return found.first()


async def any_running(session: Session, region: str, notices: Sequence[uuid.UUID]) -> bool:
    """Whether any of these notices is still running."""
    found = await session.execute(
        select(col(Notice.id))
        .where(
            col(Notice.region) == region,
            col(Notice.id).in_(list(notices)),
            col(Notice.state).in_([state.value for state in RUNNING]),
        )
        .limit(1)
    )
    return found.first() is not None


_notice, _unit, _decision = columns(Notice), columns(Unit), columns(Decision)
_copied = select(_unit.region, _unit.code, _unit.name).subquery("copied").c
_copy_names = (
    select(func.coalesce(func.json_agg(aggregate_order_by(_copied.name, _copied.code)), func.json_build_array()))
    .where(_copied.region == _notice.region, _copied.code == func.any(_notice.copy_units))
    .correlate(Notice)
    .scalar_subquery()
)
_is_running = or_(*(_notice.state == state.value for state in sorted(RUNNING)))
_overdue = and_(
    _is_running,
    _notice.answered_at.is_(None),
    _notice.limit_at.is_not(None),
    _notice.limit_at <= func.coalesce(bindparam("at", type_=DateTime(timezone=True)), func.platform.now()),
)
"""At `at`; without one now, which the statement itself asks of the business clock: a list takes one connection."""
_named_now_or_at_its_end = case(
    (_notice.closed_at.is_not(None), name_at(_notice.region, _notice.unit, _notice.closed_at)), else_=_unit.name
)
_written_as = name_at(_notice.region, func.coalesce(_notice.written_for, _notice.unit), _notice.level_since)
_visible_notices = (
    select(
        *(_notice[name] for name in ("id", "plan", "matter", "matter_name", "unit")),
        func.coalesce(_named_now_or_at_its_end, _notice.unit).label("unit_name"),
        func.coalesce(_written_as, _notice.unit).label("written_as"),
        _notice.level,
        _notice.level_name,
        _notice.ladder_number.label("ladder_version"),
        _notice.asks,
        _notice.state,
        _overdue.label("overdue"),
        _notice.light["to_light"].astext.label("light"),
        _notice.light["reason"].astext.label("light_reason"),
        _notice.light.label("judged_on"),
        _notice.to_roles.label("to"),
        _copy_names.label("copy"),
        *(_notice[name] for name in ("own_message", "digest", "opened_at", "level_since", "issued_at", "red_since")),
        *(
            _notice[name]
            for name in (
                "limit_on",
                "limit_at",
                "limit_provisional",
                "answered_at",
                "closed_at",
                "close_reason",
                "version",
            )
        ),
    )
    .join_from(Notice, Unit, and_(_unit.region == _notice.region, _unit.code == _notice.unit), isouter=True)
    .where(_notice.region == bindparam("region"), visible(func.coalesce(_unit.path, _notice.unit)))
)
notices = Page(
    _visible_notices,
    sort=_notice.opened_at,
    identity=_notice.id,
    sorts={
        name: _notice[name]
        for name in (
            *("opened_at", "plan", "matter", "unit", "level", "state"),
            *("level_since", "issued_at", "limit_on", "answered_at", "closed_at"),
        )
    },
    filters={
        "sought": holds(_notice.matter, _notice.matter_name, _notice.unit, _unit.name),
        "plan": _notice.plan == bindparam("plan"),
        "unit": of_unit(_notice.unit),
        "matter": _notice.matter == bindparam("matter"),
        "light": _notice.light["to_light"].astext == bindparam("light"),
        "level": _notice.level == bindparam("level"),
        "state": _notice.state == bindparam("state"),
        "running": _is_running == bindparam("running", type_=Boolean),
    },
)
_notice_by_id = One(_visible_notices.where(_notice.id == bindparam("id")), what="notice")
decisions = Page(
    select(
        *(_decision[name] for name in ("id", "plan", "matter", "unit")),
        name_at(_decision.region, _decision.unit, _decision.at).label("unit_name"),
        *(_decision[name] for name in ("at", "cause", "act", "reason", "level", "notice", "inputs")),
    )
    .join_from(Decision, Unit, and_(_unit.region == _decision.region, _unit.code == _decision.unit), isouter=True)
    .where(_decision.region == bindparam("region"), visible(func.coalesce(_unit.path, _decision.unit, ""))),
    sort=_decision.at,
    identity=_decision.id,
    sorts={name: _decision[name] for name in ("at", "plan", "matter", "unit", "act", "level")},
    filters={
        "sought": holds(_decision.matter, _decision.reason, _decision.unit, _unit.name),
        "plan": _decision.plan == bindparam("plan"),
        "unit": of_unit(_decision.unit),
        "matter": _decision.matter == bindparam("matter"),
        "act": _decision.act == bindparam("act"),
        "notice": _decision.notice == bindparam("notice"),
    },
)
_HAPPENED = {
    "steps": "SELECT at, act, by, person, reason, level FROM notifier.step WHERE region = $1 AND notice = $2 ORDER BY at, id",
    "decisions": """
SELECT d.id, d.plan, d.matter, d.unit, u.name AS unit_name, d.at, d.cause, d.act, d.reason, d.level, d.notice, d.inputs
FROM notifier.decision AS d LEFT JOIN LATERAL (
    SELECT name FROM notifier.directory_unit_name AS n WHERE n.region = d.region AND n.code = d.unit
    ORDER BY n.recorded_at <= d.at DESC, abs(extract(epoch FROM n.recorded_at - d.at)) LIMIT 1
) AS u ON true
WHERE d.region = $1 AND d.notice = $2 ORDER BY d.at, d.id""",
    "deliveries": """
SELECT d.id, m.level, d.state, d.due_at, d.accepted_at, d.attempts, d.reason
FROM notifier.notice_message AS m JOIN notifier.delivery AS d ON d.region = m.region AND d.id = m.delivery
WHERE m.region = $1 AND m.notice = $2 ORDER BY d.created_at, d.id""",
}


async def detail(driver: Driver, region: str, notice: uuid.UUID, *, unit_path: str, at: datetime | None) -> str | None:
    """A notice with all that happened to it, as JSON, if the caller may see it."""
    found = await _notice_by_id.fetch(driver, region=region, id=notice, unit_path=unit_path, at=at)
    if found is None:
        return None
    happened = [
        f'"{name}":'
        + await driver.fetchval(f"SELECT coalesce(json_agg(x), '[]')::text FROM ({query}) AS x", region, notice)
        for name, query in _HAPPENED.items()
    ]
    return f"{found[0].removesuffix('}')},{','.join(happened)}}}"


async def rows(
    driver: Driver, region: str, *, unit_path: str, at: datetime | None, given: Mapping[str, object]
) -> list[dict[str, Any]]:
    """Every notice that fits, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = orjson.loads(
            await notices.fetch(
                driver, limit=LIMIT, cursor=cursor, given=given, region=region, unit_path=unit_path, at=at
            )
        )
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def summary(driver: Driver, region: str, *, unit_path: str, plan: str | None) -> str:
    """How much was decided, is open, was sent and accepted, as JSON."""
    body: str = await driver.fetchval(_SUMMARY, region, unit_path, plan)
    return body


_SUMMARY = """
WITH seen AS (
    SELECT code FROM notifier.directory_unit WHERE region = $1 AND ($2 = '' OR starts_with(path || '.', $2 || '.'))
), running AS (
    SELECT level, state, count(*) AS notices FROM notifier.notice
    WHERE region = $1 AND unit IN (SELECT code FROM seen) AND ($3::text IS NULL OR plan = $3) AND state <> 'closed'
    GROUP BY level, state
), decided AS (
    SELECT act, count(*) AS decisions FROM notifier.decision
    WHERE region = $1 AND ($2 = '' OR unit IN (SELECT code FROM seen)) AND ($3::text IS NULL OR plan = $3)
    GROUP BY act
), sent AS (
    SELECT kind, state, count(*) AS deliveries FROM notifier.delivery
    WHERE region = $1 AND unit IN (SELECT code FROM seen) AND ($3::text IS NULL OR plan = $3)
    GROUP BY kind, state
)
SELECT json_build_object(
    'decided', (SELECT coalesce(sum(decisions), 0) FROM decided),
    'decisions', (SELECT coalesce(json_object_agg(act, decisions ORDER BY act), '{}') FROM decided),
    'matters', (SELECT coalesce(sum(notices), 0) FROM running WHERE state IN ('open', 'acknowledged')),
    'levels', (SELECT coalesce(json_object_agg(level, notices ORDER BY level), '{}') FROM
        (SELECT level, sum(notices) AS notices FROM running WHERE state IN ('open', 'acknowledged') GROUP BY level) AS l),
    'awaiting_verification', (SELECT coalesce(sum(notices), 0) FROM running WHERE state = 'awaiting_verification'),
    'own_messages', (SELECT coalesce(sum(deliveries), 0) FROM sent WHERE kind = 'notice' AND state <> 'cancelled'),
    'digests', (SELECT coalesce(sum(deliveries), 0) FROM sent WHERE kind = 'digest' AND state <> 'cancelled'),
    'sent', (SELECT coalesce(sum(deliveries), 0) FROM sent WHERE state IN ('accepted', 'confirmed', 'unknown')),
    'accepted', (SELECT coalesce(sum(deliveries), 0) FROM sent WHERE state IN ('accepted', 'confirmed')),
    'waiting', (SELECT coalesce(sum(deliveries), 0) FROM sent
        WHERE state IN ('pending', 'leased', 'sending', 'retry_wait')),
    'deliveries', (SELECT coalesce(json_object_agg(state, deliveries ORDER BY state), '{}') FROM
        (SELECT state, sum(deliveries) AS deliveries FROM sent GROUP BY state) AS s)
)::text"""

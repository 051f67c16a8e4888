"""Where breakdowns are kept. Speaks SQL."""

from typing import Any

from sqlalchemy import String as Varchar
from sqlalchemy import Text, and_, any_, bindparam, func, insert, literal, literal_column, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from services.indicators.breakdowns.rules import Unit
from services.indicators.breakdowns.tables import Breakdown
from services.indicators.definitions.lists import REGION, visible
from services.indicators.directory.tables import Owner, PlanState, Subject
from services.indicators.targets.tables import Target
from services.kit.db import Session
from services.kit.paging import holds
from services.kit.reads import Page

_latest: Any = (
    select(Breakdown)
    .where(col(Breakdown.region) == REGION)
    .ext(distinct_on(col(Breakdown.plan), col(Breakdown.target)))
    .order_by(col(Breakdown.plan), col(Breakdown.target), col(Breakdown.recorded_at).desc())
    .subquery("latest_breakdown")
)
_owner: Any = (
    select(Owner)
    .where(col(Owner.region) == REGION)
    .ext(distinct_on(col(Owner.plan), col(Owner.matter)))
    .order_by(col(Owner.plan), col(Owner.matter), col(Owner.recorded_at).desc())
    .subquery("latest_owner")
)
_b = _latest.c
_seen = or_(visible(_owner.c.lead, among=_owner.c.support), visible(among=as_type(_b.units, _b.units.type)))

_target: Any = Target.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_sought: Any = (
    select(_target.plan + literal_column("'/'") + _target.code)
    .where(_target.region == REGION, holds(_target.code, _target.name, _target.phrase))
    .scalar_subquery()
)
"""Targets that hold `:sought`, found once for a statement."""

_dissolved: Any = literal_column(
    """(
SELECT coalesce(json_agg(json_build_object('unit', code, 'successors', successors) ORDER BY code), '[]')
FROM (SELECT DISTINCT ON (code) code, ARRAY(SELECT unnest(successors) ORDER BY 1) AS successors, ended
      FROM indicators.directory_subject AS subject
      WHERE subject.region = latest_breakdown.region AND kind = 'unit' AND code = ANY (latest_breakdown.units)
      ORDER BY code, subject.recorded_at DESC) AS unit
WHERE ended OR successors <> '{}')"""
)
"""What `rules.left_over` finds, row by row."""

breakdowns = Page(
    select(
        *(_b.plan, _b.target, _b.version, _b.recorded_at, _b.by, _b.document, _b.parts), _dissolved.label("dissolved")
    )
    .outerjoin(_owner, and_(_owner.c.plan == _b.plan, _owner.c.matter == _b.target))
    .where(_seen),
    sort=_b.plan + literal_column("'/'") + _b.target,
    identity=_b.plan + literal_column("'/'") + _b.target,
    sorts={name: _b[name] for name in ("plan", "target", "recorded_at")},
    filters={
        "plan": _b.plan == bindparam("plan", type_=Varchar),
        "sought": (_b.plan + literal_column("'/'") + _b.target) == any_(func.array(_sought)),
        "target": _b.target == bindparam("target", type_=Varchar),
        "unit": as_type(bindparam("unit", type_=Varchar), Text) == any_(_b.units),
    },
)
"""The breakdowns in force that the caller sees: its unit, or one below it, leads, supports or has a part."""


async def in_force(session: Session, region: str, plan: str, target: str) -> Breakdown | None:
    """The latest version of a target's breakdown."""
    return await session.scalar(
        select(Breakdown)
        .where(col(Breakdown.region) == region, col(Breakdown.plan) == plan, col(Breakdown.target) == target)
        .order_by(col(Breakdown.recorded_at).desc())
        .limit(1)
    )


async def of_plan(session: Session, region: str, plan: str) -> dict[str, Breakdown]:
    """The latest versions of a plan's breakdowns, by target."""
    found = await session.scalars(
        select(Breakdown)
        .where(col(Breakdown.region) == region, col(Breakdown.plan) == plan)
        .ext(distinct_on(col(Breakdown.target)))
        .order_by(col(Breakdown.target), col(Breakdown.recorded_at).desc())
    )
    return {row.target: row for row in found}


async def versions(session: Session, region: str, plan: str, target: str) -> list[Breakdown]:
    """Every version of a target's breakdown, the first one first."""
    found = await session.scalars(
        select(Breakdown)
        .where(col(Breakdown.region) == region, col(Breakdown.plan) == plan, col(Breakdown.target) == target)
        .order_by(col(Breakdown.version))
    )
    return list(found)


async def add(session: Session, row: Breakdown) -> None:
    """Add a version."""
    await session.execute(insert(Breakdown).values(row.model_dump()))


async def sees(session: Session, region: str, unit_path: str, plan: str, target: str) -> bool:
    """Whether a caller sees a target, by who answers for it or has a part of it."""
    asked = (
        select(literal(1))
        .select_from(_owner.outerjoin(_latest, and_(_b.plan == _owner.c.plan, _b.target == _owner.c.matter)))
        .where(_owner.c.plan == plan, _owner.c.matter == target, _seen)
    )
    if not unit_path:
        return True
    return (await session.execute(asked, {"region": region, "unit_path": unit_path})).first() is not None


async def open_in_force(session: Session, region: str) -> list[Breakdown]:
    """The latest versions of the breakdowns of all plans that are not closed."""
    closed = select(col(PlanState.code)).where(col(PlanState.region) == region, col(PlanState.state) == "closed")
    found = await session.scalars(
        select(Breakdown)
        .where(col(Breakdown.region) == region, col(Breakdown.plan).not_in(closed))
        .ext(distinct_on(col(Breakdown.plan), col(Breakdown.target)))
        .order_by(col(Breakdown.plan), col(Breakdown.target), col(Breakdown.recorded_at).desc())
    )
    return list(found)


async def units(session: Session, region: str) -> dict[str, Unit]:
    """Every unit there is or was, by code."""
    found = await session.scalars(
        select(Subject)
        .where(col(Subject.region) == region, col(Subject.kind) == "unit")
        .ext(distinct_on(col(Subject.code)))
        .order_by(col(Subject.code), col(Subject.recorded_at).desc())
    )
    return {row.code: Unit(row.name, row.path, tuple(row.successors), row.ended) for row in found}


async def owned(session: Session, region: str, plan: str) -> dict[str, tuple[str | None, list[str]]]:
    """Who leads and who supports each matter of a plan."""
    found = await session.scalars(
        select(Owner)
        .where(col(Owner.region) == region, col(Owner.plan) == plan)
        .ext(distinct_on(col(Owner.matter)))
        .order_by(col(Owner.matter), col(Owner.recorded_at).desc())
    )
    return {row.matter: (row.lead, row.support) for row in found}

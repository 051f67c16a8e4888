"""Targets as plan files bring them: read as the file writes them, appended, ended. Speaks SQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from services.indicators.targets.tables import Checkpoint, ScheduledValue, Target
from services.kit.db import Session
from services.plan_file.measuring import Baseline
from services.plan_file.measuring import Checkpoint as WrittenPoint
from services.plan_file.parts import PlacedTarget

Document = dict[str, JsonValue]
PLAIN = (
    "code",
    "name",
    "name_en",
    "ordinal",
    "subject",
    "indicator",
    "measure",
    "operator",
    "upper",
    "tolerance",
    "start",
    "trajectory",
    "policy",
    "state",
    "nature",
    "clause",
    "phrase",
)
"""Fields that are columns of the same name."""

Points = Mapping[str, Sequence[WrittenPoint]]


async def in_force(session: Session, region: str, plan: str) -> list[Target]:
    """The latest versions of a plan's targets, without the withdrawn, in the order of the file."""
    found = await session.scalars(
        select(Target)
        .where(col(Target.region) == region, col(Target.plan) == plan)
        .ext(distinct_on(col(Target.code)))
        .order_by(col(Target.code), col(Target.recorded_at).desc())
    )
    return sorted((row for row in found if not row.withdrawn), key=lambda row: (row.ordinal, row.code))


async def held(session: Session, region: str, plan: str) -> dict[tuple[str, str], Document]:
    """A plan's targets in force, as its file writes them."""
    rows = await in_force(session, region, plan)
    versions = {row.code: row.recorded_at for row in rows}
    checkpoints = await _points(session, region, plan, versions, Checkpoint)
    schedules = await _points(session, region, plan, versions, ScheduledValue)
    return {("target", row.code): _written(row, checkpoints, schedules).model_dump(mode="json") for row in rows}


def _written(row: Target, checkpoints: Points, schedules: Points) -> PlacedTarget:
    baseline = None
    if row.baseline is not None:
        basis = "stated" if row.baseline_basis == "stated" else "assumed"
        baseline = Baseline(
            date=row.start,
            value=row.baseline,
            basis=basis,  # type: ignore[arg-type]  # a literal
            confirmed_by=row.baseline_confirmed_by,
        )
    return PlacedTarget(
        **{name: getattr(row, name) for name in PLAIN},
        checkpoints=list(checkpoints.get(row.code, ())) or [WrittenPoint(date=row.goal_on)],
        schedule=list(schedules.get(row.code, ())),
        baseline=baseline,
    )


async def _points(
    session: Session,
    region: str,
    plan: str,
    versions: Mapping[str, datetime],
    table: type[Checkpoint | ScheduledValue],
) -> Points:
    day = col(Checkpoint.due_on) if table is Checkpoint else col(ScheduledValue.period_end)
    found = await session.execute(
        select(table.target, table.recorded_at, day, table.value)  # type: ignore[call-overload]  # either table
        .where(table.region == region, table.plan == plan)
        .order_by(day)
    )
    points: dict[str, list[WrittenPoint]] = {}
    for target, recorded_at, date, value in found:
        if versions.get(target) == recorded_at:
            points.setdefault(target, []).append(WrittenPoint(date=date, value=value))
    return points


async def put(
    session: Session,
    region: str,
    plan: str,
    written: Iterable[PlacedTarget],
    *,
    series: Mapping[tuple[str, str], object],
    at: datetime,
    keep: bool,
) -> None:
    """Add versions of targets with their checkpoints, or replace what there is."""
    targets, checkpoints, schedules = [], [], []
    for target in written:
        if not keep:
            await _forget(session, region, plan, target.code)
        goal = target.checkpoints[-1]
        key = {"region": region, "plan": plan, "recorded_at": at}
        baseline = target.baseline
        targets.append(
            {name: getattr(target, name) for name in PLAIN}
            | key
            | {
                "series": series[target.indicator, target.subject] if target.indicator else None,
                "baseline": baseline.value if baseline else None,
                "baseline_basis": baseline.basis if baseline else None,
                "baseline_confirmed_by": baseline.confirmed_by if baseline else None,
                "goal_on": goal.date,
                "goal": goal.value,
                "checkpoints": len(target.checkpoints),
                "withdrawn": False,
            }
        )
        of = key | {"target": target.code}
        checkpoints += [of | {"due_on": p.date, "value": p.value} for p in target.checkpoints if p.value is not None]
        schedules += [of | {"period_end": p.date, "value": p.value} for p in target.schedule]
    for table, rows in ((Target, targets), (Checkpoint, checkpoints), (ScheduledValue, schedules)):
        if rows:
            await session.execute(insert(table), rows)


async def end(session: Session, region: str, plan: str, codes: Collection[str], *, at: datetime, keep: bool) -> None:
    """End targets: a version that says so, or nothing left of them where none is to be kept."""
    for row in await in_force(session, region, plan):
        if row.code not in codes:
            continue
        if keep:
            await session.execute(insert(Target).values(row.model_dump() | {"recorded_at": at, "withdrawn": True}))
        else:
            await _forget(session, region, plan, row.code)


async def _forget(session: Session, region: str, plan: str, code: str) -> None:
    await session.execute(
        delete(Target).where(col(Target.region) == region, col(Target.plan) == plan, col(Target.code) == code)
    )

"""The reference's worlds as rows of the indicators service, loaded in bulk."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.kit.db import uuid7
from tests.indicators.reference.knowledge import convert
from tests.indicators.reference.model import Measure, Target, World
from tests.indicators.reference.policies import Policy

REGION = "330109"
PLAN = "xiaoshan-2017-2019"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When definitions were recorded: before any question."""
YES_NO = {"whole", "has_baseline", "at_baseline"}


async def load(connection: asyncpg.Connection, world: World, targets: Sequence[Target]) -> None:
    """Everything that the answers rest on."""
    series: dict[tuple[str, str], UUID] = {}
    for observation in world.observations:
        series.setdefault((observation.series.indicator, observation.series.subject), uuid7())
    for target in targets:
        if target.series is not None:
            series.setdefault((target.series.indicator, target.series.subject), uuid7())
    await _plan(connection)
    await _definitions(connection, world, targets, series)
    await _figures(connection, world, series)
    await _targets(connection, targets, series)
    await connection.execute("ANALYZE indicators.observation, indicators.target, indicators.series")


async def _copy(connection: asyncpg.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    held = list(rows)
    if held:
        await connection.copy_records_to_table(
            table, schema_name="indicators", columns=list(held[0]), records=[tuple(row.values()) for row in held]
        )


async def _plan(connection: asyncpg.Connection) -> None:
    plan = {
        "region": REGION,
        "code": PLAN,
        "recorded_at": LONG_AGO,
        "name": "",
        "known_from": LONG_AGO,
        "start": date(2016, 12, 31),
        "ends_on": date(2019, 12, 31),
        "time_zone": "Asia/Shanghai",
        "state": "active",
        "applied": "",
        "listed": "{}",
    }
    await _copy(connection, "plan", [plan])


# reason: four tables one after the other, a column a line
async def _definitions(
    connection: asyncpg.Connection, world: World, targets: Sequence[Target], series: dict[tuple[str, str], UUID]
) -> None:
    await _copy(
        connection,
        "indicator",
        (
            {
                "region": REGION,
                "code": each.code,
                "recorded_at": LONG_AGO,
                "plan": PLAN,
                "name": "",
                "unit_of_measure": each.unit,
                "decimals": each.decimals,
                "whole": each.whole,
                "direction": each.direction,
                "frequency": each.frequency.name.lower(),
                "accumulation": each.accumulation if each.formula is None else "formula",
                "source": "bureau",
                "due_day": each.due_day,
                "unpublished_months": sorted(each.never_published),
                "formula": each.formula,
                "withdrawn": False,
            }
            for each in world.indicators.values()
        ),
    )
    await _copy(
        connection,
        "series",
        ({"region": REGION, "id": id_, "indicator": i, "subject": s} for (i, s), id_ in series.items()),
    )
    await _copy(
        connection,
        "scope_break",
        (
            {"region": REGION, "series": id_, "first_day": day, "recorded_at": LONG_AGO, "note": "", "withdrawn": False}
            for (indicator, _), id_ in series.items()
            for day in world.indicators[indicator].scope_breaks
        ),
    )
    await _copy(
        connection,
        "light_policy",
        (
            {
                "region": REGION,
                "code": policy.code,
                "recorded_at": LONG_AGO,
                "plan": PLAN,
                "name": policy.code,
                "document": orjson.dumps(document(policy)).decode(),
                "withdrawn": False,
            }
            for policy in {each.policy.code: each.policy for each in targets}.values()
        ),
    )


def document(policy: Policy) -> dict[str, Any]:
    """A policy as a plan file writes it. `scheduled = 0` adds nothing to `gap >= 0` where there is no ratio."""
    return {
        "bands": [
            {
                "light": band.light,
                "when": [
                    {
                        "metric": each.metric,
                        "op": each.comparison,
                        "value": each.bound == 1 if each.metric in YES_NO else str(each.bound),
                    }
                    for each in band.conditions
                    if each.metric != "scheduled"
                ],
            }
            for band in policy.bands
        ]
    }


async def _figures(connection: asyncpg.Connection, world: World, series: dict[tuple[str, str], UUID]) -> None:
    def exact(value: Decimal | None, unit: str, to: str) -> Decimal | None:
        if value is None:
            return None
        fraction = convert(value, unit, to)
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

    await _copy(
        connection,
        "observation",
        (
            {
                "region": REGION,
                "series": series[each.series.indicator, each.series.subject],
                "period_end": each.period.end,
                "recorded_at": each.recorded_at,
                "value": exact(each.value, each.unit, world.indicators[each.series.indicator].unit),
                "comparable_base": exact(each.base, each.unit, world.indicators[each.series.indicator].unit),
                "entered_value": each.value,
                "entered_unit": each.unit,
                "class": "flash",
                "status": "approved",
                "reporter": "",
                "note": "",
                "recorded_by": "test",
                "rejected_at": each.rejected_at,
            }
            for each in world.observations
        ),
    )
    await _copy(
        connection,
        "milestone_report",
        (
            {
                "region": REGION,
                "plan": PLAN,
                "target": each.target,
                "recorded_at": each.recorded_at,
                "done_on": each.done_on,
                "evidence": each.evidence,
                "reporter": "",
                "note": "",
                "recorded_by": "test",
                "rejected_at": each.rejected_at,
            }
            for each in world.milestones
        ),
    )


async def _targets(
    connection: asyncpg.Connection, targets: Sequence[Target], series: dict[tuple[str, str], UUID]
) -> None:
    key = {"region": REGION, "plan": PLAN}
    numbers = [each for each in targets if each.measure is not Measure.MILESTONE]
    await _copy(connection, "target", (key | _target(n, each, series) for n, each in enumerate(targets)))
    await _copy(
        connection,
        "checkpoint",
        (
            key | {"target": each.code, "recorded_at": LONG_AGO, "due_on": point.day, "value": point.value}
            for each in numbers
            for point in each.checkpoints
        ),
    )
    await _copy(
        connection,
        "scheduled_value",
        (
            key | {"target": each.code, "recorded_at": LONG_AGO, "period_end": point.day, "value": point.value}
            for each in numbers
            for point in each.schedule
        ),
    )
    await _copy(
        connection,
        "clock_stop",
        (
            {
                "region": REGION,
                "code": f"{each.code}/{n}",
                "recorded_at": LONG_AGO,
                "subject": _subject(each),
                "first_day": stop.first,
                "last_day": stop.last,
                "cause": "factors",
                "reason": "",
                "approved_by": "",
                "withdrawn": False,
            }
            for each in targets
            for n, stop in enumerate(each.clock_stops)
        ),
    )


def _subject(each: Target) -> str:
    """What a target is about; a milestone that can be stopped is about something of its own."""
    if each.series is not None:
        return each.series.subject
    return f"project:{each.code}" if each.clock_stops else f"plan:{PLAN}"


def _target(ordinal: int, each: Target, series: dict[tuple[str, str], UUID]) -> dict[str, Any]:
    of = each.series
    milestone = each.measure is Measure.MILESTONE
    return {
        "code": each.code,
        "recorded_at": LONG_AGO,
        "ordinal": ordinal,
        "name": "",
        "subject": _subject(each),
        "indicator": None if of is None else of.indicator,
        "series": None if of is None else series[of.indicator, of.subject],
        "measure": each.measure,
        "operator": None if milestone else each.operator,
        "tolerance": each.tolerance,
        "baseline": each.baseline,
        "start": each.start,
        "goal_on": each.goal_day,
        "goal": None if milestone else each.goal,
        "upper": each.upper,
        "checkpoints": len(each.checkpoints),
        "trajectory": each.trajectory,
        "policy": None if milestone else each.policy.code,
        "nature": "indicative",
        "clause": "",
        "phrase": "",
        "withdrawn": False,
    }

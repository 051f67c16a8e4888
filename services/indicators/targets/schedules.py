"""What is scheduled (序时目标) of a target on the day compared: semantics.md 3 as named SQL, by shape."""

from services.indicators.observations.metrics import REGION
from services.indicators.targets.measures import INCOMPLETE, ZERO_BASE
from services.indicators.targets.rules import Shape
from services.kit.layers import Rows

SEGMENT = f"""
LEFT JOIN LATERAL (
    SELECT c.* FROM (SELECT c.due_on, c.value, lag(c.due_on) OVER w AS from_on, lag(c.value) OVER w AS from_value
                     FROM indicators.checkpoint AS c
                     WHERE c.region = {REGION} AND c.plan = q.plan AND c.target = q.code
                       AND c.recorded_at = q.version
                     WINDOW w AS (ORDER BY c.due_on)) AS c
    WHERE c.due_on >= q.compared_on ORDER BY c.due_on LIMIT 1
) AS segment ON true"""
"""The checkpoints (d0, v0) and (d1, v1) with d0 < day <= d1; the first segment begins at the start."""


def days_outside_stops(shape: Shape, after: str, until: str) -> str:
    """Days in (after, until] that no clock stop (中止计时) takes out of the schedule."""
    if not shape.stops:
        return f"({until} - {after})"
    return f"""CASE WHEN q.stops IS NULL THEN {until} - {after} ELSE {until} - {after} - (
        SELECT coalesce(sum(upper(d.days) - lower(d.days)), 0)::int
        FROM unnest(q.stops * datemultirange(daterange({after}, greatest({until}, {after}), '(]'))) AS d(days)) END"""


def _unless_all_stopped(shape: Shape, otherwise: str, share: str) -> str:
    """What a share of the segment's days gives; a segment that is all stopped is all gone."""
    return f"CASE q.length WHEN 0 THEN {otherwise} ELSE {share} END" if shape.stops else share


def _raw_scheduled(shape: Shape) -> str:
    """What is scheduled on the day compared, before rounding; after the goal's date the goal."""
    match shape.trajectory:
        case "hold":
            before = "q.v1"
        case "linear":
            before = _unless_all_stopped(shape, "q.v1", "q.v0 + (q.v1 - q.v0) * q.gone / q.length")
        case "compound":
            share = _unless_all_stopped(shape, "1", "q.gone::float8 / q.length")
            before = f"""CASE WHEN q.v0 > 0 AND q.v1 > 0 THEN
                q.v0 * power(q.v1::float8 / q.v0::float8, {share})::numeric END"""
        case "seasonal":
            of_year = "q.v0 + (q.v1 - q.v0)" if shape.measure == "cumulative" else "q.v1"
            before = f"{of_year} * q.same_value / nullif(q.last_total, 0)"
        case _:
            before = f"""(SELECT v.value FROM indicators.scheduled_value AS v
                WHERE v.region = {REGION} AND v.plan = q.plan AND v.target = q.code AND v.recorded_at = q.version
                  AND v.period_end = q.compared_on)"""
    return f"CASE WHEN q.p_end IS NOT NULL THEN CASE WHEN q.compared_on >= q.goal_on THEN q.goal ELSE {before} END END"


def schedule_fault(shape: Shape) -> str | None:
    """Why nothing can be scheduled: a base or a figure is missing, or there is nothing to grow from."""
    match shape.trajectory:
        case "hold":
            return None
        case "seasonal":
            nothing = f"WHEN q.same_value IS NOT NULL AND q.last_total <= 0 THEN {ZERO_BASE}"
        case "compound":
            nothing = f"WHEN q.v0 IS NOT NULL AND (q.v0 <= 0 OR q.v1 <= 0) THEN {ZERO_BASE}"
        case _:
            return f"CASE WHEN q.raw_scheduled IS NULL THEN {INCOMPLETE} END"
    return (
        f"CASE WHEN q.compared_on >= q.goal_on THEN NULL {nothing} WHEN q.raw_scheduled IS NULL THEN {INCOMPLETE} END"
    )


def schedules(rows: Rows, shape: Shape) -> Rows:
    """With the checkpoint in force, the days gone towards it, and what is scheduled."""
    segment = {"d0": "q.start", "v0": "q.origin", "d1": "q.goal_on", "v1": "q.goal"}
    if shape.several:
        segment = {
            "d0": "coalesce(segment.from_on, q.start)",
            "v0": "CASE WHEN segment.from_on IS NULL THEN q.origin ELSE segment.from_value END",
            "d1": "coalesce(segment.due_on, q.goal_on)",
            "v1": "coalesce(segment.value, q.goal)",
        }
    days = {
        "gone": days_outside_stops(shape, "q.d0", "q.compared_on"),
        "length": days_outside_stops(shape, "q.d0", "q.d1"),
        "days_gone": days_outside_stops(shape, "q.start", "least(q.p_end, q.goal_on)"),
        "days": days_outside_stops(shape, "q.start", "q.goal_on"),
    }
    return rows.having(segment | days | {"raw_scheduled": _raw_scheduled(shape)}, {"segment": SEGMENT})

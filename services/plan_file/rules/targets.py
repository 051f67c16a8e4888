"""Rules for targets: what a measure, an operator and a trajectory need, and when a target begins and ends."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from services.plan_file.faults import Fault, Path
from services.plan_file.measuring import Checkpoint, PlanIndicator, PlanTarget
from services.plan_file.rules.known import Known

TAKEN_OF: Final[Mapping[str, Sequence[str]]] = {
    "level": ("flow", "ytd", "stock", "cumulative", "rate", "formula"),
    "annual": ("flow", "ytd"),
    "growth": ("rate", "flow", "ytd"),
    "mean_growth": ("rate", "flow", "ytd"),
    "multiple": ("rate", "flow", "ytd", "stock"),
    "cumulative": ("flow", "ytd", "cumulative", "stock"),
}
"""What a measure can be taken of. Growth of value added is a published series of its own, a `rate`."""

NEEDED: Final = ("indicator", "operator", "trajectory", "policy")
"""What a target has that a milestone has not."""

GROWTHS: Final = frozenset({"growth", "mean_growth"})
"""Measures without a baseline: they stand at their goal from the first day."""


def target_faults(
    targets: Sequence[PlanTarget], indicators: Sequence[PlanIndicator], start: date, end: date, known: Known
) -> Iterator[Fault]:
    """Every target can be measured within the plan from `start` to `end`."""
    by_code = {indicator.code: indicator for indicator in indicators}
    for index, target in enumerate(targets):
        path: Path = ("targets", index)
        yield from known.subject(target.subject, (*path, "subject"))
        yield from known.reference("indicators", target.indicator, (*path, "indicator"))
        yield from known.reference("policies", target.policy, (*path, "policy"))
        yield from _milestone_faults(target, path) if target.measure == "milestone" else _number_faults(target, path)
        indicator = by_code.get(target.indicator or "")
        possible = TAKEN_OF.get(target.measure)
        if indicator is not None and possible is not None and indicator.accumulation not in possible:
            yield Fault(
                "measure_of_indicator",
                (*path, "measure"),
                {
                    "measure": target.measure,
                    "indicator": indicator.code,
                    "accumulation": indicator.accumulation,
                    "known": ", ".join(possible),
                },
            )
        yield from _date_faults(target, path, start, end)


def _milestone_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    what = {"what": "measure: milestone"}
    for key in (*NEEDED, "upper", "tolerance", "schedule", "baseline"):
        if getattr(target, key):
            yield Fault("not_for", (*path, key), {"key": key, **what})
    if target.state is None:
        yield Fault("needed_for", path, {"key": "state", **what})
    for place, checkpoint in enumerate(target.checkpoints):
        here = (*path, "checkpoints", place)
        if checkpoint.value is not None:
            yield Fault("not_for", (*here, "value"), {"key": "value", **what})
        if place:
            yield Fault("not_for", here, {"key": "checkpoints[1]", **what})


def _number_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    what = {"what": f"measure: {target.measure}"}
    for key in NEEDED:
        if getattr(target, key) is None:
            yield Fault("needed_for", path, {"key": key, **what})
    if target.state is not None:
        yield Fault("not_for", (*path, "state"), {"key": "state", **what})
    for key, points in (("checkpoints", target.checkpoints), ("schedule", target.schedule)):
        for place, point in enumerate(points):
            if point.value is None:
                yield Fault("needed_for", (*path, key, place), {"key": "value", **what})
    yield from _operator_faults(target, path)
    yield from _trajectory_faults(target, path)


def _operator_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    goal = target.checkpoints[-1].value
    what = {"what": f"operator: {target.operator}"}
    if target.operator == "between" and target.upper is None:
        yield Fault("needed_for", path, {"key": "upper", **what})
    if target.upper is not None:
        if target.operator != "between":
            yield Fault("not_for", (*path, "upper"), {"key": "upper", **what})
        elif goal is not None and target.upper <= goal:
            yield Fault("range_reversed", (*path, "upper"), {"given": target.upper, "lower": goal})
    if target.tolerance is not None and target.operator != "=":
        yield Fault("not_for", (*path, "tolerance"), {"key": "tolerance", **what})


def _trajectory_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    if target.measure in GROWTHS:
        what = {"what": f"measure: {target.measure}"}
        if target.trajectory in {"linear", "compound", "seasonal"}:
            yield Fault("not_for", (*path, "trajectory"), {"key": f"trajectory: {target.trajectory}", **what})
        if target.baseline is not None:
            yield Fault("not_for", (*path, "baseline"), {"key": "baseline", **what})
    if target.trajectory == "compound":
        yield from _compound_faults(target, path)
    yield from _schedule_faults(target, path)


def _compound_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    values: list[tuple[Path, Decimal | None]] = [
        ((*path, "checkpoints", place, "value"), point.value) for place, point in enumerate(target.checkpoints)
    ]
    if target.baseline is not None:
        values.append(((*path, "baseline", "value"), target.baseline.value))
    for here, value in values:
        if value is not None and value <= 0:
            yield Fault("not_positive", here, {"given": value})


def _schedule_faults(target: PlanTarget, path: Path) -> Iterator[Fault]:
    what = {"key": "schedule", "what": f"trajectory: {target.trajectory}"}
    if target.trajectory != "schedule":
        if target.schedule:
            yield Fault("not_for", (*path, "schedule"), what)
    elif not target.schedule:
        yield Fault("needed_for", path, what)
    elif target.schedule[-1] != target.checkpoints[-1]:
        yield Fault("schedule_incomplete", (*path, "schedule"), {"goal": target.checkpoints[-1].date})


def _date_faults(target: PlanTarget, path: Path, start: date, end: date) -> Iterator[Fault]:
    begins, baseline = target.start, target.baseline
    if baseline is not None:
        if begins is None:
            begins = baseline.date
        elif baseline.date != begins:
            values = {"given": baseline.date, "start": begins}
            yield Fault("baseline_not_at_start", (*path, "baseline", "date"), values)
    if begins is not None and not start <= begins < end:
        here = (*path, "start") if target.start else (*path, "baseline", "date")
        yield Fault("start_outside_plan", here, {"given": begins, "start": start, "end": end})
    yield from _order_faults(target.checkpoints, (*path, "checkpoints"), begins or start, start, end)
    yield from _order_faults(target.schedule, (*path, "schedule"), begins or start, start, end)


def _order_faults(points: Sequence[Checkpoint], path: Path, begins: date, start: date, end: date) -> Iterator[Fault]:
    before: date | None = None
    for place, point in enumerate(points):
        here = (*path, place, "date")
        if not start < point.date <= end:
            yield Fault("outside_plan", here, {"given": point.date, "start": start, "end": end})
        elif before is not None and point.date <= before:
            yield Fault("dates_not_ascending", here, {"given": point.date, "before": before})
        elif point.date <= begins:
            yield Fault("not_after_start", here, {"given": point.date, "start": begins})
        before = point.date

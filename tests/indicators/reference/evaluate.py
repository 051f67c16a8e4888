"""S4: the gap of one target at (`as_of`, `known_at`), and the order of judgement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tests.indicators.reference.arithmetic import round_down, round_half_away
from tests.indicators.reference.knowledge import KnownSeries, NotComputableError, counts
from tests.indicators.reference.measures import collect, measure
from tests.indicators.reference.model import (
    Answer,
    Direction,
    Light,
    Measure,
    MilestoneReport,
    Operator,
    Reason,
    Target,
    World,
)
from tests.indicators.reference.periods import Period, periods
from tests.indicators.reference.trajectories import (
    base_of,
    comparison_day,
    day_due,
    days_gone,
    scheduled,
    time_progress,
)

RATIOS = (Measure.GROWTH, Measure.MEAN_GROWTH, Measure.MULTIPLE)
MILESTONE_NEAR_DAYS = 30
OVERDUE_REPORTS_AT_LEAST_YELLOW = 2


def evaluate(world: World, target: Target, as_of: date, known_at: datetime) -> Answer:
    """The answer for one target. A naive `known_at` is refused: ValueError."""
    if known_at.tzinfo is None:
        msg = "known_at has no zone"
        raise ValueError(msg)
    blank = Answer(target=target.code, goal=printed_goal(target), light=Light.GREY)
    if as_of <= target.start:  # rule 1
        return replace(blank, reason=Reason.NOT_STARTED)
    if target.measure is Measure.MILESTONE:
        return _milestone(world, target, as_of, known_at, blank)
    if target.series is None:
        msg = f"{target.code} stands on no series"
        raise ValueError(msg)
    series = KnownSeries(world, target.series, known_at)
    window_end = as_of if target.measure is Measure.CUMULATIVE else min(as_of, target.goal_day)
    period = series.latest(after=target.start, until=window_end)
    known_on = known_at.astimezone(world.zone).date()
    overdue = _overdue(series, after=period.end if period else target.start, until=window_end, known_on=known_on)
    blank = replace(blank, overdue_reports=overdue)
    if period is None:  # rule 2
        if overdue >= OVERDUE_REPORTS_AT_LEAST_YELLOW:
            return replace(blank, light=Light.YELLOW, reason=Reason.REPORT_OVERDUE)
        return replace(blank, reason=Reason.NO_DATA)
    blank = replace(blank, coverage_date=period.end)
    try:
        compared = _compared(target, series, period, blank)
    except NotComputableError as refused:
        return replace(blank, reason=refused.reason)
    return _judged(target, series, as_of, compared)


def printed_goal(target: Target) -> str:
    """The goal as the answers show it: no idle zeros; both bounds of `between`; a milestone's due date."""
    if target.measure is Measure.MILESTONE:
        return f"{target.goal_day}"
    goal = f"{target.goal.normalize():f}"
    return goal if target.upper is None else f"{goal}-{target.upper.normalize():f}"


def _overdue(series: KnownSeries, *, after: date, until: date, known_on: date) -> int:
    """S4 `overdue_reports`: published periods that could have been P, and whose report was due before `known_on`."""
    return sum(
        1
        for period in periods(series.indicator.frequency, after=after, until=until)
        if series.is_published(period) and period.report_due(series.indicator.due_day) < known_on
    )


def _places(target: Target, series: KnownSeries) -> int:
    """S4, rounding: the indicator's decimals; a multiple has 3."""
    return 3 if target.measure is Measure.MULTIPLE else series.indicator.decimals


def _counts_whole(target: Target, series: KnownSeries) -> bool:
    """A ratio of counts is no count (reading 9)."""
    return series.indicator.whole and target.measure not in RATIOS


def _compared(target: Target, series: KnownSeries, period: Period, blank: Answer) -> Answer:
    """The numbers of S4: the pair rounded once, everything else in one step from the rounded pair."""
    exact_actual, exact_scheduled = collect(
        [lambda: measure(target, series, period), lambda: scheduled(target, series, period)]
    )
    if target.operator is Operator.EQUAL and target.tolerance is None:
        raise NotComputableError(Reason.TOLERANCE_MISSING)
    places = _places(target, series)
    actual = round_half_away(exact_actual, places)
    round_scheduled = round_down if _counts_whole(target, series) else round_half_away
    due = round_scheduled(exact_scheduled, places)
    behind = Fraction(actual - due if series.indicator.direction is Direction.DECREASE else due - actual)
    base, goal = base_of(target, series), Fraction(target.goal)
    if base == goal:  # reading 14: no way to go, so no share of it
        base = None
    met_on = comparison_day(target, series, period) if behind == 0 else day_due(target, series, actual)
    return replace(
        blank,
        actual=actual,
        scheduled=due,
        gap=round_half_away(-behind, places),
        lag_pp=round_half_away(behind if base is None else Fraction(due - actual) / (goal - base) * 100, 2),
        completion=None if base is None else round_half_away((Fraction(actual) - base) / (goal - base) * 100, 2),
        attainment=None if due == 0 else round_half_away(Fraction(actual) / Fraction(due), 4),
        lag_ratio=None if due == 0 else round_half_away(behind / abs(Fraction(due)), 4),
        time_progress=round_half_away(time_progress(target, period.end), 4),
        days_behind=None if met_on is None else (comparison_day(target, series, period) - met_on).days,
        missed_checkpoints=_missed(target, series, period.end),
    )


def meets(target: Target, value: Decimal, wanted: Decimal) -> bool:
    """S3: whether a rounded value meets a checkpoint by the target's operator; `between` at its lower bound."""
    match target.operator:
        case Operator.AT_LEAST | Operator.BETWEEN:
            return value >= wanted
        case Operator.ABOVE:
            return value > wanted
        case Operator.AT_MOST:
            return value <= wanted
        case Operator.BELOW:
            return value < wanted
        case Operator.EQUAL:
            return target.tolerance is not None and abs(value - wanted) <= target.tolerance


def _missed(target: Target, series: KnownSeries, day: date) -> tuple[date, ...]:
    """Earlier checkpoints up to `day` whose own period has a value that does not meet them (reading 5)."""
    missed = []
    for checkpoint in target.checkpoints[:-1]:
        period = Period(series.indicator.frequency, checkpoint.day)
        if checkpoint.day > day or not series.has(period):
            continue
        try:
            value = round_half_away(measure(target, series, period), _places(target, series))
        except NotComputableError:
            continue
        if not meets(target, value, checkpoint.value):
            missed.append(checkpoint.day)
    return tuple(missed)


def _judged(target: Target, series: KnownSeries, as_of: date, compared: Answer) -> Answer:
    """Rules 3 to 6 of S4."""
    assert isinstance(compared.actual, Decimal)
    assert compared.coverage_date is not None
    reached = meets(target, compared.actual, target.goal)
    if target.measure is Measure.CUMULATIVE:  # rule 4
        if reached:
            return replace(compared, light=Light.DONE)
        if compared.coverage_date >= target.goal_day:
            return replace(compared, light=Light.RED)
    elif compared.coverage_date == target.goal_day:  # rule 3
        if not reached:
            return replace(compared, light=Light.RED)
        if compared.missed_checkpoints:
            return replace(compared, light=Light.RED, reason=Reason.CHECKPOINT_MISSED)
        return replace(compared, light=Light.DONE)
    light = target.policy.light(_metrics(target, series, compared))  # rule 5
    reason = Reason.FINAL_REPORT_MISSING if as_of >= target.goal_day else None
    if compared.overdue_reports is not None and compared.overdue_reports >= OVERDUE_REPORTS_AT_LEAST_YELLOW:  # rule 6
        light = Light.YELLOW if light is Light.GREEN else light
        reason = Reason.REPORT_OVERDUE
    return replace(compared, light=light, reason=reason)


def _metrics(target: Target, series: KnownSeries, compared: Answer) -> dict[str, Fraction | None]:
    """What a band may ask for: the printed numbers, so that a printed 20.0 never fails against 20 (reading 16)."""
    assert isinstance(compared.actual, Decimal)
    assert compared.coverage_date is not None
    numbers = {name: getattr(compared, name) for name in ("scheduled", "gap", "lag_pp", "lag_ratio")}
    metrics = {name: None if number is None else Fraction(number) for name, number in numbers.items()}
    base = base_of(target, series)
    return metrics | {
        "whole": Fraction(_counts_whole(target, series)),
        "has_baseline": Fraction(base is not None and base != Fraction(target.goal)),
        "at_baseline": Fraction(base == Fraction(compared.actual)),
        "time_progress": time_progress(target, compared.coverage_date),
    }


def _milestone(world: World, target: Target, as_of: date, known_at: datetime, blank: Answer) -> Answer:
    """S4: `done` with `gap` 0 or minus the days late; red after its due date; yellow when due in 30 days or less.

    The days given are those from the start to the due date; a clock stop's days use none of them up (reading 37).
    """
    blank = replace(blank, coverage_date=as_of)
    given = (target.goal_day - target.start).days
    reached = _reached(world, target, known_at)
    if reached is not None and reached.done_on <= as_of:
        late = max(days_gone(target, target.start, reached.done_on) - given, 0)
        return replace(blank, actual=reached.done_on, gap=Decimal(-late), light=Light.DONE)
    left = given - days_gone(target, target.start, as_of)
    if left < 0:
        return replace(blank, gap=Decimal(left), light=Light.RED)
    return replace(blank, light=Light.YELLOW if left <= MILESTONE_NEAR_DAYS else Light.GREEN)


def _reached(world: World, target: Target, known_at: datetime) -> MilestoneReport | None:
    """The report in force: the latest recorded up to `known_at` and not rejected, as of an observation."""
    versions = [each for each in world.milestones if each.target == target.code and counts(each, known_at)]
    return max(versions, key=lambda version: version.recorded_at, default=None)

"""S3, table of trajectories: what is scheduled (序时目标) at a day, and at which day a value was due."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.indicators.reference.arithmetic import logarithm_ratio, power, round_half_away
from tests.indicators.reference.knowledge import KnownSeries, NotComputableError
from tests.indicators.reference.measures import YEARLY_VOLUME, collect, year_to_date, year_total
from tests.indicators.reference.model import Accumulation, Measure, Reason, Target, Trajectory
from tests.indicators.reference.periods import Period, days_outside


def base_of(target: Target, series: KnownSeries) -> Fraction | None:
    """The measure's value at the start; None where there is no baseline.

    A stock's baseline is a level: its multiple starts at 1, its increase at 0 (reading 8).
    """
    if target.baseline is None:
        return None
    if series.indicator.accumulation is Accumulation.STOCK and target.measure is Measure.MULTIPLE:
        return Fraction(1)
    if series.indicator.accumulation is Accumulation.STOCK and target.measure is Measure.CUMULATIVE:
        return Fraction(0)
    return Fraction(target.baseline)


def comparison_day(target: Target, series: KnownSeries, period: Period) -> date:
    """S3: the coverage date; a chain of published growth already stands at the end of the year of P."""
    if target.measure is Measure.MULTIPLE and series.indicator.accumulation is Accumulation.RATE:
        return date(period.year, 12, 31)
    return period.end


def days_gone(target: Target, after: date, until: date) -> int:
    """Days in (after, until] that no clock stop took out of the schedule (reading 10)."""
    return days_outside(tuple((stop.first, stop.last) for stop in target.clock_stops), after=after, until=until)


def time_progress(target: Target, day: date) -> Fraction:
    """`time_progress` (序时进度): share of the target's days gone at the end of `day`, at most 1."""
    whole = days_gone(target, target.start, target.goal_day)
    return Fraction(days_gone(target, target.start, min(day, target.goal_day)), whole) if whole else Fraction(1)


def scheduled(target: Target, series: KnownSeries, period: Period) -> Fraction:
    """What is scheduled for the period P, exact but for powers; after the goal's date the goal."""
    day = comparison_day(target, series, period)
    if day >= target.goal_day:
        return Fraction(target.goal)
    if target.trajectory is Trajectory.SCHEDULE:
        return _planned(target, day)
    d0, v0, d1, v1 = segment(target, series, day)
    if target.trajectory is Trajectory.HOLD:
        return v1
    if target.trajectory is Trajectory.SEASONAL:
        return _seasonal(target, series, period, (v0, v1))
    if v0 is None:
        raise NotComputableError(Reason.INCOMPLETE)
    gone, length = days_gone(target, d0, day), days_gone(target, d0, d1)
    share = Fraction(gone, length) if length else Fraction(1)
    if target.trajectory is Trajectory.LINEAR:
        return v0 + (v1 - v0) * share
    if target.trajectory is Trajectory.COMPOUND:
        if v0 <= 0 or v1 <= 0:
            raise NotComputableError(Reason.ZERO_BASE)
        return v0 * power(v1 / v0, share)
    msg = f"{target.code} has no trajectory"
    raise ValueError(msg)


def segment(target: Target, series: KnownSeries, day: date) -> tuple[date, Fraction | None, date, Fraction]:
    """The checkpoints (d0, v0) and (d1, v1) with d0 < day <= d1; the first begins at the start, at the baseline."""
    d0, v0 = target.start, base_of(target, series)
    for checkpoint in target.checkpoints:
        if day <= checkpoint.day:
            return d0, v0, checkpoint.day, Fraction(checkpoint.value)
        d0, v0 = checkpoint.day, Fraction(checkpoint.value)
    msg = f"{day} lies after the goal's date"
    raise ValueError(msg)


def _planned(target: Target, day: date) -> Fraction:
    """`schedule`: the explicit value of the very period; a period without one is `incomplete` (reading 18)."""
    for planned in target.schedule:
        if planned.day == day:
            return Fraction(planned.value)
    raise NotComputableError(Reason.INCOMPLETE)


def _seasonal(
    target: Target, series: KnownSeries, period: Period, values: tuple[Fraction | None, Fraction]
) -> Fraction:
    """`seasonal`: target_year * ytd_last_year(month) / total_last_year; a cumulative adds its years (reading 17)."""
    if series.indicator.accumulation not in YEARLY_VOLUME:
        msg = f"a {series.indicator.accumulation} series has no year's volume to spread"
        raise ValueError(msg)
    v0, v1 = values
    so_far, total = collect(
        [lambda: year_to_date(series, period.a_year_before()), lambda: year_total(series, period.year - 1)]
    )
    if total <= 0:
        raise NotComputableError(Reason.ZERO_BASE)
    if target.measure is not Measure.CUMULATIVE:
        return v1 * so_far / total
    if v0 is None:
        raise NotComputableError(Reason.INCOMPLETE)
    return v0 + (v1 - v0) * so_far / total


def day_due(target: Target, series: KnownSeries, actual: Decimal) -> date | None:
    """The day at which a linear or compound trajectory equals the (rounded) actual value; None where it never does.

    Days are rounded half away to whole ones; of several segments the first counts (reading 22).
    """
    value = Fraction(actual)
    d0, v0 = target.start, base_of(target, series)
    for checkpoint in target.checkpoints:
        d1, v1 = checkpoint.day, Fraction(checkpoint.value)
        if v0 is not None and v0 != v1 and min(v0, v1) <= value <= max(v0, v1):
            share = _share(target, v0, v1, value)
            return None if share is None else _day_at(target, d0, d1, share)
        d0, v0 = d1, v1
    return None


def _share(target: Target, v0: Fraction, v1: Fraction, value: Fraction) -> Fraction | None:
    if target.trajectory is Trajectory.LINEAR:
        return (value - v0) / (v1 - v0)
    if target.trajectory is Trajectory.COMPOUND and min(v0, v1) > 0:
        return logarithm_ratio(value / v0, v1 / v0)
    return None


def _day_at(target: Target, d0: date, d1: date, share: Fraction) -> date:
    wanted = round_half_away(share * days_gone(target, d0, d1), 0)
    day = d0
    while days_gone(target, d0, day) < wanted:
        day += timedelta(days=1)
    return day

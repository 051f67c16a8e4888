"""S3, table of measures: the value of a target for the period P."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial

from tests.indicators.reference.arithmetic import power
from tests.indicators.reference.knowledge import REASON_ORDER, KnownSeries, NotComputableError
from tests.indicators.reference.model import Accumulation, Measure, Reason, Target
from tests.indicators.reference.periods import Period

YEARLY_VOLUME = (Accumulation.FLOW, Accumulation.YTD)
_GROWING = {*YEARLY_VOLUME, Accumulation.STOCK, Accumulation.RATE}
MEASURABLE: dict[Measure, set[Accumulation]] = {
    Measure.LEVEL: set(Accumulation),
    Measure.ANNUAL: {*YEARLY_VOLUME},
    Measure.GROWTH: _GROWING,
    Measure.MEAN_GROWTH: _GROWING,
    Measure.MULTIPLE: _GROWING,
    Measure.CUMULATIVE: {*YEARLY_VOLUME, Accumulation.STOCK, Accumulation.CUMULATIVE},
}
"""Of which series a measure can be taken (reading 35); a milestone is taken of none."""


def measure(target: Target, series: KnownSeries, period: Period) -> Fraction:
    """The exact value of the target's measure for the period, before rounding; else NotComputableError."""
    if series.indicator.accumulation not in MEASURABLE[target.measure]:
        msg = f"{target.measure} cannot be taken of a {series.indicator.accumulation} series"
        raise ValueError(msg)
    match target.measure:
        case Measure.LEVEL:
            return series.need(period)
        case Measure.ANNUAL:
            return trailing_year(series, period)
        case Measure.GROWTH:
            return (growth_factor(series, period) - 1) * 100
        case Measure.MEAN_GROWTH:
            factors = yearly_factors(series, target.start, period)
            return (power(_product(factors), Fraction(1, len(factors))) - 1) * 100
        case Measure.MULTIPLE:
            return multiple(target, series, period)
    return cumulative(target, series, period)


def year_to_date(series: KnownSeries, period: Period) -> Fraction:
    """Volume since 1 January up to the period."""
    if series.indicator.accumulation is Accumulation.YTD:
        return series.need(period)
    return sum((series.need(part) for part in _year_so_far(series, period)), Fraction(0))


def _year_so_far(series: KnownSeries, period: Period) -> list[Period]:
    return series.covering(after=date(period.year - 1, 12, 31), until=period.end)


def year_total(series: KnownSeries, year: int) -> Fraction:
    """The year's total: the year to date of its last period."""
    return year_to_date(series, Period.last_of_year(series.indicator.frequency, year))


def trailing_year(series: KnownSeries, period: Period) -> Fraction:
    """`annual`: twelve months up to P, `ytd(P) + year before P's - ytd(P - 12 months)`; the year's total at its end.

    A `flow` is summed over the twelve months themselves (reading 6).
    """
    if series.indicator.accumulation is Accumulation.FLOW:
        return sum(
            (series.need(part) for part in series.covering(after=period.a_year_before().end, until=period.end)),
            Fraction(0),
        )
    if period.ends_year:
        return series.need(period)
    return series.need(period) + year_total(series, period.year - 1) - series.need(period.a_year_before())


def growth_factor(series: KnownSeries, period: Period) -> Fraction:
    """1 + growth: the published rate, else the year to date over the comparable year to date a year before.

    A `stock` is compared with its level a year before (reading 7).
    """
    if series.indicator.accumulation is Accumulation.RATE:
        return 1 + series.need(period) / 100
    if series.indicator.accumulation in YEARLY_VOLUME:
        parts = [period] if series.indicator.accumulation is Accumulation.YTD else _year_so_far(series, period)
        scope_since = date(period.year - 1, 1, 1)
    else:
        parts, scope_since = [period], period.a_year_before().end
    now = sum((series.need(part) for part in parts), Fraction(0))
    bases = [series.base(part) for part in parts]
    before = sum(
        (series.need(part.a_year_before()) if base is None else base for part, base in zip(parts, bases, strict=True)),
        Fraction(0),
    )
    _refuse_zero(before)
    if None in bases:
        _refuse_scope_break(series, scope_since, period.end)
    return now / before


def yearly_factors(series: KnownSeries, start: date, period: Period) -> list[Fraction]:
    """Growth factors of the years begun since the baseline: completed years in full, the year of P to date."""
    completed = [Period.last_of_year(series.indicator.frequency, year) for year in range(start.year + 1, period.year)]
    return collect([partial(growth_factor, series, each) for each in [*completed, period]])


def _product(factors: list[Fraction]) -> Fraction:
    return math.prod(factors, start=Fraction(1))


def multiple(target: Target, series: KnownSeries, period: Period) -> Fraction:
    """`multiple` (翻番): the chain of published growth; on levels the trailing year over the base year's total;
    a stock over the baseline.
    """
    if series.indicator.accumulation is Accumulation.RATE:
        return _product(yearly_factors(series, target.start, period))
    if series.indicator.accumulation in YEARLY_VOLUME:
        volume, total = collect([lambda: trailing_year(series, period), lambda: year_total(series, target.start.year)])
        _refuse_zero(total)
        _refuse_scope_break(series, date(target.start.year, 1, 1), period.end)
        return volume / total
    stock, baseline = series.need(period), _stated_baseline(target)
    _refuse_zero(baseline)
    _refuse_scope_break(series, target.start, period.end)
    return stock / baseline


def cumulative(target: Target, series: KnownSeries, period: Period) -> Fraction:
    """`cumulative`: the sum since the start; what is reported since the plan's start; a stock minus its baseline."""
    match series.indicator.accumulation:
        case Accumulation.FLOW:
            parts = series.covering(after=target.start, until=period.end)
            return sum((series.need(part) for part in parts), Fraction(0))
        case Accumulation.YTD:
            return _cumulated_years(target, series, period)
        case Accumulation.STOCK:
            return series.need(period) - _stated_baseline(target)
    return series.need(period)


def _cumulated_years(target: Target, series: KnownSeries, period: Period) -> Fraction:
    begun = target.start.year + 1 if target.start.month == 12 else target.start.year
    total = sum((year_total(series, year) for year in range(begun, period.year)), series.need(period))
    if target.start.month == 12:
        return total
    return total - series.need(Period(series.indicator.frequency, target.start))


def _stated_baseline(target: Target) -> Fraction:
    if target.baseline is None:
        raise NotComputableError(Reason.INCOMPLETE)
    return Fraction(target.baseline)


def _refuse_zero(base: Fraction) -> None:
    """Nothing grows from zero, and from less than zero a ratio says nothing (reading 11)."""
    if base <= 0:
        raise NotComputableError(Reason.ZERO_BASE)


def _refuse_scope_break(series: KnownSeries, since: date, until: date) -> None:
    """S2: a growth derived from levels is refused across a scope break."""
    if any(since < first_day <= until for first_day in series.indicator.scope_breaks):
        raise NotComputableError(Reason.SCOPE_BREAK)


def collect(parts: list[Callable[[], Fraction]]) -> list[Fraction]:
    """Every part, or of all the reasons why some are missing the first in `REASON_ORDER`."""
    values: list[Fraction] = []
    reasons: list[Reason] = []
    for part in parts:
        try:
            values.append(part())
        except NotComputableError as refused:
            reasons.append(refused.reason)
    if reasons:
        raise NotComputableError(min(reasons, key=REASON_ORDER.index))
    return values

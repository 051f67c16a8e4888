"""What a generated case is about: a target, its indicators and the true figures, before anybody reports them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.indicators.reference.model import (
    Accumulation,
    Checkpoint,
    ClockStop,
    Direction,
    Indicator,
    Measure,
    Operator,
    Series,
    Target,
    Trajectory,
)
from tests.indicators.reference.periods import Frequency, Period, month_end, periods
from tests.indicators.reference.policies import STANDARD, YINCHUAN_2025
from tests.indicators.reference.shapes import Shape

JANUARY = frozenset({1})
HISTORY_BEGINS = date(2015, 12, 31)
MONTHS_REPORTED_AFTER_GOAL = 8
Figures = dict[Period, Decimal]


@dataclass(frozen=True)
class Draft:
    """The target with what it stands on; `figures` holds every published period of each series that is reported."""

    target: Target
    indicators: tuple[Indicator, ...]
    figures: dict[Series, Figures]


class Drawing:
    """Draws one draft; `code` makes its indicators, its target and its subject unique among all cases."""

    def __init__(
        self, dice: Random, code: str, pairing: tuple[Measure, Trajectory | None], shapes: frozenset[Shape]
    ) -> None:
        self.dice = dice
        self.code = code
        self.subject = f"project:{code}"
        self.measure, self.trajectory = pairing
        self.shapes = shapes
        self.frequency = Frequency.QUARTER if Shape.QUARTERLY in shapes else Frequency.MONTH
        if Shape.MID_YEAR in shapes:
            self.start, self.goal_day = date(2017, 6, 30), date(dice.choice((2018, 2019)), 6, 30)
        else:
            first = dice.choice((2016, 2016, 2017))
            self.start, self.goal_day = date(first, 12, 31), date(dice.randint(first + 1, 2019), 12, 31)

    def draft(self) -> Draft:
        """The draft for the pairing."""
        match self.measure:
            case Measure.MILESTONE:
                return Draft(self._target(None, Decimal(1), None), (), {})
            case Measure.LEVEL:
                return self._level()
            case Measure.ANNUAL:
                return self._annual()
            case Measure.CUMULATIVE:
                return self._cumulative()
            case Measure.GROWTH | Measure.MEAN_GROWTH | Measure.MULTIPLE:
                return self._published_growth()

    def _number(self, low: float, high: float, places: int) -> Decimal:
        scale = 10**places
        return Decimal(self.dice.randint(round(low * scale), round(high * scale))).scaleb(-places)

    def _periods(self, after: date) -> list[Period]:
        until = month_end(self.goal_day.year, self.goal_day.month + MONTHS_REPORTED_AFTER_GOAL)
        return list(periods(self.frequency, after=after, until=until))

    def _indicator(self, name: str, unit: str, decimals: int, accumulation: Accumulation) -> Indicator:
        monthly = self.frequency is Frequency.MONTH
        yearly = accumulation in (Accumulation.RATE, Accumulation.YTD) or Shape.UNPUBLISHED_MONTHS in self.shapes
        return Indicator(
            f"{self.code}_{name}",
            unit,
            decimals,
            accumulation,
            whole=unit == "家",
            direction=Direction.DECREASE if Shape.DECREASE in self.shapes else Direction.INCREASE,
            frequency=self.frequency,
            due_day=self.dice.choice((5, 20, 31)) if Shape.OTHER_DUE_DAY in self.shapes else 12,
            never_published=JANUARY if monthly and yearly else frozenset(),
        )

    def _published(self, indicator: Indicator, after: date) -> list[Period]:
        """Published periods; a past that was loaded has its January too, as in the sample (2016 is complete)."""
        loaded = date(2016, 12, 31)
        every = self._periods(after)
        return [each for each in every if each.end.month not in indicator.never_published or each.end < loaded]

    def _volumes(self, indicator: Indicator, monthly: Decimal, yearly_growth: Decimal) -> Figures:
        """A volume around `monthly`, in figures of the period itself or since 1 January."""
        figures: Figures = {}
        so_far, year = Decimal(0), 0
        published = set(self._published(indicator, HISTORY_BEGINS))
        for period in self._periods(HISTORY_BEGINS):
            so_far, year = (so_far, year) if period.year == year else (Decimal(0), period.year)
            trend = (1 + yearly_growth) ** (period.year - HISTORY_BEGINS.year - 1)
            volume = (monthly * self.frequency * trend * self._number(0.7, 1.3, 2)).quantize(Decimal("0.01"))
            so_far += volume
            if period in published:
                figures[period] = volume if indicator.accumulation is Accumulation.FLOW else so_far
        return figures

    def _level(self) -> Draft:
        """A share of two volumes, by formula."""
        part = self._indicator("part", "亿元", 2, Accumulation.YTD)
        whole = self._indicator("whole", "亿元", 2, Accumulation.YTD)
        share = Indicator(
            f"{self.code}_share",
            "%",
            1,
            Accumulation.RATE,
            direction=part.direction,
            frequency=self.frequency,
            due_day=part.due_day,
            never_published=part.never_published,
            formula=f"{part.code} / {whole.code} * 100",
        )
        whole = replace(whole, due_day=part.due_day)
        begins, divisor_trend = self._number(15, 30, 2), Decimal("0.04")
        trend = self._number(-0.2, 0.0, 2) if Shape.DECREASE in self.shapes else self._number(-0.05, 0.25, 2)
        divisors = self._volumes(whole, Decimal(100), divisor_trend)
        if Shape.ZERO_DIVISOR in self.shapes:
            divisors |= dict.fromkeys(self.dice.sample(sorted(divisors), len(divisors) // 2), Decimal(0))
        figures = {
            Series(part.code, self.subject): self._volumes(part, begins, trend),
            Series(whole.code, self.subject): divisors,
        }
        return Draft(self._rising(share, begins, trend - divisor_trend), (part, whole, share), figures)

    def _annual(self) -> Draft:
        accumulation = Accumulation.FLOW if Shape.FLOW in self.shapes else Accumulation.YTD
        indicator = self._indicator("output", "亿元", 2, accumulation)
        down = Shape.DECREASE in self.shapes
        trend = self._number(-0.3, 0.05, 2) if down else self._number(-0.1, 0.6, 2)
        monthly = self._number(1, 30, 2)
        if Shape.NEGATIVE in self.shapes:
            monthly = -monthly
        target = self._rising(indicator, monthly * 12, trend)
        return Draft(
            target, (indicator,), {Series(indicator.code, self.subject): self._volumes(indicator, monthly, trend)}
        )

    def _cumulative(self) -> Draft:
        """A count or an amount since the plan's start, reported so."""
        money = Shape.MONEY in self.shapes or Shape.OTHER_UNIT in self.shapes
        indicator = self._indicator("done", "万元" if money else "家", 0, Accumulation.CUMULATIVE)
        goal = self._number(1_000, 900_000, 0) if money else Decimal(self.dice.choice((1, 2, 4, 7, 20, 50, 365, 1000)))
        reported = self._published(indicator, self.start)
        within = sum(1 for period in reported if period.end <= self.goal_day)
        speed = self._number(0.0, 1.4, 2)
        figures: Figures = {}
        done = Decimal(0)
        for period in reported:
            done += (goal * speed / within * self._number(0, 2, 2)).quantize(Decimal(1)) if money else Decimal(0)
            if not money:
                done = max(
                    done, (goal * speed * (len(figures) + 1) / within + self._number(-1, 1, 1)).quantize(Decimal(1))
                )
            figures[period] = done
        target = self._target(indicator, goal, Decimal(0))
        return Draft(target, (indicator,), {Series(indicator.code, self.subject): figures})

    def _published_growth(self) -> Draft:
        indicator = self._indicator("growth", "%", 1, Accumulation.RATE)
        middle = self._number(-12, 2, 1) if Shape.NEGATIVE in self.shapes else self._number(5, 32, 1)
        reported = self._published(indicator, HISTORY_BEGINS)
        figures = {period: middle + self._number(-4, 4, 1) for period in reported}
        if self.measure is Measure.MULTIPLE:
            reachable = (1 + middle / 100) ** (self.goal_day.year - self.start.year) * self._number(0.85, 1.08, 2)
            target = self._target(indicator, max(reachable.quantize(Decimal("0.01")), Decimal("1.1")), Decimal(1))
        else:
            goal = Decimal(0) if Shape.NOTHING_SCHEDULED in self.shapes else middle.quantize(Decimal(1))
            target = self._target(indicator, goal, None)
        return Draft(target, (indicator,), {Series(indicator.code, self.subject): figures})

    def _rising(self, indicator: Indicator, in_2016: Decimal, trend: Decimal) -> Target:
        """From the baseline to a goal about where the trend leads: above it, below it (`decrease`) or at it."""
        baseline = (in_2016 * (1 + trend) ** (self.start.year - 2016)).quantize(Decimal("0.1"))
        grown = abs((1 + trend) ** (self.goal_day.year - self.start.year) - 1)
        way = abs(baseline) * grown * self._number(0.6, 1.3, 2) + Decimal("0.2")
        if Shape.GOAL_IS_BASELINE in self.shapes:
            way = Decimal(0)
        if Shape.DECREASE in self.shapes:
            way = -way
        return self._target(indicator, baseline + way.quantize(Decimal("0.1")), baseline)

    def _target(self, indicator: Indicator | None, goal: Decimal, baseline: Decimal | None) -> Target:
        operator, tolerance, upper = Operator.AT_LEAST, None, None
        if Shape.DECREASE in self.shapes:
            operator = Operator.AT_MOST
        elif Shape.ABOVE in self.shapes:
            operator = Operator.ABOVE
        elif Shape.BETWEEN in self.shapes:
            operator, upper = Operator.BETWEEN, goal * 2
        elif Shape.EXACTLY in self.shapes:
            operator, tolerance = Operator.EQUAL, self._number(0.5, 5, 1)
        elif Shape.TOLERANCE_MISSING in self.shapes:
            operator = Operator.EQUAL
        amounts = self.measure in (Measure.ANNUAL, Measure.CUMULATIVE)
        return Target(
            self.code.upper(),
            self.measure,
            self._checkpoints(goal, baseline),
            self.start,
            self.dice.choice((STANDARD, STANDARD, YINCHUAN_2025)) if amounts else STANDARD,
            None if indicator is None else Series(indicator.code, self.subject),
            operator=operator,
            upper=upper,
            tolerance=tolerance,
            baseline=baseline,
            trajectory=self.trajectory,
            clock_stops=self._clock_stops(),
        )

    def _checkpoints(self, goal: Decimal, baseline: Decimal | None) -> tuple[Checkpoint, ...]:
        last = Checkpoint(self.goal_day, goal)
        if Shape.SEVERAL_CHECKPOINTS not in self.shapes:
            return (last,)
        years = range(self.start.year + 1, self.goal_day.year)
        base = goal - 3 if baseline is None else baseline
        step = (goal - base) / (len(years) + 1)
        unit = Decimal(1) if self.measure is Measure.CUMULATIVE else Decimal("0.01")
        return (
            *(
                Checkpoint(date(year, 12, 31), (base + step * n).quantize(unit))
                for n, year in enumerate(years, start=1)
            ),
            last,
        )

    def _clock_stops(self) -> tuple[ClockStop, ...]:
        if Shape.CLOCK_STOP not in self.shapes:
            return ()
        first = self.start + timedelta(days=self.dice.randint(20, 300))
        return (ClockStop(first, first + timedelta(days=self.dice.randint(0, 90))),)

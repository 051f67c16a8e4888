"""How true figures become known: reported, missing, corrected, rejected, late, in another unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from tests.indicators.reference.drafts import Draft
from tests.indicators.reference.model import Indicator, MilestoneReport, Observation, Series
from tests.indicators.reference.periods import Period
from tests.indicators.reference.shapes import Shape

ZONE = ZoneInfo("Asia/Shanghai")
HISTORY_LOADED = datetime(2017, 1, 25, 10, tzinfo=ZONE)
"""When the figures of 2016 were entered, all at once."""
ENTERED = {"亿元": ("万元", 4), "万元": ("元", 4)}
"""The smaller unit in which figures may be entered, and its power of ten."""


class History(StrEnum):
    """What happened to the reports of a case, as far as it is known."""

    COMPLETE = "complete"
    MISSING = "missing"
    CORRECTED = "corrected"
    REJECTED = "rejected"


def first_recorded(indicator: Indicator, period: Period) -> datetime:
    """A punctual report: at ten on its due day, or with the loaded history."""
    return max(HISTORY_LOADED, datetime.combine(period.report_due(indicator.due_day), time(10), ZONE))


def eligible(draft: Draft, known_at: datetime) -> list[tuple[Series, Period]]:
    """Figures up to the goal's date whose punctual report came in before `known_at`, each series' first left out."""
    indicators = {indicator.code: indicator for indicator in draft.indicators}
    return [
        (series, period)
        for series, figures in draft.figures.items()
        for period in sorted(figures)[1:]
        if period.end <= draft.target.goal_day and first_recorded(indicators[series.indicator], period) < known_at
    ]


class Reporting:
    """Makes the reports of one draft for (`as_of`, `known_at`)."""

    def __init__(self, dice: Random, draft: Draft, shapes: frozenset[Shape], as_of: date, known_at: datetime) -> None:
        self.dice = dice
        self.draft = draft
        self.shapes = shapes
        self.as_of = as_of
        self.known_at = known_at
        self.indicators = {indicator.code: indicator for indicator in draft.indicators}

    def observations(self, history: History) -> tuple[Observation, ...]:
        """Every version ever recorded, those after `known_at` included."""
        touched = self._touched()
        reports: list[Observation] = []
        for series, figures in self.draft.figures.items():
            for period, value in figures.items():
                report = self._report(series, period, value)
                if (series, period) not in touched:
                    reports.append(report)
                elif history is History.CORRECTED:
                    punctual = self._punctual(report)
                    reports += [punctual, self._correction(punctual)]
                elif history is History.REJECTED:
                    reports += self._rejected(report)
                elif history is History.COMPLETE:
                    reports.append(report)
        return tuple(self._entered(report) for report in [*reports, *self._later(reports)])

    def _touched(self) -> set[tuple[Series, Period]]:
        """The figures to which something happens: the last ones before `as_of`, a year's end, a year before, any."""
        known = eligible(self.draft, self.known_at)
        recent = [each for each in known if each[1].end <= self.as_of][-3:] or known[-3:]
        year_ends = [each for each in known if each[1].ends_year] or known
        a_year_before = [each for each in known if each[1] == recent[-1][1].a_year_before()] or known
        pick = self.dice.choice((recent[-1:], recent[-2:], recent, year_ends, a_year_before, known))
        return {self.dice.choice(pick)} if pick in (year_ends, a_year_before, known) else set(pick)

    def _report(self, series: Series, period: Period, value: Decimal) -> Observation:
        indicator = self.indicators[series.indicator]
        recorded_at = first_recorded(indicator, period)
        if Shape.LATE_REPORTS in self.shapes and self.dice.random() < 0.2:
            recorded_at += timedelta(days=self.dice.randint(1, 60), minutes=self.dice.randint(0, 300))
        return Observation(series, period, value, indicator.unit, recorded_at)

    def _between(self, first: datetime, last: datetime) -> datetime:
        """A whole second after `first` and on or before `last`; at times `last` itself."""
        if first >= last or self.dice.random() < 0.2:
            return last
        return first + timedelta(seconds=self.dice.randint(1, int((last - first).total_seconds())))

    def _other(self, value: Decimal) -> Decimal:
        """Another figure in its place: a digit too many, or some percent off."""
        if self.dice.random() < 0.3:
            return value * 10
        return (value * self.dice.randint(80, 125) / 100).quantize(value)

    def _punctual(self, report: Observation) -> Observation:
        """What is to be corrected by `known_at` was in before it."""
        return replace(report, recorded_at=first_recorded(self.indicators[report.series.indicator], report.period))

    def _correction(self, report: Observation) -> Observation:
        recorded_at = self._between(report.recorded_at, self.known_at)
        return replace(report, value=self._other(report.value), recorded_at=recorded_at)

    def _rejected(self, report: Observation) -> list[Observation]:
        """Rejected at once or later; alone, with a good version before it, or with one after it."""
        slip = replace(self._punctual(report), value=self._other(report.value))
        kind = self.dice.choice(("alone", "good before", "good after"))
        good: list[Observation] = []
        if kind == "good before":
            good = [self._punctual(report)]
            slip = replace(slip, recorded_at=self._between(slip.recorded_at, self.known_at))
        at_once = self.dice.random() < 0.4
        slip = replace(
            slip, rejected_at=slip.recorded_at if at_once else self._between(slip.recorded_at, self.known_at)
        )
        if kind == "good after" and slip.recorded_at < self.known_at:
            good = [replace(report, recorded_at=self._between(slip.recorded_at, self.known_at))]
        return [slip, *good]

    def _later(self, reports: list[Observation]) -> list[Observation]:
        """Corrections after `known_at`, which must not count."""
        if Shape.CORRECTED_LATER not in self.shapes:
            return []
        chosen = self.dice.sample(reports, min(3, len(reports)))
        after = [max(self.known_at, report.recorded_at) for report in chosen]
        return [
            replace(
                report,
                value=self._other(report.value),
                rejected_at=None,
                recorded_at=last + timedelta(days=n, seconds=1),
            )
            for n, (report, last) in enumerate(zip(chosen, after, strict=True))
        ]

    def _entered(self, report: Observation) -> Observation:
        """In another unit of its dimension, and with a rejection after `known_at`, where the case is of that shape."""
        if Shape.OTHER_UNIT in self.shapes and report.unit in ENTERED and self.dice.random() < 0.5:
            unit, power = ENTERED[report.unit]
            report = replace(report, value=Decimal(f"{report.value.scaleb(power):f}"), unit=unit)
        later = Shape.REJECTED_LATER in self.shapes and report.rejected_at is None and self.dice.random() < 0.1
        if later:
            rejected_at = max(self.known_at, report.recorded_at) + timedelta(days=1)
            report = replace(report, rejected_at=rejected_at)
        return report

    def milestones(self, history: History) -> tuple[MilestoneReport, ...]:
        """Reports that the milestone was reached, around its due date but before `known_at`."""
        if history is History.MISSING:
            return ()
        latest = (self.known_at - timedelta(days=5)).date()
        spread = min(self.draft.target.goal_day + timedelta(days=90), latest)
        earliest = self.draft.target.start + timedelta(days=1)
        done_on = earliest + timedelta(days=self.dice.randint(0, max(0, (spread - earliest).days)))
        recorded_at = datetime.combine(done_on + timedelta(days=2), time(9), ZONE)
        report = MilestoneReport(self.draft.target.code, done_on, recorded_at, "文件")
        correction = replace(
            report,
            done_on=done_on - timedelta(days=self.dice.randint(1, 20)),
            recorded_at=self._between(recorded_at, self.known_at),
        )
        versions = [report]
        if history is History.CORRECTED:
            versions = [report, correction]
        elif history is History.REJECTED:
            rejected = replace(report, rejected_at=self._between(recorded_at, self.known_at))
            versions = self.dice.choice(([rejected], [rejected, correction]))
        if Shape.CORRECTED_LATER in self.shapes:
            versions.append(replace(correction, recorded_at=self.known_at + timedelta(seconds=1)))
        if Shape.REJECTED_LATER in self.shapes:
            later = self.known_at + timedelta(days=3)
            versions = [replace(each, rejected_at=each.rejected_at or later) for each in versions]
        return tuple(versions)

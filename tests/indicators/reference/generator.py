"""1,000 seeded cases that together cover what the 65 targets can meet, counted by what a case holds, not by its label.

A case is one self-contained world with its own indicator codes and target code, so that all of them can be loaded into
one database, and it can be told by `as_of` and `known_at`, of which there are few pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import product
from random import Random

from tests.indicators.reference.drafts import Draft, Drawing
from tests.indicators.reference.histories import ZONE, History, Reporting, eligible
from tests.indicators.reference.knowledge import counts
from tests.indicators.reference.model import Measure, Observation, Target, Trajectory, World
from tests.indicators.reference.periods import Frequency, month_end, periods
from tests.indicators.reference.sample import TARGETS
from tests.indicators.reference.shapes import Shape, draw_shapes

PAIRINGS = tuple(sorted({(each.measure, each.trajectory) for each in TARGETS}, key=str))
"""Every pairing of measure and trajectory that occurs in the 65 targets."""

SEED = 20170502
AS_OF = tuple(
    date.fromisoformat(day)
    for day in (
        *("2016-06-30", "2016-12-31", "2017-01-20", "2017-03-31", "2017-06-30", "2017-11-30", "2017-12-31"),
        *("2018-01-15", "2018-02-28", "2018-06-30", "2018-08-31", "2018-12-31"),
        *("2019-05-31", "2019-06-30", "2019-11-30", "2019-12-31", "2020-02-29", "2020-06-30", "2021-01-31"),
    )
)
EARLIEST_KNOWN_AT = datetime(2017, 1, 26, 9, tzinfo=ZONE)


class Timing(StrEnum):
    """Where `as_of` lies in the life of the target."""

    BEFORE = "before start"
    WITHIN = "within"
    GOAL_DAY = "goal's day"
    AFTER = "after"


@dataclass(frozen=True)
class Cell:
    """One combination that must occur."""

    measure: Measure
    trajectory: Trajectory | None
    timing: Timing
    history: History


@dataclass(frozen=True)
class Case:
    """One question with all that it rests on. The target's code is unique among the cases."""

    number: int
    world: World
    target: Target
    as_of: date
    known_at: datetime
    shapes: frozenset[Shape]

    @property
    def cell(self) -> Cell:
        """The combination that this case really is, read from what it holds."""
        return Cell(self.target.measure, self.target.trajectory, timing_of(self.target, self.as_of), history_of(self))


def every_cell() -> tuple[Cell, ...]:
    """All that has to be covered."""
    return tuple(Cell(*pairing, timing, history) for pairing, timing, history in product(PAIRINGS, Timing, History))


def coverage(cases: Iterable[Case]) -> Counter[Cell]:
    """How many cases each combination has."""
    return Counter(case.cell for case in cases)


def timing_of(target: Target, as_of: date) -> Timing:
    """On the start itself a target has not begun."""
    if as_of <= target.start:
        return Timing.BEFORE
    if as_of < target.goal_day:
        return Timing.WITHIN
    return Timing.GOAL_DAY if as_of == target.goal_day else Timing.AFTER


def history_of(case: Case) -> History:
    """Rejected before corrected before missing: the strongest that is known at `known_at`."""
    rejections = [each.rejected_at for each in case.world.observations]
    rejections += [each.rejected_at for each in case.world.milestones]
    if any(rejected_at is not None and rejected_at <= case.known_at for rejected_at in rejections):
        return History.REJECTED
    known = [each for each in case.world.observations if counts(each, case.known_at)]
    reached = [each for each in case.world.milestones if counts(each, case.known_at)]
    if len({(each.series, each.period) for each in known}) < len(known) or len(reached) > 1:
        return History.CORRECTED
    if case.target.measure is Measure.MILESTONE:
        return History.COMPLETE if reached else History.MISSING
    return History.MISSING if any(_is_missing(case, known)) else History.COMPLETE


def _is_missing(case: Case, known: list[Observation]) -> Iterator[bool]:
    """For every period of every reported series up to the goal's date: due before `known_at`'s day and not there."""
    reported = {(each.series, each.period) for each in known}
    first = min(each.period.end for each in case.world.observations)
    for series in sorted({each.series for each in case.world.observations}):
        indicator = case.world.indicators[series.indicator]
        for period in periods(indicator.frequency, after=first, until=case.target.goal_day):
            published = period.end.month not in indicator.never_published
            due = period.report_due(indicator.due_day) < case.known_at.date()
            yield published and due and (series, period) not in reported


def generate(count: int = 1000, seed: int = SEED) -> Iterator[Case]:
    """`count` cases, the combinations in turn; the same seed gives the same cases."""
    cells = every_cell()
    for number in range(count):
        dice = Random(f"{seed}/{number}")  # noqa: S311 -- cases that can be repeated, nothing secret
        yield _case(dice, number, cells[number % len(cells)])


def _case(dice: Random, number: int, cell: Cell) -> Case:
    shapes = draw_shapes(dice, cell.measure)
    if cell.history is History.COMPLETE:
        shapes -= {Shape.LATE_REPORTS}
    draft = Drawing(dice, f"g{number:04}", (cell.measure, cell.trajectory), shapes).draft()
    as_of = dice.choice([day for day in AS_OF if timing_of(draft.target, day) is cell.timing])
    known_at = _known_at(dice, draft, as_of)
    reporting = Reporting(dice, draft, shapes, as_of, known_at)
    indicators = {indicator.code: indicator for indicator in draft.indicators}
    if cell.measure is Measure.MILESTONE:
        world = World(indicators, milestones=reporting.milestones(cell.history))
    else:
        world = World(indicators, observations=reporting.observations(cell.history))
    return Case(number, world, draft.target, as_of, known_at, shapes)


def _known_at(dice: Random, draft: Draft, as_of: date) -> datetime:
    """About the day asked for: before it, when reports come in (to the second), after it; long after, if all else
    would know nothing yet.
    """
    in_following_month = month_end(as_of.year, as_of.month + 1).replace(day=12)
    reports_come_in = datetime.combine(in_following_month, time(10), ZONE)
    near = [
        datetime.combine(as_of - timedelta(days=10), time(9), ZONE),
        reports_come_in - timedelta(seconds=1),
        reports_come_in,
        datetime.combine(as_of + timedelta(days=15), time(18), ZONE),
        datetime.combine(as_of + timedelta(days=45), time(18), ZONE),
    ]
    long_after = max(reports_come_in, EARLIEST_KNOWN_AT) + timedelta(days=400)
    dice.shuffle(near)
    for instant in near:
        if instant >= EARLIEST_KNOWN_AT and _something_known(draft, instant):
            return instant
    return max(long_after, datetime.combine(draft.target.start + timedelta(days=400), time(10), ZONE))


def _something_known(draft: Draft, known_at: datetime) -> bool:
    """Enough for something to happen to it."""
    if draft.target.measure is Measure.MILESTONE:
        return known_at.date() > draft.target.start + timedelta(days=7)
    frequency = draft.indicators[0].frequency
    return len(eligible(draft, known_at)) >= (4 if frequency is Frequency.MONTH else 2)

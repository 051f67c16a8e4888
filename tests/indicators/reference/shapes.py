"""Odd shapes that a generated case may have, and which of them go with which measure."""

from __future__ import annotations

from enum import StrEnum
from random import Random

from tests.indicators.reference.model import Measure


class Shape(StrEnum):
    """What is unusual about a case."""

    LATE_REPORTS = "reports come after their due day"
    CORRECTED_LATER = "a correction is recorded after known_at"
    REJECTED_LATER = "a figure is rejected after known_at"
    OTHER_DUE_DAY = "reports are due on another day than the 12th"
    ZERO_DIVISOR = "a formula divides by zero"
    DECREASE = "less is better"
    NEGATIVE = "values are negative"
    SEVERAL_CHECKPOINTS = "a checkpoint at every year's end"
    GOAL_IS_BASELINE = "the goal is the baseline"
    NOTHING_SCHEDULED = "a growth of zero is due"
    EXACTLY = "an equality with a tolerance"
    TOLERANCE_MISSING = "an equality without a tolerance"
    BETWEEN = "an interval"
    ABOVE = "strictly more than the goal"
    CLOCK_STOP = "an approved pause"
    OTHER_UNIT = "figures are entered in another unit"
    FLOW = "figures are of the period itself"
    QUARTERLY = "reports are quarterly"
    MONEY = "an amount, no count"
    UNPUBLISHED_MONTHS = "January is never published"
    MID_YEAR = "the target begins and ends in the middle of a year"


_ANY_SERIES = (Shape.LATE_REPORTS, Shape.CORRECTED_LATER, Shape.REJECTED_LATER, Shape.OTHER_DUE_DAY, Shape.ABOVE)
_EQUALITY = (Shape.EXACTLY, Shape.TOLERANCE_MISSING)
_ROAD = (Shape.SEVERAL_CHECKPOINTS, Shape.CLOCK_STOP, Shape.MID_YEAR)

APPLICABLE: dict[Measure, tuple[Shape, ...]] = {
    Measure.LEVEL: (
        *_ANY_SERIES,
        *_EQUALITY,
        *_ROAD,
        Shape.ZERO_DIVISOR,
        Shape.DECREASE,
        Shape.GOAL_IS_BASELINE,
        Shape.QUARTERLY,
        Shape.OTHER_UNIT,
    ),
    Measure.ANNUAL: (
        *_ANY_SERIES,
        *_ROAD,
        Shape.DECREASE,
        Shape.NEGATIVE,
        Shape.GOAL_IS_BASELINE,
        Shape.OTHER_UNIT,
        Shape.FLOW,
        Shape.QUARTERLY,
    ),
    Measure.CUMULATIVE: (
        *_ANY_SERIES,
        *_ROAD,
        Shape.BETWEEN,
        Shape.MONEY,
        Shape.OTHER_UNIT,
        Shape.QUARTERLY,
        Shape.UNPUBLISHED_MONTHS,
    ),
    Measure.GROWTH: (
        *_ANY_SERIES,
        *_EQUALITY,
        Shape.SEVERAL_CHECKPOINTS,
        Shape.DECREASE,
        Shape.NEGATIVE,
        Shape.NOTHING_SCHEDULED,
        Shape.QUARTERLY,
    ),
    Measure.MEAN_GROWTH: (*_ANY_SERIES, *_EQUALITY, Shape.NEGATIVE, Shape.QUARTERLY),
    Measure.MULTIPLE: (*_ANY_SERIES, Shape.SEVERAL_CHECKPOINTS, Shape.CLOCK_STOP, Shape.NEGATIVE, Shape.QUARTERLY),
    Measure.MILESTONE: (Shape.CORRECTED_LATER, Shape.REJECTED_LATER, Shape.MID_YEAR, Shape.CLOCK_STOP),
}

_ONE_OF = (
    {*_EQUALITY, Shape.BETWEEN, Shape.ABOVE, Shape.DECREASE, Shape.GOAL_IS_BASELINE},
    {Shape.SEVERAL_CHECKPOINTS, Shape.GOAL_IS_BASELINE, Shape.NOTHING_SCHEDULED, Shape.MID_YEAR},
    {Shape.QUARTERLY, Shape.UNPUBLISHED_MONTHS},
    {Shape.NEGATIVE, Shape.DECREASE},
)
"""Of each of these sets a case has one at most."""


def draw_shapes(dice: Random, measure: Measure) -> frozenset[Shape]:
    """None, one, two or three shapes that go together; a third of the cases has none."""
    drawn: set[Shape] = set()
    for shape in dice.sample(APPLICABLE[measure], dice.choice((0, 1, 3))):
        if all(len((drawn | {shape}) & group) <= 1 for group in _ONE_OF):
            drawn.add(shape)
    return frozenset(drawn)

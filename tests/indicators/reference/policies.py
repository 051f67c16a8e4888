"""S5: light policies as data. Ordered bands, first match wins; an empty metric meets no condition."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.indicators.reference.model import Light

_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(frozen=True)
class Condition:
    """One bound, open (`<`, `>`) or closed, on a metric of S4; flags are 0 or 1."""

    metric: str
    comparison: str
    bound: Decimal

    def holds(self, metrics: Mapping[str, Fraction | None]) -> bool:
        """Whether the metric is there and within the bound."""
        value = metrics[self.metric]
        return value is not None and _COMPARE[self.comparison](value, Fraction(self.bound))


@dataclass(frozen=True)
class Band:
    """A light and the conditions that all have to hold for it."""

    light: Light
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Policy:
    """亮灯规则."""

    code: str
    bands: tuple[Band, ...]

    def light(self, metrics: Mapping[str, Fraction | None]) -> Light:
        """The light of the first band whose conditions all hold."""
        return next(band.light for band in self.bands if all(each.holds(metrics) for each in band.conditions))


def _when(text: str) -> Condition:
    metric, comparison, bound = text.split()
    return Condition(metric, comparison, Decimal(bound))


def _band(light: Light, *conditions: str) -> Band:
    return Band(light, tuple(_when(each) for each in conditions))


STANDARD = Policy(
    "standard",
    (
        # "`whole` indicators: gap >= 0 green (yellow while actual is still the baseline at half of the time,
        # at the coverage date), one short or `lag_pp` <= 10 yellow, else red"
        _band(Light.YELLOW, "whole = 1", "gap >= 0", "at_baseline = 1", "time_progress >= 0.5"),
        _band(Light.GREEN, "whole = 1", "gap >= 0"),
        _band(Light.YELLOW, "whole = 1", "gap >= -1"),
        _band(Light.YELLOW, "whole = 1", "lag_pp <= 10"),
        _band(Light.RED, "whole = 1"),
        # "without a baseline: `lag_ratio` <= 0 green, <= 0.10 yellow, else red"; where nothing is scheduled there is
        # no ratio and the gap decides (reading 15)
        _band(Light.GREEN, "has_baseline = 0", "lag_ratio <= 0"),
        _band(Light.GREEN, "has_baseline = 0", "scheduled = 0", "gap >= 0"),
        _band(Light.YELLOW, "has_baseline = 0", "lag_ratio <= 0.10"),
        _band(Light.RED, "has_baseline = 0"),
        # and "all others: `lag_pp` <= 0 green, <= 10 yellow, else red"
        _band(Light.GREEN, "lag_pp <= 0"),
        _band(Light.YELLOW, "lag_pp <= 10"),
        _band(Light.RED),
    ),
)

YINCHUAN_2025 = Policy(
    "yinchuan-2025",
    (
        # "10 to 30 percentage points behind, both included, yellow; more red"; 0 to 10 is left open, read as green
        _band(Light.GREEN, "lag_pp < 10"),
        _band(Light.YELLOW, "lag_pp <= 30"),
        _band(Light.RED),
    ),
)

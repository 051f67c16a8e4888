"""What targets can have in common, so that one branch of the statement serves them all. Terms: semantics.md 3."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

COUNTED_MEASURES: Final = ("level", "annual", "cumulative")
"""Measures of a `whole` indicator that are counts themselves; a ratio of counts is none (reading 9)."""


@dataclass(frozen=True)
class Facts:
    """What is known of some targets before their sum begins; of each version, in force or not."""

    indicator: str
    measure: str
    trajectory: str
    several: bool
    """More than one checkpoint."""
    operator: str
    policy: str
    accumulation: str
    direction: str
    formula: str | None
    roster: str | None


@dataclass(frozen=True)
class Shape:
    """A group of targets that are summed in the same way, and what occurs in it."""

    measure: str
    accumulation: str
    trajectory: str
    several: bool
    """More than one checkpoint."""
    indicator: str | None
    """The one that has the formula; nothing for reported figures."""
    formula: str | None
    counted: bool
    """Counted from rosters (名册); nothing is reported."""
    directions: frozenset[str]
    operators: frozenset[str]
    policies: frozenset[str]
    stops: bool
    """There are clock stops (中止计时)."""
    breaks: bool
    """There are changes of scope (口径调整)."""

    @property
    def kept(self) -> Mapping[str, str]:
        """The columns whose value is the shape's."""
        return {"measure": self.measure, "trajectory": self.trajectory, "accumulation": self.accumulation}


def shapes(facts: Iterable[Facts], *, stops: bool, breaks: bool) -> tuple[Shape, ...]:
    """The groups that targets fall into, each target into one."""
    groups: dict[tuple[str, str, str, bool, str, str, bool], list[Facts]] = {}
    for each in facts:
        of_formula = (each.indicator, each.formula) if each.formula is not None else ("", "")
        key = (each.measure, each.accumulation, each.trajectory, each.several, *of_formula, each.roster is not None)
        groups.setdefault(key, []).append(each)
    return tuple(
        Shape(
            measure,
            accumulation,
            trajectory,
            several,
            indicator or None,
            formula or None,
            counted,
            frozenset(each.direction for each in group),
            frozenset(each.operator for each in group),
            frozenset(each.policy for each in group),
            stops,
            breaks,
        )
        for (measure, accumulation, trajectory, several, indicator, formula, counted), group in sorted(groups.items())
    )

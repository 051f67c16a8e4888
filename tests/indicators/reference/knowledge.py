"""What was known at an instant: the versions in force, converted to the indicator's unit, and formulas (S1, S2)."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tests.indicators.reference.model import Indicator, MilestoneReport, Observation, Reason, Series, World
from tests.indicators.reference.periods import Period, periods

YUAN = {"元": Fraction(1), "万元": Fraction(10**4), "亿元": Fraction(10**8)}
"""S2: units of one dimension; anything else converts only to itself."""

REASON_ORDER = (Reason.INCOMPLETE, Reason.ZERO_BASE, Reason.SCOPE_BREAK, Reason.TOLERANCE_MISSING)
"""Where several hold, the first as S4 rule 2 lists them (reading 13)."""


class NotComputableError(Exception):
    """S3: what cannot be computed yields no number and a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def convert(value: Decimal, unit: str, to: str) -> Fraction:
    """S2: converted exactly, without rounding. A unit of another dimension is a ValueError."""
    if unit == to:
        return Fraction(value)
    if unit in YUAN and to in YUAN:
        return Fraction(value) * YUAN[unit] / YUAN[to]
    msg = f"{unit} cannot be converted to {to}"
    raise ValueError(msg)


def counts(version: Observation | MilestoneReport, known_at: datetime) -> bool:
    """S1: recorded up to `known_at`, and not rejected by then; both instants included."""
    return version.recorded_at <= known_at and (version.rejected_at is None or version.rejected_at > known_at)


@dataclass(frozen=True)
class Figure:
    """A value in force, and its comparable base where one was given, in the indicator's unit.

    The value is None where a formula divides by zero: the period is reported, its value is not computable (reading 12).
    """

    value: Fraction | None
    base: Fraction | None


class KnownSeries:
    """One series as it was known at an instant."""

    def __init__(self, world: World, series: Series, known_at: datetime) -> None:
        self.indicator: Indicator = world.indicators[series.indicator]
        if self.indicator.formula is None:
            self._figures = _in_force(world, series, known_at)
        else:
            self._figures = _formula_values(world, self.indicator.formula, series.subject, known_at)

    def has(self, period: Period) -> bool:
        """Whether a figure for the period is in force."""
        return period in self._figures

    def need(self, period: Period) -> Fraction:
        """The value for the period, or `incomplete`; `zero_base` where a formula divides by zero."""
        if not self.has(period):
            raise NotComputableError(Reason.INCOMPLETE)
        value = self._figures[period].value
        if value is None:
            raise NotComputableError(Reason.ZERO_BASE)
        return value

    def base(self, period: Period) -> Fraction | None:
        """The comparable base given with the period's figure."""
        return self._figures[period].base if self.has(period) else None

    def is_published(self, period: Period) -> bool:
        """S2: whether the period is one that the indicator's source publishes."""
        return period.end.month not in self.indicator.never_published

    def covering(self, *, after: date, until: date) -> list[Period]:
        """Periods whose values together cover (after, until]: an unpublished one is in the next and is left out."""
        every = periods(self.indicator.frequency, after=after, until=until)
        return [period for period in every if self.is_published(period) or self.has(period)]

    def latest(self, *, after: date, until: date) -> Period | None:
        """S3, P: the latest period in (after, until] that has a value."""
        every = periods(self.indicator.frequency, after=after, until=until)
        return max((period for period in every if self.has(period)), default=None)


def _in_force(world: World, series: Series, known_at: datetime) -> dict[Period, Figure]:
    """S2: in force is the latest recorded up to `known_at` and not rejected."""
    unit = world.indicators[series.indicator].unit
    latest: dict[Period, Observation] = {}
    for version in world.observations:
        if version.series != series or not counts(version, known_at):
            continue
        held = latest.get(version.period)
        if held is None or version.recorded_at > held.recorded_at:
            latest[version.period] = version
    return {
        period: Figure(
            convert(version.value, version.unit, unit),
            None if version.base is None else convert(version.base, version.unit, unit),
        )
        for period, version in latest.items()
    }


_SIGNS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _calculate(node: ast.expr, values: dict[str, Fraction]) -> Fraction:
    match node:
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](_calculate(left, values), _calculate(right, values))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_calculate(operand, values)
        case ast.Constant(value=int() | float() as number):
            return Fraction(Decimal(repr(number)))
        case ast.Name(id=name):
            return values[name]
    msg = f"not arithmetic: {ast.dump(node)}"
    raise ValueError(msg)


def _formula_values(world: World, formula: str, subject: str, known_at: datetime) -> dict[Period, Figure]:
    """S2: a formula has a value where every indicator in it has one for the same subject and period."""
    tree = ast.parse(formula, mode="eval").body
    names = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
    parts = {name: _in_force(world, Series(name, subject), known_at) for name in names}
    complete = set.intersection(*(set(figures) for figures in parts.values()))
    values: dict[Period, Figure] = {}
    for period in complete:
        inputs = {name: value for name in names if (value := parts[name][period].value) is not None}
        try:
            values[period] = Figure(_calculate(tree, inputs), None)
        except ZeroDivisionError:
            values[period] = Figure(None, None)
    return values

"""Rules for indicators and light policies."""

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from services.plan_file import formula
from services.plan_file.faults import Fault, Path
from services.plan_file.measuring import Condition, PlanIndicator, Policy, YesNoMetric
from services.plan_file.rules.known import Known

COUNTED: Final = frozenset({"cumulative", "stock"})
"""What a count of a roster's items can be."""

MONTHS: Final = range(1, 13)
RATIOS: Final = frozenset({"lag_ratio", "time_progress"})
"""Metrics between -1 and 1: a bound of 10 was meant as percent or percentage points."""


def indicator_faults(indicators: Sequence[PlanIndicator], known: Known) -> Iterator[Fault]:
    """An indicator is reported by somebody, or follows from others of its kind."""
    by_code = {indicator.code: indicator for indicator in indicators}
    for index, indicator in enumerate(indicators):
        path = ("indicators", index)
        yield from known.reference("units", indicator.bureau, (*path, "bureau"))
        for place, month in enumerate(indicator.unpublished_months):
            if month not in MONTHS:
                yield Fault("month", (*path, "unpublished_months", place), {"given": month})
        for place, exception in enumerate(indicator.bureau_by_subject):
            here = (*path, "bureau_by_subject", place)
            yield from known.subject(exception.subject, (*here, "subject"))
            yield from known.reference("units", exception.bureau, (*here, "bureau"))
        if (indicator.accumulation == "formula") == (indicator.formula is None):
            yield Fault("formula_needed", (*path, "formula" if indicator.formula else "accumulation"))
        yield from known.reference("rosters", indicator.roster, (*path, "roster"))
        if indicator.roster is not None and not _can_be_counted(indicator):
            yield Fault("roster_counts", (*path, "roster"))
        if (indicator.accumulation == "formula" or indicator.roster is not None) == (indicator.bureau is not None):
            yield Fault("bureau_needed", (*path, "bureau"))
        yield from _formula_faults(indicator, by_code, known, (*path, "formula"))


def _can_be_counted(indicator: PlanIndicator) -> bool:
    return indicator.accumulation in COUNTED and indicator.whole and indicator.decimals == 0


def _formula_faults(
    indicator: PlanIndicator, by_code: dict[str, PlanIndicator], known: Known, path: Path
) -> Iterator[Fault]:
    if indicator.formula is None:
        return
    try:
        names = formula.names(formula.parse(indicator.formula))
    except formula.FormulaError as error:
        yield Fault("formula_syntax", path, {"rest": error.rest})
        return
    for name in sorted(names):
        yield from known.reference("indicators", name, path)
        other = by_code.get(name)
        if other is None:
            continue
        if other.accumulation == "formula" or other.roster is not None:
            yield Fault("formula_of_formula", path, {"given": name})
        elif other.frequency != indicator.frequency:
            yield Fault("formula_period", path, {"given": name})


def policy_faults(policies: Sequence[Policy]) -> Iterator[Fault]:
    """A policy answers every case, every band can be reached, and values are of their metric's kind."""
    for index, policy in enumerate(policies):
        path: Path = ("policies", index, "bands")
        open_ended = [place for place, band in enumerate(policy.bands) if not band.when]
        if not open_ended:
            yield Fault("policy_open", path)
        else:
            for place in range(open_ended[0] + 1, len(policy.bands)):
                yield Fault("band_unreachable", (*path, place))
        for place, band in enumerate(policy.bands):
            for position, condition in enumerate(band.when):
                yield from _condition_faults(condition, (*path, place, "when", position))


def _condition_faults(condition: Condition, path: Path) -> Iterator[Fault]:
    metric, value = condition.metric, condition.value
    if metric in get_args(YesNoMetric):
        if condition.op != "=" or not isinstance(value, bool):
            yield Fault("yes_no_metric", path, {"metric": metric})
    elif isinstance(value, bool):
        yield Fault("number_metric", (*path, "value"), {"metric": metric})
    elif metric in RATIOS and abs(value) > 1:
        yield Fault("share_not_percent", (*path, "value"), {"metric": metric, "given": value})

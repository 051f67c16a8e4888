"""Growth against multiples: year by year on one series, and the parts against their total."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from typing import Final, NamedTuple

from services.plan_file.findings.finding import Both, Finding, Kind, Step, found
from services.plan_file.findings.numbers import (
    Part,
    best_pair,
    less,
    percent,
    product,
    rounded,
    runs,
    share,
    shown,
    total,
    yearly_rate,
)
from services.plan_file.findings.whole import Whole, goal, kind_of
from services.plan_file.measuring import PlanTarget

MOST_YEARS: Final = 50
MOST_MULTIPLES: Final = 8
"""Multiples of one series that are compared; a plan has one or two."""

YEAR_END: Final = (12, 31)
SHOWN: Final = 10
"""As many industries as a sentence names."""

FLOORS: Final = frozenset({">=", ">", "=", "between"})
"""Operators that say what is reached at least."""

BELOW_MULTIPLE: Final = Kind(
    code="growth-below-multiple",
    fact="L1",
    severity="warning",
    looks_for="yearly or mean growth that, chained over the years of a multiple on the same series, does not reach it",
    says=Both(
        "{subject}：{growth} 的增速逐年连乘为 {reached} 倍，达不到 {multiple} 的 {goal} 倍，差 {short}（目标的 {short_share}）",
        "{subject}: the growth of {growth} chained is {reached} times, which does not reach the {goal} times of "
        "{multiple}: {short} short ({short_share} of it)",
    ),
    asks=Both(
        "请改增速或改倍数：要达到 {goal} 倍，每年须增长 {needed}",
        "correct one of them: {goal} times need {needed} every year",
    ),
)
REACHES_MULTIPLE: Final = Kind(
    code="growth-reaches-multiple",
    fact="L2",
    severity="ok",
    looks_for="growth that, chained, reaches the multiple on the same series",
    says=Both(
        "{subject}：{growth} 的增速逐年连乘为 {reached} 倍，达到 {multiple} 的 {goal} 倍，余 {margin}",
        "{subject}: the growth of {growth} chained is {reached} times and reaches the {goal} times of {multiple}, "
        "{margin} to spare",
    ),
    asks=Both("无需处理", "nothing to do"),
)
PARTS_BELOW: Final = Kind(
    code="parts-below-multiple",
    fact="L3",
    severity="warning",
    looks_for="growth floors of the industries that reach the multiple of their total only with certain base shares, or never",
    says=Both(
        "各产业增速下限撑不起 {total} 的 {goal} 倍：{condition}；基期各占一份时为 {equal} 倍",
        "the floors of the industries do not carry the {goal} times of {total}: {condition}; with equal shares of the "
        "base it is {equal} times",
    ),
    asks=Both(
        "“以上”只是下限：请核对各产业基期占比，或提高下限",
        "the floors are only the least: check the industries' shares of the base, or raise a floor",
    ),
)
PARTS_REACH: Final = Kind(
    code="parts-reach-multiple",
    fact="L3",
    severity="ok",
    looks_for="growth floors of the industries that reach the multiple of their total whatever their base shares",
    says=Both(
        "各产业增速下限都不低于 {total} 的 {goal} 倍，占比如何均可达到",
        "every industry's floor reaches the {goal} times of {total}, whatever the shares of the base",
    ),
    asks=Both("无需处理", "nothing to do"),
)
PARTS_UNKNOWN: Final = Kind(
    code="parts-without-growth",
    severity="info",
    looks_for="a multiple of the whole plan where some industries, but not all, have growth of their own",
    says=Both(
        "{total} 要求 {goal} 倍，但 {missing} 没有增速目标，无法核对分项与总量",
        "{total} asks for {goal} times, but {missing} has no growth target: parts and total cannot be compared",
    ),
    asks=Both("请补上增速目标", "add growth targets"),
)
KINDS_MIXED: Final = Kind(
    code="growth-kinds-mixed",
    fact="L13",
    severity="info",
    looks_for="mean growth, growth of each year and a list of years side by side on one indicator",
    says=Both(
        "“{indicator}”有几种增速口径：{kinds}；含义不同，不能混用",
        "{indicator}: growth is asked for in several ways: {kinds}; they mean different things",
    ),
    asks=Both(
        "年均增长按几何平均，年增长须每年达到，请逐条确认",
        "mean growth is a geometric mean, yearly growth is due in every year: confirm each",
    ),
)
KINDS: Final = (BELOW_MULTIPLE, REACHES_MULTIPLE, PARTS_BELOW, PARTS_REACH, PARTS_UNKNOWN, KINDS_MIXED)

Series = tuple[str, str]
"""Indicator and subject."""


class Floor(NamedTuple):
    """What a series reaches at least, as a multiple of its base, and from which targets that follows."""

    multiple: Fraction
    factors: tuple[Fraction, ...]
    targets: tuple[PlanTarget, ...]


def growth_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about growth."""
    series: dict[Series, list[PlanTarget]] = defaultdict(list)
    for target in whole.file.targets:
        if target.indicator is not None and target.operator in FLOORS:
            series[target.indicator, target.subject].append(target)
    for targets in series.values():
        yield from _against_multiple(whole, targets)
    by_indicator: dict[str, dict[str, list[PlanTarget]]] = defaultdict(dict)
    for (indicator, subject), targets in series.items():
        kind, _, code = subject.partition(":")
        if kind == "industry":
            by_indicator[indicator][code] = targets
    for (indicator, subject), targets in series.items():
        if kind_of(subject) == "plan" and len(whole.file.industries) > 1:
            yield from _parts_against_total(whole, targets, by_indicator[indicator])
    yield from _kinds(whole)


def chained(whole: Whole, targets: Sequence[PlanTarget], start: date, end: date) -> Floor | None:
    """The least multiple from `start` to `end` that growth targets of one series ask for; None where a year has none.

    A yearly growth is due in every whole year up to its checkpoint; a mean growth stands for each year of its own span.
    """
    years = range(start.year + 1, end.year + 1)
    if not (start.month, start.day) == (end.month, end.day) == YEAR_END or not 0 < len(years) <= MOST_YEARS:
        return None
    rates: dict[int, tuple[Fraction, PlanTarget]] = {}
    for target in targets:
        if target.measure not in {"growth", "mean_growth"}:
            continue
        begins = whole.start(target).year
        for until, rate in [(each.date, Fraction(each.value)) for each in target.checkpoints if each.value is not None]:
            last = until.year if (until.month, until.day) == YEAR_END else until.year - 1
            for year in range(max(begins, start.year) + 1, min(last, end.year) + 1):
                if year not in rates or rates[year][0] < rate:
                    rates[year] = (rate, target)
            begins = until.year
    if any(year not in rates for year in years):
        return None
    factors = tuple(1 + rates[year][0] / 100 for year in years)
    used = tuple({rates[year][1].code: rates[year][1] for year in years}.values())
    return Floor(prod(factors, start=Fraction(1)), factors, used)


def _against_multiple(whole: Whole, targets: Sequence[PlanTarget]) -> Iterator[Finding]:
    for target, wanted in _wanted(targets):
        start, end = whole.start(target), target.checkpoints[-1].date
        floor = chained(whole, targets, start, end)
        if floor is None:
            continue
        short = wanted - floor.multiple
        places = whole.places("target", [*floor.targets, target])
        quotes = whole.quotes([*floor.targets, target])
        values = {
            "subject": whole.subject_name(target.subject),
            "growth": runs(each.code for each in floor.targets),
            "multiple": target.code,
            "reached": shown(floor.multiple),
            "goal": shown(wanted),
        }
        steps = [product(Both("逐年连乘", "chained year by year"), floor.factors, floor.multiple)]
        if short <= 0:
            steps.append(share(Both("余量占目标", "margin, of the goal"), -short, wanted))
            yield found(
                REACHES_MULTIPLE,
                places,
                quotes=quotes,
                arithmetic=steps,
                values={**values, "margin": percent(-short / wanted)},
            )
            continue
        needed = yearly_rate(wanted, len(floor.factors))
        steps += [
            less(Both("缺口（基期的倍数）", "short, in multiples of the base"), wanted, floor.multiple),
            share(Both("缺口占目标", "short, of the goal"), short, wanted),
            Step(
                Both("每年须增长", "needed every year"),
                f"({shown(wanted)} ^ (1 ÷ {len(floor.factors)}) - 1) × 100",
                f"≈ {needed}",
            ),
        ]
        yield found(
            BELOW_MULTIPLE,
            places,
            quotes=quotes,
            arithmetic=steps,
            values={**values, "short": shown(short), "short_share": percent(short / wanted, 2), "needed": needed},
        )


def _wanted(targets: Sequence[PlanTarget]) -> list[tuple[PlanTarget, Fraction]]:
    """Multiples above zero with their goals, the first `MOST_MULTIPLES`."""
    multiples = [(target, goal(target)) for target in targets if target.measure == "multiple"]
    return [(target, wanted) for target, wanted in multiples if wanted is not None and wanted > 0][:MOST_MULTIPLES]


def _parts_against_total(
    whole: Whole, targets: Sequence[PlanTarget], of_part: Mapping[str, Sequence[PlanTarget]]
) -> Iterator[Finding]:
    for target, wanted in _wanted(targets):
        start, end = whole.start(target), target.checkpoints[-1].date
        floors = {code: _floor(whole, part, start, end) for code, part in of_part.items()}
        known = {code: floor for code, floor in floors.items() if floor is not None}
        if known and len(known) == len(whole.file.industries):
            yield _parts(whole, target, wanted, known)
        elif known:
            codes = [each.code for each in whole.file.industries if each.code not in known][:SHOWN]
            missing = [whole.place("industry", code) for code in codes]
            yield found(
                PARTS_UNKNOWN,
                [*whole.places("target", [target]), *missing],
                quotes=whole.quotes([target]),
                values={
                    "total": target.code,
                    "goal": shown(wanted),
                    "missing": [place.called for place in missing],
                },
            )


def _floor(whole: Whole, targets: Sequence[PlanTarget], start: date, end: date) -> Floor | None:
    """Growth chained where there is growth; else the part's own multiple."""
    chain = chained(whole, targets, start, end)
    own = (
        Floor(value, (value,), (target,))
        for target, value in _wanted(targets)
        if (whole.start(target), target.checkpoints[-1].date) == (start, end)
    )
    return chain or next(own, None)


def _parts(whole: Whole, target: PlanTarget, wanted: Fraction, floors: Mapping[str, Floor]) -> Finding:
    names = {code: whole.place("industry", code).called for code in floors}
    used = [each for floor in floors.values() for each in floor.targets]
    places, quotes = whole.places("target", [target, *used]), whole.quotes([target, *used])
    steps = [product(names[code], floor.factors, floor.multiple) for code, floor in floors.items()]
    values = {"total": target.code, "goal": shown(wanted)}
    if all(floor.multiple >= wanted for floor in floors.values()):
        return found(PARTS_REACH, places, quotes=quotes, arithmetic=steps, values=values)
    multiples = [floor.multiple for floor in floors.values()]
    equal = sum(multiples, Fraction(0)) / len(multiples)
    pair = best_pair([Part(code, floor.multiple) for code, floor in floors.items()], wanted)
    if pair is None:
        highest = max(floors, key=lambda code: floors[code].multiple)
        top = shown(floors[highest].multiple)
        condition = Both(
            f"最高的{names[highest].zh}也只有 {top} 倍，占比如何都达不到",
            f"the highest, {names[highest].en}, is {top} times: no shares of the base reach it",
        )
    else:
        best, second, least = names[pair.best.key], names[pair.second.key], percent(pair.least_share)
        condition = Both(
            f"仅由{best.zh}和{second.zh}组成时，{best.zh}在基期中至少占 {least}",
            f"of {best.en} and {second.en} alone, {best.en} must be at least {least} of the base",
        )
        high, low, whole_ = shown(pair.best.multiple), shown(pair.second.multiple), shown(wanted)
        steps.append(
            Step(
                Both(
                    f"{best.zh}的最低基期占比（仅与{second.zh}）", f"least share of {best.en}, with {second.en} alone"
                ),
                f"({whole_} - {low}) ÷ ({high} - {low}) × 100",
                f"≈ {least}",
            )
        )
        steps += _per_percent(wanted, floors, names, pair.best.key)
    steps.append(
        Step(
            Both("基期各占一份", "equal shares of the base"),
            f"({total(condition, multiples, equal).sum}) ÷ {len(multiples)}",
            shown(equal),
        )
    )
    return found(
        PARTS_BELOW,
        places,
        quotes=quotes,
        arithmetic=steps,
        values={"condition": condition, "equal": shown(equal), **values},
    )


def _per_percent(wanted: Fraction, floors: Mapping[str, Floor], names: Mapping[str, Both], best: str) -> Iterator[Step]:
    """What each percent of the base in another part takes in the best one."""
    top = floors[best].multiple
    for code, floor in floors.items():
        if floor.multiple < wanted < top:
            needed = (wanted - floor.multiple) / (top - wanted)
            yield Step(
                Both(
                    f"{names[code].zh}每占基期 1 %，{names[best].zh}须占（%）",
                    f"per 1 % of the base in {names[code].en}, percent needed in {names[best].en}",
                ),
                f"({shown(wanted)} - {shown(floor.multiple)}) ÷ ({shown(top)} - {shown(wanted)})",
                f"≈ {rounded(needed, 1)}",
            )


def _kinds(whole: Whole) -> Iterator[Finding]:
    by_indicator: dict[str, dict[Both, list[PlanTarget]]] = defaultdict(lambda: defaultdict(list))
    for target in whole.file.targets:
        if target.indicator is not None and target.measure in {"growth", "mean_growth"}:
            by_indicator[target.indicator][_kind(whole, target)].append(target)
    for code, kinds in by_indicator.items():
        if len(kinds) == 1:
            continue
        targets = [target for group in kinds.values() for target in group]
        drawn = {kind: runs(target.code for target in group) for kind, group in kinds.items()}
        indicator = whole.indicators[code]
        yield found(
            KINDS_MIXED,
            whole.places("target", targets),
            quotes=whole.quotes(targets),
            values={
                "indicator": Both(indicator.name, indicator.name_en or indicator.name),
                "kinds": [
                    Both(f"{kind.zh}（{'、'.join(codes)}）", f"{kind.en} ({', '.join(codes)})")
                    for kind, codes in drawn.items()
                ],
            },
        )


def _kind(whole: Whole, target: PlanTarget) -> Both:
    if target.measure == "mean_growth":
        return Both("年均增长", "mean growth")
    if target.checkpoints[-1].date.year - whole.start(target).year > 1:
        return Both("每年增长", "growth of each year")
    return Both("逐年分列", "a list of years")

"""Where targets start, and what they measure: baselines that the plan does not state, quantities that do not match."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.plan_file import formula
from services.plan_file.findings.finding import Both, Finding, Kind, Place, Quote, found, told
from services.plan_file.findings.numbers import runs
from services.plan_file.findings.whole import Whole, kind_of
from services.plan_file.measuring import PlanIndicator, PlanTarget

BASELINE: Final = Kind(
    code="baseline-not-stated",
    fact="L4",
    severity="error",
    looks_for=(
        "multiples, shares, levels and yearly volumes without a base value; mean growth without a first year. "
        "`assumed` where the file assumes one: a warning until somebody confirmed it"
    ),
    says=Both("{codes} 没有基期：无法核算", "{codes}: without a base they cannot be computed"),
    asks=Both(
        "请写明基期年份和数值（baseline）；年均增长写明 start；由谁确认写入 confirmed_by",
        "state year and value of the base (baseline), for mean growth its start; confirmed_by says who confirmed it",
    ),
    answered=Both(
        "{codes} 的基期方案未写明，为假定；{confirmed}",
        "the base of {codes} is not stated in the plan but assumed; {confirmed}",
    ),
    left=Both("由谁确认、依据什么，写入 confirmed_by", "write into confirmed_by who confirmed it, and by what"),
)
COUNT_START: Final = Kind(
    code="count-start-not-stated",
    severity="error",
    looks_for="counts and sums since the plan's start for which the file does not say from what they begin",
    says=Both("{codes} 未写明从多少起算", "{codes}: nothing says from what they are counted"),
    asks=Both(
        "请写明起算数（baseline，通常为 0）；由谁确认写入 confirmed_by",
        "state from what they begin (baseline, mostly 0); confirmed_by says who confirmed it",
    ),
    answered=Both(
        "{codes} 的起算数方案未写明，为假定；{confirmed}",
        "from what {codes} are counted is not stated in the plan but assumed; {confirmed}",
    ),
    left=Both("由谁确认、依据什么，写入 confirmed_by", "write into confirmed_by who confirmed it, and by what"),
)
QUANTITIES: Final = Kind(
    code="quantities-differ",
    fact="L5",
    severity="warning",
    looks_for="targets of the whole plan on different quantities (增加值, 产值) or scopes (规上), by the names of their indicators",
    says=Both(
        "总目标口径不一：{quantities}，不能互相推算{services}",
        "the plan's own targets are on different quantities: {quantities}; one does not follow from the other{services}",
    ),
    asks=Both("请在统计口径中分别说明", "say for each what it covers"),
)
KINDS: Final = (BASELINE, COUNT_START, QUANTITIES)

ABOVE_SIZE: Final = ("规上", "规模以上")


def base_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about bases and quantities."""
    based = [
        target for target in whole.file.targets if target.measure in {"multiple", "level", "annual", "mean_growth"}
    ]
    open_ = [t for t in based if t.baseline is None and t.measure != "mean_growth"]
    assumed = [t for t in based if (t.start is None if t.measure == "mean_growth" else _assumed(t))]
    yield from _bases(whole, BASELINE, open_, assumed)
    counts = [target for target in whole.file.targets if target.measure == "cumulative"]
    yield from _bases(whole, COUNT_START, [t for t in counts if t.baseline is None], [t for t in counts if _assumed(t)])
    yield from _quantities(whole)


def _assumed(target: PlanTarget) -> bool:
    return target.baseline is not None and target.baseline.basis == "assumed"


def _bases(whole: Whole, kind: Kind, missing: Sequence[PlanTarget], assumed: Sequence[PlanTarget]) -> Iterator[Finding]:
    if missing:
        codes = runs(target.code for target in missing)
        yield found(kind, whole.places("target", missing), quotes=whole.quotes(missing), values={"codes": codes})
    if assumed:
        by = {t.baseline.confirmed_by for t in assumed if t.baseline is not None and t.baseline.confirmed_by}
        left = [t for t in assumed if t.baseline is None or t.baseline.confirmed_by is None]
        names = sorted(by)
        if not left:
            confirmed = Both(f"确认：{'、'.join(names)}", f"confirmed by {', '.join(names)}")
        elif by:
            codes = runs(t.code for t in left)
            confirmed = Both(f"{'、'.join(codes)} 尚未确认", f"{', '.join(codes)} not confirmed yet")
        else:
            confirmed = Both("尚未确认", "not confirmed yet")
        yield found(
            kind,
            whole.places("target", assumed),
            quotes=whole.quotes(assumed),
            state="assumed",
            severity="warning" if left else "info",
            answered_by=names,
            values={"codes": runs(target.code for target in assumed), "confirmed": confirmed},
        )


def _quantities(whole: Whole) -> Iterator[Finding]:
    by_quantity: dict[Both, list[PlanTarget]] = {}
    for target in whole.file.targets:
        if kind_of(target.subject) == "plan" and target.indicator is not None:
            quantity = _quantity(whole, whole.indicators[target.indicator])
            if quantity is not None:
                by_quantity.setdefault(quantity, []).append(target)
    if len(by_quantity) <= 1:
        return
    targets = [target for group in by_quantity.values() for target in group]
    said = [
        Both(
            f"{'、'.join(runs(t.code for t in group))} 为{quantity.zh}",
            f"{', '.join(runs(t.code for t in group))} on {quantity.en}",
        )
        for quantity, group in by_quantity.items()
    ]
    places, quotes = whole.places("target", targets), whole.quotes(targets)
    services: list[Place] = []
    if any(quantity.zh.startswith(ABOVE_SIZE[0]) for quantity in by_quantity):
        for mention, _ in whole.mentioned("service"):
            place = whole.subject(mention.subject)
            if place is not None:
                services.append(place)
                quotes.append(Quote(mention.clause, mention.phrase))
    names = [place.called for place in services]
    tail = Both(
        f"；{told(names, 'zh')}含服务业，不在规上工业之内",
        f"; {told(names, 'en')} includes services, which industry above size leaves out",
    )
    yield found(
        QUANTITIES,
        [*places, *services],
        quotes=quotes,
        values={"quantities": said, "services": tail if services else Both("", "")},
    )


def _quantity(whole: Whole, indicator: PlanIndicator) -> Both | None:
    """What an indicator measures, by its name or by the names of what its formula speaks of."""
    names = [indicator.name]
    if indicator.formula is not None:
        names += [whole.indicators[code].name for code in sorted(formula.names(formula.parse(indicator.formula)))]
    text = " ".join(names)
    if "增加值" in text:
        zh, en = "增加值", "value added"
    elif "产值" in text:
        zh, en = "总产值", "output value"
    else:
        return None
    above = any(word in text for word in ABOVE_SIZE)
    return Both(f"规上{zh}", f"{en} above size") if above else Both(zh, en)

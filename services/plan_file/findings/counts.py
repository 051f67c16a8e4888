"""Counts: what is promised against what is listed, named against counted, parts against their total."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from services.plan_file.findings.finding import Both, Finding, Kind, Place, Quote, found
from services.plan_file.findings.numbers import less, runs, shown, total
from services.plan_file.findings.phrases import Named, named
from services.plan_file.findings.whole import Whole, goal, kind_of
from services.plan_file.measuring import PlanTarget
from services.plan_file.things import PlanEnterprise, PlanProject
from services.plan_file.wording import ListKind

ABOVE_LIST: Final = Kind(
    code="count-above-list",
    fact="L6",
    severity="warning",
    looks_for="a count that is promised and greater than what the file lists of its kind (wording.counted)",
    says=Both(
        "{code} 要求 {goal} {unit}，{list}只列出 {listed} {unit}，差 {short} {unit}",
        "{code} promises {goal}, {list} names {listed}: {short} short",
    ),
    asks=Both(
        "请核对两者口径是否相同；相同则补足名单",
        "check whether both mean the same; if so, complete the list",
    ),
)
RANGE_ABOVE_LIST: Final = Kind(
    code="range-above-list",
    fact="L7",
    severity="warning",
    looks_for="a range that is promised and whose upper bound is greater than what the file lists of its kind",
    says=Both(
        "{code} 最多 {upper} {unit}，{list}只列出 {listed} {unit}", "{code} goes up to {upper}, {list} names {listed}"
    ),
    asks=Both("请补足名单，或确认按下限计", "complete the list, or confirm the lower bound"),
)
LIST_ABOVE: Final = Kind(
    code="list-above-count",
    fact="L7",
    severity="info",
    looks_for="more listed than is promised: nobody says which of the listed count",
    says=Both(
        "{codes} 合计要求 {goal} {unit}，{list}列出 {listed} {unit}：未说明哪些计入",
        "{codes} promise {goal} together, {list} names {listed}: nothing says which of them count",
    ),
    asks=Both("请说明认定标准，一个一个认定", "say how one is recognised, and recognise them one by one"),
)
NAMED_BELOW: Final = Kind(
    code="named-below-count",
    fact="L8",
    severity="info",
    looks_for="a phrase that counts things, 20 at most, and names only some of them (A、B等四个)",
    says=Both("{what}：{count} 个中只点名 {named} 个", "{what}: {named} of {count} are named"),
    asks=Both("请补齐其余 {missing} 个的名称", "name the other {missing}"),
)
NAMED_ABOVE: Final = Kind(
    code="named-above-count",
    severity="warning",
    looks_for="a phrase that names more things than it counts",
    says=Both("{what}：点名 {named} 个，却只说 {count} 个", "{what}: {named} are named, {count} counted"),
    asks=Both("请核对原文", "check the text"),
)
PARTS_BELOW: Final = Kind(
    code="parts-below-total",
    severity="warning",
    looks_for="parts of a count or volume (industries, carriers, units, regions) that together do not reach the plan's own target",
    says=Both(
        "{total} 要求 {goal}，分项 {parts} 合计 {sum}，差 {short}",
        "{total} promises {goal}; its parts {parts} make {sum}, {short} short",
    ),
    asks=Both("请提高分项或说明其余部分由谁完成", "raise a part, or say who does the rest"),
)
PARTS_REACH: Final = Kind(
    code="parts-reach-total",
    severity="ok",
    looks_for="parts of a count or volume that reach the plan's own target",
    says=Both(
        "{total} 要求 {goal}，分项 {parts} 合计 {sum}，足够", "{total} promises {goal}; its parts {parts} make {sum}"
    ),
    asks=Both("无需处理", "nothing to do"),
)
KINDS: Final = (ABOVE_LIST, RANGE_ABOVE_LIST, LIST_ABOVE, NAMED_BELOW, NAMED_ABOVE, PARTS_BELOW, PARTS_REACH)

MOST_NAMED: Final = 20
"""Of more than these, names are examples; of fewer, the others can be named."""

_LISTS: Final[dict[ListKind, Both]] = {
    "enterprises": Both("企业名单", "the list of enterprises"),
    "projects": Both("项目名单", "the list of projects"),
}


def count_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about counts."""
    for counted in whole.wording.counted:
        targets = [t for t in whole.file.targets if t.indicator == counted.indicator and t.measure == "cumulative"]
        yield from _against_list(whole, targets, counted.list)
    yield from _named(whole)
    yield from _parts(whole)


class Compared(NamedTuple):
    """A count that is promised, at least and at most, beside how many are listed."""

    target: PlanTarget
    least: Fraction
    most: Fraction
    listed: Fraction


def _against_list(whole: Whole, targets: Sequence[PlanTarget], kind: ListKind) -> Iterator[Finding]:
    compared: list[Compared] = []
    for target in targets:
        listed, wanted = _listed(whole, target.subject, kind), goal(target)
        if listed is not None and wanted is not None:
            most = wanted if target.upper is None else Fraction(target.upper)
            compared.append(Compared(target, wanted, most, Fraction(len(listed))))
    for each in compared:
        yield from _short(whole, each, kind)
    yield from _surplus(whole, compared, kind)


def _short(whole: Whole, count: Compared, kind: ListKind) -> Iterator[Finding]:
    target, least, most, listed = count
    values = {"code": target.code, "list": _LISTS[kind], "listed": shown(listed), "unit": _unit(whole, target)}
    places, quotes = whole.places("target", [target]), whole.quotes([target])
    if least > listed:
        steps = [less(Both("差额", "short"), least, listed)]
        told = {**values, "goal": shown(least), "short": shown(least - listed)}
        yield found(ABOVE_LIST, places, quotes=quotes, arithmetic=steps, values=told)
    elif most > listed:
        steps = [less(Both("差额", "short"), most, listed)]
        yield found(RANGE_ABOVE_LIST, places, quotes=quotes, arithmetic=steps, values={**values, "upper": shown(most)})


def _surplus(whole: Whole, compared: Sequence[Compared], kind: ListKind) -> Iterator[Finding]:
    targets = [each.target for each in compared]
    low, high = [each.least for each in compared], [each.most for each in compared]
    sizes = [each.listed for each in compared]
    least, most, listed = (sum(column, Fraction(0)) for column in (low, high, sizes))
    if listed <= most:
        return
    promised = [total(Both("要求（下限）", "promised, at least"), low, least)]
    if least != most:
        promised.append(total(Both("要求（上限）", "promised, at most"), high, most))
    yield found(
        LIST_ABOVE,
        whole.places("target", targets),
        quotes=whole.quotes(targets),
        arithmetic=[*promised, total(Both("列出", "listed"), sizes, listed)],
        values={
            "codes": runs(target.code for target in targets),
            "goal": shown(least) if least == most else f"{shown(least)}-{shown(most)}",
            "list": _LISTS[kind],
            "listed": shown(listed),
            "unit": _unit(whole, targets[0]),
        },
    )


def _unit(whole: Whole, target: PlanTarget) -> str:
    return whole.indicators[target.indicator or ""].unit_of_measure


def _listed(whole: Whole, subject: str, kind: ListKind) -> Sequence[PlanEnterprise | PlanProject] | None:
    """What the file lists for a subject; None where the list is not kept by such subjects."""
    items: Sequence[PlanEnterprise | PlanProject] = getattr(whole.file, kind)
    of, _, code = subject.partition(":")
    if of == "plan":
        return items
    if of == "industry":
        return whole.listed(kind, code)
    if of == "carrier" and kind == "projects":
        return whole.projects_in(code)
    return None


def _named(whole: Whole) -> Iterator[Finding]:
    explicit = {mention.phrase: mention.names for mention, _ in whole.mentioned()}
    seen: set[str] = set()
    quoted: list[tuple[Place, str, str, str]] = [
        (whole.matter(each.code), each.code, each.clause, each.phrase) for each in whole.matters
    ]
    quoted += [(place, mention.clause, mention.clause, mention.phrase) for mention, place in whole.mentioned()]
    for place, what, clause, phrase in quoted:
        counts = [] if phrase in seen else list(named(phrase))
        seen.add(phrase)
        if len(counts) == 1 and phrase in explicit:
            counts = [Named(tuple(explicit[phrase]), counts[0].many)]
        for each in counts:
            if each.many > MOST_NAMED:
                continue
            values = {"what": what, "count": str(each.many), "named": str(len(each.names))}
            steps = [less(Both("未点名", "not named"), Fraction(each.many), Fraction(len(each.names)))]
            quotes = [Quote(clause, phrase)]
            if len(each.names) < each.many:
                missing = str(each.many - len(each.names))
                yield found(
                    NAMED_BELOW, [place], quotes=quotes, arithmetic=steps, values={"missing": missing, **values}
                )
            elif len(each.names) > each.many:
                yield found(NAMED_ABOVE, [place], quotes=quotes, values=values)


def _parts(whole: Whole) -> Iterator[Finding]:
    of_kind: dict[tuple[object, ...], dict[str, list[PlanTarget]]] = defaultdict(lambda: defaultdict(list))
    for target in whole.file.targets:
        if target.measure in {"cumulative", "annual"} and target.operator in {">=", ">", "=", "between"}:
            key = (target.indicator, target.measure, target.checkpoints[-1].date)
            of_kind[key][kind_of(target.subject)].append(target)
    for kinds in of_kind.values():
        for target in kinds.get("plan", ())[:1]:
            for kind in ("industry", "carrier", "unit", "region"):
                parts, wanted = kinds.get(kind, []), goal(target)
                if len(parts) > 1 and wanted is not None:
                    yield _compared(whole, target, wanted, parts)


def _compared(whole: Whole, target: PlanTarget, wanted: Fraction, parts: Sequence[PlanTarget]) -> Finding:
    values = [goal(part) or Fraction(0) for part in parts]
    made = sum(values, Fraction(0))
    steps = [total(Both("分项合计", "the parts together"), values, made)]
    places, quotes = whole.places("target", [target, *parts]), whole.quotes([target, *parts])
    codes = runs(part.code for part in parts)
    said = {"total": target.code, "goal": shown(wanted), "parts": codes, "sum": shown(made)}
    if made >= wanted:
        return found(PARTS_REACH, places, quotes=quotes, arithmetic=steps, values=said)
    steps.append(less(Both("差额", "short"), wanted, made))
    return found(PARTS_BELOW, places, quotes=quotes, arithmetic=steps, values={"short": shown(wanted - made), **said})

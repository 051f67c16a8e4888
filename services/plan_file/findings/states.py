"""What counts as reached: end states, words of striving, operators, tolerances, and what nothing measures."""

from collections.abc import Iterator
from typing import Final

from services.plan_file.findings.finding import Both, Finding, Kind, found
from services.plan_file.findings.numbers import runs
from services.plan_file.findings.phrases import FLOORS, VAGUE, clause_of, rough, soft, title, words_in
from services.plan_file.findings.whole import Whole, goal, kind_of
from services.plan_file.measuring import PlanTarget

UNCLEAR: Final = Kind(
    code="operator-not-stated",
    fact="L12",
    severity="info",
    looks_for="a percentage that is read as the least (>=) although its words do not say 以上 or the like",
    says=Both("{codes} 原文没有“以上”，按不低于理解", "{codes}: the text does not say at least; read so"),
    asks=Both("请确认", "confirm it"),
)
RANGE: Final = Kind(
    code="range-target",
    fact="L12",
    severity="info",
    looks_for="a range, which is met at its lower bound",
    says=Both("{codes} 是区间，达到下限即为完成", "{codes}: a range; its lower bound meets it"),
    asks=Both("请确认", "confirm it"),
)
TOLERANCE: Final = Kind(
    code="tolerance-missing",
    severity="error",
    looks_for="`=` without a tolerance, or 左右 in the words with none: it cannot be assessed",
    says=Both("{codes} 没有允许偏差，无法评价", "{codes}: without a tolerance they cannot be assessed"),
    asks=Both("请写明 tolerance，或改为不低于", "state the tolerance, or let it be at least"),
)
DIFFERENT_STATES: Final = Kind(
    code="milestone-states-differ",
    fact="L20",
    severity="warning",
    looks_for="milestones on one title (国家级…, 省级…) with different end states",
    says=Both("同为“{title}”，终点不同：{states}", "for one title, {title}, the end states differ: {states}"),
    asks=Both(
        "请明确以哪一步为完成：申报、通过评审、命名或列入名单",
        "say which step counts: applied, reviewed, named, listed",
    ),
)
VAGUE_STATE: Final = Kind(
    code="milestone-state-vague",
    severity="warning",
    looks_for="a milestone whose state has words that leave open when it is reached (基本, 初步, 实质性 …)",
    says=Both("{code} 的状态“{state}”含糊（{words}）", "{code}: the state {state} is vague ({words})"),
    asks=Both("请写明验收标志和证明材料", "say by which sign and which evidence it is reached"),
)
STRIVEN: Final = Kind(
    code="target-striven-for",
    fact="L21",
    severity="info",
    looks_for="targets that the plan only strives for (力争): indicative 预期性",
    says=Both("{codes} 为“力争”，属预期性目标", "striven for (力争) and so indicative: {codes}"),
    asks=Both("考核时与约束性目标分开", "keep them apart from binding ones in the assessment"),
)
SOFT_BUT_BINDING: Final = Kind(
    code="soft-but-binding",
    severity="warning",
    looks_for="a binding target whose words only strive for it",
    says=Both("{code} 原文是“{words}”，却列为约束性", "{code} says {words} and is kept as binding"),
    asks=Both("请改为预期性（indicative），或说明依据", "make it indicative, or say why it binds"),
)
BARE_CARRIER: Final = Kind(
    code="carrier-without-target",
    severity="warning",
    looks_for="a carrier for which nothing is promised that can be measured, nor for a project in it",
    says=Both("{count} 个载体没有任何目标或节点：{names}", "{count} carriers have no target: {names}"),
    asks=Both("请补充目标，否则无从督办", "add a target: nothing can be supervised there"),
)
BARE_TASK: Final = Kind(
    code="task-without-target",
    severity="info",
    looks_for="tasks on a subject for which nothing is promised that can be measured",
    says=Both(
        "{codes} 没有期限，所属对象也没有任何目标", "{codes} have no date, and nothing on their subject is measured"
    ),
    asks=Both("请为任务定出节点", "give them milestones"),
)
KINDS: Final = (
    UNCLEAR, RANGE, TOLERANCE, DIFFERENT_STATES, VAGUE_STATE, STRIVEN, SOFT_BUT_BINDING, BARE_CARRIER, BARE_TASK,
)  # fmt: skip


def state_findings(whole: Whole) -> Iterator[Finding]:
    """All findings about what counts as reached."""
    targets = whole.file.targets
    yield from _together(whole, UNCLEAR, [t for t in targets if _unclear(whole, t)])
    yield from _together(whole, RANGE, [t for t in targets if t.operator == "between"])
    yield from _together(whole, TOLERANCE, [t for t in targets if _without_tolerance(t)])
    yield from _titles(whole)
    for target in targets:
        yield from _vague(whole, target)
    yield from _together(whole, STRIVEN, [target for target in targets if target.nature == "indicative"])
    for target in targets:
        words = soft(clause_of(target.phrase, goal(target)))
        if words and target.nature == "binding" and kind_of(target.subject) != "project":
            places, quotes = whole.places("target", [target]), whole.quotes([target])
            yield found(SOFT_BUT_BINDING, places, quotes=quotes, values={"code": target.code, "words": words})
    yield from _unmeasured(whole)


def _together(whole: Whole, kind: Kind, targets: list[PlanTarget]) -> Iterator[Finding]:
    if targets:
        codes = runs(target.code for target in targets)
        yield found(kind, whole.places("target", targets), quotes=whole.quotes(targets), values={"codes": codes})


def _unclear(whole: Whole, target: PlanTarget) -> bool:
    indicator = whole.indicators.get(target.indicator or "")
    if target.operator != ">=" or indicator is None or indicator.unit_of_measure != "%" or target.measure == "multiple":
        return False
    return not words_in(clause_of(target.phrase, goal(target)), FLOORS)


def _without_tolerance(target: PlanTarget) -> bool:
    if target.tolerance is not None or target.measure == "milestone" or kind_of(target.subject) == "project":
        return False
    return target.operator == "=" or rough(clause_of(target.phrase, goal(target)))


def _titles(whole: Whole) -> Iterator[Finding]:
    """States that begin alike from the level of their title on are on one title."""
    titled = [(name, target) for target in whole.file.targets if (name := title(target.state or "")) is not None]
    titled.sort(key=lambda each: (each[0], each[1].code))
    groups: list[tuple[str, list[PlanTarget]]] = []
    for name, target in titled:
        if groups and name.startswith(groups[-1][0]):
            groups[-1][1].append(target)
        else:
            groups.append((name, [target]))
    for name, targets in groups:
        states: dict[str, list[str]] = {}
        for target in targets:
            states.setdefault(target.state or "", []).append(target.code)
        if len(states) > 1:
            told = [
                Both(f"{'、'.join(sorted(codes))} {state}", f"{', '.join(sorted(codes))} {state}")
                for state, codes in states.items()
            ]
            targets.sort(key=lambda target: target.code)
            places, quotes = whole.places("target", targets), whole.quotes(targets)
            yield found(
                DIFFERENT_STATES,
                places,
                quotes=quotes,
                values={
                    "title": name,
                    "states": Both("；".join(zh for zh, _ in told), "; ".join(en for _, en in told)),
                },
            )


def _vague(whole: Whole, target: PlanTarget) -> Iterator[Finding]:
    words = words_in(target.state or "", VAGUE)
    if words:
        places, quotes = whole.places("target", [target]), whole.quotes([target])
        yield found(
            VAGUE_STATE,
            places,
            quotes=quotes,
            values={"code": target.code, "state": target.state or "", "words": words},
        )


def _unmeasured(whole: Whole) -> Iterator[Finding]:
    bare = [each for each in whole.file.carriers if not _measured(whole, f"carrier:{each.code}")]
    if bare:
        names = [place.called for place in whole.places("carrier", bare)]
        yield found(BARE_CARRIER, whole.places("carrier", bare), values={"count": str(len(bare)), "names": names})
    tasks = [task for task in whole.file.tasks if not _measured(whole, task.subject)]
    if tasks:
        codes = runs(task.code for task in tasks)
        yield found(BARE_TASK, whole.places("task", tasks), quotes=whole.quotes(tasks), values={"codes": codes})


def _measured(whole: Whole, subject: str) -> bool:
    kind, _, code = subject.partition(":")
    if kind == "plan":
        return whole.measures_plan
    projects = whole.projects_in(code) if kind == "carrier" else []
    return bool(whole.targets_on(subject)) or any(whole.targets_on(f"project:{p.code}") for p in projects)

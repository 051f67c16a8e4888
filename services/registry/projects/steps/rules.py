"""When a step may be taken, what it still lacks, and what was agreed held against what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from services.kit.errors import Conflict, Faulty
from services.registry.cases.rules import day_faults
from services.registry.projects.kinds.rules import NEEDS, STAGES, leaving
from services.registry.projects.suspensions.rules import ALWAYS, pause_on
from services.registry.versions.rules import Content

PLACES: Final = 4
"""Decimals to which a quotient is shown; it is compared exactly."""

NOTHING: Final[Content] = {
    "evidence": [],
    "criteria": [],
    "reviewers": [],
    "opinions": [],
    "commitments": [],
    "actuals": [],
}
"""A proposal in which nothing stands yet."""


class StepNotAllowed(Conflict):
    """From the stage that the project is in this step does not lead on."""

    code = "step-not-allowed"

    def __init__(self, step: str, stage: str, allowed: Mapping[str, Content]) -> None:
        there = ", ".join(sorted(allowed)) or "none"
        zh = "、".join(f"{allowed[code]['name']}（{code}）" for code in sorted(allowed)) or "无"
        super().__init__(
            f"the project is {stage}; {step} does not lead on from there, these do: {there}",
            zh=f"项目处于“{STAGES[stage][0]}”，不能进行步骤 {step}；可进行：{zh}",
            pointer="/body/step",
        )


class ProposalOpen(Conflict):
    """A step of this project is proposed already and not decided."""

    code = "proposal-open"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"proposal {number} is not decided yet; amend or withdraw it",
            zh=f"第 {number} 号提请尚未审定；请修改或撤回该提请",
        )


class Incomplete(Conflict):
    """Something that the step needs is missing; every missing thing is named."""

    code = "incomplete"

    def __init__(self, missing: Sequence[Faulty]) -> None:
        super().__init__(
            f"{len(missing)} thing(s) that the step needs are missing",
            zh=f"尚缺 {len(missing)} 项，不能审定",
            faults=missing,
        )


def columns(step: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        **{name: step[name] for name in ("project", "number", "step", "state", "reviewers")},
        "to_stage": step["to"],
        "happened_on": date.fromisoformat(step["on"]),
    }


def allowed(kind: Content, life: Content, step: str) -> Content:
    """The rule of a step that leads on from the project's stage, or `StepNotAllowed`."""
    found = {rule["code"]: rule for rule in leaving(kind, life["stage"])}
    if step not in found:
        raise StepNotAllowed(step, life["stage"], found)
    return found[step]


def target(rule: Content, asked: str | None) -> tuple[str, list[Faulty]]:
    """The stage that a step leads to: its only one, or the one that was asked for among several."""
    stages = rule["to"]
    if asked is None and len(stages) == 1:
        return stages[0], []
    if asked in stages:
        return str(asked), []
    said = ", ".join(stages)
    zh = "、".join(f"{stage}（{STAGES[stage][0]}）" for stage in stages)
    wrong = Faulty("/body/to", "stage-of-step", f"this step leads to {said}: name one of them", f"请在 {zh} 中选择一个")
    return stages[0], [wrong]


def faults(sent: Content, rule: Content, kind: Content, life: Content, today: date) -> Iterator[Faulty]:
    """What is wrong with a proposal by itself: days, kinds of evidence, criteria, commitments that are not there."""
    yield from day_faults(sent["on"], today, "/body/on", not_before=life["since"])
    pause = pause_on(life["suspensions"], date.fromisoformat(sent["on"]))
    if pause is not None and sent["step"] not in ALWAYS:
        first, last = pause["first_day"], pause["last_day"]
        yield Faulty(
            "/body/on",
            "suspended",
            f"the project is suspended from {first} to {last}; end the suspension first",
            f"项目于 {first} 至 {last} 中止计时；请先结束中止",
        )
    yield from _known(sent["evidence"], "kind", rule["evidence"], "/body/evidence")
    yield from _known(sent["criteria"], "code", kind["criteria"], "/body/criteria")
    yield from _known(sent["actuals"], "code", life["commitments"], "/body/actuals")
    for place, actual in enumerate(sent["actuals"]):
        yield from _actual_faults(actual, life["commitments"], f"/body/actuals/{place}", on=sent["on"])
    seen: set[str] = set()
    for place, commitment in enumerate(sent["commitments"]):
        if commitment["code"] in seen:
            yield _twice(f"/body/commitments/{place}/code", commitment["code"])
        seen.add(commitment["code"])
        yield from _commitment_faults(commitment, kind, f"/body/commitments/{place}")


def _commitment_faults(commitment: Content, kind: Content, at: str) -> Iterator[Faulty]:
    """Amounts are agreed for an amount, a day for a day; what the kind of project asks for is agreed as it asks."""
    asked = next((each for each in kind["commitments"] if each["code"] == commitment["code"]), None)
    if asked is not None and commitment["unit"] != asked["unit"]:
        en, zh = (asked["unit"] or said for said in ("a day, without a unit", "日期，不填单位"))
        yield Faulty(
            f"{at}/unit",
            "unit-of-commitment",
            f"{asked['name_en']} ({asked['code']}) is agreed as {en}, not in {commitment['unit'] or 'no unit'}",
            f"{asked['name']}（{asked['code']}）应约定为{zh}，而不是 {commitment['unit'] or '无单位'}",
        )
        return
    bounds = [name for name in ("at_least", "at_most") if commitment[name] is not None]
    if commitment["unit"] is None:
        if commitment["by"] is None:
            yield Faulty(
                f"{at}/by", "day-not-agreed", "a day is agreed: say by which", "约定为日期，请填写 by（截止日期）"
            )
        for name in bounds:
            yield Faulty(
                f"{at}/{name}",
                "amount-without-unit",
                f"a day has no {name}; leave it out, or say the unit of the amount",
                f"约定为日期，请不要填写 {name}；如为数值，请填写计量单位",
            )
    elif not bounds:
        yield Faulty(
            at,
            "amount-not-agreed",
            f"an amount in {commitment['unit']} is agreed: say at_least or at_most",
            f"约定为数值（{commitment['unit']}），请填写 at_least（不低于）或 at_most（不高于）",
        )
    if len(bounds) > 1 and Decimal(commitment["at_least"]) > Decimal(commitment["at_most"]):
        yield Faulty(
            f"{at}/at_most",
            "bounds-reversed",
            f"at most {commitment['at_most']} is below at least {commitment['at_least']}: nothing could meet both",
            f"不高于 {commitment['at_most']} 小于不低于 {commitment['at_least']}，无法同时满足",
        )


def _known(items: Sequence[Content], name: str, known: Sequence[Content], at: str) -> Iterator[Faulty]:
    codes, seen = {each["code"] for each in known}, set()
    for place, item in enumerate(items):
        code = item[name]
        if code not in codes:
            there = ", ".join(sorted(codes)) or "none"
            zh = "、".join(f"{each['name']}（{each['code']}）" for each in known) or "无"
            yield Faulty(
                f"{at}/{place}/{name}",
                "not-asked-for",
                f"{code} is not asked for; {there}",
                f"不需要 {code}；可填：{zh}",
            )
        elif code in seen:
            yield _twice(f"{at}/{place}/{name}", code)
        seen.add(code)


def _twice(at: str, code: str) -> Faulty:
    return Faulty(at, "twice", f"{code} stands above already", f"{code} 重复")


def _actual_faults(actual: Content, commitments: Sequence[Content], at: str, *, on: str) -> Iterator[Faulty]:
    if actual["value"] is not None and actual["numerator"] is not None:
        yield Faulty(
            f"{at}/value", "value-twice", "give a value, or numerator and denominator", "请填数值，或填分子与分母"
        )
    if (actual["numerator"] is None) != (actual["denominator"] is None):
        yield Faulty(at, "half-a-quotient", "numerator and denominator belong together", "分子与分母应同时填写")
    if actual["day"] is not None and actual["day"] > on:
        yield Faulty(
            f"{at}/day",
            "day-after-step",
            f"{actual['day']} is after {on}, the day of this step: an actual day has come by then",
            f"{actual['day']} 晚于本步骤的日期 {on}：实际日期不能晚于评估日期",
        )
    agreed = next((each for each in commitments if each["code"] == actual["code"]), None)
    if agreed is None:
        return
    if agreed["by"] is not None and actual["day"] is None:
        yield Faulty(
            f"{at}/day", "day-missing", f"agreed by {agreed['by']}: say the day", f"约定于 {agreed['by']} 前，请填日期"
        )
    bounded = agreed["at_least"] is not None or agreed["at_most"] is not None
    if bounded and actual["value"] is None and actual["numerator"] is None:
        yield Faulty(
            f"{at}/value", "value-missing", "a number was agreed: say the actual one", "约定为数值，请填实际数值"
        )


def missing(proposal: Content, rule: Content, kind: Content, life: Content, names: Mapping[str, str]) -> list[Faulty]:
    """What a step still lacks before it can be approved, each with what is to be done. `names` are those of units."""
    found = [
        Faulty(
            "/evidence",
            "evidence-missing",
            f"{each['name_en']} ({each['code']}): at least one file",
            f"缺少佐证材料：{each['name']}（{each['code']}）",
        )
        for each in rule["evidence"]
        if not any(given["kind"] == each["code"] and given["files"] for given in proposal["evidence"])
    ]
    for need in rule["needs"]:
        found += _MISSING[need](proposal, kind, life) if need != "review" else _review_missing(proposal, names)
    return found


def _criteria_missing(proposal: Content, kind: Content, _life: Content) -> Iterator[Faulty]:
    found = {each["code"]: each["met"] for each in proposal["criteria"]}
    for each in kind["criteria"]:
        if each["code"] not in found:
            yield Faulty(
                "/criteria",
                "criterion-missing",
                f"{each['name_en']} ({each['code']}): say whether it is met",
                f"缺少准入条件认定：{each['name']}（{each['code']}）",
            )
        elif not found[each["code"]]:
            yield Faulty(
                "/criteria",
                "criterion-unmet",
                f"{each['name_en']} ({each['code']}) is not met",
                f"不符合准入条件：{each['name']}（{each['code']}）",
            )


def _proposers(proposal: Content) -> set[str]:
    """The units that proposed or amended it, the whole region's office aside."""
    acts = [act for act in proposal.get("acts", ()) if act["act"] in {"propose", "amend"}]
    return {act["unit"] for act in acts if act["unit"] is not None}


def _review_missing(proposal: Content, names: Mapping[str, str]) -> Iterator[Faulty]:
    if not proposal["reviewers"]:
        yield Faulty(
            "/reviewers", "reviewers-missing", "name the units of the joint review", "请填写参加联合评审的单位"
        )
    elif {*proposal["reviewers"]} <= _proposers(proposal):
        proposer = proposal["reviewers"][0]
        yield Faulty(
            "/reviewers",
            "reviewers-alone",
            f"{proposer} proposes it and would review it alone: name another unit for the joint review",
            f"联合评审不能只有提请单位{names[proposer]}（{proposer}）自己，请至少再填写一个单位",
        )
    views = {opinion["unit"]: opinion["view"] for opinion in proposal["opinions"]}
    for unit in proposal["reviewers"]:
        zh = f"{names[unit]}（{unit}）"
        if unit not in views:
            yield Faulty("/opinions", "opinion-missing", f"the opinion of {unit}", f"缺少{zh}的评审意见")
        elif views[unit] == "object":
            yield Faulty("/opinions", "objection", f"{unit} objects", f"{zh}不同意")


def _commitments_missing(proposal: Content, kind: Content, _life: Content) -> Iterator[Faulty]:
    agreed = {each["code"] for each in proposal["commitments"]}
    for each in kind["commitments"]:
        if each["code"] not in agreed:
            yield Faulty(
                "/commitments",
                "commitment-missing",
                f"agree on {each['name_en']} ({each['code']})",
                f"缺少约定事项：{each['name']}（{each['code']}）",
            )


def _assessment_missing(proposal: Content, _kind: Content, life: Content) -> Iterator[Faulty]:
    there = {each["code"] for each in proposal["actuals"]}
    for each in life["commitments"]:
        if each["code"] not in there:
            yield Faulty(
                "/actuals",
                "actual-missing",
                f"the actual {each['code']}",
                f"缺少实际值：{each['name']}（{each['code']}）",
            )


_MISSING: Final = {
    "criteria": _criteria_missing,
    "commitments": _commitments_missing,
    "assessment": _assessment_missing,
}


def findings(commitments: Sequence[Content], actuals: Sequence[Content]) -> list[Content]:
    """Each commitment against its actual: met or not, with the arithmetic (达产评估)."""
    given = {actual["code"]: actual for actual in actuals}
    return [_finding(agreed, given[agreed["code"]]) for agreed in commitments if agreed["code"] in given]


def _finding(agreed: Content, actual: Content) -> Content:
    checks: list[tuple[bool, str]] = []
    if actual["value"] is not None or actual["numerator"] is not None:
        value, sum_ = _value(actual)
        for bound, sign in (("at_least", "≥"), ("at_most", "≤")):
            if agreed[bound] is not None:
                limit = Fraction(agreed[bound])
                met = value >= limit if bound == "at_least" else value <= limit
                checks.append((met, f"{sum_} {sign if met else _NOT[sign]} {agreed[bound]}"))
    if agreed["by"] is not None and actual["day"] is not None:
        met = actual["day"] <= agreed["by"]
        checks.append((met, f"{actual['day']} {'≤' if met else '>'} {agreed['by']}"))
    return {
        "code": agreed["code"],
        "name": agreed["name"],
        "met": all(met for met, _ in checks),
        "arithmetic": "; ".join(said for _, said in checks),
    }


_NOT: Final = {"≥": "<", "≤": ">"}


def _value(actual: Content) -> tuple[Fraction, str]:
    if actual["value"] is not None:
        return Fraction(actual["value"]), str(actual["value"])
    value = Fraction(actual["numerator"]) / Fraction(actual["denominator"])
    shown = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(10) ** -PLACES).normalize()
    equal = "=" if Fraction(shown) == value else "≈"
    return value, f"{actual['numerator']} / {actual['denominator']} {equal} {shown:f}"


def lived(life: Content, proposal: Content, rule: Content) -> Content:
    """The life after a step was approved."""
    agreed = {"commitments": proposal["commitments"]} if "commitments" in rule["needs"] else {}
    return {**life, "stage": proposal["to"], "since": proposal["on"], "step": proposal["number"], **agreed}


def next_steps(
    kind: Content, life: Content, proposals: Mapping[str, Content], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The steps that lead on from the project's stage, with what each still lacks; `proposals` are the open ones by step."""
    return [
        {
            **{name: rule[name] for name in ("code", "name", "name_en", "to", "proposes")},
            "needs": [{"code": need, "name": NEEDS[need][0], "name_en": NEEDS[need][1]} for need in rule["needs"]],
            "proposal": proposals.get(rule["code"], {}).get("number"),
            "missing": [
                {"code": fault.code, "zh": fault.zh, "en": fault.en}
                for fault in missing({**NOTHING, **proposals.get(rule["code"], {})}, rule, kind, life, names)
            ],
        }
        for rule in leaving(kind, life["stage"])
    ]


def not_asked(unit: str, proposal: Content) -> Faulty:
    """The fault of an opinion by a unit that is not one of the joint review."""
    asked = ", ".join(proposal["reviewers"]) or "none"
    return Faulty(
        "/body/unit",
        "not-a-reviewer",
        f"{unit} is not asked for its opinion; these are: {asked}",
        f"{unit} 不在联合评审单位之列；评审单位：{asked}",
    )

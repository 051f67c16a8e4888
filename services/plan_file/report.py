"""What a plan check answers: findings as they are sent and printed, in both languages."""

from pydantic import ConfigDict, Field

from services.plan_file.findings import counted, findings
from services.plan_file.findings.finding import Both, Finding, ObjectKind, Severity, State
from services.plan_file.model import PlanFile, version
from services.plan_file.scalars import Item


class Answered(Item):
    """What an answer is made of: names and texts as the file has them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class InBoth(Answered):
    """The same words in Chinese and in English."""

    zh: str
    """The words in Chinese."""
    en: str
    """The words in English."""


class ObjectOfPlan(Answered):
    """An object of the plan file that a finding concerns."""

    kind: ObjectKind
    """What kind of object it is."""
    code: str = Field(examples=["T23"])
    """Its code in the plan file."""
    name: str
    """What the file calls it in Chinese; the words themselves where it is a mention in the text."""
    pointer: str = Field(examples=["/targets/22"])
    """JSON pointer into the plan file."""


class QuoteOfPlan(Answered):
    """Words of the published text on which a finding rests."""

    clause: str = Field(examples=["二（三）2"])
    """Where in the published text the words stand (条款)."""
    phrase: str
    """The words themselves, exactly as published (原文)."""


class SumOfPlan(Answered):
    """One line of arithmetic that a pocket calculator redoes."""

    what: InBoth
    """What is computed."""
    sum: str = Field(examples=["1.25 × 1.25 × 1.25"])
    """The sum as it is typed into a pocket calculator."""
    result: str = Field(examples=["1.953125"])
    """Exact, or rounded and then marked by ≈."""


class FindingOfPlan(Answered):
    """One thing that whoever runs the plan should know about it (校核意见). It never blocks an apply."""

    code: str = Field(examples=["growth-below-multiple"])
    """Stable name of the rule; texts may change, this does not."""
    severity: Severity
    """error: it cannot be measured or supervised until somebody answers; warning; info; ok: checked and in order."""
    state: State
    """open; assumed: the file assumes what the plan does not state; assigned: owners given afterwards; in_order."""
    answered_by: list[str]
    """Who confirmed what is assumed."""
    objects: list[ObjectOfPlan]
    """What it concerns in the plan file."""
    quotes: list[QuoteOfPlan]
    """The words of the plan on which it rests."""
    arithmetic: list[SumOfPlan]
    """The sums behind it, in order; empty where nothing is computed."""
    says: InBoth
    """What was found."""
    asks: InBoth
    """What would be right."""


class Counts(Answered):
    """How many findings there are of each severity."""

    error: int
    """Findings that keep something from being measured or supervised."""
    warning: int
    """Findings that somebody should answer."""
    info: int
    """Findings that are good to know."""
    ok: int
    """What was checked and is in order."""


class PlanCheck(Answered):
    """The findings about a plan, the gravest first (方案校核)."""

    plan: str = Field(examples=["xiaoshan-2017-2019"])
    """Code of the plan."""
    version: str = Field(examples=["9f2c61d0a4b7e385"])
    """Of the plan file that was checked."""
    counts: Counts
    """How many findings there are of each severity."""
    findings: list[FindingOfPlan]
    """All that was found, the gravest first."""


def plan_check(plan_file: PlanFile) -> PlanCheck:
    """Check a plan file without faults."""
    found = findings(plan_file)
    return PlanCheck(
        plan=plan_file.plan.code,
        version=version(plan_file),
        counts=Counts(**counted(found)),
        findings=[_wired(finding) for finding in found],
    )


def _wired(finding: Finding) -> FindingOfPlan:
    return FindingOfPlan(
        code=finding.code,
        severity=finding.severity,
        state=finding.state,
        answered_by=list(finding.answered_by),
        objects=[ObjectOfPlan(kind=p.kind, code=p.code, name=p.name, pointer=p.pointer) for p in finding.places],
        quotes=[QuoteOfPlan(clause=quote.clause, phrase=quote.phrase) for quote in finding.quotes],
        arithmetic=[SumOfPlan(what=_both(step.what), sum=step.sum, result=step.result) for step in finding.arithmetic],
        says=InBoth(zh=finding.says("zh"), en=finding.says("en")),
        asks=InBoth(zh=finding.asks("zh"), en=finding.asks("en")),
    )


def _both(words: Both) -> InBoth:
    return InBoth(zh=words.zh, en=words.en)

"""What a plan check found, as a clerk reads it on a terminal."""

from collections.abc import Iterator
from typing import Final, Literal

from services.plan_file.findings import codes
from services.plan_file.report import Counts, FindingOfPlan, InBoth, PlanCheck

Language = Literal["zh", "en"]

HEADS: Final = {
    "error": InBoth(zh=codes.SEVERITIES.labels["error"], en="To be answered first"),
    "warning": InBoth(zh=codes.SEVERITIES.labels["warning"], en="Warnings"),
    "info": InBoth(zh=codes.SEVERITIES.labels["info"], en="For information"),
    "ok": InBoth(zh=codes.SEVERITIES.labels["ok"], en="Checked and in order"),
}
STATES: Final = {
    "open": None,
    "in_order": None,
    "assumed": InBoth(zh=codes.FINDING_STATES.labels["assumed"], en="assumed"),
    "assigned": InBoth(zh=codes.FINDING_STATES.labels["assigned"], en="assigned"),
}
QUOTES: Final = 3
"""As many quotations as are printed; the others are in the JSON."""


def lines(check: PlanCheck, language: Language, *, whole: bool = True) -> Iterator[str]:
    """The findings by severity, below a line that counts them; without `whole` errors and warnings in one line each."""
    yield summary(check.counts, language)
    for severity, head in HEADS.items():
        found = [finding for finding in check.findings if finding.severity == severity]
        if not found or (not whole and severity not in {"error", "warning"}):
            continue
        yield ""
        yield f"{_in(head, language)} ({len(found)})"
        for finding in found:
            yield from _finding(finding, language, whole=whole)


def summary(counts: Counts, language: Language) -> str:
    """How many findings there are."""
    told = ", ".join(f"{_in(head, language)} {getattr(counts, severity)}" for severity, head in HEADS.items())
    return f"方案校核：{told.replace(', ', '，')}" if language == "zh" else f"plan check: {told}"


def _finding(finding: FindingOfPlan, language: Language, *, whole: bool) -> Iterator[str]:
    state = STATES[finding.state]
    marks = " ".join([finding.code, *([f"[{_in(state, language)}]"] if state else [])])
    yield f"  · {_in(finding.says, language)}  {marks}"
    if not whole:
        return
    if finding.severity != "ok":
        yield f"      → {_in(finding.asks, language)}"
    for step in finding.arithmetic:
        colon = "：" if language == "zh" else ": "
        equals = step.result if step.result.startswith("≈") else f"= {step.result}"
        yield f"      {_in(step.what, language)}{colon}{step.sum} {equals}"
    quotes = [f"{quote.clause}“{quote.phrase}”" for quote in finding.quotes]
    for quote in quotes[:QUOTES]:
        yield f"      {quote}"
    if len(quotes) > QUOTES:
        more = len(quotes) - QUOTES
        yield f"      …另有 {more} 处引文" if language == "zh" else f"      … and {more} more quotations"


def _in(words: InBoth, language: Language) -> str:
    return words.zh if language == "zh" else words.en

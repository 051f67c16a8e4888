"""Findings about a plan itself (方案校核): pure rules on a plan file without faults. They never block an apply."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from services.plan_file.findings import bases, counts, dates, growth, investment, names, owners, policies, states
from services.plan_file.findings.finding import SEVERITIES, Finding, Kind, Severity
from services.plan_file.findings.whole import Whole
from services.plan_file.model import PlanFile

__all__ = ["KINDS", "counted", "findings"]

RULES: Final[Sequence[Callable[[Whole], Iterator[Finding]]]] = (
    growth.growth_findings,
    bases.base_findings,
    owners.owner_findings,
    dates.date_findings,
    counts.count_findings,
    investment.investment_findings,
    names.name_findings,
    states.state_findings,
    policies.policy_findings,
)

KINDS: Final[Sequence[Kind]] = (
    *growth.KINDS,
    *bases.KINDS,
    *owners.KINDS,
    *dates.KINDS,
    *counts.KINDS,
    *investment.KINDS,
    *names.KINDS,
    *states.KINDS,
    *policies.KINDS,
)
"""Every kind of finding there is, in the order in which they are listed."""


def findings(plan_file: PlanFile) -> list[Finding]:
    """What there is to know about a plan file without faults: the gravest first, then in the order of the rules.

    A plan file with faults has objects that do not exist; it is for `rules.check` to say so first.
    """
    whole = Whole(plan_file)
    order = {kind.code: place for place, kind in enumerate(KINDS)}
    all_ = [finding for rule in RULES for finding in rule(whole)]
    return sorted(all_, key=lambda each: (SEVERITIES.index(each.severity), order[each.code]))


def counted(all_: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity."""
    counts_ = Counter(finding.severity for finding in all_)
    return {severity: counts_[severity] for severity in SEVERITIES}

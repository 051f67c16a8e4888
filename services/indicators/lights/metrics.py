"""Light policies as SQL: each version in force becomes a CASE over whitelisted metrics, its bounds bound as values."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from services.plan_file.measuring import Band, Policy

Bind = Callable[[object, str], str]
"""Takes a value and its Postgres type, gives its placeholder."""

METRICS = {
    "gap": "q.gap",
    "lag_pp": "q.lag_pp",
    "lag_ratio": "q.lag_ratio",
    "attainment": "q.attainment",
    "completion": "q.completion",
    "time_progress": "q.time_progress",
    "whole": "q.counts",
    "has_baseline": "(q.base IS NOT NULL)",
    "at_baseline": "coalesce(q.actual = q.origin, false)",
}
"""What a band may ask for, and the expression over the metrics' columns that answers it. Printed numbers, no raw ones."""


def light_by_bands(policies: Mapping[str, Policy], used: Collection[str], bind: Bind) -> str:
    """The light of the first band whose conditions all hold, by the target's policy; nothing where no band matches.

    An empty metric holds no condition. `used` are the policies that the targets may name.
    """
    return _by_policy(policies, used, bind, lambda _, band: f"{bind(band.light, 'text')}", "text")


def number_of_band(policies: Mapping[str, Policy], used: Collection[str], bind: Bind) -> str:
    """Which band that is, from 1."""
    return _by_policy(policies, used, bind, lambda number, _: f"{number}", "int")


def _by_policy(
    policies: Mapping[str, Policy],
    used: Collection[str],
    bind: Bind,
    result: Callable[[int, Band], str],
    kind: str,
) -> str:
    by_policy = {code: _first_band(policy, bind, result) for code, policy in sorted(policies.items()) if code in used}
    if not by_policy:
        return f"NULL::{kind}"
    if len(used) == 1:
        return by_policy.popitem()[1]
    chosen = " ".join(f"WHEN {bind(code, 'text')} THEN {bands}" for code, bands in by_policy.items())
    return f"CASE q.policy {chosen} END"


def _first_band(policy: Policy, bind: Bind, result: Callable[[int, Band], str]) -> str:
    bands = " ".join(
        f"WHEN {_holds(band, bind)} THEN {result(n, band)}" for n, band in enumerate(policy.bands, start=1)
    )
    return f"CASE {bands} END"


def _holds(band: Band, bind: Bind) -> str:
    return " AND ".join(_condition(each.metric, each.op, each.value, bind) for each in band.when) or "true"


def _condition(metric: str, op: str, value: bool | Decimal, bind: Bind) -> str:
    kind = "boolean" if isinstance(value, bool) else "numeric"
    return f"{METRICS[metric]} {op} {bind(value, kind)}"

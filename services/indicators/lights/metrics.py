"""Light policies as SQL: each version in force becomes a CASE over whitelisted metrics, its bounds bound as values."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from services.plan_file.measuring import Policy

Bind = Callable[[object, str], str]
"""Takes a value and its Postgres type, gives its placeholder."""

METRICS = {
    "gap": "gap",
    "lag_pp": "lag_pp",
    "lag_ratio": "lag_ratio",
    "attainment": "attainment",
    "completion": "completion",
    "time_progress": "time_progress",
    "whole": "counts",
    "has_baseline": "(base IS NOT NULL)",
    "at_baseline": "coalesce(actual = origin, false)",
}
"""What a band may ask for, and the expression over the metrics' row that answers it. Printed numbers, no raw ones."""


def light_by_bands(policies: Mapping[str, Policy], row: str, bind: Bind) -> str:
    """The light of the first band whose conditions all hold, by the target's policy; nothing where no band matches.

    An empty metric holds no condition.
    """
    if not policies:
        return "NULL::text"
    chosen = " ".join(
        f"WHEN {bind(code, 'text')} THEN {_first_match(policy, bind)}" for code, policy in sorted(policies.items())
    )
    return f"CASE {row}.policy {chosen} END"


def _first_match(policy: Policy, bind: Bind) -> str:
    bands = " ".join(
        "WHEN "
        + (" AND ".join(_condition(each.metric, each.op, each.value, bind) for each in band.when) or "true")
        + f" THEN {bind(band.light, 'text')}"
        for band in policy.bands
    )
    return f"CASE {bands} END"


def _condition(metric: str, op: str, value: bool | Decimal, bind: Bind) -> str:
    kind = "boolean" if isinstance(value, bool) else "numeric"
    return f"{METRICS[metric]} {op} {bind(value, kind)}"

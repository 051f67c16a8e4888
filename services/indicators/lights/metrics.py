"""Light policies as SQL: each version in force becomes a CASE over whitelisted metrics, its bounds bound as values."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from services.plan_file.measuring import Band, Policy

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
    return _by_policy(policies, row, bind, lambda _, band: f"{bind(band.light, 'text')}", "text")


def number_of_band(policies: Mapping[str, Policy], row: str, bind: Bind) -> str:
    """Which band that is, from 1."""
    return _by_policy(policies, row, bind, lambda number, _: f"{number}", "int")


def _by_policy(
    policies: Mapping[str, Policy], row: str, bind: Bind, result: Callable[[int, Band], str], kind: str
) -> str:
    if not policies:
        return f"NULL::{kind}"
    chosen = []
    for code, policy in sorted(policies.items()):
        bands = " ".join(
            f"WHEN {_holds(band, bind)} THEN {result(number, band)}"
            for number, band in enumerate(policy.bands, start=1)
        )
        chosen.append(f"WHEN {bind(code, 'text')} THEN CASE {bands} END")
    return f"CASE {row}.policy {' '.join(chosen)} END"


def _holds(band: Band, bind: Bind) -> str:
    return " AND ".join(_condition(each.metric, each.op, each.value, bind) for each in band.when) or "true"


def _condition(metric: str, op: str, value: bool | Decimal, bind: Bind) -> str:
    kind = "boolean" if isinstance(value, bool) else "numeric"
    return f"{METRICS[metric]} {op} {bind(value, kind)}"

"""Explanations: asked of the same statement as the gaps, for one target."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from services.indicators.gaps.explanations import metrics
from services.indicators.gaps.explanations.rules import JUDGEMENT
from services.indicators.gaps.store import Question, Rules, asked
from services.kit.db import Driver

GOOD = ("green", "done")
TRIED_AT_ONCE = 256
"""How many values one statement tries when the one that turns a light green is looked for."""


async def explanation(driver: Driver, question: Question) -> dict[str, Any] | None:
    """Why one target (`plan`, and the one of `targets`) stands where it stands; None for an unknown one.

    `gap` is the finished row, `steps` are the statement's own intermediate columns, `figures` those it took with
    their versions, `items` those of a roster that it counted; then `target`, `indicator`, `checkpoints`, `clock_stops`, `reports` of a milestone, `policy` with
    the number of the `band` that matched, what decided (`judgement`), and `green_at`: the value nearest to the actual
    one with which the light would be green or done. Exact numbers are strings.
    """
    async with asked(driver, question) as (rules, values):
        sql = metrics.explained(rules.shapes, rules.policies, values.bind)
        found: str | None = await driver.fetchval(sql, *values.bound)
        if found is None:
            return None
        answer: dict[str, Any] = orjson.loads(found)
        answer["judgement"] = JUDGEMENT[answer["gap"]["rule"]]
        answer["green_at"] = await _green_at(driver, rules, answer)
        return answer


async def _green_at(driver: Driver, rules: Rules, answer: Mapping[str, Any]) -> str | None:
    """The nearest value that turns the target green or done, by trying values in the actual one's place."""
    row = answer["gap"]
    if row["actual"] is None or row["scheduled"] is None or row["light"] in GOOD:
        return None

    async def first_good(values_tried: Sequence[Decimal]) -> int | None:
        values = rules.values()
        sql = metrics.lights_if(rules.shapes, rules.policies, values.bind, values.bind(values_tried, "numeric[]"))
        lights = {found["what_if"]: found["light"] for found in await driver.fetch(sql, *values.bound)}
        return next((n for n, value in enumerate(values_tried) if lights[value] in GOOD), None)

    step = Decimal(1).scaleb(-int(answer["steps"]["places"]))
    ends = [Decimal(row["scheduled"]), Decimal(row["goal"])]
    end = await first_good(ends)
    if end is None:
        return None
    low, high = Decimal(row["actual"]), ends[end]
    while abs(high - low) > step:
        stride = max(abs(high - low) // step // TRIED_AT_ONCE, Decimal(1)) * step.copy_sign(high - low)
        tried = [*(low + stride * n for n in range(1, int((high - low) / stride) + 1)), high]
        found = await first_good(tried)
        low, high = (tried[found - 1] if found else low), tried[found or 0]
    return f"{high:f}"

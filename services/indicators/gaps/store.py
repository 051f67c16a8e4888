"""Gaps: the one statement, asked and stored. The statement itself is composed in `metrics`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson

from services.indicators.gaps import metrics
from services.indicators.targets.metrics import FACTS
from services.indicators.targets.rules import Facts, Shape, shapes
from services.kit.db import Driver, uuid7
from services.plan_file.measuring import Policy

SETTINGS = """
SELECT set_config('work_mem', '256MB', true), set_config('jit', 'off', true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('enable_nestloop', CASE WHEN $1 THEN 'off' ELSE 'on' END, true)"""
"""For the transaction: room to sort and hash in memory, and no compilation, which costs more than it saves here.

For a whole plan (`$1`) joins by hash: the planner cannot know how many rows leave the statement's layers, and a loop
over all of them for each of them would never end.
"""


@dataclass(frozen=True)
class Question:
    """Which gaps, as of which day, with the knowledge of which instant."""

    region: str
    as_of: date
    known_at: datetime
    plan: str | None = None
    """None: every plan of the region."""
    targets: Sequence[str] | None = None
    """None: every target."""

    @property
    def values(self) -> list[object]:
        """The statement's first parameters."""
        targets = None if self.targets is None else list(self.targets)
        return [self.region, self.as_of, self.known_at, self.plan, targets]


@dataclass
class Values:
    """Values bound in the order in which their placeholders were given out, each once."""

    bound: list[object] = field(default_factory=list)
    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    def bind(self, value: object, kind: str) -> str:
        """Keep a value; its placeholder."""
        known = (repr(value), kind)
        if known not in self._given:
            self.bound.append(value)
            self._given[known] = f"${len(self.bound)}::{kind}"
        return self._given[known]


@dataclass(frozen=True)
class Rules:
    """What a statement is built from: the shapes of the targets asked about, and light policies."""

    shapes: tuple[Shape, ...]
    policies: Mapping[str, Policy]
    first: tuple[object, ...]
    """The values with which every statement for the question begins."""

    def values(self) -> Values:
        """Values to bind further ones to."""
        return Values([*self.first])


async def rules_in_force(driver: Driver, question: Question) -> Rules:
    """Shapes and policies as the question knows them."""
    found = await driver.fetch(FACTS, *question.values)
    names = [each.name for each in fields(Facts)]
    facts = [Facts(*(row[name] for name in names)) for row in found]
    used = sorted({each.policy for each in facts})
    policies = await driver.fetch(metrics.POLICIES, question.region, used, question.known_at) if used else []
    first_start = min((row["start"] for row in found), default=None)
    return Rules(
        shapes(facts, stops=any(row["stops"] for row in found), breaks=any(row["breaks"] for row in found)),
        {row["code"]: _policy(row["code"], row["name"], row["document"]) for row in policies},
        (*question.values, first_start, sorted({each.indicator for each in facts})),
    )


@lru_cache(maxsize=256)
def _policy(code: str, name: str, document: str) -> Policy:
    return Policy.model_validate({"code": code, "name": name or code, **orjson.loads(document)})


@asynccontextmanager
async def asked(driver: Driver, question: Question) -> AsyncIterator[tuple[Rules, Values]]:
    """What a statement for a question is built from, inside a transaction set up for it."""
    async with driver.transaction():
        await driver.execute(SETTINGS, question.targets is None)
        rules = await rules_in_force(driver, question)
        yield rules, rules.values()


async def evaluate(driver: Driver, question: Question) -> list[Mapping[str, Any]]:
    """The finished rows (`metrics.COLUMNS`) in the order of the plan file. Stores nothing."""
    async with asked(driver, question) as (rules, values):
        sql = metrics.finished(rules.shapes, rules.policies, values.bind)
        rows: list[Mapping[str, Any]] = await driver.fetch(f"{sql} ORDER BY plan, ordinal, target", *values.bound)
        return rows


async def refresh(driver: Driver, question: Question) -> int:
    """Store the finished rows of a plan and the changes of light that they bring; returns how many changed.

    Targets that are no longer in force lose their row when the whole plan is evaluated.
    """
    async with asked(driver, question) as (rules, values):
        statement = metrics.finished(rules.shapes, rules.policies, values.bind)
        sql = metrics.stored(statement, values.bind(uuid7().hex[:24], "text"))
        changed: int = await driver.fetchval(sql, *values.bound)
        if question.targets is None:
            await driver.execute(metrics.ENDED, question.region, question.plan, question.known_at)
        return changed


async def advance(driver: Driver, region: str, until: datetime) -> None:
    """Let the side table of current figures show the knowledge of `until`; it never goes back.

    Evaluations of knowledge between which and `until` nothing was recorded then find their figures there.
    """
    await driver.execute("SELECT indicators.advance_current($1, $2)", region, until)

"""The statement in Postgres and the reference in Decimal were written apart from each other; they must agree."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from services.indicators.gaps.store import Question, evaluate
from tests.indicators.gaps.loading import PLAN, REGION
from tests.indicators.reference.evaluate import evaluate as by_reference
from tests.indicators.reference.generator import Case, coverage, every_cell
from tests.indicators.reference.model import Answer, World
from tests.indicators.reference.sample import TARGETS, answers

pytestmark = pytest.mark.untraced

NUMBERS = (
    "coverage_date",
    "scheduled",
    "gap",
    "lag_pp",
    "completion",
    "attainment",
    "lag_ratio",
    "time_progress",
    "days_behind",
    "overdue_reports",
    "light",
    "reason",
)
LIFE = (
    ("2016-06-30", "2016-12-31T12:00+08:00"),
    ("2016-12-31", "2020-03-01T00:00+08:00"),
    ("2017-01-31", "2017-02-13T00:00+08:00"),
    ("2017-12-31", "2018-01-12T10:00+08:00"),
    ("2018-06-30", "2018-07-15T18:00+08:00"),
    ("2018-06-30", "2018-10-08T11:00+08:00"),
    ("2018-11-15", "2018-11-15T09:00+08:00"),
    ("2019-12-31", "2020-01-12T10:00+08:00"),
    ("2020-06-30", "2020-06-30T00:00+08:00"),
    ("2020-06-30", "2018-03-01T00:00+08:00"),
)
"""Before, within and after the plan, with more and with less known than the day would suggest."""


def differences(expected: Answer, row: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """What the two see differently, by column."""
    pairs: dict[str, tuple[object, object]] = {name: (getattr(expected, name), row[name]) for name in NUMBERS}
    pairs["actual"] = expected.actual, row["done_on"] or row["actual"]
    pairs["missed_checkpoints"] = list(expected.missed_checkpoints), row["missed_checkpoints"]
    return {name: pair for name, pair in pairs.items() if written(pair[0]) != written(pair[1])}


def written(cell: object) -> str:
    """As it is printed: 20.0 differs from 20; the driver gives 900000 as 9.0E+5."""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


async def test_on_a_thousand_generated_cases(cases: tuple[list[Case], asyncpg.Connection]) -> None:
    made, connection = cases
    asked: dict[tuple[date, datetime], list[Case]] = defaultdict(list)
    for case in made:
        asked[case.as_of, case.known_at].append(case)
    found = {}
    for (as_of, known_at), group in asked.items():
        codes = [case.target.code for case in group]
        rows = {
            row["target"]: row for row in await evaluate(connection, Question(REGION, as_of, known_at, PLAN, codes))
        }
        for case in group:
            expected = by_reference(case.world, case.target, as_of, known_at)
            found[case.number] = differences(expected, rows[case.target.code])
    assert len(found) == 1000
    assert {number: wrong for number, wrong in found.items() if wrong} == {}


async def test_the_thousand_cases_cover_every_combination(cases: tuple[list[Case], asyncpg.Connection]) -> None:
    assert set(every_cell()) <= set(coverage(cases[0]))


@pytest.mark.parametrize(("as_of", "known_at"), LIFE)
async def test_on_the_sample_plan_all_its_life(
    sample: asyncpg.Connection, world: World, as_of: str, known_at: str
) -> None:
    day, instant = date.fromisoformat(as_of), datetime.fromisoformat(known_at)
    rows = await evaluate(sample, Question(REGION, day, instant, PLAN))
    expected = answers(world, day, instant)
    assert [row["target"] for row in rows] == [each.code for each in TARGETS]
    wrong = {each.target: differences(each, row) for each, row in zip(expected, rows, strict=True)}
    assert {target: of for target, of in wrong.items() if of} == {}

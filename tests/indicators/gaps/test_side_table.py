"""The side table of current figures against the versions: it shows the same, whatever happens to the figures."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.indicators.gaps.store import Question, advance, evaluate
from tests.indicators.gaps.loading import PLAN, REGION

IN_FORCE = """
SELECT DISTINCT ON (series) series, period_end, value, comparable_base, recorded_at FROM indicators.observation
WHERE region = $1 AND recorded_at <= $2 AND (rejected_at IS NULL OR rejected_at > $2)
ORDER BY series, period_end DESC, recorded_at DESC"""
SHOWN = """
SELECT series, period_end, value, comparable_base, recorded_at FROM indicators.current
WHERE region = $1 ORDER BY series"""
INSERT = """
INSERT INTO indicators.observation (region, series, period_end, recorded_at, value, entered_value, entered_unit, class,
                                    status, reporter, note, recorded_by)
SELECT region, series, $2, $3, 1, 1, '', 'flash', 'approved', '', '', 'test'
FROM indicators.observation AS o JOIN indicators.series AS s USING (region) WHERE region = $1 AND s.id = series
AND s.indicator = 'sme_cultivated' LIMIT 1"""
JULY = datetime.fromisoformat("2018-07-15T18:00:00+08:00")


async def shows_what_is_in_force(connection: asyncpg.Connection, at: datetime) -> None:
    assert await connection.fetch(SHOWN, REGION) == await connection.fetch(IN_FORCE, REGION, at)


async def answer(connection: asyncpg.Connection, as_of: date, known_at: datetime) -> Sequence[Any]:
    return await evaluate(connection, Question(REGION, as_of, known_at, PLAN))


@pytest.mark.parametrize(
    "instants",
    [
        ["2018-07-15T18:00+08:00"],
        ["2017-02-01T00:00+08:00", "2018-07-12T10:00+08:00", "2018-07-13T09:20+08:00", "2018-08-20T15:30+08:00"],
        ["2016-01-01T00:00+08:00", "2021-01-01T00:00+08:00"],
    ],
    ids=["at once", "step by step over a rejection and two corrections", "from nothing to everything"],
)
async def test_it_shows_the_versions_in_force_at_its_instant(sample: asyncpg.Connection, instants: list[str]) -> None:
    for instant in map(datetime.fromisoformat, instants):
        await advance(sample, REGION, instant)
        await shows_what_is_in_force(sample, instant)


async def test_it_never_goes_back(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JULY)
    await advance(sample, REGION, JULY - timedelta(days=100))
    await shows_what_is_in_force(sample, JULY)


async def test_figures_recorded_behind_its_instant_are_shown_at_once(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JULY)
    await sample.execute(INSERT, REGION, date(2018, 7, 31), JULY - timedelta(days=1))
    assert date(2018, 7, 31) in {row["period_end"] for row in await sample.fetch(SHOWN, REGION)}
    await shows_what_is_in_force(sample, JULY)


async def test_figures_recorded_after_its_instant_are_not_shown(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JULY)
    await sample.execute(INSERT, REGION, date(2018, 7, 31), JULY + timedelta(days=1))
    await shows_what_is_in_force(sample, JULY)


async def test_rejections_and_deletions_behind_its_instant_are_shown(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JULY)
    await sample.execute(
        "UPDATE indicators.observation SET rejected_at = $2 WHERE region = $1 AND period_end = '2018-06-30' "
        "AND recorded_at <= $2 AND rejected_at IS NULL",
        REGION,
        JULY,
    )
    await shows_what_is_in_force(sample, JULY)
    await sample.execute("DELETE FROM indicators.observation WHERE region = $1 AND period_end >= '2018-04-30'", REGION)
    await shows_what_is_in_force(sample, JULY)


@pytest.mark.parametrize(
    ("as_of", "known_at"),
    [
        ("2018-06-30", "2018-07-15T18:00+08:00"),
        ("2018-06-30", "2018-07-14T18:00+08:00"),
        ("2018-06-30", "2018-08-11T00:00+08:00"),
        ("2018-03-31", "2018-07-15T18:00+08:00"),
        ("2017-12-31", "2018-07-15T18:00+08:00"),
        ("2018-06-30", "2018-07-12T23:00+08:00"),
        ("2019-12-31", "2020-02-01T00:00+08:00"),
    ],
)
async def test_answers_with_it_equal_answers_without_it(sample: asyncpg.Connection, as_of: str, known_at: str) -> None:
    day, instant = date.fromisoformat(as_of), datetime.fromisoformat(known_at)
    without = await answer(sample, day, instant)
    await advance(sample, REGION, JULY)
    assert await answer(sample, day, instant) == without


async def test_answers_come_from_it_where_nothing_was_recorded_in_between(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JULY)
    before = await answer(sample, date(2018, 6, 30), JULY + timedelta(hours=1))
    await sample.execute("UPDATE indicators.current SET value = value + 1 WHERE region = $1", REGION)
    assert await answer(sample, date(2018, 6, 30), JULY + timedelta(hours=1)) != before

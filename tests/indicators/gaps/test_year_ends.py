"""The side table's figures of the years' ends against the versions."""

from datetime import date, datetime, timedelta

import asyncpg

from services.indicators.gaps.store import Question, advance, evaluate
from tests.indicators.gaps.loading import PLAN, REGION

JUNE_2019 = datetime.fromisoformat("2019-07-15T18:00:00+08:00")
IN_FORCE = """
SELECT c.series, c.period_end, (
    SELECT array_agg((SELECT o.value FROM known AS o WHERE o.series = c.series AND o.period_end = make_date(year, 12, 31))
                     ORDER BY year DESC)
    FROM generate_series((SELECT date_part('year', min(o.period_end))::int FROM known AS o WHERE o.series = c.series),
                         date_part('year', c.period_end)::int - 1) AS year) AS year_ends
FROM indicators.current AS c WHERE c.region = $1 ORDER BY c.series"""
KNOWN = """
WITH known AS (
    SELECT DISTINCT ON (series, period_end) series, period_end, value FROM indicators.observation
    WHERE region = $1 AND recorded_at <= $2 AND (rejected_at IS NULL OR rejected_at > $2)
    ORDER BY series, period_end, recorded_at DESC)"""
SHOWN = "SELECT series, period_end, year_ends FROM indicators.current WHERE region = $1 ORDER BY series"


async def show_what_is_in_force(connection: asyncpg.Connection, at: datetime) -> None:
    shown = await connection.fetch(SHOWN, REGION)
    assert any(row["year_ends"] for row in shown)
    assert shown == await connection.fetch(KNOWN + IN_FORCE, REGION, at)


async def test_they_show_the_versions_in_force(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JUNE_2019 - timedelta(days=300))
    await show_what_is_in_force(sample, JUNE_2019 - timedelta(days=300))
    await advance(sample, REGION, JUNE_2019)
    await show_what_is_in_force(sample, JUNE_2019)


async def test_a_december_rejected_behind_their_instant_is_no_longer_shown(sample: asyncpg.Connection) -> None:
    await advance(sample, REGION, JUNE_2019)
    await sample.execute(
        "UPDATE indicators.observation SET rejected_at = $2 WHERE region = $1 AND period_end = '2017-12-31' "
        "AND recorded_at <= $2 AND rejected_at IS NULL",
        REGION,
        JUNE_2019,
    )
    await show_what_is_in_force(sample, JUNE_2019)


async def test_growth_is_chained_from_them_and_equals_the_chain_of_the_versions(sample: asyncpg.Connection) -> None:
    question = Question(REGION, date(2019, 6, 30), JUNE_2019, PLAN, ["T01"])
    (without,) = await evaluate(sample, question)
    await advance(sample, REGION, JUNE_2019)
    assert await evaluate(sample, question) == [without]
    await sample.execute("UPDATE indicators.current SET year_ends = ARRAY(SELECT v + 50 FROM unnest(year_ends) AS v)")
    (changed,) = await evaluate(sample, question)
    assert changed["actual"] > without["actual"]

"""Staged rows that name things instead of codes, and those of an export that say what it showed. Speaks SQL."""

from typing import Final

from sqlalchemy import text

from services.indicators.directory import metrics as directory
from services.indicators.observations.intake.metrics import says_more
from services.kit.db import Session

_INDICATORS: Final = (
    "SELECT DISTINCT ON (code) code, name, unit_of_measure, bureau, withdrawn FROM indicators.indicator "
    "WHERE region = :region ORDER BY code, recorded_at DESC"
)

CALLED: Final = f"""
CREATE TEMP TABLE called ON COMMIT DROP AS
WITH indicator AS MATERIALIZED ({_INDICATORS}), subject AS MATERIALIZED (
    SELECT kind || ':' || code AS subject, kind, name::text FROM ({directory.subjects(":region")}) AS known
    WHERE NOT ended AND name <> ''
), plan AS (
    SELECT DISTINCT ON (code) 'plan:' || code AS subject, 'plan' AS kind, name FROM indicators.plan
    WHERE region = :region AND name <> '' ORDER BY code, recorded_at DESC
), name AS MATERIALIZED (
    SELECT subject, name AS called FROM (SELECT * FROM subject UNION ALL SELECT * FROM plan) AS bare
    UNION ALL SELECT subject, kind || ':' || name FROM (SELECT * FROM subject UNION ALL SELECT * FROM plan) AS full_name
)
SELECT 'indicator' AS field, given.indicator AS given, array_agg(i.code::text ORDER BY i.code) AS codes
FROM (SELECT DISTINCT indicator FROM staged) AS given JOIN indicator AS i ON i.name = given.indicator AND NOT i.withdrawn
WHERE given.indicator NOT IN (SELECT code FROM indicator) GROUP BY given.indicator
UNION ALL
SELECT 'subject', given.subject, array_agg(DISTINCT name.subject)
FROM (SELECT DISTINCT subject FROM staged) AS given JOIN name ON name.called = given.subject
WHERE given.subject NOT IN (SELECT subject FROM subject) GROUP BY given.subject"""

MEANT: Final = tuple(
    f"UPDATE staged SET {field} = called.codes[1] FROM called "
    f"WHERE called.field = '{field}' AND called.given = staged.{field} AND cardinality(called.codes) = 1"
    for field in ("indicator", "subject")
)

SHOWN: Final = f"""
UPDATE staged AS s SET recorded_at = s.shown
FROM indicators.series, indicators.observation AS o, ({_INDICATORS}) AS i
WHERE s.shown IS NOT NULL AND series.region = :region AND series.indicator = s.indicator AND series.subject = s.subject
  AND o.region = :region AND o.series = series.id AND o.period_end = s.period_end AND o.recorded_at = s.shown
  AND i.code = s.indicator AND s.unit IN ('', i.unit_of_measure)
  AND o.value = s.value AND o.comparable_base IS NOT DISTINCT FROM s.comparable_base
  AND NOT {says_more("s", status="o.status", class_="o.class")}
  AND (CAST(:unit_path AS text) = '' OR EXISTS (
      SELECT FROM ({directory.units(":region")}) AS unit WHERE unit.code IN (o.reporter, coalesce(series.bureau, i.bureau))
      AND {directory.below("unit.path", "CAST(:unit_path AS text)")}))"""
"""A row of an export that still says what its version says is that version; one that says something else is new. Only of
what the caller can have exported: else its answer would say what others recorded.
"""


async def settle(session: Session, region: str, *, unit_path: str) -> None:
    """Put codes in the place of names that only one thing has, and find the versions that rows of exports show."""
    await session.execute(text("ANALYZE staged"))
    await session.execute(text(CALLED), {"region": region})
    for statement in MEANT:
        await session.execute(text(statement))
    await session.execute(text(SHOWN), {"region": region, "unit_path": unit_path})

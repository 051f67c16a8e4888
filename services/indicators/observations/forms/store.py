"""Which series a unit has to report for a period. Speaks SQL."""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from services.indicators.directory import metrics as directory
from services.kit.db import Session

MOST: Final = 20_000
"""So many rows a form has at most; whoever has more asks for a plan or a unit."""

DUE: Final = f"""
WITH indicator AS (
    SELECT DISTINCT ON (code) * FROM indicators.indicator WHERE region = :region ORDER BY code, recorded_at DESC
), unit AS MATERIALIZED (
    SELECT code, path FROM ({directory.units(":region")}) AS known WHERE NOT ended
), mine AS MATERIALIZED (
    SELECT coalesce(array_agg(code::text), '{{}}') AS codes FROM unit WHERE {directory.below("path", "CAST(:path AS text)")}
), subject AS MATERIALIZED (
    SELECT kind || ':' || code AS subject, name::text, ended FROM ({directory.subjects(":region")}) AS known
    UNION ALL SELECT * FROM (
        SELECT DISTINCT ON (code) 'plan:' || code, name, false FROM indicators.plan WHERE region = :region
        ORDER BY code, recorded_at DESC) AS plan
), led AS MATERIALIZED (
    SELECT DISTINCT t.subject FROM ({directory.owners(":region")}) AS owner CROSS JOIN mine JOIN (
        SELECT DISTINCT ON (plan, code) plan, code, subject, withdrawn FROM indicators.target
        WHERE region = :region ORDER BY plan, code, recorded_at DESC
    ) AS t ON t.plan = owner.plan AND t.code = owner.matter
    WHERE owner.lead = ANY (mine.codes) AND NOT t.withdrawn AND starts_with(t.subject, 'project:')
), heirs AS MATERIALIZED (
    SELECT old, array_agg(heir::text) AS heirs FROM ({directory.heirs(":region")}) AS line GROUP BY old
)
SELECT i.code, i.name, series.subject, coalesce(subject.name, '') AS subject_name, i.unit_of_measure
FROM indicators.series
JOIN indicator AS i ON i.code = series.indicator AND NOT i.withdrawn AND i.formula IS NULL AND i.roster IS NULL
CROSS JOIN mine
LEFT JOIN subject ON subject.subject = series.subject
LEFT JOIN heirs ON heirs.old = coalesce(series.bureau, i.bureau)
WHERE series.region = :region AND coalesce(NOT subject.ended, true) AND i.frequency = CAST(:frequency AS text)
  AND NOT date_part('month', CAST(:period_end AS date)) = ANY (i.unpublished_months)
  AND (CAST(:plan AS text) IS NULL OR i.plan = CAST(:plan AS text))
  AND (CAST(:path AS text) = '' OR coalesce(heirs.heirs && mine.codes, false)
       OR (i.source <> 'statistics' AND series.subject IN (SELECT led.subject FROM led)))
ORDER BY i.code, series.subject LIMIT {MOST}"""


class DueRow(NamedTuple):
    """A figure that is to be reported."""

    indicator: str
    indicator_name: str
    subject: str
    subject_name: str
    unit: str


async def place_of(session: Session, region: str, unit: str, *, unit_path: str) -> str | None:
    """The place in the tree of a unit, by code or name, at or below the caller's."""
    found = await session.execute(
        text(
            f"SELECT path FROM ({directory.named(':region')}) AS named WHERE named = :unit "
            f"AND {directory.below('path', 'CAST(:unit_path AS text)')} ORDER BY rank LIMIT 1"
        ),
        {"region": region, "unit": unit, "unit_path": unit_path},
    )
    return found.scalar_one_or_none()


async def due(
    session: Session, region: str, *, path: str, plan: str | None, frequency: str, period_end: date
) -> list[DueRow]:
    """The series of a unit and those below it that have a figure for a period, in order of indicator and subject."""
    values: dict[str, Any] = {"region": region, "path": path, "plan": plan}
    found = await session.execute(text(DUE), values | {"frequency": frequency, "period_end": period_end})
    return [DueRow(*row) for row in found]

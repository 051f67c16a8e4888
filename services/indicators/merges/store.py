"""Figures, bureaus and targets of merged enterprises, set by set. Speaks SQL."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from services.indicators.directory import metrics as directory
from services.indicators.observations.lists import CARRIED_NOTE
from services.indicators.observations.tables import Observation
from services.indicators.targets.tables import Checkpoint, ScheduledValue, Target
from services.kit.db import Session

_MERGED: Final = f"""
WITH merged AS MATERIALIZED ({directory.merged(":region")}),
plan AS MATERIALIZED (
    SELECT DISTINCT p.code, coalesce(d.state, 'set-up') AS state FROM indicators.plan AS p
    LEFT JOIN indicators.directory_plan AS d USING (region, code) WHERE p.region = :region
),
target_now AS (
    SELECT t.*, merged.heir, plan.state AS plan_state
    FROM (SELECT DISTINCT ON (plan, code) * FROM indicators.target WHERE region = :region
          ORDER BY plan, code, recorded_at DESC) AS t
    JOIN merged ON merged.old = t.subject JOIN plan ON plan.code = t.plan
    WHERE NOT t.withdrawn
),
pair AS MATERIALIZED (
    SELECT old.id AS old_series, old.bureau AS old_bureau, heir.id AS heir_series, merged.old, merged.recorded_at AS merged_at,
           plan.state AS plan_state
    FROM merged
    JOIN indicators.series AS old ON old.region = :region AND old.subject = merged.old
    JOIN indicators.series AS heir
      ON heir.region = :region AND heir.indicator = old.indicator AND heir.subject = merged.heir
    JOIN (SELECT DISTINCT ON (code) code, plan FROM indicators.indicator WHERE region = :region
          ORDER BY code, recorded_at DESC) AS i ON i.code = old.indicator
    JOIN plan ON plan.code = i.plan
)"""

WANTED: Final = f"""{_MERGED}
SELECT old.indicator, merged.heir FROM merged
JOIN indicators.series AS old ON old.region = :region AND old.subject = merged.old
UNION SELECT indicator, heir FROM target_now WHERE indicator IS NOT NULL"""


def _copied(table: Any, row: str, **given: str) -> tuple[str, str]:  # noqa: ANN401 - any table
    """The columns of a table, and what a copy of a row has in them."""
    names = [column.name for column in table.__table__.columns]
    return ", ".join(names), ", ".join(given.get(name, f"{row}.{name}") for name in names)


_FIGURE: Final = _copied(
    Observation,
    "o",
    series="pair.heir_series",
    recorded_at=":at",
    note=CARRIED_NOTE.format(note="o.note", subject="pair.old"),
)
_LOADED: Final = _copied(Observation, "o", series="pair.heir_series")
_TARGET: Final = _copied(Target, "t", recorded_at=":at", subject="t.heir", series="heir.id")
_CHECKPOINT: Final = _copied(Checkpoint, "c", recorded_at=":at")
_SCHEDULED: Final = _copied(ScheduledValue, "c", recorded_at=":at")
_HEIR_SERIES: Final = "heir.region = :region AND heir.indicator = t.indicator AND heir.subject = t.heir"


def _of_version(table: str, copied: tuple[str, str]) -> str:
    """The points of the versions of targets that are about to be succeeded."""
    return f"""
INSERT INTO indicators.{table} ({copied[0]}) SELECT {copied[1]} FROM taken AS t
JOIN indicators.{table} AS c
  ON c.region = :region AND c.plan = t.plan AND c.target = t.code AND c.recorded_at = t.recorded_at"""


FIGURES: Final = f"""{_MERGED}
INSERT INTO indicators.observation ({_FIGURE[0]})
SELECT DISTINCT ON (pair.heir_series, o.period_end) {_FIGURE[1]}
FROM pair JOIN indicators.observation AS o ON o.region = :region AND o.series = pair.old_series
WHERE pair.plan_state = 'active' AND o.rejected_at IS NULL AND NOT EXISTS (
    SELECT FROM indicators.observation AS there
    WHERE there.region = :region AND there.series = pair.heir_series AND there.period_end = o.period_end
      AND (there.rejected_at IS NULL OR there.rejected_at > pair.merged_at))
ORDER BY pair.heir_series, o.period_end, o.recorded_at DESC, pair.old"""
"""Of each period of which the survivor has no figure in force, the one in force of whom it took in.

A figure that was rejected since the merge is not brought again.
"""

LOADED: Final = f"""{_MERGED}
INSERT INTO indicators.observation ({_LOADED[0]})
SELECT {_LOADED[1]} FROM pair JOIN indicators.observation AS o ON o.region = :region AND o.series = pair.old_series
WHERE pair.plan_state = 'set-up' AND NOT EXISTS (
    SELECT FROM indicators.observation AS there
    WHERE there.region = :region AND there.series = pair.heir_series AND there.period_end = o.period_end)
ON CONFLICT DO NOTHING"""
"""While history is loaded a figure was always the survivor's: with the instant that came with it."""

BUREAUS: Final = (
    f"""{_MERGED}
UPDATE indicators.series AS s SET bureau = pair.old_bureau FROM pair
WHERE s.region = :region AND s.id = pair.heir_series AND s.bureau IS NULL AND pair.old_bureau IS NOT NULL""",
    f"""{_MERGED}
UPDATE indicators.series AS s SET bureau = NULL FROM pair
WHERE s.region = :region AND s.id = pair.old_series AND s.bureau IS NOT NULL""",
)
"""Who reports goes on reporting; of the series of before nothing is asked any more."""

TARGETS: Final = (
    f"""
CREATE TEMP TABLE taken ON COMMIT DROP AS {_MERGED} SELECT * FROM target_now WHERE plan_state = 'active'""",
    f"""
INSERT INTO indicators.target ({_TARGET[0]}) SELECT {_TARGET[1]} FROM taken AS t
LEFT JOIN indicators.series AS heir ON {_HEIR_SERIES}""",
    _of_version("checkpoint", _CHECKPOINT),
    _of_version("scheduled_value", _SCHEDULED),
    f"""{_MERGED}, found AS (
    SELECT t.plan, t.code, t.recorded_at, t.heir, heir.id AS heir_series FROM target_now AS t
    LEFT JOIN indicators.series AS heir ON {_HEIR_SERIES}
    WHERE t.plan_state = 'set-up'
)
UPDATE indicators.target AS t SET subject = found.heir, series = found.heir_series FROM found
WHERE t.region = :region AND t.plan = found.plan AND t.code = found.code AND t.recorded_at = found.recorded_at""",
)


async def wanted_series(session: Session, region: str) -> set[tuple[str, str]]:
    """What must be measured on survivors: indicator and subject."""
    return {(row.indicator, row.heir) for row in await session.execute(text(WANTED), {"region": region})}


async def carry(session: Session, region: str, at: datetime) -> None:
    """Carry over figures, who reports them, and targets."""
    for statement in (FIGURES, LOADED, *BUREAUS, *TARGETS):
        given = {"region": region, "at": at} if ":at" in statement else {"region": region}
        await session.execute(text(statement), given)

"""Which targets a question is about: the caller's, of a unit, an industry, a carrier; with their names. Speaks SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.indicators.directory import metrics as directory
from services.kit.db import Driver, knowledge_key
from services.plan_file.measuring import OWN_UNITS

_OWN_UNITS: Final = " ".join(f"WHEN '{measure}' THEN '{unit}'" for measure, unit in OWN_UNITS.items())
_MEASURED_IN: Final = f"CASE t.measure {_OWN_UNITS} ELSE i.unit_of_measure END"
"""What the numbers of a target are in: a doubling in times, growth in percent, all others as their indicator."""
_UNITS: Final = directory.units("$1", "$3::timestamptz")

FOUND: Final = f"""
WITH target AS MATERIALIZED (
    SELECT DISTINCT ON (code) * FROM indicators.target
    WHERE region = $1 AND plan = $2 AND recorded_at <= $3::timestamptz ORDER BY code, recorded_at DESC
), owner AS MATERIALIZED ({directory.owners("$1", "$3::timestamptz")}),
unit AS MATERIALIZED ({_UNITS}),
place AS MATERIALIZED (SELECT code, path FROM ({directory.units("$1")}) AS today),
subject AS MATERIALIZED ({directory.subjects("$1", "$3::timestamptz")})
SELECT t.code, t.name, t.name_en, t.indicator, {_MEASURED_IN} AS unit, t.clause, owner.lead, unit.name AS lead_name,
       owner.support, subject.name AS subject_name, subject.industries, subject.carrier
FROM target AS t
LEFT JOIN owner ON owner.plan = t.plan AND owner.matter = t.code
LEFT JOIN unit ON unit.code = owner.lead
LEFT JOIN subject ON subject.kind || ':' || subject.code = t.subject
LEFT JOIN LATERAL (
    SELECT unit_of_measure FROM indicators.indicator AS i
    WHERE i.region = $1 AND i.code = t.indicator AND i.recorded_at <= $3::timestamptz
    ORDER BY i.recorded_at DESC LIMIT 1
) AS i ON true
WHERE NOT t.withdrawn
  AND ($4::text = '' OR EXISTS (
      SELECT FROM place WHERE (place.code = owner.lead OR place.code = ANY (owner.support))
      AND {directory.below("place.path", "$4::text")}))
  AND ($5::text[] IS NULL OR EXISTS (
      SELECT FROM place, unnest($5::text[]) AS top
      WHERE place.code = owner.lead AND {directory.below("place.path", "top")}))
  AND ($6::text IS NULL OR $6 = ANY (subject.industries))
  AND ($7::text IS NULL OR subject.carrier = $7 OR t.subject = 'carrier:' || $7)
  AND ($8::text[] IS NULL OR t.code = ANY ($8))
  AND ($9::text IS NULL OR strpos(t.code, $9) > 0 OR strpos(t.name, $9) > 0 OR strpos(t.phrase, $9) > 0
       OR strpos(coalesce(subject.name, ''), $9) > 0 OR strpos(coalesce(unit.name, ''), $9) > 0
       OR strpos(lower(coalesce(t.name_en, '')), lower($9)) > 0)
ORDER BY t.ordinal, t.code"""

PLANS: Final = """
SELECT first.code, first.known_from, last.time_zone, coalesce(d.state, 'set-up') AS state
FROM (SELECT code, min(recorded_at) AS known_from FROM indicators.plan WHERE region = $1 GROUP BY code) AS first
JOIN LATERAL (SELECT time_zone FROM indicators.plan AS p WHERE p.region = $1 AND p.code = first.code
              ORDER BY recorded_at DESC LIMIT 1) AS last ON true
LEFT JOIN indicators.directory_plan AS d ON d.region = $1 AND d.code = first.code
WHERE $2::text IS NULL OR first.code = $2 ORDER BY first.code"""


@dataclass(frozen=True)
class PlanKnown:
    """A plan and since when it is known."""

    code: str
    known_from: datetime
    time_zone: str
    state: str


@dataclass(frozen=True)
class Matter:
    """A target, what it is called and whose it is (责任单位)."""

    code: str
    name: str
    name_en: str | None
    indicator: str | None
    unit: str | None
    clause: str
    lead: str | None
    lead_name: str | None
    support: list[str]
    subject_name: str | None
    industries: list[str]
    carrier: str | None


@dataclass(frozen=True)
class Wanted:
    """Which targets of a plan; what is None asks for all. `units` are paths, these and those below them."""

    units: Sequence[str] | None = None
    industry: str | None = None
    carrier: str | None = None
    targets: Sequence[str] | None = None
    search: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()


@dataclass(frozen=True)
class Moment:
    """The business clock's instant, and the last one whose knowledge is complete."""

    now: datetime
    horizon: datetime


async def moment(driver: Driver, region: str) -> Moment:
    """Now, and the horizon: nothing can be recorded at it or before any more. The horizon is asked first."""
    horizon = await driver.fetchval("SELECT indicators.horizon($1, $2)", region, knowledge_key(region))
    return Moment(now=await driver.fetchval("SELECT platform.now()"), horizon=horizon)


async def plans(driver: Driver, region: str, code: str | None) -> list[PlanKnown]:
    """The plans there are, or the one."""
    return [PlanKnown(*row) for row in await driver.fetch(PLANS, region, code)]


async def matters(
    driver: Driver, region: str, plan: str, known_at: datetime, *, unit_path: str, wanted: Wanted
) -> dict[str, Matter]:
    """The targets that are asked for and that the caller may see, in the order of the file."""
    found = await driver.fetch(
        FOUND,
        region,
        plan,
        known_at,
        unit_path,
        None if wanted.units is None else list(wanted.units),
        wanted.industry,
        wanted.carrier,
        None if wanted.targets is None else list(wanted.targets),
        wanted.search,
    )
    return {row["code"]: _matter(dict(row)) for row in found}


def _matter(row: dict[str, Any]) -> Matter:
    return Matter(**{**row, "support": row["support"] or [], "industries": row["industries"] or []})


CHANGES: Final = f"""
SELECT position, id::text, plan, target, subject, from_light, to_light, reason, at, as_of, coverage_date,
       coalesce(actual::text, done_on::text) AS actual, scheduled::text, trim_scale(goal)::text AS goal,
       trim_scale(upper)::text AS goal_upper, goal_on, gap::text, lag_pp::text,
       (SELECT {_MEASURED_IN} FROM indicators.target AS t
        JOIN indicators.indicator AS i ON i.region = t.region AND i.code = t.indicator
        WHERE t.region = c.region AND t.plan = c.plan AND t.code = c.target
          AND t.recorded_at <= c.at AND i.recorded_at <= c.at
        ORDER BY t.recorded_at DESC, i.recorded_at DESC LIMIT 1) AS unit
FROM indicators.light_change AS c"""


async def light_changes(driver: Driver, region: str, *, after: int, limit: int) -> list[dict[str, object]]:
    """The feed of lights after a position."""
    sql = f"{CHANGES} WHERE c.region = $1 AND c.position > $2 ORDER BY c.position LIMIT $3"
    return [dict(row) for row in await driver.fetch(sql, region, after, limit)]


async def light_history(driver: Driver, region: str, plan: str, target: str) -> list[dict[str, object]]:
    """Every change of one target's light, in order of its instants."""
    sql = f"{CHANGES} WHERE c.region = $1 AND c.plan = $2 AND c.target = $3 ORDER BY c.at, c.id"
    return [dict(row) for row in await driver.fetch(sql, region, plan, target)]


async def done_to(driver: Driver, region: str) -> datetime | None:
    """The instant up to which every change of light is in the feed."""
    found: datetime | None = await driver.fetchval("SELECT done_to FROM indicators.work WHERE region = $1", region)
    return found


async def plans_done_to(driver: Driver, region: str) -> dict[str, datetime]:
    """The same for each plan that was looked at since it became active."""
    found = await driver.fetch("SELECT plan, done_to FROM indicators.sweep WHERE region = $1 ORDER BY plan", region)
    return {row["plan"]: row["done_to"] for row in found}

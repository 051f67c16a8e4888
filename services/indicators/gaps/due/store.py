"""What is due: the instants at which something that gaps rest on changed, and how far they are worked off. Speaks SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from services.indicators.definitions.versions import indicators_in_force
from services.kit.db import Session, knowledge_lock
from services.plan_file.formula import names, parse

CHANGES: Final = """
SELECT min(at) FROM (
    (SELECT o.recorded_at AS at FROM indicators.observation AS o
     JOIN indicators.series AS s ON s.region = o.region AND s.id = o.series
     WHERE o.region = :region AND o.recorded_at > :after AND s.indicator = ANY (:indicators)
     ORDER BY o.recorded_at LIMIT 1)
    UNION ALL
    (SELECT o.rejected_at FROM indicators.observation AS o
     JOIN indicators.series AS s ON s.region = o.region AND s.id = o.series
     WHERE o.region = :region AND o.rejected_at > :after AND s.indicator = ANY (:indicators)
     ORDER BY o.rejected_at LIMIT 1)
    UNION ALL
    SELECT min(recorded_at) FROM indicators.milestone_report
    WHERE region = :region AND plan = :plan AND recorded_at > :after
    UNION ALL
    SELECT min(rejected_at) FROM indicators.milestone_report
    WHERE region = :region AND plan = :plan AND rejected_at > :after
    UNION ALL
    SELECT min(recorded_at) FROM indicators.target WHERE region = :region AND plan = :plan AND recorded_at > :after
    UNION ALL
    SELECT min(recorded_at) FROM indicators.clock_stop
    WHERE region = :region AND recorded_at > :after
      AND subject IN (SELECT subject FROM indicators.target WHERE region = :region AND plan = :plan)
    UNION ALL
    SELECT min(recorded_at) FROM indicators.light_policy
    WHERE region = :region AND plan = :plan AND recorded_at > :after
    UNION ALL
    SELECT min(recorded_at) FROM indicators.indicator WHERE region = :region AND plan = :plan AND recorded_at > :after
    UNION ALL
    SELECT min(recorded_at) FROM indicators.plan WHERE region = :region AND code = :plan AND recorded_at > :after
    UNION ALL
    SELECT min(b.recorded_at) FROM indicators.scope_break AS b
    JOIN indicators.series AS s ON s.region = b.region AND s.id = b.series
    WHERE b.region = :region AND b.recorded_at > :after AND s.indicator = ANY (:indicators)
    UNION ALL
    SELECT min(recorded_at) FROM indicators.directory_roster_item
    WHERE region = :region AND recorded_at > :after AND roster = ANY (:rosters)
) AS changes"""

DEFINITIONS: Final = """
SELECT EXISTS (SELECT FROM indicators.target WHERE region = :region AND plan = :plan AND recorded_at = :at)
    OR EXISTS (SELECT FROM indicators.light_policy WHERE region = :region AND plan = :plan AND recorded_at = :at)
    OR EXISTS (SELECT FROM indicators.indicator WHERE region = :region AND plan = :plan AND recorded_at = :at)
    OR EXISTS (SELECT FROM indicators.plan WHERE region = :region AND code = :plan AND recorded_at = :at)
    OR EXISTS (SELECT FROM indicators.scope_break WHERE region = :region AND recorded_at = :at)"""

CONCERNED: Final = """
WITH touched AS (
    SELECT DISTINCT s.indicator, s.subject FROM indicators.observation AS o
    JOIN indicators.series AS s ON s.region = o.region AND s.id = o.series
    WHERE o.region = :region AND (o.recorded_at = :at OR o.rejected_at = :at)
), concerned AS (
    SELECT indicator, subject FROM touched
    UNION
    SELECT counted.indicator, item.subject
    FROM indicators.directory_roster_item AS item
    JOIN unnest(CAST(:counted AS text[]), CAST(:rosters AS text[])) AS counted (indicator, roster)
      ON counted.roster = item.roster
    WHERE item.region = :region AND item.recorded_at = :at
    UNION
    SELECT formula.indicator, touched.subject
    FROM touched JOIN unnest(CAST(:formulas AS text[]), CAST(:parts AS text[])) AS formula (indicator, part)
      ON formula.part = touched.indicator
)
SELECT DISTINCT t.code FROM indicators.target AS t
JOIN concerned ON concerned.indicator = t.indicator AND concerned.subject = t.subject
WHERE t.region = :region AND t.plan = :plan
UNION
SELECT t.code FROM indicators.clock_stop AS c
JOIN indicators.target AS t ON t.region = c.region AND t.subject = c.subject
WHERE c.region = :region AND c.recorded_at = :at AND t.plan = :plan
UNION
SELECT target FROM indicators.milestone_report
WHERE region = :region AND plan = :plan AND (recorded_at = :at OR rejected_at = :at)"""


@dataclass(frozen=True)
class Measured:
    """A plan whose gaps are followed: active, and applied here."""

    code: str
    time_zone: str
    activated_at: datetime
    done_to: datetime | None
    """Nothing before its first evaluation."""


async def one_at_a_time(session: Session, region: str) -> None:
    """Keep every other process of the region from working off what is due until this transaction ends."""
    await session.execute(text("SET LOCAL statement_timeout = '5min'"))
    await session.execute(text("SET LOCAL lock_timeout = '1min'"))
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"indicators:due:{region}"}
    )


async def settle(session: Session, region: str, until: datetime) -> None:
    """From the end of this transaction on nothing can be recorded at `until` or before.

    Whoever has stamped before has committed, because the region's lock is taken; whoever stamps afterwards gets a
    later instant, also while the clock stands.
    """
    await session.execute(text("SET LOCAL lock_timeout = '1min'"))
    await knowledge_lock(session, region)
    await session.execute(
        text("""
INSERT INTO indicators.knowledge AS known (region, stamped_at) VALUES (:region, :until)
ON CONFLICT (region) DO UPDATE SET stamped_at = greatest(known.stamped_at, excluded.stamped_at)"""),
        {"region": region, "until": until},
    )


async def measured_plans(session: Session, region: str) -> list[Measured]:
    """The plans that are followed."""
    found = await session.execute(
        text("""
SELECT p.code, p.time_zone, d.activated_at, s.done_to
FROM (SELECT DISTINCT ON (code) code, time_zone FROM indicators.plan WHERE region = :region
      ORDER BY code, recorded_at DESC) AS p
JOIN indicators.directory_plan AS d ON d.region = :region AND d.code = p.code
LEFT JOIN indicators.sweep AS s ON s.region = :region AND s.plan = p.code
WHERE d.state = 'active' AND d.activated_at IS NOT NULL ORDER BY p.code"""),
        {"region": region},
    )
    return [Measured(*row) for row in found]


async def next_change(session: Session, region: str, plan: str, after: datetime) -> datetime | None:
    """The first instant after `after` at which anything was, or will be, recorded that the plan's gaps rest on."""
    declared = [row for row in await indicators_in_force(session, region) if row.plan == plan]
    values = {
        "indicators": [row.code for row in declared],
        "rosters": [row.roster for row in declared if row.roster is not None],
    }
    found: datetime | None = await session.scalar(
        text(CHANGES), {"region": region, "plan": plan, "after": after, **values}
    )
    return found


async def concerned_targets(session: Session, region: str, plan: str, at: datetime) -> Sequence[str] | None:
    """The targets that what was recorded at `at` concerns; None: all of the plan."""
    values = {"region": region, "plan": plan, "at": at}
    if await session.scalar(text(DEFINITIONS), values):
        return None
    declared = await indicators_in_force(session, region)
    pairs = [
        (row.code, part) for row in declared if row.formula is not None for part in sorted(names(parse(row.formula)))
    ]
    counted = [row for row in declared if row.roster is not None]
    more: Mapping[str, object] = {
        "formulas": [code for code, _ in pairs],
        "parts": [part for _, part in pairs],
        "counted": [row.code for row in counted],
        "rosters": [row.roster for row in counted],
    }
    return list((await session.scalars(text(CONCERNED), {**values, **more})).all())


async def swept(session: Session, region: str, plan: str, done_to: datetime) -> None:
    """Note that a plan's events up to `done_to` are worked off."""
    await session.execute(
        text("""
INSERT INTO indicators.sweep (region, plan, done_to) VALUES (:region, :plan, :done_to)
ON CONFLICT (region, plan) DO UPDATE SET done_to = greatest(sweep.done_to, excluded.done_to)"""),
        {"region": region, "plan": plan, "done_to": done_to},
    )


async def all_swept(session: Session, region: str, until: datetime) -> None:
    """Note that every event of the region up to `until` is worked off."""
    await session.execute(
        text("UPDATE indicators.sweep SET done_to = :until WHERE region = :region AND done_to < :until"),
        {"region": region, "until": until},
    )
    await session.execute(
        text("""
INSERT INTO indicators.work AS work (region, done_to) VALUES (:region, :until)
ON CONFLICT (region) DO UPDATE SET done_to = greatest(work.done_to, excluded.done_to)"""),
        {"region": region, "until": until},
    )

"""The directory's SQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.indicators.directory import metrics
from services.indicators.directory.tables import ClockStop, Feed, Owner, PlanState, RosterItem, Subject
from services.kit.db import Driver, Session, knowledge_lock
from services.kit.names import ASKED, Named
from services.kit.reads import Compiled

REGISTRY = "registry"
MERGES = "merges"
"""How far what was copied of merges is carried over, by the same positions."""
BREAKDOWNS = "breakdowns"
"""How far reforms are followed by the parts of targets, by the same positions."""


def _named(what: str, where: str, sql: str, *, by: str = "code") -> Named:
    """`sql` has `$1` for the region, `$2` for what was asked, `$3` for the caller's place in the tree of units."""
    names = ("region", ASKED, "unit_path") if "$3" in sql else ("region", ASKED)
    return Named(what, where, Compiled(sql, names, {}), by=by)


def _of_kind(kind: str, listed: str) -> Named:
    sql = f"SELECT FROM indicators.directory_subject WHERE region = $1 AND kind = '{kind}' AND code = $2"
    return _named(kind, f"/registry/v1/{listed}", sql)


_PLAN: Final = """
SELECT FROM indicators.plan WHERE region = $1 AND code = {code}
UNION ALL SELECT FROM indicators.directory_plan WHERE region = $1 AND code = {code}"""
NAMES: Final[Mapping[str, Named]] = {
    "plan": _named("plan", "/registry/v1/plans", _PLAN.format(code="$2")),
    "indicator": _named(
        "indicator",
        "/indicators/v1/indicators",
        "SELECT FROM indicators.indicator WHERE region = $1 AND code = $2",
    ),
    "unit": _of_kind("unit", "units"),
    "industry": _of_kind("industry", "industries"),
    "carrier": _of_kind("carrier", "carriers"),
    "subject": _named(
        "subject",
        "/indicators/v1/series",
        f"""
SELECT FROM indicators.directory_subject
WHERE region = $1 AND kind = split_part($2, ':', 1) AND code = split_part($2, ':', 2)
UNION ALL SELECT WHERE $2 = 'region:' || $1
UNION ALL SELECT WHERE starts_with($2, 'plan:') AND EXISTS ({_PLAN.format(code="split_part($2, ':', 2)")})""",
        by="typed",
    ),
    "target": _named(
        "target",
        "/indicators/v1/targets",
        """
SELECT FROM indicators.target AS t WHERE t.region = $1 AND t.code = $2 AND ($3::text = '' OR EXISTS (
    SELECT FROM indicators.directory_subject AS u
    WHERE u.region = t.region AND u.kind = 'unit' AND starts_with(u.path || '.', $3 || '.') AND (EXISTS (
        SELECT FROM indicators.directory_owner AS o
        WHERE o.region = t.region AND o.plan = t.plan AND o.matter = t.code
          AND (o.lead = u.code OR u.code = ANY (o.support))
    ) OR EXISTS (
        SELECT FROM indicators.breakdown AS b
        WHERE b.region = t.region AND b.plan = t.plan AND b.target = t.code AND u.code = ANY (b.units)))))""",
    ),
}
"""What filters name; also what was ended or withdrawn. A target is there for whom it is, or was, to answer for."""


async def stamp(session: Session, region: str) -> datetime:
    """The instant at which what this transaction writes is recorded; takes the region's lock until its end."""
    await knowledge_lock(session, region)
    stamped: datetime = (
        await session.execute(text("SELECT indicators.stamp(:region)"), {"region": region})
    ).scalar_one()
    return stamped


async def position(session: Session, region: str, feed: str = REGISTRY) -> int:
    """How far the registry's feed is copied, or carried over."""
    found = await session.execute(select(col(Feed.position)).where(col(Feed.region) == region, col(Feed.feed) == feed))
    return found.scalar_one_or_none() or 0


async def set_position(session: Session, region: str, reached: int, feed: str = REGISTRY) -> None:
    """Note how far the registry's feed is copied, or carried over."""
    row = {"region": region, "feed": feed, "position": reached}
    await session.execute(
        upsert(Feed).values(row).on_conflict_do_update(index_elements=["region", "feed"], set_={"position": reached})
    )


async def plan_state(session: Session, region: str, plan: str) -> str:
    """`set-up`, `active` or `closed`; a plan that the registry has not named yet is in set-up."""
    found = await session.execute(
        select(col(PlanState.state)).where(col(PlanState.region) == region, col(PlanState.code) == plan)
    )
    return found.scalar_one_or_none() or "set-up"


async def plan_states(session: Session, region: str) -> Sequence[PlanState]:
    """Every plan that the registry has named."""
    return (
        await session.scalars(select(PlanState).where(col(PlanState.region) == region).order_by(col(PlanState.code)))
    ).all()


async def put_plan(session: Session, plan: PlanState) -> None:
    """Note a plan's name and state."""
    row = plan.model_dump()
    await session.execute(
        upsert(PlanState).values(row).on_conflict_do_update(index_elements=["region", "code"], set_=row)
    )


async def unit_paths(session: Session, region: str) -> dict[str, str]:
    """Each unit's place in the tree, by its code."""
    found = await session.execute(text(metrics.units(":region")), {"region": region})
    return {row.code: row.path for row in found}


async def put_subjects(session: Session, rows: Sequence[dict[str, Any]], *, keep: bool) -> None:
    """Add versions of subjects, or replace them where none is to be kept."""
    if not rows:
        return
    if not keep:
        keys = [(row["region"], row["kind"], row["code"]) for row in rows]
        await session.execute(
            delete(Subject).where(tuple_(col(Subject.region), col(Subject.kind), col(Subject.code)).in_(keys))
        )
    await session.execute(insert(Subject), list(rows))


async def subject_rows(session: Session, region: str, keys: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The latest versions of subjects, by kind and code."""
    wanted = set(keys)
    found = await session.execute(text(metrics.subjects(":region")), {"region": region})
    return [dict(row) for row in found.mappings() if (row["kind"], row["code"]) in wanted]


async def put_owners(session: Session, rows: Sequence[dict[str, Any]], *, keep: bool) -> None:
    """Add versions of owners, or replace them where none is to be kept."""
    if not rows:
        return
    if not keep:
        keys = [(row["region"], row["plan"], row["matter"]) for row in rows]
        await session.execute(
            delete(Owner).where(tuple_(col(Owner.region), col(Owner.plan), col(Owner.matter)).in_(keys))
        )
    await session.execute(insert(Owner), list(rows))


async def owner_rows(session: Session, region: str, change_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The latest versions of owners, by the registry's ids."""
    wanted = set(change_ids)
    found = await session.execute(text(metrics.owners(":region")), {"region": region})
    return [dict(row) for row in found.mappings() if row["change_id"] in wanted]


async def put_roster_items(session: Session, rows: Sequence[dict[str, Any]], *, keep: bool) -> None:
    """Add versions of items of rosters, or replace them where none is to be kept."""
    if not rows:
        return
    if not keep:
        keys = [(row["region"], row["code"]) for row in rows]
        await session.execute(delete(RosterItem).where(tuple_(col(RosterItem.region), col(RosterItem.code)).in_(keys)))
    await session.execute(insert(RosterItem), list(rows))


async def roster_item_rows(session: Session, region: str, codes: Iterable[str]) -> list[dict[str, Any]]:
    """The latest versions of items, by code."""
    found = await session.scalars(
        select(RosterItem)
        .where(col(RosterItem.region) == region, col(RosterItem.code).in_(sorted(codes)))
        .ext(distinct_on(col(RosterItem.code)))
        .order_by(col(RosterItem.code), col(RosterItem.recorded_at).desc())
    )
    return [row.model_dump() for row in found]


async def survivors(session: Session, region: str) -> dict[str, str]:
    """The subjects that stand for those of merged enterprises."""
    found = await session.execute(text(metrics.merged(":region")), {"region": region})
    return {row.old: row.heir for row in found}


async def put_stops(session: Session, rows: Sequence[dict[str, Any]], *, keep: bool) -> None:
    """Add versions of clock stops, or replace them where none is to be kept."""
    if not rows:
        return
    if not keep:
        keys = [(row["region"], row["code"]) for row in rows]
        await session.execute(delete(ClockStop).where(tuple_(col(ClockStop.region), col(ClockStop.code)).in_(keys)))
    await session.execute(insert(ClockStop), list(rows))


async def units_named(driver: Driver, region: str, name: str) -> list[str]:
    """The paths of the unit that has this code or name, or had it, and of those that took over from it."""
    rows = await driver.fetch(
        f"SELECT unit.path FROM ({metrics.heirs('$1')}) AS line JOIN ({metrics.units('$1')}) AS unit ON unit.code = line.heir "
        f"WHERE line.old = (SELECT code FROM ({metrics.named('$1')}) AS named WHERE named = $2 ORDER BY rank LIMIT 1) "
        "ORDER BY unit.code",
        region,
        name,
    )
    return [row["path"] for row in rows]

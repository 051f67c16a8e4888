"""The directory's SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.indicators.directory import metrics
from services.indicators.directory.tables import ClockStop, Feed, Owner, PlanState, RosterItem, Subject
from services.kit.db import Driver, Session, knowledge_lock

REGISTRY = "registry"
MERGES = "merges"
"""How far what was copied of merges is carried over, by the same positions."""


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

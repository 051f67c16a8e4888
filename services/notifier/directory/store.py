"""The directory's SQL."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import SQLModel, col

from services.kit.db import Session
from services.notifier.directory.rules import Owner, Year
from services.notifier.directory.tables import CalendarYear, Contact, Cursor, Light, Plan, Responsibility, Unit

BATCH = 50
"""Lights of one instant that are decided in one transaction."""


@dataclass(frozen=True)
class Copied:
    """How far a feed is copied."""

    position: int = 0
    complete_to: datetime | None = None


async def put(session: Session, row: SQLModel) -> None:
    """Write a row of a copy, over the one of the same key."""
    table = row.__table__  # type: ignore[attr-defined]  # SQLAlchemy adds it
    values = {column.name: getattr(row, column.name) for column in table.columns}
    key = [column.name for column in table.primary_key]
    await session.execute(upsert(table).values(values).on_conflict_do_update(index_elements=key, set_=values))


async def copied(session: Session, region: str, feed: str) -> Copied:
    """How far a feed is copied."""
    found = await session.get(Cursor, (region, feed), populate_existing=True)
    return Copied() if found is None else Copied(found.position, found.complete_to)


async def add_light(session: Session, light: Light) -> None:
    """Keep a change of light; one that is kept already stays as it is."""
    await session.execute(upsert(Light).values(light.model_dump()).on_conflict_do_nothing())


async def next_lights(session: Session, region: str, until: datetime) -> Sequence[Light]:
    """The earliest changes of light up to `until` that are not decided: those of one instant, so many at a time."""
    waiting = select(Light).where(col(Light.region) == region, ~col(Light.decided))
    first = waiting.with_only_columns(func.min(col(Light.at))).where(col(Light.at) <= until).scalar_subquery()
    found = await session.scalars(waiting.where(col(Light.at) == first).order_by(col(Light.position)).limit(BATCH))
    return found.all()


async def light_decided(session: Session, region: str, light: uuid.UUID) -> None:
    """Note that a change of light is decided."""
    await session.execute(update(Light).where(col(Light.region) == region, col(Light.id) == light).values(decided=True))


async def undecided(session: Session, region: str) -> int:
    """How many changes of light wait to be decided."""
    waiting: int = (
        await session.execute(select(func.count()).where(col(Light.region) == region, ~col(Light.decided)))
    ).scalar_one()
    return waiting


async def unit_paths(session: Session, region: str) -> dict[str, str]:
    """Each unit's place in the tree, by its code."""
    found = await session.execute(select(col(Unit.code), col(Unit.path)).where(col(Unit.region) == region))
    return dict(found.all())


async def unit_names(session: Session, region: str, codes: Iterable[str]) -> dict[str, str]:
    """The names of units; a unit that the registry has not named is called by its code."""
    wanted = list(codes)
    found = await session.execute(
        select(col(Unit.code), col(Unit.name)).where(col(Unit.region) == region, col(Unit.code).in_(wanted))
    )
    return {code: code for code in wanted} | dict(found.all())


async def plan(session: Session, region: str, code: str) -> Plan | None:
    """A plan as the registry has it."""
    return await session.get(Plan, (region, code), populate_existing=True)


async def plans(session: Session, region: str) -> Sequence[Plan]:
    """Every plan that the registry has named."""
    return (await session.scalars(select(Plan).where(col(Plan.region) == region).order_by(col(Plan.code)))).all()


async def years(session: Session, region: str) -> list[Year]:
    """The years whose working days the registry has named."""
    rows = await session.scalars(
        select(CalendarYear).where(col(CalendarYear.region) == region).order_by(col(CalendarYear.year))
    )
    return [Year(row.year, row.published, row.exceptions) for row in rows]


async def drop_year(session: Session, region: str, year: int) -> None:
    """Forget a year's working days."""
    await session.execute(
        delete(CalendarYear).where(col(CalendarYear.region) == region, col(CalendarYear.year) == year)
    )


async def drop_contact(session: Session, region: str, object_id: str) -> None:
    """Forget a contact that ended."""
    await session.execute(delete(Contact).where(col(Contact.region) == region, col(Contact.object_id) == object_id))


async def contacts(session: Session, region: str, units: Iterable[str]) -> dict[tuple[str, str], Contact]:
    """The contacts of units, by unit and role."""
    found = await session.scalars(
        select(Contact).where(col(Contact.region) == region, col(Contact.unit).in_(list(units)))
    )
    return {(row.unit, row.role): row for row in found}


async def responsibility_of(session: Session, region: str, object_id: str) -> Responsibility | None:
    """The latest version of a responsibility, by the registry's id of it."""
    found = await session.scalars(
        select(Responsibility)
        .where(col(Responsibility.region) == region, col(Responsibility.object_id) == object_id)
        .order_by(col(Responsibility.recorded_at).desc())
        .limit(1)
    )
    return found.first()


async def owner(session: Session, region: str, plan_code: str, matter: str, at: datetime) -> Owner | None:
    """Who answers for a matter at `at`: the latest version up to then, or the first there was."""
    recorded = col(Responsibility.recorded_at)
    found = await session.scalars(
        select(Responsibility)
        .where(
            col(Responsibility.region) == region,
            col(Responsibility.plan) == plan_code,
            col(Responsibility.matter) == matter,
        )
        .order_by((recorded <= at).desc(), func.abs(func.extract("epoch", recorded - at)))
        .limit(1)
    )
    row = found.first()
    return None if row is None else Owner(row.recorded_at, row.lead, tuple(row.support), row.name)


async def leads(session: Session, region: str, plan_code: str) -> set[str]:
    """Every unit that leads a matter of the plan now."""
    found = await session.execute(
        text(
            "SELECT DISTINCT lead FROM (SELECT DISTINCT ON (matter) lead FROM notifier.directory_responsibility"
            " WHERE region = :region AND plan = :plan ORDER BY matter, recorded_at DESC) AS current"
            " WHERE lead IS NOT NULL"
        ),
        {"region": region, "plan": plan_code},
    )
    return set(found.scalars())


def visible(path: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Whether a unit's path is the caller's (`:unit_path`) or below it; '' sees everything."""
    own = bindparam("unit_path", type_=String)
    return or_(own == "", func.starts_with(path.concat("."), own.concat(".")))

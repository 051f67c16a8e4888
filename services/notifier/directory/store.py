"""The directory's SQL."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    Text,
    any_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import SQLModel, col

from services.kit.db import Session
from services.kit.names import ASKED, Named
from services.kit.reads import Compiled
from services.notifier.directory.rules import Instead, Owner, Reached, Year, heirs, reached, stands_for
from services.notifier.directory.tables import (
    CalendarYear,
    Contact,
    Cursor,
    Light,
    Plan,
    Responsibility,
    Stead,
    Unit,
    UnitName,
)
from services.notifier.schema import columns

BATCH = 50
"""Lights of one instant that are decided in one transaction."""


@dataclass(frozen=True)
class Copied:
    """How far a feed is copied."""

    position: int = 0
    complete_to: datetime | None = None
    plans: Mapping[str, datetime] = field(default_factory=dict)
    """`complete_to` of each plan that was looked at since it became active."""

    def lights_to(self, plan: str) -> datetime | None:
        """Up to when the lights of a plan are complete; None: they were not looked at since it became active.

        Region's and plan's together: a plan that became active behind `complete_to` has its first lights yet to come.
        """
        of_plan = self.plans.get(plan)
        return None if of_plan is None or self.complete_to is None else min(of_plan, self.complete_to)


async def put(session: Session, row: SQLModel) -> None:
    """Write a row of a copy, over the one of the same key."""
    table = row.__table__  # type: ignore[attr-defined]  # SQLAlchemy adds it
    values = {column.name: getattr(row, column.name) for column in table.columns}
    key = [column.name for column in table.primary_key]
    await session.execute(upsert(table).values(values).on_conflict_do_update(index_elements=key, set_=values))


async def copied(session: Session, region: str, feed: str) -> Copied:
    """How far a feed is copied."""
    found = await session.get(Cursor, (region, feed), populate_existing=True)
    if found is None:
        return Copied()
    plans = {plan: datetime.fromisoformat(at).astimezone(UTC) for plan, at in found.plans.items()}
    return Copied(found.position, found.complete_to, plans)


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


async def named_ever(session: Session, region: str, code: str) -> bool:
    """Whether any name of a unit is kept."""
    found = await session.execute(
        select(col(UnitName.code)).where(col(UnitName.region) == region, col(UnitName.code) == code).limit(1)
    )
    return found.first() is not None


async def _successors(session: Session, region: str) -> Mapping[str, Sequence[str]]:
    """Who took over, by each unit that was dissolved."""
    unit = columns(Unit)
    found = await session.execute(
        select(unit.code, unit.successors).where(unit.region == region, func.cardinality(unit.successors) > 0)
    )
    return dict(found.all())


async def took_over(session: Session, region: str, unit: str, heir: str) -> bool:
    """Whether `heir` took over from `unit` when that was dissolved, or from one that did."""
    return heir in heirs(unit, await _successors(session, region))


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


async def years_of(session: Session, region: str, recorded_at: datetime) -> Sequence[CalendarYear]:
    """The years that were recorded at an instant and that limits do not follow yet."""
    found = await session.scalars(
        select(CalendarYear)
        .where(
            col(CalendarYear.region) == region,
            ~col(CalendarYear.applied),
            col(CalendarYear.recorded_at) == recorded_at,
        )
        .order_by(col(CalendarYear.year))
    )
    return found.all()


async def next_calendar(session: Session, region: str, until: datetime) -> datetime | None:
    """The earliest instant up to `until` at which working days were recorded that limits do not follow yet."""
    found: datetime | None = (
        await session.execute(
            select(func.min(col(CalendarYear.recorded_at))).where(
                col(CalendarYear.region) == region, ~col(CalendarYear.applied), col(CalendarYear.recorded_at) <= until
            )
        )
    ).scalar_one()
    return found


async def drop_contact(session: Session, region: str, object_id: str) -> None:
    """Forget a contact that ended, with those who stand in for it."""
    contact, stead = columns(Contact), columns(Stead)
    await session.execute(
        delete(Stead).where(
            stead.region == contact.region,
            stead.unit == contact.unit,
            stead.role == contact.role,
            contact.region == region,
            contact.object_id == object_id,
        )
    )
    await session.execute(delete(Contact).where(col(Contact.region) == region, col(Contact.object_id) == object_id))


async def contacts(session: Session, region: str, units: Iterable[str], day: date) -> dict[tuple[str, str], Reached]:
    """Who receives messages on a day, by unit and role: of a unit that was dissolved, who stands where it did."""
    successors = await _successors(session, region)
    present = {unit: stands_for(unit, successors) for unit in units}
    wanted = list(present.values())
    instead: dict[tuple[str, str], list[Instead]] = {}
    for row in await session.scalars(select(Stead).where(col(Stead.region) == region, col(Stead.unit).in_(wanted))):
        one = Instead(row.person, row.address, row.stands_in, row.valid_from, row.valid_to)
        instead.setdefault((row.unit, row.role), []).append(one)
    found = await session.scalars(select(Contact).where(col(Contact.region) == region, col(Contact.unit).in_(wanted)))
    people = {
        (row.unit, row.role): reached(
            Reached(row.unit, row.role, row.person, row.address), instead.get((row.unit, row.role), ()), day
        )
        for row in found
    }
    return {(unit, role): one for unit, now in present.items() for (of, role), one in people.items() if of == now}


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


def name_at(region: Any, code: Any, at: Any) -> ColumnElement[Any]:  # noqa: ANN401 - columns
    """What a unit was called at an instant: what was written then keeps that name."""
    names = columns(UnitName)
    return (
        select(names.name)
        .where(names.region == region, names.code == code)
        .order_by((names.recorded_at <= at).desc(), func.abs(func.extract("epoch", names.recorded_at - at)))
        .limit(1)
        .scalar_subquery()
    )


@cache
def units_named() -> ColumnElement[Any]:
    """The codes of the units that `:unit` names, now or before, and of those that took over from them."""
    unit, names, heir = columns(Unit), columns(UnitName), Unit.__table__.alias().c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    asked, region = bindparam("unit", type_=String), bindparam("region", type_=String)
    named = union(
        select(unit.code).where(unit.region == region, or_(unit.code == asked, unit.name == asked)),
        select(names.code).where(names.region == region, names.name == asked),
    ).subquery()
    line = (
        select(unit.code, unit.successors)
        .where(unit.region == region, unit.code.in_(select(named.c.code)))
        .cte("line", recursive=True)
    )
    line = line.union(
        select(heir.code, heir.successors).where(heir.region == region, heir.code == any_(line.c.successors))
    )
    return cast(select(func.array_agg(line.c.code)).scalar_subquery(), ARRAY(Text))


def of_unit(code: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """The filter `unit` of a list: by code or name, also one of before; a unit that no feed has named by its code."""
    return or_(code == bindparam("unit", type_=String), code == any_(units_named()))


def _named(what: str, where: str, sql: str, *, by: str = "code") -> Named:
    """`sql` has `$1` for the region, `$2` for what was asked, `$3` for the caller's place in the tree of units."""
    names = ("region", ASKED, "unit_path") if "$3" in sql else ("region", ASKED)
    return Named(what, where, Compiled(sql, names, {}), by=by)


NAMES: Final[Mapping[str, Named]] = {
    "plan": _named("plan", "/registry/v1/plans", "SELECT FROM notifier.directory_plan WHERE region = $1 AND code = $2"),
    "unit": _named(
        "unit",
        "/registry/v1/units",
        """
SELECT FROM notifier.directory_unit WHERE region = $1 AND (code = $2 OR name = $2)
UNION ALL SELECT FROM notifier.directory_unit_name WHERE region = $1 AND (code = $2 OR name = $2)""",
        by="name",
    ),
    "matter": _named(
        "target",
        "/indicators/v1/targets",
        """
SELECT FROM notifier.directory_responsibility AS r WHERE r.region = $1 AND r.matter = $2 AND ($3::text = '' OR EXISTS (
    SELECT FROM notifier.directory_unit AS u
    WHERE u.region = r.region AND (u.code = r.lead OR u.code = ANY (r.support))
      AND starts_with(u.path || '.', $3 || '.')))""",
    ),
    "notice": _named(
        "notice",
        "/notifier/v1/notices",
        """
SELECT FROM notifier.notice AS n LEFT JOIN notifier.directory_unit AS u ON u.region = n.region AND u.code = n.unit
WHERE n.region = $1 AND n.id = $2 AND ($3::text = '' OR starts_with(coalesce(u.path, n.unit) || '.', $3 || '.'))""",
        by="id",
    ),
}
"""What filters name; a matter is there for whom it is, or was, to answer for."""

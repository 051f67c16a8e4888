"""The members of collective names in the database, and the filter that finds what names one of them."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, bindparam, cast, delete, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit.db import Session
from services.kit.reads import Page
from services.registry.units.members import rules
from services.registry.units.members.tables import UnitMember
from services.registry.units.store import TODAY, UNITS, units_named
from services.registry.units.tables import Unit

_members = UnitMember.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_units = Unit.__table__.c  # type: ignore[attr-defined]  # as above

MEMBERS = Page(
    select(
        _units.code,
        _units.name,
        _units.kind,
        func.nullif(_members.first, rules.FIRST).label("first"),
        func.nullif(_members.last, rules.LAST).label("last"),
    )
    .join_from(
        _members.unit.table, _units.code.table, (_units.region == _members.region) & (_units.code == _members.unit)
    )
    .where(
        _members.region == bindparam("region"),
        _members.collective == bindparam("code"),
        _members.first <= bindparam("as_of", type_=_members.first.type),
        _members.last >= bindparam("as_of", type_=_members.first.type),
    ),
    sort=_units.code,
    identity=_units.id,
    sorts={
        **{name: _units[name] for name in ("code", "name", "kind")},
        "first": func.nullif(_members.first, rules.FIRST),
        "last": func.nullif(_members.last, rules.LAST),
    },
)
"""The units that a collective name stands for on `:as_of`."""


async def rebuild(session: Session, region: str) -> None:
    """Work out the members anew from the units as they are now; whoever writes units does it in the same transaction."""
    await session.flush()
    rows = await UNITS.rows(session, region)
    found = rules.expanded({code: row.content for code, row in rows.items() if row.ended_at is None})
    there = await session.execute(
        select(_members.collective, _members.unit, _members.first, _members.last).where(_members.region == region)
    )
    wanted = {(code, one.unit, one.first, one.last) for code, members in found.items() for one in members}
    if wanted == {tuple(row) for row in there}:
        return
    await session.execute(delete(UnitMember).where(_members.region == region))
    if wanted:
        names = ("collective", "unit", "first", "last")
        await session.execute(
            insert(UnitMember), [{"region": region, **dict(zip(names, row, strict=True))} for row in sorted(wanted)]
        )


@cache
def units_meant() -> ColumnElement[Any]:
    """The codes of the units that `:unit` names, and of the collective names that stand for one of them today."""
    named = units_named()
    collectives = (
        select(func.array_agg(_members.collective))
        .where(
            _members.region == bindparam("region"),
            _members.unit == any_(named),
            _members.first <= TODAY,
            _members.last >= TODAY,
        )
        .scalar_subquery()
    )
    none: ColumnElement[Any] = literal_column("'{}'::text[]")
    return named.op("||")(func.coalesce(cast(collectives, ARRAY(Text)), none))

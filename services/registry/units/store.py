"""Where units are kept, and how anything is found by a unit's code or name, also one of before."""

from datetime import date
from functools import cache
from typing import Any, Final

import orjson
from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    String,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.kit.db import Database, Driver
from services.kit.exports import varied
from services.kit.reads import as_json, compiled
from services.registry.units import rules
from services.registry.units.schemas import Unit as UnitContent
from services.registry.units.tables import Ltree, Unit
from services.registry.versions.metrics import of_kind
from services.registry.versions.store import Shelf, search_filters

ZONE: Final = "Asia/Shanghai"
"""The zone in which a unit's first and last day are days."""

TODAY: Final[ColumnElement[Any]] = literal_column(f"(platform.now() AT TIME ZONE '{ZONE}')::date", Date())
"""The business clock's day."""

_columns = Unit.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it


def _one_named() -> Select[Any]:
    """The unit that `:unit` names: by code, else by its name, else by a name that it had."""
    named, unit = _columns.code.table.alias().c, bindparam("unit", type_=String)
    lives = func.cardinality(named.successors) == 0
    return (
        select(named.code, named.name, named.successors, named.path, named.content)
        .where(
            named.region == bindparam("region"),
            named.ended_at.is_(None),
            or_(named.code == unit, named.names.contains(array([cast(unit, Text)]))),
        )
        .order_by(
            (named.code == unit).desc(), ((named.name == unit) & lives).desc(), lives.desc(), named.valid_to.desc()
        )
        .limit(1)
    )


def unit_named() -> ScalarSelect[Any]:
    """The code of the unit that `:unit` names, by code or by name, also one that it had."""
    return _one_named().with_only_columns(literal_column("code")).scalar_subquery()


@cache
def units_named() -> ColumnElement[Any]:
    """The codes of the unit that `:unit` names and of those that took over its duties, if it was dissolved."""
    first = _one_named().subquery()
    line = select(first.c.code, first.c.successors).cte("line", recursive=True)
    heirs = _columns.code.table.alias().c
    line = line.union(
        select(heirs.code, heirs.successors).where(
            heirs.region == bindparam("region"), heirs.code == any_(line.c.successors)
        )
    )
    codes = select(func.array_agg(line.c.code)).scalar_subquery()
    return cast(codes, ARRAY(Text))


def named(region: ColumnElement[Any], unit: ColumnElement[Any]) -> ColumnElement[Any]:
    """The name of a unit by its code, beside it, for searches."""
    units = _columns.code.table.alias().c
    found = select(units.name).where(units.region == region, units.code == unit)
    return func.concat_ws(literal_column("' '"), unit, found.scalar_subquery())


def within(path: ColumnElement[Any], top: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a unit's path lies at or below another's; at or below the empty path lies everything."""
    return path.op("<@", is_comparison=True)(top)


def visible_to(
    region: ColumnElement[Any], *units: ColumnElement[Any], among: ColumnElement[Any] | None = None
) -> ColumnElement[bool]:
    """Whether a caller of `:unit_path` sees something of one of these units, or one `among` an array: its own and those below.

    The empty path sees everything, also what is of no unit. Every query of what belongs to units is built with it.
    """
    own, unit = bindparam("unit_path", type_=String), _columns.code.table.alias()
    there = select(unit.c.code).where(
        unit.c.region == region,
        or_(*(unit.c.code == code for code in units), *([] if among is None else [unit.c.code == any_(among)])),
        within(unit.c.path, cast(own, Ltree)),
    )
    return or_(own == "", there.exists())


def _below_named() -> ColumnElement[bool]:
    tops = _columns.code.table.alias().c
    return (
        select(tops.code)
        .where(
            tops.region == bindparam("region"),
            tops.code == any_(units_named()),
            within(_columns.path, tops.path),
        )
        .exists()
    )


class UnitShelf(Shelf):
    """Units; versions from before there were reorganisations answer with nothing where those write."""

    def content_columns(self, content: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - a JSONB column
        """The fields of a content, each as a column."""
        found = super().content_columns(content)
        none: ColumnElement[Any] = literal_column("'[]'::jsonb")
        return [
            func.coalesce(column, none).label(column.name) if column.name in rules.BY_REORGANISATIONS else column
            for column in found
        ]


_valid_on = bindparam("valid_on", type_=Date)
UNITS = UnitShelf(
    kind="unit",
    table=Unit,
    fields=(*UnitContent.model_fields, "path"),
    columns=rules.columns,
    filters={
        **search_filters(Unit),
        "kind": _columns.kind == bindparam("kind"),
        "parent": _columns.parent == bindparam("parent"),
        "unit": _below_named(),
        "valid_on": func.coalesce(_columns.valid_from <= _valid_on, True)
        & func.coalesce(_columns.valid_to >= _valid_on, True),
    },
    names={"parent": of_kind("unit")},
    sorts={name: _columns[name] for name in ("kind", "parent", "valid_from", "valid_to")},
)


async def today(db: Database) -> date:
    """The business clock's day."""
    async with db.driver() as driver:
        day: date = await driver.fetchval(f"SELECT {TODAY}")
    return day


_named = compiled(_one_named())
_line = compiled(
    select(_columns.code, _columns.name, _columns.valid_from)
    .where(
        _columns.region == bindparam("region"),
        _columns.code == any_(units_named()),
        func.cardinality(_columns.successors) == 0,
    )
    .order_by(_columns.code)
)


async def named_before(driver: Driver, region: str, unit: str) -> rules.Before | None:
    """What became of the unit that `unit` names, where that is the code or name of before; else None."""
    asked = {"region": region, "unit": unit}
    found = await driver.fetchrow(_named.sql, *_named.values(asked))
    if found is None:
        return None
    heirs = [(row["code"], row["name"]) for row in await driver.fetch(_line.sql, *_line.values(asked))]
    return rules.before(unit, found["content"], heirs)


async def with_note(db: Database, region: str, unit: str | None, page: Response) -> Response:
    """A page of a list with a note, where the unit that it is filtered by is known by another name now.

    A list that is answered as a file has none.
    """
    if unit is None or page.media_type != "application/json":
        return page
    async with db.driver() as driver:
        found = await named_before(driver, region, unit)
    if found is None:
        return page
    note = {
        "asked": found.asked,
        "units": [{"code": code, "name": name} for code, name in found.units],
        "zh": found.zh,
        "en": found.en,
    }
    return varied(as_json(bytes(page.body)[:-1] + b',"note":' + orjson.dumps(note) + b"}"))

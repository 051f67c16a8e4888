"""Where units and contacts are kept."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, bindparam, cast, or_, select

from services.plan_file.things import Contact as ContactContent
from services.registry.units import rules
from services.registry.units.schemas import Unit as UnitContent
from services.registry.units.tables import Contact, Ltree, Unit
from services.registry.versions.store import Shelf, search_filters

_columns = Unit.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_contacts = Contact.__table__.c  # type: ignore[attr-defined]  # as above


def unit_named() -> ScalarSelect[Any]:
    """The code of the unit that `:unit` names, by code or by name."""
    named, unit = _columns.code.table.alias(), bindparam("unit", type_=String)
    by_either = or_(named.c.code == unit, named.c.name == unit)
    return (
        select(named.c.code)
        .where(named.c.region == bindparam("region"), named.c.ended_at.is_(None), by_either)
        .limit(1)
        .scalar_subquery()
    )


def within(path: ColumnElement[Any], top: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a unit's path lies at or below another's; at or below the empty path lies everything."""
    return path.op("<@", is_comparison=True)(top)


def visible_to(region: ColumnElement[Any], *units: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a caller of `:unit_path` sees something of one of these units (codes): its own unit and those below.

    The empty path sees everything, also what is of no unit. Every query of what belongs to units is built with it.
    """
    own, unit = bindparam("unit_path", type_=String), _columns.code.table.alias()
    there = select(unit.c.code).where(
        unit.c.region == region,
        or_(*(unit.c.code == code for code in units)),
        within(unit.c.path, cast(own, Ltree)),
    )
    return or_(own == "", there.exists())


def _path_of_unit() -> ScalarSelect[Any]:
    named = _columns.code.table.alias()
    return (
        select(named.c.path)
        .where(named.c.region == bindparam("region"), named.c.code == unit_named())
        .scalar_subquery()
    )


UNITS = Shelf(
    kind="unit",
    table=Unit,
    fields=(*UnitContent.model_fields, "path"),
    columns=rules.columns,
    filters={
        **search_filters(Unit),
        "kind": _columns.kind == bindparam("kind"),
        "parent": _columns.parent == bindparam("parent"),
        "unit": within(_columns.path, _path_of_unit()),
    },
)


class ContactShelf(Shelf):
    """Contacts are seen by their own unit and those above: every reading takes the caller's `unit_path`."""

    def view(self) -> Select[Any]:
        """Today's contacts of `:region` within `:unit_path`."""
        return super().view().where(visible_to(_contacts.region, _contacts.unit))


CONTACTS = ContactShelf(
    kind="contact",
    table=Contact,
    fields=tuple(ContactContent.model_fields),
    columns=rules.contact_columns,
    filters={"unit": _contacts.unit == unit_named(), "role": _contacts.role == bindparam("role")},
)

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
        own = select(_columns.code).where(
            _columns.region == bindparam("region"),
            _columns.code == _contacts.unit,
            within(_columns.path, cast(bindparam("unit_path", type_=String), Ltree)),
        )
        return super().view().where(own.exists())


CONTACTS = ContactShelf(
    kind="contact",
    table=Contact,
    fields=tuple(ContactContent.model_fields),
    columns=rules.contact_columns,
    filters={"unit": _contacts.unit == unit_named(), "role": _contacts.role == bindparam("role")},
)

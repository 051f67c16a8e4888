"""Where contacts are kept."""

from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam, func, literal_column

from services.kit.paging import holds
from services.plan_file.things import PlanContact as ContactContent
from services.registry.units.contacts import rules
from services.registry.units.contacts.tables import Contact
from services.registry.units.store import named, units_named, visible_to
from services.registry.versions.rules import Content
from services.registry.versions.store import Shelf
from services.registry.versions.written import Unlock

_contacts = Contact.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it


class ContactShelf(Shelf):
    """Contacts are seen by their own unit and those above: every reading takes the caller's `unit_path`."""

    def seen(self) -> list[ColumnElement[bool]]:
        """Those within `:unit_path`, also where they were ended."""
        return [visible_to(_contacts.region, _contacts.unit)]

    def content_columns(self, content: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - a JSONB column
        """The fields of a content, each as a column; versions from before stand-ins have none."""
        none: ColumnElement[Any] = literal_column("'[]'::jsonb")
        return [
            func.coalesce(column, none).label(column.name) if column.name in {"next", "stand_ins"} else column
            for column in super().content_columns(content)
        ]


def _veiled(contact: Content, addresses: Unlock | None) -> Content:
    """A contact as the trail tells it: of an address no more than that there is one."""
    code = rules.contact_code(contact["unit"], contact["role"])

    def hidden(stored: str) -> str:
        return rules.masked("" if addresses is None else addresses.unlock(stored, code))

    told = rules.with_addresses(contact, hidden)
    return {name: value for name, value in told.items() if name != "superseded"}


CONTACTS = ContactShelf(
    kind="contact",
    table=Contact,
    fields=(*ContactContent.model_fields, "since", "next", "stand_ins"),
    columns=rules.columns,
    veil=_veiled,
    filters={
        "unit": _contacts.unit == any_(units_named()),
        "role": _contacts.role == bindparam("role"),
        "sought": holds(_contacts.content["person"].astext, named(_contacts.region, _contacts.unit)),
    },
    sorts={
        **{name: _contacts[name] for name in ("unit", "role")},
        **{name: _contacts.content[name].astext for name in ("person", "since")},
    },
)

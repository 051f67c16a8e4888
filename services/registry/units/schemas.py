"""Units and contacts on the wire."""

from pydantic import Field

from services.plan_file import things
from services.plan_file.scalars import Day, Text, UnitCode
from services.plan_file.things import UnitKind
from services.registry.versions.schemas import Kept, Paging, Search


class Unit(things.Unit):
    """An organisation or office that answers for something (责任单位)."""

    valid_from: Day | None = None
    """First day of its existence; empty: always."""
    valid_to: Day | None = None
    """Last day of its existence; empty: still there."""
    successor: UnitCode | None = None
    """The unit that took over its duties."""


class UnitView(Kept, Unit):
    """A unit, as it is today or was."""

    path: str = Field(description="its place in the tree, codes from the top down", examples=["government.jingxin"])


class UnitSearch(Search):
    """Which units."""

    kind: UnitKind | None = Field(default=None, description="of this kind")
    parent: UnitCode | None = Field(default=None, description="directly below this one")
    unit: Text | None = Field(default=None, description="this one and all below it, by code or name")


class ContactView(Kept, things.Contact):
    """A contact. The address is masked (`l***@***`) unless the caller has the scope contacts:deliver."""

    email: str = Field(examples=["l***@***"])


class ContactFilter(Paging):
    """Which contacts."""

    unit: Text | None = Field(default=None, description="of this unit, by code or name")
    role: things.ContactRole | None = Field(default=None, description="of this role")

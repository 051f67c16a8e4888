"""Carriers on the wire."""

from pydantic import Field

from services.plan_file import things
from services.plan_file.scalars import Code, Text
from services.registry.versions.schemas import Kept, Search


class CarrierView(Kept, things.Carrier):
    """A carrier, as it is today or was."""


class CarrierSearch(Search):
    """Which carriers."""

    industry: Code | None = Field(default=None, description="that carry this industry, or that it names as its own")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")

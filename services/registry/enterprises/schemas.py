"""Enterprises on the wire."""

from pydantic import Field

from services.plan_file import things
from services.plan_file.scalars import Code, Text
from services.registry.versions.schemas import Kept, Search


class EnterpriseView(Kept, things.Enterprise):
    """An enterprise, as it is today or was."""


class EnterpriseSearch(Search):
    """Which enterprises."""

    industry: Code | None = Field(default=None, description="of this industry")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")

"""Projects on the wire."""

from pydantic import Field

from services.plan_file import things
from services.plan_file.scalars import Code, Text, Year
from services.registry.enterprises.schemas import OfGroup
from services.registry.versions.schemas import Kept, Search


class Project(things.Project):
    """A key project of a plan (重点实施项目). `investment` is its planned total in 万元."""

    plan: Code
    """Code of the plan that lists it."""


class ProjectView(Kept, Project):
    """A project, as it is today or was."""


class ProjectSearch(Search, OfGroup):
    """Which projects."""

    plan: Code | None = Field(default=None, description="that this plan lists, or shares with the plan that does")
    industry: Code | None = Field(default=None, description="of this industry")
    carrier: Code | None = Field(default=None, description="in this carrier")
    enterprise: Code | None = Field(default=None, description="of this enterprise")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")
    year: Year | None = Field(default=None, description="that are being carried out in this year", examples=[2018])

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        return {name: value for name, value in super().filters().items() if name != "as_of"}

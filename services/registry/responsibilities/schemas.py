"""Responsibilities on the wire."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.kit.paging import By, Sort
from services.plan_file.parts import OwnedMatter
from services.plan_file.scalars import Code, Day, Subject, Text
from services.registry.versions.schemas import Kept, Seeking

Part = Literal["lead", "support"]


class Responsibility(OwnedMatter):
    """Who answers for a matter of a plan, and from when to when where that is not the plan's whole time."""

    plan: Code
    """Code of the plan whose target or task it is."""
    valid_from: Day | None = None
    """First day; null: the plan's first."""
    valid_to: Day | None = None
    """Last day; null: as long as the plan lasts."""


class ResponsibilityView(Kept, Responsibility):
    """A responsibility, as it is today or was."""


class ResponsibilityFilter(Seeking):
    """Which responsibilities."""

    sort: Annotated[Sort, By("matter", "plan", "subject", "lead", "recorded_at")] = None
    plan: Code | None = Field(default=None, description="code of the plan")
    unit: Text | None = Field(default=None, description="unit, by code or name", examples=["区经信局"])
    role: Part | None = Field(default=None, description="only where the unit leads or supports")
    subject: Subject | None = Field(default=None, description="what the matter is about", examples=["project:P15"])

    @model_validator(mode="after")
    def _role_of_a_unit(self) -> Self:
        if self.role is not None and self.unit is None:
            raise PydanticCustomError(
                "role_without_unit", "a role is a unit's: name the unit too", {"zh": "按角色筛选须同时给出 unit"}
            )
        return self

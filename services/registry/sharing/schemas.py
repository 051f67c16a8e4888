"""What several plans have in common, on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Code, PlanScopedCode, Text
from services.registry.versions.schemas import Kept, Paging


class Sharing(BaseModel):
    """Why a plan shares a project that another plan lists."""

    model_config = ConfigDict(extra="forbid")

    reason: Text = Field(description="why this plan has it too", examples=["两个行动计划均列为重大项目"])
    document: Text | None = Field(
        default=None, description="number of the document that says so (文号); null: none is named"
    )


class SharedProject(Sharing):
    """A project that a plan shares with the plan that lists it (共享项目)."""

    plan: Code = Field(description="the plan that shares it")
    project: PlanScopedCode = Field(description="code of the project, which stays that of its own plan")


class SharedProjectView(Kept, SharedProject):
    """A shared project, as it is today or was."""


class SharedProjectFilter(Paging):
    """Which shared projects."""

    sort: Annotated[Sort, By("project", "plan", "recorded_at")] = None
    plan: Code | None = Field(default=None, description="that this plan shares")
    project: PlanScopedCode | None = Field(default=None, description="of this project: which plans share it")

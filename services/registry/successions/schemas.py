"""Successor plans and sums over plans that share projects, on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.plan_file.scalars import Code, PlanScopedCode, Text
from services.registry.plans.rules import TaskState
from services.registry.versions.schemas import Kept


class Recoding(BaseModel):
    """A task that goes on under another code."""

    model_config = ConfigDict(extra="forbid")

    code: PlanScopedCode = Field(description="its code in the plan", examples=["C03"])
    becomes: PlanScopedCode = Field(description="its code in the successor", examples=["C31"])


class Unmet(BaseModel):
    """A target that was not met."""

    model_config = ConfigDict(extra="forbid")

    code: PlanScopedCode = Field(description="code of the target, as the plan has it", examples=["T03"])
    reason: Text = Field(description="why it goes on", examples=["累计完成 860 家，未达 1000 家"])


class Successor(BaseModel):
    """What is handed over, and to which plan."""

    model_config = ConfigDict(extra="forbid")

    successor: Code = Field(description="code of the plan that continues this one; in set-up or active")
    document: Text | None = Field(default=None, description="number of the document that says so (文号)")
    projects: Annotated[list[PlanScopedCode], Field(max_length=5000)] | None = Field(
        default=None, description="projects that go on; null: all that the plan lists or shares"
    )
    targets: list[Unmet] = Field(
        default_factory=list,
        max_length=2000,
        description="targets that were not met; GET /indicators/v1/gaps says which",
    )
    renames: list[Recoding] = Field(
        default_factory=list, max_length=2000, description="tasks whose code the successor has already"
    )


class CarriedTask(BaseModel):
    """An open task that goes on."""

    code: str = Field(description="its code in the plan that ends")
    becomes: str = Field(description="its code in the successor")
    name: str = Field(description="what the task is called in Chinese")
    state: TaskState = Field(description="state in which it goes on: not_begun 未启动, under_way 推进中")


class CarriedTarget(BaseModel):
    """A target that was not met; the successor's own file says what is promised now."""

    code: str = Field(description="its code in the plan that ends")
    name: str = Field(description="what the target is called in Chinese")
    reason: str = Field(description="why it goes on, as was said")


class Succession(BaseModel):
    """What a plan handed over to its successor, or would."""

    plan: Code = Field(description="code of the plan that is continued")
    successor: Code = Field(description="code of the plan that continues it")
    document: str | None = Field(description="number of the document that says so (文号); null: none was named")
    tasks: list[CarriedTask] = Field(description="open tasks, which go on there")
    projects: list[str] = Field(description="codes of the projects that the successor shares from then on")
    targets: list[CarriedTarget] = Field(description="targets that were not met")


class SuccessionView(Kept, Succession):
    """A succession as it was recorded."""


class HandedOver(Succession):
    """The answer to the act, or to its dry run."""

    dry_run: bool = Field(description="nothing was written")


class HandingOver(BaseModel):
    """How it is done."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="only say what would be handed over")


class ProjectSum(BaseModel):
    """So many projects of so much investment."""

    projects: int = Field(description="how many projects there are")
    investment: str = Field(description="planned total investment in 万元, exact", examples=["8776300"])


class ProjectSumOfPlan(BaseModel):
    """The projects of one plan."""

    plan: str = Field(description="code of the plan")
    lists: ProjectSum = Field(description="projects that it lists itself")
    shares: ProjectSum = Field(description="those of other plans that it shares")


class ProjectSumOfIndustry(ProjectSum):
    """The projects of one industry."""

    industry: str = Field(description="code of the industry")


class ProjectSums(ProjectSum):
    """The projects of the region, each counted once however many plans share it."""

    by_industry: list[ProjectSumOfIndustry] = Field(description="a row for each industry that has any, by code")
    by_plan: list[ProjectSumOfPlan] = Field(description="what plans share is in several rows: they sum to more")


class SumFilter(BaseModel):
    """Of which projects."""

    model_config = ConfigDict(extra="forbid")

    plan: Code | None = Field(default=None, description="that this plan lists or shares")
    industry: Code | None = Field(default=None, description="of this industry, by code")
    carrier: Code | None = Field(default=None, description="in this carrier, by code")

"""Plans and tasks on the wire."""

import uuid
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Code, Day, Text
from services.registry.cases.schemas import Note
from services.registry.plans.rules import TaskState
from services.registry.versions.schemas import Kept, Search


class PlanView(things.Plan):
    """A plan (行动计划), as it is today or was."""

    id: uuid.UUID = Field(description="UUIDv7; the code is unique besides")
    revision: int = Field(description="version of this object, counts from 1; the ETag")
    recorded_at: AwareDatetime = Field(description="from when this version counts, by the business clock")
    version: str = Field(description="version of the plan file that was applied last", examples=["9f2c61d0a4b7e385"])
    state: things.PlanState = Field(description="set-up: its history may be loaded; active; closed")
    activated_at: AwareDatetime | None = Field(
        description="when it became active, by the business clock; null while it is in set-up"
    )
    closed_at: AwareDatetime | None = Field(
        description="when it was closed for good, by the business clock; null: it was not"
    )


class PlanState(BaseModel):
    """The state that a plan shall take."""

    model_config = ConfigDict(extra="forbid")

    state: things.PlanState = Field(
        description="active after its history is loaded (set-up), closed after its end; there is no way back"
    )
    reason: Note | None = Field(
        default=None, description="why; needed to close it, which is for good", examples=["三年行动计划期满"]
    )


class Applying(BaseModel):
    """How a plan file is applied."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="only say what would change")
    prune: bool = Field(
        default=False,
        description="end what earlier files of this plan named, this one does not, and no other plan names",
    )
    take_back: bool = Field(
        default=False,
        description="let the file take back what approved change requests made; else it is refused, `takes-back-approved`",
    )


class Task(things.PlanTask):
    """A commitment of a plan without a number or a date (任务)."""

    plan: Code
    """Code of the plan that makes it."""


class TaskView(Kept, Task):
    """A task, as it is today or was."""

    state: TaskState = Field(
        description="not_begun 未启动, under_way 推进中, done 已完成, stopped 已停止; changed by steps"
    )
    state_since: Day | None = Field(description="the day since when it is in that state; null: from the start")
    carried_from: Text | None = Field(
        description="plan/code of the task that it continues; null: none", examples=["plan-a/C01"]
    )
    carried_to: Text | None = Field(description="plan/code of the task of a later plan that continues it; null: none")


class TaskSearch(Search):
    """Which tasks."""

    sort: Annotated[Sort, By("code", "name", "plan", "subject", "state", "recorded_at")] = None
    plan: Code | None = Field(default=None, description="of this plan, by code")
    state: TaskState | None = Field(default=None, description="in this state")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")

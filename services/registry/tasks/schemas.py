"""What happens to tasks, and what is published, on the wire."""

import uuid
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Code, Day, PlanScopedCode, Text, UnitCode, Year
from services.registry.plans.rules import TaskState
from services.registry.versions.schemas import Paging, Seeking

PLAN = Field(default=None, description="of this plan, by code", examples=["xiaoshan-2017-2019"])
RECORDED = Field(description="when it was recorded, by the business clock")
BY = Field(description="client that recorded it")
IdInPath = Annotated[uuid.UUID, Path(description="id of the entry")]

EntryKind = Literal["step", "progress"]


class Reported(BaseModel):
    """What every report about a task says."""

    model_config = ConfigDict(extra="forbid")

    on: Day = Field(description="the day on which it happened, in the plan's time zone; not after today")
    evidence: list[Text] = Field(
        default_factory=list, max_length=50, description="numbers of documents (文号) or links that prove it"
    )
    unit: UnitCode | None = Field(default=None, description="the unit that reports, by code; null: none is named")


class Step(Reported):
    """A step of a task to its next state."""

    to: TaskState = Field(description="under_way, done (with evidence), stopped (with the reason)")
    text: Text | None = Field(default=None, description="reason; needed for stopping and for taking up again")


class Progress(Reported):
    """A note of how a task goes on (进展)."""

    text: Text = Field(description="what was done", examples=["子基金方案已报区政府常务会议"])


class EntryView(BaseModel):
    """An entry of a task's log."""

    id: uuid.UUID = Field(description="UUIDv7 of the entry")
    plan: str = Field(description="code of the plan")
    task: str = Field(description="code of the task, unique within the plan")
    kind: EntryKind = Field(description="step 状态变更, progress 进展")
    from_state: TaskState | None = Field(description="state before a step; null for a note")
    to_state: TaskState | None = Field(description="state after a step; null for a note")
    on: Day = Field(description="the day on which it happened, in the plan's time zone")
    text: str | None = Field(description="what was done, or the reason of a step; null: nothing was said")
    evidence: list[str] = Field(description="numbers of documents (文号) or links that prove it")
    unit: str | None = Field(description="the unit that reports, by code; null: none was named")
    recorded_at: AwareDatetime = RECORDED
    by: str = BY


class EntryFilter(Paging):
    """Which entries of a task's log."""

    sort: Annotated[Sort, By("on", "kind", "recorded_at")] = None
    kind: EntryKind | None = Field(default=None, description="only steps, or only notes")


class Publicity(BaseModel):
    """Something published about the plan or one of its tasks (宣传)."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="day of publication; not after today")
    medium: Text = Field(description="newspaper, station, site or account (媒体)", examples=["萧山日报"])
    title: Text = Field(description="its heading, as it was published", examples=["机器人小镇：从一张蓝图到一片产业"])
    link: Text | None = Field(default=None, description="address of it, http or https; null: none")
    unit: UnitCode = Field(description="the unit that had it published")
    task: PlanScopedCode | None = Field(
        default=None, description="code of the task that it serves; null: of none alone"
    )


class OfPlan(BaseModel):
    """Of which plan it is."""

    plan: Code = Field(examples=["xiaoshan-2017-2019"])


class PublicityRow(Publicity, OfPlan):
    """Something published as a row of a sheet says it."""


class PublicityView(Publicity):
    """Something published, and its withdrawal where it was recorded in error."""

    id: uuid.UUID = Field(description="UUIDv7, by which it is withdrawn")
    plan: str = Field(description="code of the plan")
    recorded_at: AwareDatetime = RECORDED
    by: str = BY
    withdrawn_at: AwareDatetime | None = Field(
        description="when it was withdrawn, by the business clock; null: it counts"
    )
    withdrawn_because: str | None = Field(description="why it was recorded in error; null: it counts")


class PublicityFilter(Seeking):
    """Which publicity; what was withdrawn is left out unless asked for."""

    sort: Annotated[Sort, By("day", "medium", "title", "unit", "recorded_at")] = None
    plan: Code | None = PLAN
    unit: Text | None = Field(default=None, description="of this unit, by code or name")
    medium: Text | None = Field(default=None, description="in this medium, exactly as recorded")
    year: Year | None = Field(default=None, description="of this year", examples=[2018])
    withdrawn: bool = Field(default=False, description="show what was withdrawn too")


class PublicityWithdrawal(BaseModel):
    """Why something recorded does not count."""

    model_config = ConfigDict(extra="forbid")

    reason: Text = Field(description="why it was recorded in error; the log keeps both")

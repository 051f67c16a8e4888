"""Schedules of projects on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.plan_file.scalars import Code, Day, Item, PlanScopedCode
from services.registry.projects.kinds.schemas import Node
from services.registry.versions.schemas import Kept

NodeState = Literal["open", "late", "done", "done_late"]


class PlannedNode(Node):
    """A node with the latest day on which it is to be reached."""

    latest: Day
    """The latest day so that the goal holds."""
    done_on: Day | None = None
    """Day on which it was reached, where no step says it."""


class Schedule(Item):
    """The nodes of a project, planned backwards from its goal (倒排工期)."""

    goal: Day
    """Day on which the last node is to be reached."""
    begin_by: Day
    """The latest day to begin."""
    nodes: Annotated[list[PlannedNode], Field(min_length=1, max_length=50)]
    """In the order of work; the last one on the goal's day."""
    provisional: Annotated[bool | None, Field(exclude=True)] = None
    """What a draft says of its working days: it may be sent back as it came, and is not kept."""


class ScheduleDraft(BaseModel):
    """A schedule as the usual durations make it; nothing is kept before it is sent by PUT."""

    goal: Day = Field(description="day on which the last node is to be reached")
    begin_by: Day = Field(description="the latest day to begin")
    nodes: list[PlannedNode] = Field(description="in the order of work; the last one on the goal's day")
    provisional: bool = Field(
        description="working days were counted in a year whose holidays are not published yet: weekends only"
    )


class NodeView(PlannedNode):
    """A node as planned, and what became of it."""

    due: Day = Field(description="the latest day, later by the suspended days before it")
    reached_on: Day | None = Field(
        description="when it was reached, by the approved step or as reported; null: not by that day"
    )
    days_late: int = Field(
        description="days after `due`, suspended days not counted; negative: reached so many days early"
    )
    state: NodeState = Field(
        description="open 未到期, late 已逾期, done 按期完成, done_late 逾期完成; on the day asked for"
    )


class ScheduleView(Kept):
    """A project's schedule with its nodes compared."""

    project: PlanScopedCode = Field(description="code of the project")
    goal: Day = Field(description="day on which the last node is to be reached")
    begin_by: Day = Field(description="the latest day to begin")
    as_of: Day = Field(description="day for which it is compared")
    nodes: list[NodeView] = Field(description="in the order of work, each with what became of it")


class DraftAsked(BaseModel):
    """For which goal a schedule is drafted."""

    model_config = ConfigDict(extra="forbid")

    goal: Day = Field(description="day on which the last node is to be reached", examples=["2019-12-31"])
    node: str | None = Field(
        default=None,
        max_length=63,
        description="the node that is to be reached then; the last one if left out",
        examples=["production"],
    )
    kind: Code | None = Field(default=None, description="kind of project whose durations are used; the project's own")


class ComparedAsked(BaseModel):
    """For which day a schedule is compared."""

    model_config = ConfigDict(extra="forbid")

    as_of: Day | None = Field(default=None, description="day (考核时点); today if left out", examples=["2018-07-16"])

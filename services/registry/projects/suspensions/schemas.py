"""Pauses of projects on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Item, PlanScopedCode, Text
from services.registry.cases.schemas import Act, CaseState, Note, Verdict, Word
from services.registry.files.schemas import Files
from services.registry.projects.suspensions.rules import Cause
from services.registry.versions.schemas import Kept, Paging

State = Literal[CaseState, "annulled"]


class SuspensionProposal(Item):
    """A pause that is proposed (中止计时): both days belong to it."""

    first_day: Day
    last_day: Day
    """Last day of it; an approval may move it later."""
    cause: Cause
    """`factors` 要素制约, `force_majeure` 不可抗力, `policy` 政策调整, `planning` 规划调整."""
    text: Note
    """The reason."""
    files: Files


class SuspensionDecision(Word):
    """The leading-group office's decision on a pause."""

    decision: Verdict
    approved_by: Text | None = Field(
        default=None, description="who approved it; needed to approve", examples=["区领导小组"]
    )


class SuspensionEnd(Word):
    """Another last day of an approved pause: the project goes on earlier, or later."""

    last_day: Day


class SuspensionView(Kept):
    """A pause of a project (中止计时) with every act in order."""

    project: PlanScopedCode
    number: int = Field(description="counts from 1 in a project")
    first_day: Day
    last_day: Day = Field(description="both days belong to it")
    cause: Cause
    text: str = Field(description="the reason")
    approved_by: str | None
    state: State
    acts: list[Act]


class SuspensionFilter(Paging):
    """Which pauses of a project."""

    sort: Annotated[Sort, By("project", "number", "first_day", "last_day", "cause", "state", "recorded_at")] = None
    state: State | None = Field(default=None, description="in this state", examples=["approved"])


class AllSuspensionsFilter(SuspensionFilter):
    """Which pauses of all projects."""

    project: PlanScopedCode | None = Field(default=None, description="of this project")
    cause: Cause | None = Field(default=None, description="for this cause")
    on: Day | None = Field(default=None, description="to which this day belongs", examples=["2018-07-16"])

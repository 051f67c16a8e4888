"""Pauses of projects on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Item, PlanScopedCode, Text
from services.registry.cases.schemas import Acts, CaseState, Decided, Note, Word
from services.registry.files.schemas import Files
from services.registry.projects.suspensions.rules import Cause
from services.registry.versions.schemas import Kept, Paging

State = Literal[CaseState, "annulled"]


class SuspensionProposal(Item):
    """A pause that is proposed (中止计时): both days belong to it."""

    first_day: Day
    """First day that does not count."""
    last_day: Day
    """Last day of it; an approval may move it later."""
    cause: Cause
    """`factors` 要素制约, `force_majeure` 不可抗力, `policy` 政策调整, `planning` 规划调整."""
    text: Note
    """Why the project is to pause."""
    files: Files


class SuspensionDecision(Word):
    """The leading-group office's decision on a pause."""

    decision: Decided
    approved_by: Text | None = Field(
        default=None, description="who approved it; needed to approve", examples=["区领导小组"]
    )


class SuspensionEnd(Word):
    """Another last day of an approved pause: the project goes on earlier, or later."""

    last_day: Day = Field(description="the new last day that does not count")


class SuspensionView(Kept):
    """A pause of a project (中止计时) with every act in order."""

    project: PlanScopedCode = Field(description="code of the project, unique in the region")
    number: int = Field(description="counts from 1 in a project")
    first_day: Day = Field(description="first day that does not count")
    last_day: Day = Field(description="last day that does not count")
    cause: Cause = Field(description="factors 要素制约, force_majeure 不可抗力, policy 政策调整, planning 规划调整")
    text: str = Field(description="why the project pauses, as proposed")
    approved_by: str | None = Field(description="who approved it, as the decision says; null: nobody did")
    state: State = Field(
        description="proposed 待审定, approved 已批准, refused 不予批准, withdrawn 已撤回, annulled 已撤销"
    )
    acts: Acts


class SuspensionFilter(Paging):
    """Which pauses of a project."""

    sort: Annotated[Sort, By("project", "number", "first_day", "last_day", "cause", "state", "recorded_at")] = None
    state: State | None = Field(default=None, description="in this state", examples=["approved"])


class AllSuspensionsFilter(SuspensionFilter):
    """Which pauses of all projects."""

    project: PlanScopedCode | None = Field(default=None, description="of this project, by code")
    cause: Cause | None = Field(default=None, description="for this cause")
    on: Day | None = Field(default=None, description="to which this day belongs", examples=["2018-07-16"])

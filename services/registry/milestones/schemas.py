"""Milestones on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Code, Day, IndicatorCode, Item, Subject, Text
from services.registry.cases.schemas import Note
from services.registry.files.schemas import Files, KeptFiles
from services.registry.versions.schemas import Kept, Search


class MilestoneState(Item):
    """A state that a milestone may reach."""

    code: IndicatorCode
    """Short name, unique within the milestone."""
    name: Text
    """What the state is called in Chinese."""
    name_en: Text | None = None
    """What it is called in English; null: nobody said."""


class Milestone(Item):
    """A milestone (里程碑) of a project, an enterprise, a carrier or a plan."""

    code: Code
    """Short name, unique in the region."""
    name: Text
    """What it is called in Chinese."""
    subject: Subject
    """What it is about: `project:P15`."""
    states: Annotated[list[MilestoneState], Field(min_length=1, max_length=20)]
    """In their order, the first one first: whoever is in a later state has been in those before."""
    counts: IndicatorCode
    """The state that counts: reaching one before it is not enough."""
    due: Day
    """Day by which the state that counts is to be reached."""


class MilestoneReport(Item):
    """That a state was reached on a day, or was not after all."""

    state: IndicatorCode
    """Code of the state of which this is said."""
    on: Day | None
    """Day on which it was reached; null: it was not reached after all."""
    text: Note
    """How it was reached, or why it was not."""
    files: Files


class ReportView(BaseModel):
    """A report on a milestone; the last one on a state is the one that counts."""

    state: str = Field(description="code of the state of which this is said")
    on: Day | None = Field(description="day on which it was reached; null: it was not reached after all")
    text: str = Field(description="how it was reached, or why it was not")
    files: KeptFiles
    at: str = Field(description="when it was reported, by the business clock")
    client_id: str = Field(description="who reported it: a client, or person:NAME")
    unit: str | None = Field(description="unit for which it was reported, by code; null: the whole region")


class MilestoneView(Kept, Milestone):
    """A milestone, as it is today or was."""

    reports: list[ReportView] = Field(description="all of them, the first one first")
    done_on: Day | None = Field(description="when the state that counts, or one after it, was reached; null: not yet")


class MilestoneSearch(Search):
    """Which milestones."""

    sort: Annotated[Sort, By("code", "name", "subject", "due", "done_on", "recorded_at")] = None
    subject: Subject | None = Field(default=None, description="about this object", examples=["project:P15"])
    done: bool | None = Field(default=None, description="only those that are reached, or only those that are not")
    overdue_on: Day | None = Field(
        default=None, description="due before this day and not reached on it", examples=["2018-07-16"]
    )

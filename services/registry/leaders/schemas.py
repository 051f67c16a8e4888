"""Leaders' contact on the wire."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Item, Subject, Text, UnitCode
from services.registry.cases.schemas import Acts, Note, Word
from services.registry.files.schemas import Files, KeptFiles
from services.registry.versions.schemas import Kept, Paging, Search

ContactWith = Literal["project", "enterprise", "carrier"]
ProblemState = Literal["raised", "assigned", "decided", "done", "returned"]
ContactCode = Annotated[str, Path(pattern=r"^C[0-9]{4,6}$", description="code of the contact", examples=["C0001"])]
VisitCode = Annotated[str, Path(pattern=r"^V[0-9]{4,6}$", description="code of the visit", examples=["V0001"])]
ProblemCode = Annotated[str, Path(pattern=r"^W[0-9]{4,6}$", description="code of the problem", examples=["W0001"])]


class LeaderContact(Item):
    """That a leader is in contact with a project, an enterprise or a carrier (联系)."""

    leader: UnitCode
    """Unit of kind `leader`, by code."""
    subject: Subject
    """`project:P01`, `enterprise:e22` or `carrier:info-port`."""
    valid_from: Day
    """First day of the contact."""
    valid_to: Day | None = None
    """Last day; empty: still in contact."""
    liaison: UnitCode | None = None
    """Unit that assists the leader (联系部门); null: none."""


class NumberedContact(Item):
    """The code of a contact in a row of a sheet."""

    code: Annotated[str, Field(pattern=r"^C[0-9]{4,6}$")] | None = None
    """Given by the registry; empty in a row of a new one."""


class LeaderContactRow(LeaderContact, NumberedContact):
    """A contact as a row of a sheet says it."""


class LeaderContactView(Kept, LeaderContact):
    """A contact, as it is today or was."""

    code: str = Field(description="given by the registry, in the order of entry", examples=["C0001"])


class LeaderContactFilter(Paging):
    """Which contacts."""

    sort: Annotated[Sort, By("code", "leader", "subject", "valid_from", "valid_to", "recorded_at")] = None
    leader: UnitCode | None = Field(default=None, description="of this leader, by code", examples=["deputy_li"])
    subject: Subject | None = Field(default=None, description="with this object", examples=["project:P01"])
    kind: ContactWith | None = Field(default=None, description="with things of this kind")
    on: Day | None = Field(default=None, description="that hold on this day", examples=["2018-07-16"])


class Visit(Item):
    """A leader's visit (走访)."""

    leader: UnitCode
    """Unit of kind `leader`, by code."""
    subject: Subject
    """What was visited: `project:P01`, `enterprise:e22` or `carrier:info-port`."""
    on: Day
    """Day of the visit; not after today."""
    place: Text | None = None
    """Where it was; null: not said."""
    people: Annotated[list[Text], Field(max_length=50)] = Field(default_factory=list)
    """Who else was there, by name or function."""
    seen: Note
    """What was seen and said."""
    files: Files


class NumberedVisit(Item):
    """The code of a visit in a row of a sheet."""

    code: Annotated[str, Field(pattern=r"^V[0-9]{4,6}$")] | None = None
    """Given by the registry; empty in a row of a new one."""


class VisitRow(Visit, NumberedVisit):
    """A visit as a row of a sheet says it."""


class VisitView(Kept):
    """A visit, as it is today or was."""

    code: str = Field(description="given by the registry, in the order of entry", examples=["V0001"])
    leader: UnitCode = Field(description="unit of kind `leader`, by code")
    subject: Subject = Field(description="what was visited: `project:P01`, `enterprise:e22` or `carrier:info-port`")
    on: Day = Field(description="day of the visit")
    place: str | None = Field(description="where it was")
    people: list[str] = Field(description="who was there")
    seen: str = Field(description="what was seen and said")
    files: KeptFiles


class VisitSearch(Search):
    """Which visits."""

    sort: Annotated[Sort, By("code", "leader", "subject", "on", "recorded_at")] = None
    leader: UnitCode | None = Field(default=None, description="of this leader, by code")
    subject: Subject | None = Field(default=None, description="to this object", examples=["project:P01"])
    on_or_after: Day | None = Field(default=None, description="on this day or later")
    on_or_before: Day | None = Field(default=None, description="on this day or before")


class RaisedProblem(Item):
    """A problem that is raised upward (问题上报)."""

    subject: Subject
    """What it is about: `project:P01`, `enterprise:e22` or `carrier:info-port`."""
    title: Text
    """The problem in one line."""
    text: Note
    """What the problem is, and what is asked for."""
    leader: UnitCode | None = None
    """Leader to whom it is raised, by unit code; null: to none by name."""
    raised_by: UnitCode
    """Unit that raises it."""
    visit: Annotated[str, Field(pattern=r"^V[0-9]{4,6}$")] | None = None
    """Code of the visit in which it came up; null: in none."""
    files: Files


class Assignment(Word):
    """To whom a problem is given, and until when (交办)."""

    unit: UnitCode = Field(description="unit that deals with it, by code")
    due: Day = Field(description="day by which it is to be settled; not before today")


class ProblemDecision(Word):
    """What was decided (决定)."""

    decided_by: Text = Field(description="who decided it", examples=["区政府常务会议"])
    on: Day = Field(description="day of the decision; not after today")


class Result(Word):
    """What came of it (办结)."""

    on: Day = Field(description="day on which it was settled; not after today")


class DecisionView(Item):
    """A decision on a problem."""

    text: str = Field(description="what was decided, and why")
    decided_by: str = Field(description="who decided it")
    on: Day = Field(description="day of the decision")


class ProblemView(Kept):
    """A problem and its way, every act in order."""

    code: str = Field(description="given by the registry, in the order of entry", examples=["W0001"])
    subject: Subject = Field(description="what it is about: `project:P01`, `enterprise:e22` or `carrier:info-port`")
    title: str = Field(description="the problem in one line")
    text: str = Field(description="what the problem is, and what is asked for")
    leader: str | None = Field(description="leader to whom it was raised, by unit code; null: to none by name")
    raised_by: str = Field(description="unit that raised it, by code")
    visit: str | None = Field(description="code of the visit in which it came up; null: in none")
    unit: str | None = Field(description="unit that deals with it, by code; null while nobody does")
    former_units: list[str] = Field(description="units that dealt with it before")
    due: Day | None = Field(description="day by which it is to be settled; null while no unit deals with it")
    decision: DecisionView | None = Field(description="what was decided on it (决定); null: nothing yet")
    result: str | None = Field(description="what came of it (办结情况); null while it is not settled")
    settled_on: Day | None = Field(description="day on which it was settled or returned; null while it is open")
    state: ProblemState = Field(
        description="raised 已上报, assigned 已交办, decided 已决定, done 已办结, returned 已退回"
    )
    acts: Acts


class ProblemSearch(Search):
    """Which problems."""

    sort: Annotated[Sort, By("code", "title", "subject", "state", "unit", "due", "settled_on", "recorded_at")] = None
    leader: UnitCode | None = Field(default=None, description="raised to this leader, by code")
    subject: Subject | None = Field(default=None, description="about this object", examples=["project:P01"])
    unit: Text | None = Field(default=None, description="that this unit deals with, by code or name")
    state: ProblemState | None = Field(default=None, description="in this state", examples=["raised"])
    open: bool | None = Field(default=None, description="only those that are not settled, or only those that are")
    overdue_on: Day | None = Field(
        default=None,
        description="due before this day and not settled on it (逾期未办结)",
        examples=["2018-07-16"],
    )

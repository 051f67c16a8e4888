"""Rosters and their items on the wire."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Code, Day, Item, PlanScopedCode, Subject, Text
from services.registry.versions.schemas import AsKnown, Kept, Search

State = Literal["proposed", "recognised", "withdrawn"]


class RosterView(Kept, things.Roster):
    """A roster, as it is today or was."""


class RosterSearch(Search):
    """Which rosters."""

    sort: Annotated[Sort, By("code", "name", "unit", "recorded_at")] = None
    unit: Text | None = Field(default=None, description="that this unit keeps, by code or name")
    lists: things.RosterOf | None = Field(default=None, description="of things of this kind")


class Evidence(Item):
    """What a recognition rests on (认定依据): a document by its number, or a file kept here."""

    title: Text
    """What it is, as the document calls itself."""
    document_number: Text | None = None
    """Number of the document (文号); null: there is none."""
    file: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of an evidence file that POST /v1/files keeps, and the caller sees; null: none."""

    @model_validator(mode="after")
    def _can_be_looked_up(self) -> Self:
        if self.document_number is None and self.file is None:
            raise PydanticCustomError(
                "evidence_without_number",
                "give document_number or file: evidence can be looked up",
                {"zh": "认定依据须能查证：请写明文号，或佐证文件的 SHA-256"},
            )
        return self


class RosterItemDraft(Item):
    """An item of a roster, as it is proposed."""

    code: PlanScopedCode
    """Its number in the roster."""
    name: Text
    """Name of the enterprise, team, technology or project."""
    subject: Subject
    """What it counts for: the plan, an industry, a carrier, a unit."""
    thing: Subject | None = None
    """The enterprise or project that it is (`enterprise:e01`); empty for teams, technologies and others."""
    note: Text | None = None
    """What else is to be said of it; null: nothing."""

    @model_validator(mode="after")
    def _names_its_plan(self) -> Self:
        if self.subject == "plan":
            raise PydanticCustomError("which_plan", "say which plan: plan:code", {"zh": "请写明哪个计划：plan:代码"})
        return self


class RosterItem(RosterItemDraft):
    """An item with its life so far."""

    roster: Code
    """Code of the roster in which it stands."""
    state: State
    """proposed 拟认定, recognised 已认定, withdrawn 已撤销."""
    proposed_on: Day
    """Day on which it was proposed (申报日期)."""
    recognised_on: Day | None = None
    """From this day on it counts; null while it is proposed."""
    withdrawn_on: Day | None = None
    """From this day on it counts no more; null: it was not withdrawn."""
    evidence: list[Evidence]
    """What its recognition rests on; empty before."""
    withdrawal: Text | None = None
    """Why it was withdrawn; null: it was not."""


class RosterItemView(Kept, RosterItem):
    """An item of a roster, as it is today or was."""


class OfRoster(Item):
    """What belongs to a roster."""

    roster: Code
    """Code of the roster."""


class RosterItemRow(RosterItemDraft, OfRoster):
    """An item as a row of a sheet says it: proposed, and recognised or withdrawn where the row has the day."""

    recognised_on: Day | None = None
    """From this day on it counts; with its evidence. Not after today."""
    evidence: list[Evidence] = Field(default_factory=list, max_length=20)
    """What the recognition rests on."""
    withdrawn_on: Day | None = None
    """From this day on it counts no more; with the reason. Not before its recognition, not after today."""
    withdrawal: Text | None = None
    """Why it was withdrawn; null: it was not."""


class Recognition(Item):
    """The recognition of an item (认定)."""

    on: Day
    """The day from which on it counts, by the document; not after today."""
    evidence: list[Evidence] = Field(min_length=1, max_length=20)
    """What it rests on (认定依据)."""


class ItemWithdrawal(Item):
    """The withdrawal of an item, or a proposal turned down (撤销)."""

    on: Day
    """The day from which on it counts no more; not before its recognition, not after today."""
    reason: Text
    """Why it counts no more, or was turned down."""


class RosterItemSearch(Search):
    """Which items of a roster."""

    sort: Annotated[Sort, By("code", "name", "subject", "state", "recognised_on", "withdrawn_on", "recorded_at")] = None
    state: State | None = Field(default=None, description="in this state")
    subject: Subject | None = Field(default=None, description="that count for this", examples=["industry:information"])
    thing: Subject | None = Field(default=None, description="that are this", examples=["enterprise:e01"])
    as_of: Day | None = Field(default=None, description="that count on this day", examples=["2018-06-30"])


class CountAsked(AsKnown):
    """Of which day, known at which instant."""

    as_of: Day = Field(description="the day (考核时点)", examples=["2018-06-30"])


class Count(BaseModel):
    """How many items of a roster count on a day for one subject."""

    subject: str = Field(
        description="what they count for: the plan, an industry, a carrier, a unit", examples=["industry:information"]
    )
    count: int = Field(description="recognised by that day and not withdrawn by then")


class Counts(BaseModel):
    """How many items count on a day."""

    roster: str = Field(description="code of the roster")
    as_of: Day = Field(description="the day for which was asked (考核时点)")
    known_at: AwareDatetime = Field(description="what was recorded up to this instant is counted")
    provisional: bool = Field(description="whether this answer may still change: known_at is not over yet")
    total: int = Field(description="how many items count, for all subjects")
    by_subject: list[Count] = Field(description="a row for each subject for which any item counts")

"""Notices and decisions on the wire."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.clock import Instant
from services.kit.paging import By, Counted, Next, Sort
from services.kit.reads import LIMIT
from services.notifier.deliveries.schemas import Attempts, NotTaken, State
from services.notifier.fields import DeliveryId, LevelCode, MatterCode, PlanCode
from services.plan_file.measuring import Light, LightReason
from services.plan_file.supervision import Asked
from services.plan_file.things import ContactRole

NoticeState = Literal["open", "acknowledged", "awaiting_verification", "closed"]
DecisionCause = Literal["light", "owner"]
DecisionAct = Literal["opened", "raised", "reopened", "awaiting_verification", "closed", "kept", "none"]
StepAct = Literal[
    "opened", "raised", "reopened", "acknowledged", "awaiting_verification", "closed", "carried_on", "limit_moved"
]
DecisionReason = Literal[
    LightReason,
    "light_grey",
    "light_green",
    "light_yellow",
    "light_red",
    "light_done",
    "handed_over",
    "no_owner",
    "no_ladder",
    "reorganised",
]
"""Why something was decided: what there is to say about the light, else the light itself, or what became of its owner."""


class Paging(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")


class NoticeFilter(Paging):
    """Which notices."""

    sort: Annotated[
        Sort,
        By(
            "opened_at",
            "plan",
            "matter",
            "unit",
            "level",
            "state",
            "level_since",
            "issued_at",
            "limit_on",
            "answered_at",
            "closed_at",
        ),
    ] = None
    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="part of the matter or the unit, by code or name"
    )
    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(
        default=None, max_length=100, description="only of this unit, by code or name", examples=["区经信局"]
    )
    matter: str | None = Field(default=None, max_length=100, description="code of the target", examples=["T08"])
    light: Light | None = Field(default=None, description="the light that was decided last")
    level: str | None = Field(default=None, max_length=100, description="code of the level", examples=["orange"])
    state: NoticeState | None = Field(default=None, description="where the notice stands")
    at: Instant | None = Field(default=None, description="instant for `overdue`; now, unless given")


class NoticeView(BaseModel):
    """A notice (督办件): one matter, one responsible unit."""

    id: uuid.UUID = Field(description="key of the notice, by which it is read and acknowledged")
    plan: PlanCode
    matter: MatterCode
    matter_name: str = Field(description="what the target is called", examples=["信息产业增加值增速"])
    unit: str = Field(description="code of the responsible unit (牵头)")
    unit_name: str = Field(
        description="its name now; of a closed notice, its name when that was closed", examples=["区经信局"]
    )
    written_as: str = Field(
        description="name of the unit to which it was written: a unit that was dissolved or renamed keeps it there",
        examples=["区经信局"],
    )
    level: LevelCode
    level_name: str = Field(description="what the level is called, as letters are headed", examples=["督办通知单"])
    ladder_version: int = Field(description="the version of the ladder with which it began")
    asks: Asked = Field(description="what the unit has to do: acknowledge (签收) or reply (回复)")
    state: NoticeState = Field(
        description="awaiting_verification 待核实: its light has left red, and a person verifies it; nothing more is sent"
    )
    overdue: bool = Field(description="the limit has passed without what was asked for")
    light: Light = Field(description="the light that was decided last (灯)")
    light_reason: LightReason | None = Field(description="why that light is not the policy's alone; else null")
    judged_on: dict[str, Any] = Field(description="the change of light that was decided last, exact numbers as text")
    to: list[ContactRole] = Field(
        description="roles of the responsible unit to which it goes (主送)", examples=[["liaison", "principal"]]
    )
    copy_: list[str] = Field(alias="copy", description="names of the units in copy (抄送)")
    own_message: bool = Field(description="its level is told by a message of its own (一事一单)")
    digest: bool = Field(description="its level is told by a line in the unit's digest (汇总)")
    opened_at: AwareDatetime = Field(description="business instant of the decision that opened it (立项)")
    level_since: AwareDatetime = Field(description="business instant from which it has been at its level")
    issued_at: AwareDatetime | None = Field(
        description="when it first goes out at its level, from the day after which the limit counts; null before that is known"
    )
    red_since: AwareDatetime | None = Field(
        description="since when the light has been red, counted from the first decision; null where it is not"
    )
    limit_on: date | None = Field(description="last working day of the limit (办理期限); null without a limit")
    limit_at: AwareDatetime | None = Field(description="end of that day; null without a limit")
    limit_provisional: bool = Field(
        description="the working days of that year are not published yet: the limit is worked out anew when they are"
    )
    answered_at: AwareDatetime | None = Field(description="when the unit did what its level asks for; null until then")
    closed_at: AwareDatetime | None = Field(description="when it ended (办结, 销号); null while it has not")
    close_reason: DecisionReason | None = Field(description="why it ended; null while it has not")
    version: int = Field(description="grows with every change of the notice")


class StepView(BaseModel):
    """A step in a notice's life."""

    at: AwareDatetime = Field(description="business instant of the step")
    act: StepAct = Field(
        description="what was done; carried_on: by the unit that took over; limit_moved: by a new notice of working days"
    )
    by: str = Field(
        description="client that did it; `ladder` where the rules did, `calendar` where working days moved the limit"
    )
    person: str | None = Field(description="on whose word the client did it; null where nobody is named")
    reason: str = Field(description="why it was done: a code of a reason, or the words of who did it; may be empty")
    level: str = Field(description="code of the level at which the notice then stood", examples=["orange"])


class DecisionView(BaseModel):
    """What was decided about a matter, and why; also that nothing is due."""

    id: uuid.UUID = Field(description="key of the decision")
    plan: PlanCode
    matter: MatterCode
    unit: str | None = Field(description="code of the unit that answered for it then (牵头); null where none did")
    unit_name: str | None = Field(description="its name at that instant")
    at: AwareDatetime = Field(description="instant of the event that was decided, at which it counts as decided")
    cause: DecisionCause = Field(description="what changed: the light of the matter, or its owner")
    act: DecisionAct = Field(description="what became of the notice; kept: nothing new; none: there is none")
    reason: DecisionReason = Field(description="why so: what there is to say of the light, or what became of the owner")
    level: str | None = Field(description="code of the notice's level afterwards; null without a notice")
    notice: uuid.UUID | None = Field(description="id of the notice that it is about; null without one")
    inputs: dict[str, Any] = Field(description="all that the rules were given")


class MessageView(BaseModel):
    """A notice's own message."""

    id: DeliveryId
    level: LevelCode
    state: State
    due_at: AwareDatetime = Field(description="business instant from which it may leave")
    accepted_at: AwareDatetime | None = Field(
        description="business instant at which the next system took it; null before and unless it did"
    )
    attempts: Attempts
    reason: NotTaken


class NoticeDetail(NoticeView):
    """A notice with all that happened to it."""

    steps: list[StepView] = Field(description="what was done with it, in order of instant")
    decisions: list[DecisionView] = Field(description="what was decided about it, in order of instant")
    deliveries: list[MessageView] = Field(description="its own messages, at most one for each level")


class NoticeList(BaseModel):
    """One page of notices."""

    items: list[NoticeView] = Field(
        description="notices in the order in which they were opened unless `sort` says otherwise, a page of them"
    )
    next: Next
    total: Counted = None


class DecisionFilter(Paging):
    """Which decisions."""

    sort: Annotated[Sort, By("at", "plan", "matter", "unit", "act", "level")] = None
    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="part of the reason, or of the matter or unit by code"
    )
    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="only of this unit, by code or name")
    matter: str | None = Field(default=None, max_length=100, description="code of the target")
    act: str | None = Field(default=None, max_length=40, description="what was done", examples=["none"])
    notice: uuid.UUID | None = Field(default=None, description="those about this notice")


class DecisionList(BaseModel):
    """One page of decisions, in order of instant."""

    items: list[DecisionView] = Field(
        description="decisions in order of instant unless `sort` says otherwise, a page of them"
    )
    next: Next
    total: Counted = None


class Acknowledgement(BaseModel):
    """Who acknowledges (签收), and what there is to say."""

    model_config = ConfigDict(extra="forbid")

    person: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="on whose word it is acknowledged (签收人)",
        examples=["王联络"],
    )
    reason: str = Field(default="", max_length=2000, description="why, or what is being done")

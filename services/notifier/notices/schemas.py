"""Notices and decisions on the wire."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.clock import Instant
from services.kit.paging import By, Sort
from services.kit.reads import LIMIT
from services.notifier.deliveries.schemas import DeliveryState
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
    unit: str | None = Field(default=None, max_length=100, description="code or name", examples=["区经信局"])
    matter: str | None = Field(default=None, max_length=100, description="code of the target", examples=["T08"])
    light: Light | None = Field(default=None, description="the light that was decided last")
    level: str | None = Field(default=None, max_length=100, description="code of the level", examples=["orange"])
    state: NoticeState | None = Field(default=None, description="where the notice stands")
    at: Instant | None = Field(default=None, description="instant for `overdue`; now, unless given")


class NoticeView(BaseModel):
    """A notice (督办件): one matter, one responsible unit."""

    id: uuid.UUID
    plan: str
    matter: str = Field(examples=["T08"])
    matter_name: str
    unit: str = Field(description="code of the responsible unit (牵头)")
    unit_name: str = Field(
        description="its name now; of a closed notice, its name when that was closed", examples=["区经信局"]
    )
    written_as: str = Field(
        description="name of the unit to which it was written: a unit that was dissolved or renamed keeps it there",
        examples=["区经信局"],
    )
    level: str = Field(examples=["blue"])
    level_name: str = Field(examples=["提示"])
    ladder_version: int = Field(description="the version of the ladder with which it began")
    asks: Asked = Field(description="签收 or 回复")
    state: NoticeState
    overdue: bool = Field(description="the limit has passed without what was asked for")
    light: Light
    light_reason: LightReason | None
    judged_on: dict[str, Any] = Field(description="the change of light that was decided last, exact numbers as text")
    to: list[ContactRole] = Field(description="roles of the responsible unit", examples=[["liaison", "principal"]])
    copy_: list[str] = Field(alias="copy", description="names of the units in copy")
    own_message: bool
    digest: bool
    opened_at: AwareDatetime
    level_since: AwareDatetime
    issued_at: AwareDatetime | None = Field(description="when it first went out at its level")
    red_since: AwareDatetime | None = Field(description="counted from the first decision")
    limit_on: date | None = Field(description="last working day of the limit")
    limit_at: AwareDatetime | None = Field(description="end of that day")
    limit_provisional: bool = Field(
        description="the working days of that year are not published yet: the limit is worked out anew when they are"
    )
    answered_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    close_reason: DecisionReason | None
    version: int


class StepView(BaseModel):
    """A step in a notice's life."""

    at: AwareDatetime
    act: StepAct
    by: str = Field(description="client; `ladder` where the rules did it")
    person: str | None
    reason: str
    level: str


class DecisionView(BaseModel):
    """What was decided about a matter, and why; also that nothing is due."""

    id: uuid.UUID
    plan: str
    matter: str
    unit: str | None
    unit_name: str | None = Field(description="its name at that instant")
    at: AwareDatetime
    cause: DecisionCause
    act: DecisionAct
    reason: DecisionReason
    level: str | None
    notice: uuid.UUID | None
    inputs: dict[str, Any] = Field(description="all that the rules were given")


class MessageView(BaseModel):
    """A notice's own message."""

    id: uuid.UUID
    level: str
    state: DeliveryState
    due_at: AwareDatetime
    accepted_at: AwareDatetime | None
    attempts: int
    reason: str | None


class NoticeDetail(NoticeView):
    """A notice with all that happened to it."""

    steps: list[StepView]
    decisions: list[DecisionView]
    deliveries: list[MessageView]


class NoticeList(BaseModel):
    """One page of notices."""

    items: list[NoticeView]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    total: int | None = None


class DecisionFilter(Paging):
    """Which decisions."""

    sort: Annotated[Sort, By("at", "plan", "matter", "unit", "act", "level")] = None
    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="part of the reason, or of the matter or unit by code"
    )
    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="code or name")
    matter: str | None = Field(default=None, max_length=100, description="code of the target")
    act: str | None = Field(default=None, max_length=40, description="what was done", examples=["none"])
    notice: uuid.UUID | None = Field(default=None, description="those about this notice")


class DecisionList(BaseModel):
    """One page of decisions, in order of instant."""

    items: list[DecisionView]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    total: int | None = None


class Acknowledgement(BaseModel):
    """Who acknowledges (签收), and what there is to say."""

    model_config = ConfigDict(extra="forbid")

    person: str | None = Field(default=None, min_length=1, max_length=100, examples=["王联络"])
    reason: str = Field(default="", max_length=2000, description="why, or what is being done")

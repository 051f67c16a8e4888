"""Deliveries on the wire."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Counted, Next, Sort
from services.kit.reads import LIMIT
from services.notifier.fields import Addressee, DeliveryId, PlanCode
from services.plan_file.supervision import Channel
from services.plan_file.things import ContactRole

DeliveryState = Literal[
    "pending", "leased", "sending", "accepted", "confirmed", "retry_wait", "rejected", "unknown", "dead", "cancelled"
]

DeliveryKind = Literal["notice", "digest"]
AddressedAs = Literal["to", "cc"]
AttemptResult = Literal["accepted", "retry", "rejected", "unknown"]


As = Annotated[AddressedAs, Field(alias="as", description="to 主送, or cc 抄送")]
Role = Annotated[
    ContactRole,
    Field(description="in which role: liaison 联络员, principal 主要负责人, deputy 分管负责人, deputy_head 分管副区长"),
]
State = Annotated[
    DeliveryState,
    Field(
        description="where it stands: accepted is taken by the next system, confirmed known to have arrived; unknown may have "
        "been taken and is not sent again by itself"
    ),
]
NotTaken = Annotated[
    str | None,
    Field(description="why it was cancelled or not taken, or what the other side said; null where nothing went wrong"),
]
Attempts = Annotated[int, Field(description="how often sending it was begun")]


class DeliveryFilter(BaseModel):
    """Which deliveries, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="part of the title, or of the unit by code or name"
    )
    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="only of this unit, by code or name")
    state: DeliveryState | None = Field(default=None, description="where the delivery stands")
    kind: DeliveryKind | None = Field(default=None, description="a message of its own, or a digest")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("due_at", "created_at", "accepted_at", "plan", "unit", "kind", "state")] = None


class RecipientView(BaseModel):
    """A recipient by unit and role; the address is looked up when the message leaves."""

    as_: As
    unit: str = Field(description="code of the recipient's unit", examples=["economy_information"])
    role: Role


class DeliveryView(BaseModel):
    """One message by one channel (投递). `accepted` is taken by the next system, not read by a person."""

    id: DeliveryId
    plan: PlanCode
    unit: Addressee
    unit_name: str = Field(description="what the unit was called when it was decided", examples=["区经信局"])
    kind: DeliveryKind = Field(description="notice: a message of its own (一事一单); digest: all that is open (汇总)")
    channel: Channel = Field(description="the way by which it goes out")
    recipients: list[RecipientView] = Field(description="to whom it goes, by unit and role")
    subject: str = Field(description="subject line of the message", examples=["督办通知单：T01 新兴产业增加值翻番"])
    state: State
    reason: NotTaken
    due_at: AwareDatetime = Field(description="business instant from which it may leave")
    created_at: AwareDatetime = Field(description="business instant of the decision")
    accepted_at: AwareDatetime | None = Field(description="business instant at which it was taken")
    attempts: Attempts
    provider_reference: str | None = Field(description="what the next system calls it; null unless it said so")


class AddressedView(BaseModel):
    """A person that a try wrote to."""

    as_: As
    unit: str = Field(
        description="code of the contact's unit; the unit that took over where the addressed one was dissolved"
    )
    role: Role
    person: str = Field(description="name of the person that was written to (姓名)", examples=["王联络"])
    for_: str | None = Field(alias="for", description="the contact for whom this person stands in (代理)")


class AttemptView(BaseModel):
    """One try. `result` is empty while it runs, and for ever if its process ended in the call."""

    number: int = Field(description="counts from 1 within the delivery")
    started_at: AwareDatetime = Field(description="when it began, by the database's own clock")
    business_at: AwareDatetime = Field(description="when it began, by the business clock")
    result: AttemptResult | None = Field(
        description="accepted: taken by the next system; retry: refused for now; rejected: for good; unknown: perhaps "
        "taken, so not sent again; null without an end"
    )
    code: int | None = Field(description="number of the other side's answer, by SMTP its reply code; null without one")
    excerpt: str = Field(description="what the other side said, shortened, addresses blotted out; empty: nothing")
    duration_ms: int | None = Field(description="milliseconds that the call took; null without an end")
    addressed: list[AddressedView] = Field(description="who held the roles, or stood in, when it was tried")


class DeliveryDetail(DeliveryView):
    """A delivery with its text and its attempts."""

    body: str = Field(description="text of the message")
    tries: list[AttemptView] = Field(description="every attempt to send it; empty before the first")


class DeliveryList(BaseModel):
    """One page of deliveries."""

    items: list[DeliveryView] = Field(description="deliveries by `due_at` unless `sort` says otherwise, a page of them")
    next: Next
    total: Counted = None

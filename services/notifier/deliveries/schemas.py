"""Deliveries on the wire."""

import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.kit.reads import LIMIT
from services.plan_file.supervision import Channel
from services.plan_file.things import ContactRole

DeliveryState = Literal[
    "pending", "leased", "sending", "accepted", "confirmed", "retry_wait", "rejected", "unknown", "dead", "cancelled"
]

DeliveryKind = Literal["notice", "digest"]
AddressedAs = Literal["to", "cc"]
AttemptResult = Literal["accepted", "retry", "rejected", "unknown"]


class DeliveryFilter(BaseModel):
    """Which deliveries, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="part of the title, or of the unit by code or name"
    )
    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="code or name")
    state: DeliveryState | None = Field(default=None, description="where the delivery stands")
    kind: DeliveryKind | None = Field(default=None, description="a message of its own, or a digest")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("due_at", "created_at", "accepted_at", "plan", "unit", "kind", "state")] = None


class RecipientView(BaseModel):
    """A recipient by unit and role; the address is looked up when the message leaves."""

    as_: AddressedAs = Field(alias="as")
    unit: str
    role: ContactRole


class DeliveryView(BaseModel):
    """One message by one channel (投递). `accepted` is taken by the next system, not read by a person."""

    id: uuid.UUID
    plan: str
    unit: str
    unit_name: str
    kind: DeliveryKind
    channel: Channel
    recipients: list[RecipientView]
    subject: str
    state: DeliveryState
    reason: str | None
    due_at: AwareDatetime = Field(description="business instant from which it may leave")
    created_at: AwareDatetime = Field(description="business instant of the decision")
    accepted_at: AwareDatetime | None = Field(description="business instant at which it was taken")
    attempts: int
    provider_reference: str | None


class AddressedView(BaseModel):
    """A person that a try wrote to."""

    as_: AddressedAs = Field(alias="as")
    unit: str = Field(description="of the contact; the unit that took over where the addressed one was dissolved")
    role: ContactRole
    person: str
    for_: str | None = Field(alias="for", description="the contact for whom this person stands in (代理)")


class AttemptView(BaseModel):
    """One try. `result` is empty while it runs, and for ever if its process ended in the call."""

    number: int
    started_at: AwareDatetime = Field(description="database time")
    business_at: AwareDatetime
    result: AttemptResult | None
    code: int | None
    excerpt: str
    duration_ms: int | None
    addressed: list[AddressedView] = Field(description="who held the roles, or stood in, when it was tried")


class DeliveryDetail(DeliveryView):
    """A delivery with its text and its attempts."""

    body: str
    tries: list[AttemptView]


class DeliveryList(BaseModel):
    """One page of deliveries."""

    items: list[DeliveryView]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    total: int | None = None

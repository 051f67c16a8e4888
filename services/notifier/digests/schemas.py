"""Digests on the wire."""

import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.kit.reads import LIMIT
from services.notifier.deliveries.schemas import DeliveryState
from services.plan_file.measuring import Light

NotSent = Literal["nothing_open"]


class DigestFilter(BaseModel):
    """Which digests, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="code or name")
    sent: bool | None = Field(default=None, description="true: those with a message; false: nothing was open")
    notice: uuid.UUID | None = Field(default=None, description="those that hold this notice")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("cycle_at", "at", "plan", "unit", "kind")] = None


class LineView(BaseModel):
    """A notice in a digest, as it stood."""

    notice: uuid.UUID
    matter: str
    level: str
    light: Light


class DigestView(BaseModel):
    """What one unit was told in one cycle, or why nothing."""

    id: uuid.UUID
    plan: str
    kind: str
    unit: str
    unit_name: str
    cycle_at: AwareDatetime = Field(description="the instant of the fire")
    at: AwareDatetime = Field(description="the instant at which it was made")
    reason: NotSent | None = Field(description="why nothing was sent")
    delivery: uuid.UUID | None
    state: DeliveryState | None = Field(description="state of the delivery")
    lines: list[LineView]


class DigestList(BaseModel):
    """One page of digests."""

    items: list[DigestView]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    total: int | None = None

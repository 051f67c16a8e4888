"""Digests on the wire."""

import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Counted, Next, Sort
from services.kit.reads import LIMIT
from services.notifier.deliveries.schemas import DeliveryState
from services.notifier.fields import Addressee, LevelCode, MatterCode, PlanCode
from services.plan_file.measuring import Light

NotSent = Literal["nothing_open"]


class DigestFilter(BaseModel):
    """Which digests, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    plan: str | None = Field(default=None, max_length=100, description="code of the plan")
    unit: str | None = Field(default=None, max_length=100, description="only of this unit, by code or name")
    sent: bool | None = Field(default=None, description="true: those with a message; false: nothing was open")
    notice: uuid.UUID | None = Field(default=None, description="those that hold this notice")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("cycle_at", "at", "plan", "unit", "kind")] = None


class LineView(BaseModel):
    """A notice in a digest, as it stood."""

    notice: uuid.UUID = Field(description="id of the notice")
    matter: MatterCode
    level: LevelCode
    light: Light = Field(description="the light that the matter showed then (灯)")


class DigestView(BaseModel):
    """What one unit was told in one cycle, or why nothing."""

    id: uuid.UUID = Field(description="key of the digest of this unit and cycle")
    plan: PlanCode
    kind: str = Field(description="code of the digest in the plan file", examples=["weekly"])
    unit: Addressee
    unit_name: str = Field(description="what the unit was called when it was made", examples=["区经信局"])
    cycle_at: AwareDatetime = Field(description="instant for which the cycle was due")
    at: AwareDatetime = Field(description="instant at which it was made: after `cycle_at` where that was late")
    reason: NotSent | None = Field(description="why nothing was sent; null where there is a message")
    delivery: uuid.UUID | None = Field(description="id of the delivery that carries it; null where nothing was sent")
    state: DeliveryState | None = Field(description="where that delivery stands; null where nothing was sent")
    lines: list[LineView] = Field(description="the notices that it holds, in order of their matters; empty: none")


class DigestList(BaseModel):
    """One page of digests."""

    items: list[DigestView] = Field(description="digests by `cycle_at` unless `sort` says otherwise, a page of them")
    next: Next
    total: Counted = None

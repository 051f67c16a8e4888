"""Instruments of support and payments on the wire. Amounts are exact numbers in 万元."""

import uuid
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Code, Day, Exact, PlanScopedCode, Text, UnitCode, Year
from services.registry.versions.schemas import Kept, Search, Seeking

InstrumentKind = Literal["fund", "talent", "exhibition", "subsidy", "land", "other"]
FindingCode = Literal["paid-more-than-committed", "paid-without-commitment"]
PaymentInPath = Annotated[uuid.UUID, Path(description="id of the payment")]
OF_PLAN = Field(default=None, description="of this plan", examples=["xiaoshan-2017-2019"])


class YearAmount(BaseModel):
    """What is committed for one year."""

    model_config = ConfigDict(extra="forbid")

    year: Year = Field(examples=[2018])
    committed: Exact = Field(description="in 万元", examples=["8000"])


class Instrument(BaseModel):
    """An instrument of support (政策工具) of a plan."""

    model_config = ConfigDict(extra="forbid")

    plan: Code
    code: PlanScopedCode = Field(examples=["subfund"])
    name: Text = Field(examples=["工信经济新兴产业子基金"])
    kind: InstrumentKind = Field(
        description="fund 基金, talent 人才政策, exhibition 会展, subsidy 补助, land 用地, other 其他"
    )
    task: PlanScopedCode | None = Field(default=None, description="the task that it carries out", examples=["C20"])
    unit: UnitCode | None = Field(default=None, description="the unit that pays; its callers record payments")
    committed: Exact | None = Field(
        default=None, description="committed in all, in 万元; null: nothing was said", examples=["20000"]
    )
    by_year: list[YearAmount] = Field(default_factory=list, description="committed by year; sums to `committed`")
    document: Text | None = Field(default=None, description="number of the document it stands on (文号)")
    valid_from: Day | None = None
    valid_to: Day | None = None


class InstrumentView(Kept, Instrument):
    """An instrument, as it is today or was."""


class InstrumentSearch(Search):
    """Which instruments."""

    sort: Annotated[Sort, By("code", "name", "plan", "kind", "unit", "committed", "recorded_at")] = None
    plan: Code | None = OF_PLAN
    kind: InstrumentKind | None = Field(default=None, description="of this kind")
    task: PlanScopedCode | None = Field(default=None, description="of this task", examples=["C20"])
    unit: Text | None = Field(default=None, description="that this unit pays, by code or name")


class Payment(BaseModel):
    """Something paid (兑现) to one receiver."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="day of payment; not after today")
    amount: Exact = Field(description="in 万元, above 0", examples=["120.5"])
    enterprise: Code | None = Field(default=None, description="the enterprise that received it", examples=["e01"])
    project: PlanScopedCode | None = Field(default=None, description="the project that received it", examples=["P04"])
    receiver: Text | None = Field(default=None, description="by name, whoever is neither", examples=["某人才团队"])
    document: Text = Field(
        description="number of the document by which it was paid (文号)", examples=["萧经信〔2018〕12号"]
    )
    note: Text | None = None


class OfInstrumentOfPlan(BaseModel):
    """Of which instrument it is."""

    plan: Code = Field(examples=["xiaoshan-2017-2019"])
    instrument: PlanScopedCode = Field(description="the instrument of which it was paid", examples=["subfund"])


class PaymentRow(Payment, OfInstrumentOfPlan):
    """A payment as a row of a sheet says it."""


class PaymentView(Payment):
    """A payment, or the reversal of one."""

    id: uuid.UUID
    plan: str
    instrument: str
    amount: Exact = Field(description="in 万元; below 0 for a reversal")
    reverses: uuid.UUID | None = Field(description="the payment that this one takes back")
    recorded_at: AwareDatetime
    by: str = Field(description="client that recorded it")


class Finding(BaseModel):
    """What does not add up. Nothing is refused for it."""

    code: FindingCode
    plan: str
    instrument: str
    year: int | None = Field(description="null: over all years")
    committed: str | None = Field(description="in 万元")
    paid: str = Field(description="in 万元")
    over: str = Field(description="how much too much, in 万元")
    en: str
    zh: str


class PaymentRecorded(BaseModel):
    """The payment as it was recorded, and what does not add up since."""

    payment: PaymentView
    findings: list[Finding] = Field(description="those of its instrument")


class Reversal(BaseModel):
    """Why a payment is taken back."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="not before the payment, not after today")
    document: Text = Field(description="number of the document that takes it back")
    reason: Text


class Payments(BaseModel):
    """Which payments are listed or summed."""

    model_config = ConfigDict(extra="forbid")

    plan: Code | None = OF_PLAN
    instrument: PlanScopedCode | None = Field(default=None, description="of this instrument")
    year: Year | None = Field(default=None, description="of this year", examples=[2018])
    enterprise: Code | None = Field(default=None, description="to this enterprise, or to a project of it")
    project: PlanScopedCode | None = Field(default=None, description="to this project")


class PaymentFilter(Payments, Seeking):
    """Which payments."""

    sort: Annotated[Sort, By("day", "amount", "plan", "instrument", "recorded_at")] = None


class OfInstrument(BaseModel):
    """What was paid of an instrument, in 万元."""

    plan: str
    instrument: str
    name: str
    committed: str | None
    paid: str
    left: str | None = Field(description="committed less paid; below 0 where too much was paid")


class OfYear(BaseModel):
    """What was paid in a year, in 万元."""

    year: int
    paid: str


class OfReceiver(BaseModel):
    """What one receiver was paid, in 万元; what a project of a listed enterprise was paid counts for the enterprise."""

    enterprise: str | None
    receiver: str = Field(description="name")
    paid: str


class PaymentSums(BaseModel):
    """Sums of what was paid, exact, reversals taken off, in 万元."""

    paid: str
    by_instrument: list[OfInstrument]
    by_year: list[OfYear]
    by_receiver: list[OfReceiver]
    findings: list[Finding]

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
PLAN = Field(description="code of the plan whose instrument it is")
PAID = Field(description="in 万元, exact, reversals taken off")
OF_PLAN = Field(default=None, description="of this plan, by code", examples=["xiaoshan-2017-2019"])


class YearAmount(BaseModel):
    """What is committed for one year."""

    model_config = ConfigDict(extra="forbid")

    year: Year = Field(description="calendar year in which it is to be paid", examples=[2018])
    committed: Exact = Field(description="amount for this year in 万元, not below 0", examples=["8000"])


class Instrument(BaseModel):
    """An instrument of support (政策工具) of a plan."""

    model_config = ConfigDict(extra="forbid")

    plan: Code = Field(description="code of the plan that it supports")
    code: PlanScopedCode = Field(description="short name, unique within the plan", examples=["subfund"])
    name: Text = Field(description="name in Chinese, as its document has it", examples=["工信经济新兴产业子基金"])
    kind: InstrumentKind = Field(
        description="fund 基金, talent 人才政策, exhibition 会展, subsidy 补助, land 用地, other 其他"
    )
    task: PlanScopedCode | None = Field(
        default=None, description="the task that it carries out, by code; null: none", examples=["C20"]
    )
    unit: UnitCode | None = Field(
        default=None,
        description="the unit that pays, by code; its callers record payments; null: those of the whole region do",
    )
    committed: Exact | None = Field(
        default=None, description="committed in all, in 万元; null: nothing was said", examples=["20000"]
    )
    by_year: list[YearAmount] = Field(default_factory=list, description="committed by year; sums to `committed`")
    document: Text | None = Field(
        default=None, description="number of the document it stands on (文号); null: not said"
    )
    valid_from: Day | None = Field(default=None, description="first day on which it is in force; null: not limited")
    valid_to: Day | None = Field(
        default=None, description="last day on which it is in force; null: until further notice"
    )


class InstrumentView(Kept, Instrument):
    """An instrument, as it is today or was."""


class InstrumentSearch(Search):
    """Which instruments."""

    sort: Annotated[Sort, By("code", "name", "plan", "kind", "unit", "committed", "recorded_at")] = None
    plan: Code | None = OF_PLAN
    kind: InstrumentKind | None = Field(default=None, description="of this kind")
    task: PlanScopedCode | None = Field(default=None, description="of this task, by code", examples=["C20"])
    unit: Text | None = Field(default=None, description="that this unit pays, by code or name")


class Payment(BaseModel):
    """Something paid (兑现) to one receiver."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="day of payment; not after today")
    amount: Exact = Field(description="in 万元, above 0", examples=["120.5"])
    enterprise: Code | None = Field(
        default=None, description="the enterprise that received it, by code; null: another receiver", examples=["e01"]
    )
    project: PlanScopedCode | None = Field(
        default=None, description="the project that received it, by code; null: another receiver", examples=["P04"]
    )
    receiver: Text | None = Field(
        default=None,
        description="name of a receiver that is neither; null: one of the two is named",
        examples=["某人才团队"],
    )
    document: Text = Field(
        description="number of the document by which it was paid (文号)", examples=["萧经信〔2018〕12号"]
    )
    note: Text | None = Field(
        default=None, description="what else is to be said of it; of a reversal the reason; null: nothing"
    )


class OfInstrumentOfPlan(BaseModel):
    """Of which instrument it is."""

    plan: Code = Field(examples=["xiaoshan-2017-2019"])
    instrument: PlanScopedCode = Field(description="the instrument of which it was paid", examples=["subfund"])


class PaymentRow(Payment, OfInstrumentOfPlan):
    """A payment as a row of a sheet says it."""


class PaymentView(Payment):
    """A payment, or the reversal of one."""

    id: uuid.UUID = Field(description="UUIDv7; the payment is reversed by it")
    plan: str = PLAN
    instrument: str = Field(description="code of the instrument that was paid from")
    amount: Exact = Field(description="in 万元; below 0 for a reversal")
    reverses: uuid.UUID | None = Field(description="id of the payment that this one takes back; null: it is none")
    recorded_at: AwareDatetime = Field(description="when it was recorded, by the business clock")
    by: str = Field(description="client that recorded it")


class Finding(BaseModel):
    """What does not add up. Nothing is refused for it."""

    code: FindingCode = Field(
        description="paid-more-than-committed 兑现超过承诺, paid-without-commitment 未登记承诺而兑现"
    )
    plan: str = PLAN
    instrument: str = Field(description="code of the instrument that it is about")
    year: int | None = Field(description="null: over all years")
    committed: str | None = Field(description="for that year, or in all, in 万元; null: nothing was committed")
    paid: str = Field(description="in that year, or in all, in 万元, reversals taken off")
    over: str = Field(description="how much too much, in 万元")
    en: str = Field(description="the same as a sentence in English")
    zh: str = Field(description="the same as a sentence in Chinese")


class PaymentRecorded(BaseModel):
    """The payment as it was recorded, and what does not add up since."""

    payment: PaymentView
    findings: list[Finding] = Field(description="those of its instrument")


class Reversal(BaseModel):
    """Why a payment is taken back."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="not before the payment, not after today")
    document: Text = Field(description="number of the document that takes it back")
    reason: Text = Field(description="why it is taken back; the reversal keeps it as its `note`")


class Payments(BaseModel):
    """Which payments are listed or summed."""

    model_config = ConfigDict(extra="forbid")

    plan: Code | None = OF_PLAN
    instrument: PlanScopedCode | None = Field(default=None, description="of this instrument, by code")
    year: Year | None = Field(default=None, description="of this year", examples=[2018])
    enterprise: Code | None = Field(default=None, description="to this enterprise, or to a project of it")
    project: PlanScopedCode | None = Field(default=None, description="to this project")


class PaymentFilter(Payments, Seeking):
    """Which payments."""

    sort: Annotated[Sort, By("day", "amount", "plan", "instrument", "recorded_at")] = None


class OfInstrument(BaseModel):
    """What was paid of an instrument, in 万元."""

    plan: str = PLAN
    instrument: str = Field(description="code of the instrument, unique within the plan")
    name: str = Field(description="name of the instrument in Chinese")
    committed: str | None = Field(description="committed in all, in 万元; null: nothing was said")
    paid: str = PAID
    left: str | None = Field(description="committed less paid; below 0 where too much was paid")


class OfYear(BaseModel):
    """What was paid in a year, in 万元."""

    year: int = Field(description="calendar year of the days of payment")
    paid: str = PAID


class OfReceiver(BaseModel):
    """What one receiver was paid, in 万元; what a project of a listed enterprise was paid counts for the enterprise."""

    enterprise: str | None = Field(description="code of the enterprise; null where no listed enterprise received it")
    receiver: str = Field(description="what the receiver is called, in Chinese")
    paid: str = PAID


class PaymentSums(BaseModel):
    """Sums of what was paid, exact, reversals taken off, in 万元."""

    paid: str = Field(description="all that was paid, in 万元, exact, reversals taken off")
    by_instrument: list[OfInstrument] = Field(
        description="a row for each instrument asked for, also where nothing was paid"
    )
    by_year: list[OfYear] = Field(description="a row for each year in which something was paid")
    by_receiver: list[OfReceiver] = Field(description="a row for each receiver, by enterprise and name")
    findings: list[Finding] = Field(
        description="where more was paid than committed; of whole instruments, whatever payments were asked for"
    )

"""Breakdowns of targets on the wire. Values are exact numbers in the unit of the target's indicator."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.plan_file.measuring import Measure, UnitOfMeasure
from services.plan_file.scalars import Exact, Text, UnitCode, Year

Dimension = Literal["units", "years", "units and years"]


class Part(BaseModel):
    """A part of a target: of a unit or town, of a year, or of a unit in a year."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitCode | None = Field(
        default=None, description="code of the unit or town", examples=["economy_information"]
    )
    year: Year | None = Field(default=None, description="what falls to this year alone", examples=[2018])
    value: Exact = Field(description="in the unit of the target's indicator", examples=["350"])
    note: Text | None = None


class Breakdown(BaseModel):
    """How a target is divided (任务分解)."""

    model_config = ConfigDict(extra="forbid")

    parts: list[Part] = Field(
        min_length=1,
        max_length=5000,
        description="parts of units sum to the whole, and so do parts of years, and parts of units in years",
    )
    document: Text | None = Field(default=None, description="number of the document that divides it (文号)")


class SumView(BaseModel):
    """The parts along one dimension against the target in force."""

    dimension: Dimension
    parts: str = Field(description="their sum, exact")
    remaining: str = Field(description="missing to the whole; below 0: too much; 0: they reach it")


class BreakdownView(BaseModel):
    """A breakdown with the target that it divides."""

    plan: str
    target: str
    version: int = Field(description="counts from 1; the ETag")
    recorded_at: datetime
    by: str = Field(description="client that recorded it")
    document: str | None
    parts: list[Part]
    measure: Measure
    unit_of_measure: UnitOfMeasure | None = Field(description="of the values", examples=["家"])
    goal: str | None = Field(description="the whole, as the target in force says it; null where the target was ended")
    upper: str | None = Field(description="upper bound of the whole, for `between`")
    goal_on: date | None
    reaches: bool = Field(description="whether the parts reach the target as it is in force, along each dimension")
    sums: list[SumView]


class PastBreakdown(BaseModel):
    """One version of a breakdown."""

    version: int
    recorded_at: datetime
    by: str
    document: str | None
    parts: list[Part]


class BreakdownHistory(BaseModel):
    """Every version of a breakdown, the first one first."""

    items: list[PastBreakdown]


class BreakdownItem(PastBreakdown):
    """A breakdown in a list."""

    plan: str
    target: str


class BreakdownPage(BaseModel):
    """Breakdowns by plan and target."""

    items: list[BreakdownItem]
    next: str | None = None
    total: int | None = None

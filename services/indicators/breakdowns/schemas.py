"""Breakdowns of targets on the wire. Values are exact numbers in the unit of the target's indicator."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.indicators.fields import InForceSince, PlanCode, TargetCode
from services.kit.paging import Counted, Next
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
    note: Text | None = Field(default=None, description="what there is to say of the part (备注)")


class Breakdown(BaseModel):
    """How a target is divided (任务分解)."""

    model_config = ConfigDict(extra="forbid")

    parts: list[Part] = Field(
        min_length=1,
        max_length=5000,
        description="parts of units sum to the whole, and so do parts of years, and parts of units in years",
    )
    document: Text | None = Field(default=None, description="number of the document that divides it (文号)")


By = Annotated[
    str,
    Field(
        description="the client or person that recorded it; `duban` where a reform handed parts over",
        examples=["duban-cli"],
    ),
]
Document = Annotated[str | None, Field(description="number of the document that divides it (文号); null without one")]
Parts = Annotated[list[Part], Field(description="the parts, in the order in which they were sent")]


class DissolvedUnit(BaseModel):
    """A unit among the parts that is no more, and whose part no single successor took over."""

    unit: str = Field(description="code of the unit", examples=["yiqiao_town"])
    successors: list[str] = Field(description="codes of the units that took over from it; empty: none did")


Dissolved = Annotated[
    list[DissolvedUnit],
    Field(
        description="units among the parts that were split up or ended: nothing says to whom their parts fall, so the "
        "target is to be divided anew. Of a unit that one other succeeded, that one has the part already"
    ),
]


class SumView(BaseModel):
    """The parts along one dimension against the target in force."""

    dimension: Dimension = Field(description="along which the parts are summed")
    parts: str = Field(description="sum of the parts, exact, in the unit of the target")
    remaining: str = Field(description="missing to the whole; below 0: too much; 0: they reach it")


class BreakdownView(BaseModel):
    """A breakdown with the target that it divides."""

    plan: PlanCode
    target: TargetCode
    version: int = Field(description="counts from 1; the ETag")
    recorded_at: InForceSince
    by: By
    document: Document
    parts: Parts
    measure: Measure | None = Field(
        description="what of the series the target judges (计算方式); null where the target was ended"
    )
    unit_of_measure: UnitOfMeasure | None = Field(
        description="unit of measure of the parts and of the goal", examples=["家"]
    )
    goal: str | None = Field(description="the whole, as the target in force says it; null where the target was ended")
    upper: str | None = Field(description="upper bound of the whole, for `between`")
    goal_on: date | None = Field(description="the day by whose end the goal is due; null where the target was ended")
    reaches: bool = Field(description="whether the parts reach the target as it is in force, along each dimension")
    sums: list[SumView] = Field(description="what the parts come to along each dimension that they have")
    dissolved: Dissolved


class PastBreakdown(BaseModel):
    """One version of a breakdown."""

    version: int = Field(description="counts from 1 for each target")
    recorded_at: datetime = Field(description="in force from this instant until the next version's")
    by: By
    document: Document
    parts: Parts


class BreakdownHistory(BaseModel):
    """Every version of a breakdown, the first one first."""

    items: list[PastBreakdown] = Field(description="the versions, the first one first")


class BreakdownItem(PastBreakdown):
    """A breakdown in a list."""

    plan: PlanCode
    target: TargetCode
    dissolved: Dissolved


class BreakdownPage(BaseModel):
    """Breakdowns by plan and target."""

    items: list[BreakdownItem] = Field(description="the breakdowns in force, a page of them")
    next: Next = None
    total: Counted = None

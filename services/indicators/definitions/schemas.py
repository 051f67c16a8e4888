"""What goes over the wire about indicators and series."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from services.kit.reads import LIMIT
from services.plan_file.measuring import Accumulation, Direction, Frequency, PriceBasis, SourceClass, UnitOfMeasure

Limit = Annotated[int, Query(ge=1, le=LIMIT, description="as many items as a page has at most")]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Total = Annotated[bool, Query(description="count everything that is asked for, too")]
Q = Annotated[
    str | None,
    Query(
        min_length=1, max_length=200, description="part of a code or a name; one character is enough", examples=["增加"]
    ),
]
Search = Annotated[str | None, Query(min_length=1, description="the same as `q`, by its earlier name", deprecated=True)]
OfIndicator = Annotated[str | None, Query(description="code of the indicator", examples=["va_growth"])]
OfSubject = Annotated[str | None, Query(description="kind:code of the subject", examples=["industry:information"])]
OfPlan = Annotated[str | None, Query(description="code of the plan", examples=["xiaoshan-2017-2019"])]


class Indicator(BaseModel):
    """An indicator (指标) in force."""

    code: str = Field(examples=["va_growth"])
    plan: str = Field(description="the plan whose file declares it")
    name: str
    name_en: str | None
    unit_of_measure: UnitOfMeasure = Field(examples=["%", "亿元", "家"])
    decimals: int
    whole: bool = Field(description="counts of things: what is scheduled is rounded down")
    direction: Direction
    frequency: Frequency
    accumulation: Accumulation
    formula: str | None = Field(description="arithmetic over other indicators of the same subject and period")
    roster: str | None = Field(description="the registry's roster that it is counted from; nothing is reported")
    price_basis: PriceBasis | None
    source: SourceClass = Field(description="statistics 统计, bureau 部门, enterprise 企业自报")
    bureau: str | None = Field(description="code of the unit that reports it")
    due_day: int = Field(description="day of the following month by which a report is due")
    unpublished_months: list[int] = Field(description="months never published on their own")
    recorded_at: datetime = Field(description="since when this version is in force")


class IndicatorPage(BaseModel):
    """Indicators in order of their codes."""

    items: list[Indicator]
    next: str | None = None
    total: int | None = None


class Series(BaseModel):
    """An indicator on a subject (序列)."""

    id: str
    indicator: str
    subject: str = Field(examples=["industry:information"])
    bureau: str | None = Field(description="code of the unit that reports it")
    unit_of_measure: UnitOfMeasure
    frequency: Frequency
    accumulation: Accumulation
    formula: str | None
    roster: str | None


class SeriesPage(BaseModel):
    """Series in order of indicator and subject."""

    items: list[Series]
    next: str | None = None
    total: int | None = None

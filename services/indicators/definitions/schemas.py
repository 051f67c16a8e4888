"""What goes over the wire about indicators and series."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from services.indicators.fields import (
    Accumulated,
    CountedFrom,
    Formula,
    IndicatorCode,
    InForceSince,
    KeptIn,
    NameEn,
    Often,
    ReportedBy,
    SubjectKey,
)
from services.kit.paging import Counted, Next
from services.kit.reads import LIMIT
from services.plan_file.measuring import Direction, PriceBasis, SourceClass

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

    code: IndicatorCode
    plan: str = Field(description="the plan whose file declares it")
    name: str = Field(description="what it is called in Chinese", examples=["增加值增速（可比价，自年初累计）"])
    name_en: NameEn
    unit_of_measure: KeptIn
    decimals: int = Field(
        description="decimals to which what is reached and scheduled is rounded, half away from zero; multiples have 3"
    )
    whole: bool = Field(description="counts of things: what is scheduled is rounded down")
    direction: Direction = Field(description="which way is better: increase 正向, decrease 逆向, maintain 保持 neither")
    frequency: Often
    accumulation: Accumulated
    formula: Formula
    roster: CountedFrom
    price_basis: PriceBasis | None = Field(
        description="prices of its figures: current 现价, comparable 可比价; null where prices are no matter"
    )
    source: SourceClass = Field(description="statistics 统计, bureau 部门, enterprise 企业自报")
    bureau: ReportedBy
    due_day: int = Field(description="day of the month after the period by which its report is due", examples=[12])
    unpublished_months: list[int] = Field(description="months (1 to 12) never published on their own", examples=[[1]])
    recorded_at: InForceSince


class IndicatorPage(BaseModel):
    """Indicators in order of their codes."""

    items: list[Indicator] = Field(description="the indicators in force, a page of them")
    next: Next = None
    total: Counted = None


class Series(BaseModel):
    """An indicator on a subject (序列)."""

    id: str = Field(description="key of the series, a UUIDv7")
    indicator: IndicatorCode
    subject: SubjectKey
    bureau: ReportedBy
    unit_of_measure: KeptIn
    frequency: Often
    accumulation: Accumulated
    formula: Formula
    roster: CountedFrom


class SeriesPage(BaseModel):
    """Series in order of indicator and subject."""

    items: list[Series] = Field(description="what is measured on what, a page of it")
    next: Next = None
    total: Counted = None

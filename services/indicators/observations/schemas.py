"""What goes over the wire about figures and milestones reached."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.indicators.fields import IndicatorCode, SubjectKey
from services.kit.later.schemas import Job
from services.kit.paging import Counted, Next
from services.plan_file.measuring import UnitOfMeasure
from services.plan_file.scalars import Text

FigureClass = Literal["flash", "annual", "audited"]
FigureStatus = Literal["reported", "verified", "approved"]
Short = Annotated[str, StringConstraints(max_length=500)]


class Report(BaseModel):
    """One reported figure. All values are text, so that a number is taken exactly as it was written."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "indicator": "va_growth",
                    "subject": "industry:information",
                    "period": "2018-07",
                    "value": "26.1",
                    "unit": "%",
                    "reporter": "区统计局",
                }
            ]
        },
    )

    indicator: Short = Field(description="code of the indicator", examples=["va_growth"])
    subject: Short = Field(
        description="kind:code, or `plan` for the indicator's plan", examples=["industry:information"]
    )
    period: Short = Field(description="the period (报告期): 2018, 2018-H1, 2018-Q3 or 2018-09", examples=["2018-07"])
    value: Short = Field(description="exact number in `unit`", examples=["26.1"])
    unit: Short = Field(default="", description="unit of measure; empty: the indicator's own", examples=["%"])
    recorded_at: Short = Field(
        default="", description="only while the plan is in set-up; empty: stamped by the platform"
    )
    status: Short = Field(
        default="",
        description="reported (default); with the scope observations:verify also verified, approved or published, rejected",
    )
    reporter: Short = Field(
        default="", description="unit by code or name; empty: the caller's unit, else the series' bureau"
    )
    note: Short = Field(
        default="", description="what there is to say of the figure (备注), such as why it is corrected"
    )
    comparable_base: Short = Field(
        default="", description="same period a year before on a comparable scope (上年同期), in `unit`"
    )
    class_: Short = Field(
        default="",
        alias="class",
        description="flash 快报 (default; of the same figure said again: its own), annual 年报; with the scope observations:verify also audited 核定",
    )


class ReportBatch(BaseModel):
    """Figures that are taken together or not at all."""

    model_config = ConfigDict(extra="forbid")

    reports: list[Report] = Field(min_length=1, max_length=10_000, description="the figures, in any order")


class Receipt(BaseModel):
    """What became of the rows that were sent; all of them or none."""

    rows: int = Field(description="rows that were sent")
    recorded: int = Field(
        description="rows recorded as new versions, or that would be; also the same value with a higher status or class"
    )
    unchanged: int = Field(description="rows that say nothing new of what is there")
    skipped: int = Field(description="rows of a form without a figure, passed over")
    recorded_at: datetime | None = Field(
        description="the instant stamped on rows that brought none; empty in a dry run"
    )
    dry_run: bool = Field(description="whether everything was only checked: then nothing is recorded")


class ImportJob(Job):
    """An import of figures that is done later."""

    result: Receipt | None = Field(description="what became of the rows; null until the job is done")


class Rejection(BaseModel):
    """Why a figure does not count."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field(description="the reason 驳回原因", examples=["多录一位"])


class Rejected(BaseModel):
    """From when on a figure does not count."""

    id: str = Field(description="key of the version that was rejected")
    rejected_at: datetime = Field(description="from this instant on it does not count; before, it did")
    rejected_by: str = Field(description="the client or person that rejected it", examples=["statistics-desk"])


class Observation(BaseModel):
    """A version of the figure of one series and period."""

    id: str = Field(description="key of the version, by which it is read and rejected")
    indicator: IndicatorCode
    subject: SubjectKey
    period: str = Field(description="2018, 2018-H1, 2018-Q3 or 2018-09 (报告期)", examples=["2018-06"])
    period_end: str = Field(description="last day of the period", examples=["2018-06-30"])
    value: str = Field(description="exact, in the indicator's unit")
    unit: UnitOfMeasure = Field(description="the indicator's unit of measure, in which `value` is")
    comparable_base: str | None = Field(
        description="same period a year before on a comparable scope (上年同期, 可比口径), in `unit`; null where not reported"
    )
    entered_value: str = Field(description="as it was entered, in entered_unit")
    entered_unit: UnitOfMeasure = Field(description="unit of measure in which it was reported")
    class_: FigureClass = Field(alias="class", description="flash 快报, annual 年报 or audited 核定")
    status: FigureStatus = Field(description="reported, then verified, then approved by who may verify")
    reporter: str = Field(description="code of the unit that reports it", examples=["statistics"])
    note: str = Field(description="what the reporter said of it (备注); empty: nothing")
    recorded_at: datetime = Field(description="from this instant on it counts")
    recorded_by: str = Field(description="the client or person that sent it", examples=["statistics-desk"])
    rejected_at: datetime | None = Field(description="from this instant on it does not count; null where it does")
    rejected_by: str | None = Field(description="the client or person that rejected it; null where it counts")
    rejection_note: str | None = Field(description="why it was rejected (驳回原因); null where it counts")


class ObservationPage(BaseModel):
    """Figures, in order of period, series and instant."""

    items: list[Observation] = Field(description="versions of figures, a page of them")
    next: Next
    total: Counted = None

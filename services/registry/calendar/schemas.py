"""Working days and the clock on the wire."""

from datetime import datetime
from typing import Annotated, Protocol, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.kit.clock import Instant
from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Text, Year
from services.registry.calendar.rules import Kind
from services.registry.versions.schemas import Kept, Paging


class Holiday(BaseModel):
    """A holiday of a notice (放假), both days included."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(description="what the notice calls it (节日)", examples=["国庆节"])
    first: Day = Field(description="first free day", examples=["2018-10-01"])
    last: Day = Field(description="last free day", examples=["2018-10-07"])


class YearlyNotice(BaseModel):
    """The yearly notice of the General Office of the State Council, as it is published."""

    model_config = ConfigDict(extra="forbid")

    document: Text = Field(description="number of the notice", examples=["国办发明电〔2017〕12号"])
    holidays: list[Holiday] = Field(max_length=50, description="free days (放假), weekends among them included")
    workdays: list[Day] = Field(
        default_factory=list,
        max_length=100,
        description="weekend days worked in exchange (调休)",
        examples=[["2018-09-29"]],
    )


class CalendarYear(BaseModel):
    """The days of one year that differ from the plain week of Monday to Friday."""

    model_config = ConfigDict(extra="forbid")

    year: Year = Field(description="from 1 January to 31 December", examples=[2018])
    published: bool = Field(
        description="whether the yearly notice of the General Office of the State Council is out; before, weekends only"
    )
    exceptions: dict[Day, bool] = Field(
        max_length=366,
        description="by day: false for a holiday, true for a weekend day that is worked in exchange (调休)",
        examples=[{"2018-10-01": False, "2018-09-29": True}],
    )
    document: Text | None = Field(
        default=None,
        description="number of the notice (文号); null while it is not out",
        examples=["国办发明电〔2017〕12号"],
    )
    holidays: list[Holiday] | None = Field(
        default=None, max_length=50, description="the notice's holidays, where it was imported"
    )
    beyond: dict[Day, bool] | None = Field(
        default=None,
        max_length=62,
        description="days next to the year that its notice speaks of, by the same rule; null: none",
    )


class CalendarView(Kept, CalendarYear):
    """A year's calendar, as it is today or was."""


class CalendarFilter(Paging):
    """Which calendars."""

    sort: Annotated[Sort, By("year", "recorded_at")] = None


class NoticeTaken(BaseModel):
    """What importing a notice changes."""

    dry_run: bool = Field(description="nothing was written")
    calendars: list[CalendarYear] = Field(
        description="the calendars as they are now, or would be: of the year, and of those next to it that it speaks of"
    )


class CalendarDay(BaseModel):
    """One day of a calendar."""

    day: Day = Field(description="the civil date of which the row speaks")
    works: bool = Field(description="whether it is a working day (工作日)")
    kind: Kind = Field(description="holiday: a weekday that is free; worked_weekend: worked in exchange (调休)")
    name: str | None = Field(description="of the holiday, where the notice was imported", examples=["国庆节"])


class CalendarDays(BaseModel):
    """The days of a year, or of a part of it."""

    items: list[CalendarDay] = Field(description="one row for each day asked for, the earliest first")
    working: int = Field(description="how many of them are working days")
    provisional: bool = Field(description="the year's notice is not out: weekends only")


class DaysAsked(BaseModel):
    """Which days of the year."""

    model_config = ConfigDict(extra="forbid")

    from_: Day | None = Field(default=None, alias="from", description="first day; that of the year, unless given")
    to: Day | None = Field(default=None, description="last day; that of the year, unless given")


class WorkingDayAsked(BaseModel):
    """So many working days after a day."""

    model_config = ConfigDict(extra="forbid")

    after: Day = Field(description="counted from the day after this one", examples=["2018-09-28"])
    count: int = Field(ge=1, le=1000, description="how many working days", examples=[5])


class WorkingDay(BaseModel):
    """The day on which so many working days have passed, at its end: how limits are counted (办理期限)."""

    after: Day = Field(description="as asked: counted from the day after this one")
    count: int = Field(description="as asked: how many working days")
    day: Day = Field(description="the last of them", examples=["2018-10-10"])
    provisional: bool = Field(description="a day on the way is of a year whose notice is not out")


class Clock(BaseModel):
    """The business clock: it stamps what is recorded, fires what is due, and never goes back."""

    now: AwareDatetime = Field(description="the business instant", examples=["2018-07-16T09:00:00+08:00"])
    standing: bool = Field(description="it does not tick now")
    moving_to: AwareDatetime | None = Field(
        description="it is on its way there, visiting everything that is due, each at its own instant; null: it is not"
    )
    synthetic: bool = Field(description="it is not the real time: figures, contacts and mails are made up too")
    movable: bool = Field(description="an embedded platform: PUT can move it")


class ClockMove(BaseModel):
    """Where the clock shall go, or whether it shall tick."""

    model_config = ConfigDict(extra="forbid")

    to: Instant | None = Field(
        default=None, description="not before now; null: it stays where it is", examples=["2018-07-23T09:00:00+08:00"]
    )
    standing: bool | None = Field(default=None, description="stand still afterwards, or tick; as before if not given")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.to is None and self.standing is None:
            raise PydanticCustomError(
                "no_move", "say where to, or whether it shall stand", {"zh": "请给出 to，或 standing"}
            )
        return self


class DueService(Protocol):
    """A service that does what is due up to an instant."""

    async def run_due(self, until: datetime) -> datetime | None:
        """Do it; the instant at which more is due, if that is known."""

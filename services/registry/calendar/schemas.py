"""Working days and the clock on the wire."""

from datetime import datetime
from typing import Protocol, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from services.kit.clock import Instant
from services.plan_file.scalars import Day, Year
from services.registry.versions.schemas import Kept


class CalendarYear(BaseModel):
    """The days of one year that differ from the plain week of Monday to Friday."""

    model_config = ConfigDict(extra="forbid")

    year: Year = Field(examples=[2018])
    published: bool = Field(
        description="whether the yearly notice of the General Office of the State Council is out; before, weekends only"
    )
    exceptions: dict[Day, bool] = Field(
        max_length=366,
        description="by day: false for a holiday, true for a weekend day that is worked in exchange (调休)",
        examples=[{"2018-10-01": False, "2018-09-29": True}],
    )


class CalendarView(Kept, CalendarYear):
    """A year's calendar, as it is today or was."""


class Clock(BaseModel):
    """The business clock: it stamps what is recorded, fires what is due, and never goes back."""

    now: AwareDatetime = Field(description="the business instant", examples=["2018-07-16T09:00:00+08:00"])
    standing: bool = Field(description="it does not tick now")
    moving_to: AwareDatetime | None = Field(
        description="it is on its way there, visiting everything that is due on the way, each at its own instant"
    )
    synthetic: bool = Field(description="it is not the real time: figures, contacts and mails are made up too")
    movable: bool = Field(description="an embedded platform: PUT can move it")


class Move(BaseModel):
    """Where the clock shall go, or whether it shall tick."""

    model_config = ConfigDict(extra="forbid")

    to: Instant | None = Field(default=None, description="not before now", examples=["2018-07-23T09:00:00+08:00"])
    standing: bool | None = Field(default=None, description="stand still afterwards, or tick; as before if not given")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.to is None and self.standing is None:
            raise ValueError("say where to, or whether it shall stand")
        return self


class DueService(Protocol):
    """A service that does what is due up to an instant."""

    async def run_due(self, until: datetime) -> datetime | None:
        """Do it; the instant at which more is due, if that is known."""

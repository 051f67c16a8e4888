"""Working days (工作日): arithmetic over a table of days; which days work is the registry's to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the plain week: holidays (False) and weekends worked in exchange (True, 调休).

    `published_through` is the last day covered by a yearly notice of the General Office of the State Council; later
    days count weekends only and are provisional.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    published_through: date | None = None

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def provisional(self, day: date) -> bool:
        """Whether no notice has been published for the year of `day`."""
        return self.published_through is None or day > self.published_through

    def on_or_after(self, day: date) -> date:
        """`day`, or the first working day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, working_days: int) -> date:
        """The last of `working_days` working days, counted from the day after `day`."""
        for _ in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day


@dataclass(frozen=True)
class Window:
    """The hours of a working day in which messages go out, in the plan's zone: from `opens` to before `closes`."""

    opens: time
    closes: time
    zone: str

    def earliest(self, instant: datetime, calendar: Calendar) -> datetime:
        """`instant` if messages may go out then, else the next opening."""
        local = instant.astimezone(ZoneInfo(self.zone))
        day = local.date()
        if calendar.works(day):
            if self.opens <= local.time() < self.closes:
                return instant
            if local.time() < self.opens:
                return self._opening(day)
        return self._opening(calendar.on_or_after(day + timedelta(days=1)))

    def _opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, ZoneInfo(self.zone))


def end_of(day: date, zone: str) -> datetime:
    """The instant at which `day` ends in `zone`: the first of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))

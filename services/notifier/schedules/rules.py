"""When a weekly schedule fires: on its weekday, moved off rest days and merged there. Source: semantics.md 6."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import dropwhile, groupby
from zoneinfo import ZoneInfo

from services.kit.workdays import Calendar

LONGEST_REST = timedelta(days=31)
"""No run of rest days is longer: a fire moves no further."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Weekly:
    """A weekday (0 is Monday) and a time of day in a zone."""

    weekday: int
    at: time
    zone: str


@dataclass(frozen=True)
class Fire:
    """An instant, and the days of the week rule that it stands for."""

    at: datetime
    days: tuple[date, ...]


def fires(weekly: Weekly, calendar: Calendar, after: datetime) -> Iterator[Fire]:
    """The fires later than `after`, in order, without end."""
    moved = groupby(_moved(weekly, calendar, after), key=lambda pair: pair[0])
    merged = (Fire(at, tuple(day for _, day in days)) for at, days in moved)
    return dropwhile(lambda fire: fire.at <= after, merged)


def _moved(weekly: Weekly, calendar: Calendar, after: datetime) -> Iterator[tuple[datetime, date]]:
    zone = ZoneInfo(weekly.zone)
    day = after.astimezone(zone).date() - LONGEST_REST
    day += timedelta(days=(weekly.weekday - day.weekday()) % 7)
    while True:
        yield datetime.combine(calendar.on_or_after(day), weekly.at, zone), day
        day += WEEK

"""Which days work, and where the business clock may go."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from services.kit.errors import Conflict, Faulty
from services.registry.versions.rules import Content

SATURDAY: Final = 5

SEEDED_AT: Final = datetime.fromisoformat("2000-01-01T00:00:00+08:00")
"""Calendars that come with the software count from here, so that no plan's history depends on the day of installation."""


class ClockIsReal(Conflict):
    """Only the clock of an embedded platform can be moved."""

    code = "clock-is-real"

    def __init__(self) -> None:
        super().__init__(
            "this platform runs on real time; only an embedded platform's clock can be moved",
            zh="本平台按真实时间运行；只有单机演示平台的时钟可以拨动",
        )


class ClockBackwards(Conflict):
    """The business clock never goes back."""

    code = "clock-backwards"

    def __init__(self, now: datetime) -> None:
        super().__init__(
            f"it is {now.isoformat()} already, and the business clock never goes back",
            zh=f"业务时钟已到 {now.isoformat()}，不可回拨",
            pointer="/body/to",
        )


def check_forward(now: datetime, to: datetime) -> None:
    """Refuse to move the clock back."""
    if to < now:
        raise ClockBackwards(now)


def next_stop(at: datetime, to: datetime, announced: Iterable[datetime | None]) -> datetime:
    """The next instant that a moving clock visits: the earliest one announced, at the latest `to`, never before `at`."""
    return max(at, min([to, *(instant for instant in announced if instant is not None)]))


def columns(calendar: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {"year": calendar["year"], "published": calendar["published"]}


def faults(calendar: Content, at: str = "/body") -> Iterator[Faulty]:
    """A fault for each day that is not of the year, or is no exception because the plain week says the same."""
    for day, works in calendar["exceptions"].items():
        when = date.fromisoformat(day)
        if when.year != calendar["year"]:
            yield Faulty(
                f"{at}/exceptions/{day}",
                "other-year",
                f"{day} is not a day of {calendar['year']}",
                f"{day} 不在 {calendar['year']} 年内",
            )
        elif works == (when.weekday() < SATURDAY):
            yield Faulty(
                f"{at}/exceptions/{day}",
                "no-exception",
                f"{day} is that anyway; name only days that differ from the plain week",
                f"{day} 与正常周历一致，只需列出不同的日期",
            )


def years(holidays: Iterable[date], workdays: Iterable[date]) -> dict[int, Content]:
    """Calendars by year: weekdays that are holidays (放假) and weekend days worked in exchange (调休上班)."""
    exceptions: dict[int, dict[str, bool]] = {}
    marked: Mapping[date, bool] = {**dict.fromkeys(holidays, False), **dict.fromkeys(workdays, True)}
    for day, works in sorted(marked.items()):
        differing = exceptions.setdefault(day.year, {})
        if works != (day.weekday() < SATURDAY):
            differing[day.isoformat()] = works
    return {year: {"year": year, "published": True, "exceptions": differing} for year, differing in exceptions.items()}

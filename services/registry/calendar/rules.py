"""Which days work, and where the business clock may go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from services.kit.errors import Conflict, Faulty
from services.kit.workdays import Calendar
from services.registry.versions.rules import Content

SATURDAY: Final = 5

LONGEST: Final = 31
"""No holiday has more days."""

OF_NOTICE: Final[Content] = {"document": None, "holidays": [], "beyond": {}}
"""What a year's calendar says of the notice that it was taken from, where it was taken from none."""

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
    return {
        year: {"year": year, "published": True, "exceptions": differing, **OF_NOTICE}
        for year, differing in exceptions.items()
    }


@dataclass(frozen=True)
class Holiday:
    """A holiday of a notice (放假), both days included."""

    name: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Its days."""
        return (self.first + timedelta(days=nth) for nth in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Notice:
    """A year's notice of the General Office of the State Council (国务院办公厅关于部分节假日安排的通知)."""

    year: int
    document: str
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]
    """Weekend days that are worked in exchange (调休上班)."""


Kind = Literal["workday", "weekend", "holiday", "worked_weekend"]

Pointer = Callable[[str, int, str], str]
"""Where something stands in what was sent: by list (holidays, workdays), place and field."""


def notice_faults(notice: Notice, at: Pointer) -> Iterator[Faulty]:
    """What of a notice cannot be: every fault, each at its row and cell."""
    free: dict[date, str] = {}
    for place, holiday in enumerate(notice.holidays):
        length = (holiday.last - holiday.first).days + 1
        if not 1 <= length <= LONGEST:
            yield Faulty(
                at("holidays", place, "last"),
                "bad-span",
                f"{holiday.name} would have {length} days, from {holiday.first} to {holiday.last}",
                f"{holiday.name} 自 {holiday.first} 至 {holiday.last} 共 {length} 天，请核对起止日期",
            )
            continue
        for field, day in (("first", holiday.first), ("last", holiday.last)):
            yield from _near(notice.year, day, at("holidays", place, field))
        taken = next((free[day] for day in holiday.days() if day in free), None)
        if taken is not None:
            yield Faulty(
                at("holidays", place, "first"),
                "overlap",
                f"{holiday.name} has a day of {taken}",
                f"{holiday.name} 与 {taken} 的日期重叠",
            )
        free |= dict.fromkeys(holiday.days(), holiday.name)
    yield from _workday_faults(notice, free, at)


def _workday_faults(notice: Notice, free: Mapping[date, str], at: Pointer) -> Iterator[Faulty]:
    seen: set[date] = set()
    for place, day in enumerate(notice.workdays):
        pointer = at("workdays", place, "first")
        yield from _near(notice.year, day, pointer)
        if day in seen:
            yield Faulty(pointer, "twice", f"{day} is named already", f"{day} 已列出")
        seen.add(day)
        if day in free:
            yield Faulty(
                pointer,
                "holiday-worked",
                f"{day} is a day of {free[day]}",
                f"{day} 属于 {free[day]} 假期，不能同时上班",
            )
        elif day.weekday() < SATURDAY:
            yield Faulty(
                pointer,
                "no-weekend",
                f"{day} is a weekday and worked anyway; name weekend days that are worked in exchange",
                f"{day} 不是周末，本来就上班；只列调休上班的周末",
            )


def _near(year: int, day: date, at: str) -> Iterator[Faulty]:
    """A notice speaks of its year, and of the days next to it: December before, January after."""
    if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
        yield Faulty(
            at, "other-year", f"{day} is not a day of {year} or next to it", f"{day} 不在 {year} 年内或其前后相邻日期"
        )


def calendars(notice: Notice, known: Mapping[int, Content]) -> dict[int, Content]:
    """The calendars that a notice without a fault changes: of its year, and of the years next to it that it speaks of.

    `known` are the calendars as they are. What a neighbour's notice said about days of this year stays.
    """
    said = dict.fromkeys((day for holiday in notice.holidays for day in holiday.days()), False)
    said |= dict.fromkeys(notice.workdays, True)
    told = {day.isoformat(): works for day, works in sorted(said.items()) if works != (day.weekday() < SATURDAY)}
    own = {day: works for day, works in told.items() if date.fromisoformat(day).year == notice.year}
    beyond = {day: works for day, works in told.items() if day not in own}
    for other in (notice.year - 1, notice.year + 1):
        for day, works in (known.get(other, {}).get("beyond") or {}).items():
            if date.fromisoformat(day).year == notice.year:
                own.setdefault(day, works)
    changed: dict[int, Content] = {
        notice.year: {
            "year": notice.year,
            "published": True,
            "exceptions": dict(sorted(own.items())),
            "document": notice.document,
            "holidays": [
                {"name": one.name, "first": one.first.isoformat(), "last": one.last.isoformat()}
                for one in notice.holidays
            ],
            "beyond": beyond,
        }
    }
    for day, works in beyond.items():
        year = date.fromisoformat(day).year
        empty = {"year": year, "published": False, "exceptions": {}, **OF_NOTICE}
        before = changed.get(year) or {**empty, **known.get(year, {})}
        changed[year] = {**before, "exceptions": dict(sorted({**before["exceptions"], day: works}.items()))}
    return {year: content for year, content in changed.items() if content != known.get(year)}


def working_days(known: Iterable[Content]) -> Calendar:
    """The calendar of these years; other years count weekends only."""
    return Calendar({date.fromisoformat(day): works for year in known for day, works in year["exceptions"].items()})


def published(year: int, known: Mapping[int, Content]) -> bool:
    """Whether a year's notice is out; else its days are provisional."""
    return year in known and bool(known[year]["published"])


def kind_of(day: date, calendar: Calendar) -> Kind:
    """What a day is: `workday`, `weekend`, `holiday` (a weekday that is free), `worked_weekend` (调休)."""
    if calendar.works(day):
        return "workday" if day.weekday() < SATURDAY else "worked_weekend"
    return "weekend" if day.weekday() >= SATURDAY else "holiday"


def names(known: Iterable[Content]) -> dict[str, str]:
    """The names of the holidays by day, as far as notices were imported."""
    return {
        day.isoformat(): holiday["name"]
        for year in known
        for holiday in year.get("holidays") or ()
        for day in Holiday(
            holiday["name"], date.fromisoformat(holiday["first"]), date.fromisoformat(holiday["last"])
        ).days()
    }

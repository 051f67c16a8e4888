"""Periods (报告期) and the calendar arithmetic on them (S1)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Frequency(IntEnum):
    """How often an indicator is reported; the number is the months in one period."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12


def month_end(year: int, month: int) -> date:
    """Last day of the month; `month` may lie outside 1 to 12 and carries into the year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, order=True)
class Period:
    """S1: a year, half, quarter or month, identified by frequency and last day."""

    frequency: Frequency
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2018`, `2018-H1`, `2018-Q3` or `2018-09`; anything else is a ValueError."""
        found = re.fullmatch(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d{2})))?", text)
        if found is None:
            msg = f"not a period: {text}"
            raise ValueError(msg)
        year, half, quarter, month = (int(part) if part else None for part in found.groups())
        assert year is not None
        if half:
            return cls(Frequency.HALF, month_end(year, half * 6))
        if quarter:
            return cls(Frequency.QUARTER, month_end(year, quarter * 3))
        if month:
            return cls(Frequency.MONTH, month_end(year, month))
        return cls(Frequency.YEAR, month_end(year, 12))

    @classmethod
    def last_of_year(cls, frequency: Frequency, year: int) -> Period:
        """The period that ends on 31 December."""
        return cls(frequency, date(year, 12, 31))

    def __str__(self) -> str:
        if self.frequency is Frequency.YEAR:
            return f"{self.end:%Y}"
        number = self.end.month // self.frequency
        return {
            Frequency.HALF: f"{self.end:%Y}-H{number}",
            Frequency.QUARTER: f"{self.end:%Y}-Q{number}",
            Frequency.MONTH: f"{self.end:%Y-%m}",
        }[self.frequency]

    @property
    def year(self) -> int:
        """The calendar year in which the period lies."""
        return self.end.year

    @property
    def ends_year(self) -> bool:
        """Whether the year to date up to this period is the whole year."""
        return self.end.month == 12

    def a_year_before(self) -> Period:
        """The same period of the year before (上年同期)."""
        return Period(self.frequency, month_end(self.end.year - 1, self.end.month))

    def of_year_so_far(self) -> Iterator[Period]:
        """Every period of this year up to and including this one, oldest first."""
        return periods(self.frequency, after=date(self.year - 1, 12, 31), until=self.end)

    def report_due(self, due_day: int) -> date:
        """S2: the day of the following month by which the report is due; a short month's last day at the latest."""
        following = month_end(self.end.year, self.end.month + 1)
        return following.replace(day=min(due_day, following.day))


def periods(frequency: Frequency, *, after: date, until: date) -> Iterator[Period]:
    """Every period whose last day lies after `after` and on or before `until`, oldest first."""
    month = -(-after.month // frequency) * frequency
    end = month_end(after.year, month)
    while end <= until:
        if end > after:
            yield Period(frequency, end)
        end = month_end(end.year, end.month + frequency)


def days_outside(stops: tuple[tuple[date, date], ...], *, after: date, until: date) -> int:
    """Days in (after, until] that lie in no clock stop (中止计时); both ends of a stop belong to it."""
    if not stops:
        return (until - after).days
    days = ((after + timedelta(days=n)) for n in range(1, (until - after).days + 1))
    return sum(1 for day in days if not any(first <= day <= last for first, last in stops))

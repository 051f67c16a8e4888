"""Working days, and where the clock may go."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.calendar import rules
from services.registry.calendar.rules import ClockBackwards

AT = datetime(2018, 7, 16, 1, tzinfo=UTC)
KNOWN = rules.years(chinese_calendar.holidays, chinese_calendar.workdays)


@given(st.dates(date(2004, 1, 1), date(2025, 12, 31)))
def test_the_seeded_calendars_say_what_the_library_says(day: date) -> None:
    works = KNOWN[day.year]["exceptions"].get(day.isoformat(), day.weekday() < rules.SATURDAY)
    assert works == chinese_calendar.is_workday(day)


def test_the_seeded_calendars_hold_exceptions_only() -> None:
    assert [fault for calendar in KNOWN.values() for fault in rules.faults(calendar)] == []


def test_days_of_another_year_and_days_that_are_no_exception_are_faults() -> None:
    exceptions = {"2018-10-01": False, "2019-10-01": False, "2018-10-10": True}
    faults = [*rules.faults({"year": 2018, "exceptions": exceptions})]
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/body/exceptions/2019-10-01", "other-year"),
        ("/body/exceptions/2018-10-10", "no-exception"),
    ]


def test_the_clock_does_not_go_back() -> None:
    with pytest.raises(ClockBackwards):
        rules.check_forward(AT, AT - timedelta(microseconds=1))


def test_the_clock_may_stay() -> None:
    rules.check_forward(AT, AT)


hours = st.integers(0, 100).map(lambda count: AT + timedelta(hours=count))


@given(hours, hours, st.lists(st.none() | hours))
def test_a_moving_clock_stops_at_the_first_thing_due_and_never_beyond_its_goal(
    at: datetime, to: datetime, announced: list[datetime | None]
) -> None:
    stop = rules.next_stop(at, max(at, to), announced)
    later = [instant for instant in announced if instant is not None and instant > at]
    assert at <= stop <= max(at, to)
    assert all(stop <= instant for instant in later if instant <= max(at, to))


def test_what_the_notice_before_said_of_days_of_the_year_stays_and_of_other_years_does_not_come_in() -> None:
    notice = rules.Notice(2018, "国办发明电〔2017〕12号", (), ())
    before = {"year": 2017, "beyond": {"2018-01-01": False, "2019-01-01": False}}
    assert rules.calendars(notice, {2017: before})[2018]["exceptions"] == {"2018-01-01": False}

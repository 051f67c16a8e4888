from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.workdays import Calendar, Window, end_of

HOLIDAYS_2018 = {
    date(2018, 9, 24): False,  # 中秋
    **{date(2018, 10, day): False for day in range(1, 8)},  # 国庆
    date(2018, 9, 29): True,  # weekends worked in exchange
    date(2018, 9, 30): True,
}
CALENDAR = Calendar(HOLIDAYS_2018, published_through=date(2018, 12, 31))
WINDOW = Window(time(9), time(17, 30), "Asia/Shanghai")
DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_weekend_worked_in_exchange_is_a_working_day() -> None:
    assert CALENDAR.works(date(2018, 9, 29))


def test_a_holiday_on_a_weekday_is_a_rest_day() -> None:
    assert not CALENDAR.works(date(2018, 9, 24))


def test_a_year_without_a_notice_counts_weekends_only_and_is_provisional() -> None:
    assert CALENDAR.provisional(date(2019, 1, 1))
    assert CALENDAR.works(date(2019, 1, 1))
    assert not CALENDAR.provisional(date(2018, 12, 31))


def test_without_any_notice_every_day_is_provisional() -> None:
    assert Calendar().provisional(date(2018, 1, 1))


def test_limits_count_from_the_day_after_and_step_over_the_holiday() -> None:
    assert CALENDAR.after(date(2018, 9, 28), 3) == date(2018, 10, 8)


@given(DAYS, st.integers(1, 40))
def test_so_many_working_days_after_a_day_are_exactly_so_many(day: date, count: int) -> None:
    end = CALENDAR.after(day, count)
    between = [date.fromordinal(n) for n in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert sum(CALENDAR.works(each) for each in between) == count
    assert CALENDAR.works(end)


@given(DAYS)
def test_a_message_goes_out_in_working_hours_and_not_before_it_was_asked_for(day: date) -> None:
    for hour in (0, 8, 9, 12, 17, 18, 23):
        asked = datetime.combine(day, time(hour), ZoneInfo("Asia/Shanghai"))
        goes = WINDOW.earliest(asked, CALENDAR)
        local = goes.astimezone(ZoneInfo("Asia/Shanghai"))
        assert goes >= asked
        assert CALENDAR.works(local.date())
        assert time(9) <= local.time() < time(17, 30)


def test_what_is_decided_on_a_sunday_goes_out_on_monday_at_nine() -> None:
    assert WINDOW.earliest(shanghai("2018-08-12T10:00"), CALENDAR) == shanghai("2018-08-13T09:00")


def test_what_is_decided_in_working_hours_goes_out_at_once() -> None:
    assert WINDOW.earliest(shanghai("2018-08-13T17:29"), CALENDAR) == shanghai("2018-08-13T17:29")


def test_what_is_decided_after_hours_on_friday_goes_out_on_monday() -> None:
    assert WINDOW.earliest(shanghai("2018-08-17T17:30"), CALENDAR) == shanghai("2018-08-20T09:00")


def test_a_day_ends_when_the_next_begins_in_its_zone() -> None:
    assert end_of(date(2018, 7, 20), "Asia/Shanghai") == shanghai("2018-07-21T00:00")


@pytest.mark.parametrize("day", [date(2018, 2, 16), date(2018, 2, 24), date(2018, 9, 29), date(2018, 10, 1)])
def test_a_calendar_of_the_library_s_days_works_as_the_library_says(day: date) -> None:
    year = [date.fromordinal(n) for n in range(date(2018, 1, 1).toordinal(), date(2019, 1, 1).toordinal())]
    exceptions = {each: chinese_calendar.is_workday(each) for each in year}
    assert Calendar(exceptions).works(day) == chinese_calendar.is_workday(day)

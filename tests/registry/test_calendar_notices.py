"""The yearly notice of working days: imported as JSON or CSV, days and limits counted by it."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.calendar import rules
from services.registry.calendar.rows import Rows
from services.registry.calendar.rules import Holiday, Notice
from tests.registry.running import Registry
from tests.registry.samples import faults

Json = dict[str, Any]
LIBRARY = rules.years(chinese_calendar.holidays, chinese_calendar.workdays)
OF_2018 = """类别,名称,开始,结束
放假,元旦,2018-01-01,
放假,春节,2018-02-15,2018-02-21
上班,春节,2018-02-11,
上班,春节,2018-02-24,
放假,清明节,2018-04-05,2018-04-07
上班,清明节,2018-04-08,
放假,劳动节,2018-04-29,2018-05-01
上班,劳动节,2018-04-28,
放假,端午节,2018-06-16,2018-06-18
放假,中秋节,2018-09-22,2018-09-24
放假,国庆节,2018/10/1,2018/10/7
上班,国庆节,2018-09-29,
上班,国庆节,2018-09-30,
"""
OF_2019: Json = {
    "document": "国办发明电〔2018〕15号",
    "holidays": [
        {"name": "元旦", "first": "2018-12-30", "last": "2019-01-01"},
        {"name": "春节", "first": "2019-02-04", "last": "2019-02-10"},
        {"name": "清明节", "first": "2019-04-05", "last": "2019-04-07"},
        {"name": "劳动节", "first": "2019-05-01", "last": "2019-05-04"},
        {"name": "端午节", "first": "2019-06-07", "last": "2019-06-09"},
        {"name": "中秋节", "first": "2019-09-13", "last": "2019-09-15"},
        {"name": "国庆节", "first": "2019-10-01", "last": "2019-10-07"},
    ],
    "workdays": ["2018-12-29", "2019-02-02", "2019-02-03", "2019-04-28", "2019-05-05", "2019-09-29", "2019-10-12"],
}
PATH = "/v1/calendars/2018/notice"
CSV = {"Content-Type": "text/csv"}


async def taken(registry: Registry, year: int, sent: Json, version: int = 1, **params: Any) -> Any:  # noqa: ANN401 - a response
    """Import a notice as JSON."""
    headers = {"If-Match": f'"{version}"'}
    return await registry.http.put(f"/v1/calendars/{year}/notice", json=sent, headers=headers, params=params)


async def exceptions(registry: Registry, year: int) -> dict[str, bool]:
    """A year's exceptions."""
    found: dict[str, bool] = (await registry.http.get(f"/v1/calendars/{year}")).json()["exceptions"]
    return found


async def test_the_notices_as_published_give_what_the_library_knows(registry: Registry) -> None:
    """That of 2019 also speaks of the last days of 2018."""
    by_csv = await registry.http.put(
        PATH,
        content=OF_2018.encode(),
        params={"document": "国办发明电〔2017〕12号"},
        headers={**CSV, "If-Match": '"1"'},
    )
    assert by_csv.status_code == 200, by_csv.text
    of_2018 = LIBRARY[2018]["exceptions"]
    from_2019 = {"2018-12-29": True, "2018-12-31": False}
    assert await exceptions(registry, 2018) == {day: of_2018[day] for day in of_2018 if day not in from_2019}
    by_json = await taken(registry, 2019, OF_2019)
    assert [one["year"] for one in by_json.json()["calendars"]] == [2018, 2019]
    assert await exceptions(registry, 2018) == of_2018
    assert await exceptions(registry, 2019) == LIBRARY[2019]["exceptions"]


async def test_what_a_neighbours_notice_said_stays_when_a_year_is_imported_again(registry: Registry) -> None:
    await taken(registry, 2019, OF_2019)
    sent = {"document": "改", "holidays": [{"name": "国庆节", "first": "2018-10-01", "last": "2018-10-07"}]}
    version = (await registry.http.get("/v1/calendars/2018")).json()["version"]
    assert (await taken(registry, 2018, sent, version)).status_code == 200
    assert {"2018-12-29": True, "2018-12-31": False}.items() <= (await exceptions(registry, 2018)).items()


async def test_a_dry_run_says_what_would_change_and_writes_nothing(registry: Registry) -> None:
    sent = {"document": "新", "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}]}
    answer = await registry.http.put("/v1/calendars/2027/notice", json=sent, params={"dry_run": True})
    [calendar] = answer.json()["calendars"]
    assert (answer.json()["dry_run"], calendar["exceptions"]) == (True, {"2027-01-01": False})
    assert (await registry.http.get("/v1/calendars/2027")).status_code == 404


async def test_a_year_beyond_the_library_is_provisional_until_its_notice(registry: Registry) -> None:
    before = (await registry.http.get("/v1/calendars/2027/days")).json()
    assert (before["provisional"], before["working"], len(before["items"])) == (True, 261, 365)
    sent = {"document": "新", "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}]}
    assert (await registry.http.put("/v1/calendars/2027/notice", json=sent)).status_code == 200
    after = (await registry.http.get("/v1/calendars/2027/days", params={"to": "2027-01-04"})).json()
    assert after["provisional"] is False
    assert [(one["kind"], one["name"]) for one in after["items"]] == [
        ("holiday", "元旦"),
        ("weekend", "元旦"),
        ("weekend", "元旦"),
        ("workday", None),
    ]


async def test_so_many_working_days_after_a_day(shared: Registry) -> None:
    for after, count, day, provisional in (
        ("2018-09-28", 1, "2018-09-29", False),
        ("2018-09-28", 5, "2018-10-10", False),
        ("2026-12-31", 1, "2027-01-01", True),
        ("2026-12-24", 9, "2027-01-06", True),
    ):
        found = (await shared.http.get("/v1/working-days", params={"after": after, "count": count})).json()
        assert (found["day"], found["provisional"]) == (day, provisional)


async def test_worked_weekends_and_holidays_are_told_apart(shared: Registry) -> None:
    asked = {"from": "2018-09-28", "to": "2018-10-01"}
    found = (await shared.http.get("/v1/calendars/2018/days", params=asked)).json()
    assert [one["kind"] for one in found["items"]] == ["workday", "worked_weekend", "worked_weekend", "holiday"]
    assert found["working"] == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"from": "2017-12-31"}, [("/query/from", "other-year")]),
        ({"from": "2018-02-02", "to": "2018-02-01"}, [("/query/to", "dates-reversed")]),
        ({"to": "2019-01-01"}, [("/query/to", "other-year")]),
    ],
)
async def test_days_are_asked_for_within_the_year(shared: Registry, asked: Json, found: list[tuple[str, str]]) -> None:
    assert faults((await shared.http.get("/v1/calendars/2018/days", params=asked)).json()) == found


async def test_a_notice_replaces_a_calendar_that_its_sender_has_seen(shared: Registry) -> None:
    without = await shared.http.put(PATH, json=OF_2019)
    stale = await taken(shared, 2018, OF_2019, version=7)
    assert (without.status_code, stale.status_code) == (428, 412)


async def test_every_fault_of_a_file_is_named_by_row_and_cell(shared: Registry) -> None:
    sent = """类别,名称,开始,结束
放假,国庆节,2018-10-07,2018-10-01
休息,国庆节,2018-10-01,2018-10-07
放假,,2018-13-01,
放假,中秋节,2018-09-22,2018-09-24
放假,中秋节二,2018-09-24,2018-09-25
上班,中秋节,2018-09-23,
上班,国庆节,2018-10-08,
上班,国庆节,2018-09-29,
上班,国庆节,2018-09-29,
上班,国庆节,2018-10-13,2018-10-14
放假,元旦,2019-12-30,2020-01-01
放假,太多,2018-05-01,,
"""
    answer = await shared.http.put(PATH, content=sent.encode(), params={"document": "x", "dry_run": True}, headers=CSV)
    assert faults(answer.json()) == [
        ("/rows/13/row", "cells"),
        ("/rows/3/kind", "bad-kind"),
        ("/rows/4/name", "bad-name"),
        ("/rows/4/first", "bad-day"),
        ("/rows/4/last", "bad-day"),
        ("/rows/11/last", "one-day"),
        ("/rows/2/last", "bad-span"),
        ("/rows/6/first", "overlap"),
        ("/rows/12/first", "other-year"),
        ("/rows/12/last", "other-year"),
        ("/rows/7/first", "holiday-worked"),
        ("/rows/8/first", "no-weekend"),
        ("/rows/10/first", "twice"),
    ]
    assert answer.json()["errors"][1]["detail"] == "第 3 行：类别只能是 放假 或 上班"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xfe\x00", ("/rows/1/row", "not-text")),
        ("类别,名称\n".encode(), ("/rows/1/row", "missing-column")),
        ('类别,名称,开始\n放假,"元旦,2018-01-01\n'.encode(), ("/rows/2/row", "bad-quotes")),
        (b"", ("/rows/1/row", "missing-column")),
    ],
)
async def test_a_file_that_cannot_be_read_says_so(shared: Registry, content: bytes, found: tuple[str, str]) -> None:
    params: dict[str, str | bool] = {"document": "x", "dry_run": True}
    answer = await shared.http.put(PATH, content=content, params=params, headers=CSV)
    assert faults(answer.json()) == [found]


async def test_a_file_of_old_excel_is_read(shared: Registry) -> None:
    sent = "kind,name,first,last\nholiday,元旦,2027-01-01,2027-01-03\n".encode("gb18030")
    params: dict[str, str | bool] = {"document": "x", "dry_run": True}
    answer = await shared.http.put("/v1/calendars/2027/notice", content=sent, params=params, headers=CSV)
    assert answer.json()["calendars"][0]["exceptions"] == {"2027-01-01": False}


async def test_days_are_taken_as_people_write_them_and_a_worked_weekend_needs_no_name(shared: Registry) -> None:
    sent = "类别,名称,开始,结束\n放假,元旦,2027年1月1日,2027/1/3\n放假,春节,2027.2.11,２０２７－２－１７\n上班,,2027-01-09,\n"
    params: dict[str, str | bool] = {"document": "x", "dry_run": True}
    path = "/v1/calendars/2027/notice"
    answer = await shared.http.put(path, content=sent.encode("gb18030"), params=params, headers=CSV)
    exceptions = answer.json()["calendars"][0]["exceptions"]
    assert (exceptions["2027-01-01"], exceptions["2027-02-11"], exceptions["2027-01-09"]) == (False, False, True)
    nameless = "类别,开始\n上班,2027-01-09\n放假,2027-01-01\n"
    answer = await shared.http.put(path, content=nameless.encode(), params=params, headers=CSV)
    assert faults(answer.json()) == [("/rows/3/name", "bad-name")]


async def test_other_things_than_a_notice_are_refused(shared: Registry) -> None:
    nameless = await shared.http.put(PATH, content=b"", headers=CSV)
    other = await shared.http.put(PATH, content=b"x", headers={"Content-Type": "text/plain"})
    bare = await shared.http.put(PATH, json={"holidays": [{"name": "x", "first": "2018", "last": 3}], "more": 1})
    broken = await shared.http.put(PATH, content=b"{\xff", headers={"Content-Type": "application/json"})
    assert (broken.status_code, faults(broken.json())) == (422, [("/body", "json-invalid")])
    assert faults(nameless.json()) == [("/query/document", "missing")]
    assert (other.status_code, other.json()["code"]) == (415, "not-a-notice")
    assert bare.status_code == 422
    assert {pointer for pointer, _ in faults(bare.json())} == {
        "/body/document",
        "/body/holidays/0/first",
        "/body/holidays/0/last",
        "/body/more",
    }


async def test_a_worked_day_of_json_is_named_by_its_place(shared: Registry) -> None:
    sent = {"document": "x", "holidays": [], "workdays": ["2018-10-08"]}
    answer = await taken(shared, 2018, sent, dry_run=True)
    assert faults(answer.json()) == [("/body/workdays/0", "no-weekend")]


days_of_2027 = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@given(
    st.lists(st.tuples(st.dates(date(2026, 12, 20), date(2028, 1, 10)), st.integers(1, 9)), max_size=6),
    st.sets(days_of_2027),
)
def test_a_notice_without_a_fault_says_of_each_day_what_the_calendars_say(
    spans: list[tuple[date, int]], worked: set[date]
) -> None:
    holidays = tuple(Holiday("假", first, first + timedelta(days=length - 1)) for first, length in spans)
    notice = Notice(2027, "x", holidays, tuple(sorted(worked)))
    if [*rules.notice_faults(notice, lambda of, place, field: f"/{of}/{place}/{field}")]:
        return
    changed = rules.calendars(notice, {})
    assert [fault for one in changed.values() for fault in rules.faults(one)] == []
    calendar = rules.working_days(changed.values())
    free = {day for holiday in holidays for day in holiday.days()}
    for day in (date(2026, 12, 1) + timedelta(days=nth) for nth in range(430)):
        assert calendar.works(day) == (day in worked or (day.weekday() < 5 and day not in free))
    assert rules.calendars(notice, changed) == {}


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_named_faulty(content: bytes) -> None:
    rows = Rows(2027, "x", b"kind,name,first,last\n" + content)
    found = [*rows.faults, *rules.notice_faults(rows.notice, rows.pointer)]
    assert all(fault.pointer.startswith("/rows/") for fault in found)

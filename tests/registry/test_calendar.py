"""Working days over HTTP."""

import pytest

from services.kit.db import Database
from services.registry.calendar.service import ensure_calendars
from tests.registry.running import REGION, Registry
from tests.registry.samples import faults


async def test_the_calendars_that_are_known_are_there_from_the_start(shared: Registry) -> None:
    calendar = (await shared.http.get("/v1/calendars/2018")).json()
    assert calendar["published"] is True
    assert {"2018-09-24": False, "2018-10-01": False, "2018-09-29": True}.items() <= calendar["exceptions"].items()
    assert "2018-09-22" not in calendar["exceptions"]


async def test_they_count_from_before_any_plan(shared: Registry) -> None:
    asked = {"known_at": "2016-12-31T00:00:00+08:00"}
    assert (await shared.http.get("/v1/calendars/2018", params=asked)).status_code == 200


async def test_a_year_without_a_notice_is_not_there(shared: Registry) -> None:
    assert (await shared.http.get("/v1/calendars/2100")).status_code == 404


async def test_a_new_notice_is_a_new_calendar(registry: Registry) -> None:
    sent = {"year": 2100, "published": True, "exceptions": {"2100-01-01": False}}
    made = await registry.http.put("/v1/calendars/2100", json=sent)
    assert (made.status_code, made.json()["version"], made.json()["exceptions"]) == (200, 1, {"2100-01-01": False})


async def test_a_changed_notice_needs_if_match(registry: Registry) -> None:
    sent = {"year": 2018, "published": True, "exceptions": {"2018-12-31": False}}
    without = await registry.http.put("/v1/calendars/2018", json=sent)
    changed = await registry.http.put("/v1/calendars/2018", json=sent, headers={"If-Match": '"1"'})
    assert without.status_code == 428
    assert changed.json()["version"] == 2


async def test_days_that_are_no_exceptions_are_refused(shared: Registry) -> None:
    sent = {"year": 2100, "published": True, "exceptions": {"2099-01-01": False, "2100-01-02": False}}
    answer = await shared.http.put("/v1/calendars/2100", json=sent)
    assert [code for _, code in faults(answer.json())] == ["other-year", "no-exception"]


async def test_the_year_of_the_path_is_the_bodys(shared: Registry) -> None:
    answer = await shared.http.put("/v1/calendars/2100", json={"year": 2101, "published": True, "exceptions": {}})
    assert faults(answer.json()) == [("/body/code", "other-code")]


async def test_seeding_leaves_what_a_person_changed(registry: Registry) -> None:
    sent = {"year": 2018, "published": True, "exceptions": {}}
    await registry.http.put("/v1/calendars/2018", json=sent, headers={"If-Match": '"1"'})
    db = Database(registry.database.url("registry"))
    async with db.edge() as session:
        await ensure_calendars(session, REGION)
    await db.close()
    assert (await registry.http.get("/v1/calendars/2018")).json()["exceptions"] == {}


async def test_the_history_of_a_calendar_shows_where_it_came_from(shared: Registry) -> None:
    history = (await shared.http.get("/v1/calendars/2018/history")).json()["items"]
    assert [one["by"] for one in history] == ["chinese-calendar"]


@pytest.mark.parametrize("limit", [3])
async def test_calendars_are_listed_by_year(shared: Registry, limit: int) -> None:
    listed = (await shared.http.get("/v1/calendars", params={"limit": limit})).json()["items"]
    assert [one["year"] for one in listed] == [2004, 2005, 2006]

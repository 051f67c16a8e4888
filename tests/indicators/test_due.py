"""Due work: every event at its own instant, so that at once, day by day or late gives one history."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.indicators import samples
from tests.platform import START, Platform

NOVEMBER = datetime.fromisoformat("2018-11-15T09:00:00+08:00")
SEPTEMBER = datetime.fromisoformat("2018-09-20T09:00:00+08:00")
AUGUST = datetime.fromisoformat("2018-08-13T09:00:00+08:00")


def history(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (change["target"], change["from_light"], change["to_light"], change["at"], change["as_of"]) for change in found
    ]


async def test_before_its_activation_a_plan_is_not_evaluated(in_set_up: Platform) -> None:
    done = await samples.due(in_set_up, START)
    assert (done["next"], await samples.lights(in_set_up)) == (None, [])


async def test_the_first_evaluation_is_the_activation(running: Platform) -> None:
    found = await samples.lights(running)
    assert len(found) == 65
    assert {(change["from_light"], datetime.fromisoformat(change["at"])) for change in found} == {(None, START)}


async def test_a_report_due_in_the_history_turns_its_light_at_its_own_instant(running: Platform) -> None:
    await samples.due(running, AUGUST)
    turned = [change for change in await samples.lights(running) if change["target"] == "T08"][1:]
    assert [(change["to_light"], change["at"], change["actual"]) for change in turned] == [
        ("red", "2018-08-12T02:00:00+00:00", turned[0]["actual"])
    ]


async def test_day_by_day_gives_the_history_of_all_at_once(running: Platform) -> None:
    await samples.due(running, SEPTEMBER)
    at_once = history(await samples.lights(running))
    async with running.database.owner() as connection:
        await connection.execute("TRUNCATE indicators.light_change, indicators.gap, indicators.sweep, indicators.work")
    at = START
    while at < SEPTEMBER:
        at = min(at + timedelta(hours=31), SEPTEMBER)
        answer = await running.indicators.post("/v1/due:run", json={"until": at.isoformat()}, timeout=60)
        assert answer.status_code == httpx.codes.OK, answer.text
    assert history(await samples.lights(running)) == at_once


async def test_doing_it_again_changes_nothing(running: Platform) -> None:
    await samples.due(running, AUGUST)
    once = await samples.lights(running)
    await samples.due(running, AUGUST)
    assert await samples.lights(running) == once


async def test_what_is_next_is_the_earliest_event_to_come(running: Platform) -> None:
    first = await samples.due(running, START)
    assert datetime.fromisoformat(first["next"]) == datetime.fromisoformat("2018-07-17T00:00:00+08:00")


async def test_a_report_of_the_day_is_next_when_it_comes_before_midnight(running: Platform) -> None:
    done = await samples.due(running, datetime.fromisoformat("2018-08-12T00:00:00+08:00"))
    assert datetime.fromisoformat(done["next"]) == datetime.fromisoformat("2018-08-12T10:00:00+08:00")


async def test_work_after_the_business_clock_is_refused(running: Platform) -> None:
    answer = await running.indicators.post("/v1/due:run", json={"until": NOVEMBER.isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "not-yet")


async def test_a_figure_that_comes_in_concerns_the_targets_of_its_series_only(running: Platform) -> None:
    before = await stamps(running)
    report = {"indicator": "emerging_output", "subject": "plan", "period": "2018-06", "value": "400", "unit": "亿元"}
    answer = await running.indicators.post("/v1/observations:batch", json={"reports": [report]})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    await samples.due(running, START + timedelta(minutes=1))
    after = await stamps(running)
    assert {target for target, at in after.items() if at != before[target]} == {"T02"}


async def test_a_figure_recorded_while_the_clock_stands_is_an_event_after_it(running: Platform) -> None:
    report = {"indicator": "sme_cultivated", "subject": "plan", "period": "2018-06", "value": "1000", "unit": "家"}
    answer = await running.indicators.post("/v1/observations:batch", json={"reports": [report]})
    assert datetime.fromisoformat(answer.json()["recorded_at"]) > START
    await samples.due(running, START + timedelta(seconds=1))
    assert [change["to_light"] for change in await samples.lights(running) if change["target"] == "T03"] == [
        "green",
        "done",
    ]


async def test_the_feed_says_up_to_when_it_is_complete(running: Platform) -> None:
    await samples.due(running, AUGUST)
    page = (await running.indicators.get("/v1/light-changes", params={"limit": 1})).json()
    assert datetime.fromisoformat(page["complete_to"]) == AUGUST
    assert [item["position"] for item in page["items"]] == [1]
    assert {plan: datetime.fromisoformat(at) for plan, at in page["plans"].items()} == {samples.PLAN: AUGUST}


async def test_the_feed_promises_nothing_of_a_plan_before_its_first_evaluation(in_set_up: Platform) -> None:
    await samples.due(in_set_up, START)  # looked at, and complete, while the plan is in set-up
    await samples.activate(in_set_up)
    assert (await in_set_up.indicators.get("/v1/light-changes")).json()["plans"] == {}
    await samples.due(in_set_up, START)
    assert list((await in_set_up.indicators.get("/v1/light-changes")).json()["plans"]) == [samples.PLAN]


async def test_the_feed_is_not_for_a_caller_of_one_unit(running: Platform) -> None:
    talent = await running.as_("indicators", "indicators:read", unit="talent")
    assert (await talent.get("/v1/light-changes")).status_code == 403


async def test_due_work_needs_a_scope_for_it(running: Platform) -> None:
    reader = await running.as_("indicators", "indicators:read")
    assert (await reader.post("/v1/due:run", json={"until": START.isoformat()})).status_code == 403


async def test_the_history_of_a_light_is_told_in_order(running: Platform) -> None:
    await samples.due(running, AUGUST)
    answer = (await running.indicators.get("/v1/lights/history", params={"target": "T08"})).json()
    assert [(item["from_light"], item["to_light"]) for item in answer["items"]] == [(None, "yellow"), ("yellow", "red")]


async def stamps(platform: Platform) -> dict[str, datetime]:
    async with platform.database.owner() as connection:
        return {
            row["target"]: row["known_at"]
            for row in await connection.fetch("SELECT target, known_at FROM indicators.gap")
        }

"""Figures over HTTP: batches, lists of versions, rejection; indicators, series and targets as they are listed."""

from datetime import timedelta
from typing import Any

import httpx

from tests.indicators import samples
from tests.platform import START, Platform

WHY = {"note": "口径有误"}
T23 = {"indicator": "va_growth", "subject": "industry:nev", "period": "2018-06", "unit": "%"}


async def submit(client: httpx.AsyncClient, *reports: dict[str, str], **query: bool) -> httpx.Response:
    return await client.post("/v1/observations:batch", json={"reports": list(reports)}, params=query)


async def versions(platform: Platform, **more: str) -> list[dict[str, Any]]:
    asked = {name: T23[name] for name in ("indicator", "subject", "period")}
    items: list[dict[str, Any]] = (await platform.indicators.get("/v1/observations", params=asked | more)).json()[
        "items"
    ]
    return items


async def actual(platform: Platform, target: str = "T23") -> str:
    answer = await platform.indicators.get("/v1/gaps", params={"as_of": "2018-06-30", "target": target})
    found: str = answer.json()["items"][0]["actual"]
    return found


async def later(platform: Platform) -> None:
    await platform.set_clock(START + timedelta(minutes=1), standing=True)


async def test_a_corrected_figure_stands_beside_the_one_before(running: Platform) -> None:
    assert (await submit(running.indicators, T23 | {"value": "26.3"})).status_code == 201
    await later(running)
    assert [row["value"] for row in await versions(running)] == ["13.4", "26.3"]
    assert await actual(running) == "26.3"


async def test_a_dry_run_of_a_batch_records_nothing(running: Platform) -> None:
    answer = await submit(running.indicators, T23 | {"value": "26.3"}, dry_run=True)
    assert (answer.status_code, answer.json()["recorded"], len(await versions(running))) == (200, 1, 1)


async def test_a_batch_is_taken_whole_or_not_at_all(running: Platform) -> None:
    answer = await submit(running.indicators, T23 | {"value": "26.3"}, T23 | {"value": "x", "period": "2018-05"})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/body/reports/1/value", "not-a-number")
    ]
    assert len(await versions(running)) == 1


async def test_a_number_that_is_no_text_is_refused(running: Platform) -> None:
    body = {"reports": [{**T23, "value": 26.3}]}
    assert (await running.indicators.post("/v1/observations:batch", json=body)).status_code == 422


async def test_an_unknown_field_is_refused(running: Platform) -> None:
    assert (await submit(running.indicators, T23 | {"value": "1", "colour": "red"})).status_code == 422


async def test_without_a_reporter_the_callers_unit_reports(running: Platform) -> None:
    bureau = await running.as_("indicators", "observations:submit", unit="statistics")
    assert (await submit(bureau, T23 | {"value": "26.3"})).status_code == 201
    assert [row["reporter"] for row in await versions(running)] == ["statistics", "statistics"]


async def test_a_rejected_figure_does_not_count_any_more(running: Platform) -> None:
    await submit(running.indicators, T23 | {"value": "26.3"})
    newest = (await versions(running))[-1]["id"]
    await later(running)
    answer = await running.indicators.post(f"/v1/observations/{newest}:reject", json=WHY)
    assert answer.status_code == 200, answer.text
    await running.set_clock(START + timedelta(minutes=2), standing=True)
    assert await actual(running) == "13.4"
    assert [row["rejection_note"] for row in await versions(running)] == [None, "口径有误"]


async def test_a_rejection_is_an_event_of_its_own(running: Platform) -> None:
    await submit(running.indicators, T23 | {"value": "31"})
    await samples.due(running, START + timedelta(minutes=1))
    newest = (await versions(running))[-1]["id"]
    await running.indicators.post(f"/v1/observations/{newest}:reject", json=WHY)
    await samples.due(running, START + timedelta(minutes=2))
    turned = [change["to_light"] for change in await samples.lights(running) if change["target"] == "T23"]
    assert turned == ["red", "green", "red"]


async def test_a_later_rejection_changes_no_explanation_that_was_given(running: Platform) -> None:
    asking = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}
    before = await running.indicators.get("/v1/gaps/T23/explanation", params=asking)
    key = (await versions(running))[0]["id"]
    await running.indicators.post(f"/v1/observations/{key}:reject", json=WHY)
    after = await running.indicators.get("/v1/gaps/T23/explanation", params=asking)
    assert before.json()["figures"]
    assert before.content == after.content


async def test_a_figure_is_rejected_once(running: Platform) -> None:
    key = (await versions(running))[0]["id"]
    first = await running.indicators.post(f"/v1/observations/{key}:reject", json=WHY)
    second = await running.indicators.post(f"/v1/observations/{key}:reject", json=WHY)
    assert (first.status_code, second.status_code) == (200, 409)


async def test_what_nobody_recorded_cannot_be_rejected(running: Platform) -> None:
    answer = await running.indicators.post("/v1/observations/nothing:reject", json=WHY)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_figure_of_the_history_to_come_cannot_be_rejected_yet(running: Platform) -> None:
    key = (await versions(running, period="2019-06"))[0]["id"]
    assert (await running.indicators.post(f"/v1/observations/{key}:reject", json=WHY)).status_code == 409


async def test_versions_are_told_as_they_were_known(loaded: Platform) -> None:
    known = await versions(loaded, known_at="2018-07-11T00:00:00+08:00")
    assert (known, len(await versions(loaded))) == ([], 1)


async def test_a_later_rejection_is_not_told_of_what_was_known_before(running: Platform) -> None:
    before = await versions(running, known_at="2018-07-15T18:00:00+08:00")
    rejected = await running.indicators.post(f"/v1/observations/{before[0]['id']}:reject", json=WHY)
    assert rejected.status_code == 200
    assert await versions(running, known_at="2018-07-15T18:00:00+08:00") == before
    assert (await versions(running))[0]["rejection_note"] == "口径有误"


async def test_a_unit_sees_the_figures_that_it_reports(loaded: Platform) -> None:
    talent = await loaded.as_("indicators", "indicators:read", unit="talent")
    found = (await talent.get("/v1/observations", params={"limit": 200})).json()["items"]
    assert {row["indicator"] for row in found} == {"teams_recruited"}


async def test_a_period_that_is_none_is_refused(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/observations", params={"period": "2018-13"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-period")


async def test_every_figure_is_reached_page_by_page(loaded: Platform) -> None:
    seen, cursor = 0, None
    while True:
        asked = {"limit": "200", "total": "true"} | ({} if cursor is None else {"cursor": cursor})
        page = (await loaded.indicators.get("/v1/observations", params=asked)).json()
        seen, cursor = seen + len(page["items"]), page["next"]
        if cursor is None:
            break
    assert seen == page["total"] == 2188


async def test_indicators_are_found_by_one_character(loaded: Platform) -> None:
    items = (await loaded.indicators.get("/v1/indicators", params={"search": "团"})).json()["items"]
    assert [item["code"] for item in items] == ["teams_recruited"]


async def test_series_say_who_reports_them(loaded: Platform) -> None:
    asked = {"indicator": "carrier_enterprises", "subject": "carrier:yiqiao-intelligent"}
    items = (await loaded.indicators.get("/v1/series", params=asked)).json()["items"]
    assert [item["bureau"] for item in items] == ["yiqiao_town"]


async def test_targets_are_listed_in_the_order_of_the_file(loaded: Platform) -> None:
    items = (await loaded.indicators.get("/v1/targets", params={"limit": 200})).json()["items"]
    assert [item["code"] for item in items] == [target.code for target in samples.parts().indicators.targets]


async def test_a_unit_sees_the_targets_that_it_leads_or_supports(loaded: Platform) -> None:
    transport = await loaded.as_("indicators", "indicators:read", unit="talent")
    items = (await transport.get("/v1/targets")).json()["items"]
    assert [item["code"] for item in items] == ["T04"]


async def test_a_unit_does_not_see_what_is_of_a_unit_that_was_moved_from_below_it(running: Platform) -> None:
    async def seen() -> tuple[int, int]:
        figures = (await above.get("/v1/observations", params={"total": "true"})).json()["total"]
        return figures, (await above.get("/v1/targets", params={"total": "true"})).json()["total"]

    async def move(parent: str | None) -> None:
        registry = samples.parts().registry
        units = [
            each.model_copy(update={"parent": parent}) if each.code == "talent" else each for each in registry.units
        ]
        await samples.apply(running, "registry", registry.model_copy(update={"units": units}))
        await samples.due(running, START + timedelta(minutes=1))

    above = await running.as_("indicators", "indicators:read", unit="yiqiao_town")
    alone = await seen()
    await move("yiqiao_town")
    together = await seen()
    await move(None)
    assert (await seen(), together > alone) == (alone, True)


async def test_the_copy_of_the_registry_does_not_lag(loaded: Platform) -> None:
    ready = (await loaded.indicators.get("/readyz")).json()
    assert ready == {"ready": True, "lags": {"registry": 0}}

"""A figure that is said again: with more of a status or a class it is a version with the same value, with less it is nothing."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.kit.office.writing import CSV, XLSX
from tests.indicators import samples
from tests.indicators.test_filled_tables import workbook
from tests.platform import START, Platform

FIGURE = {"indicator": "va_growth", "subject": "industry:nev", "period": "2018-06"}
FIRST = FIGURE | {"value": "26.3", "unit": "%"}
NOTE = {"note": "误报"}


async def submit(client: httpx.AsyncClient, report: dict[str, str]) -> tuple[int, int]:
    """How many were recorded, and how many were there already."""
    answer = await client.post("/v1/observations:batch", json={"reports": [report]})
    assert answer.status_code == 201, answer.text
    return answer.json()["recorded"], answer.json()["unchanged"]


async def versions(platform: Platform) -> list[dict[str, Any]]:
    """The versions of the figure; the first is that of the sample, 13.4 and approved."""
    items: list[dict[str, Any]] = (await platform.indicators.get("/v1/observations", params=FIGURE)).json()["items"]
    return items[1:]


async def said(platform: Platform, *reports: dict[str, str]) -> list[tuple[str, str, str]]:
    """What stands after the figure was reported, and a minute after each time said again."""
    for minute, report in enumerate((FIRST, *({**FIRST, **more} for more in reports))):
        await platform.set_clock(START + timedelta(minutes=minute), standing=True)
        await submit(platform.indicators, report)
    await platform.set_clock(START + timedelta(minutes=minute + 1), standing=True)
    return [(row["value"], row["status"], row["class"]) for row in await versions(platform)]


async def explained(platform: Platform) -> dict[str, Any]:
    asked = {"as_of": "2018-06-30"}
    answer: dict[str, Any] = (await platform.indicators.get("/v1/gaps/T23/explanation", params=asked)).json()
    return answer


async def test_a_figure_that_is_verified_and_approved_keeps_each_of_these_as_a_version(running: Platform) -> None:
    assert await said(running, {"status": "verified"}, {"status": "approved"}) == [
        ("26.3", "reported", "flash"),
        ("26.3", "verified", "flash"),
        ("26.3", "approved", "flash"),
    ]


async def test_a_lower_status_or_class_says_nothing_new(running: Platform) -> None:
    again = [{"status": "verified", "class": "audited"}, {"status": "reported"}, {"class": "annual"}, {}]
    assert await said(running, *again) == [("26.3", "reported", "flash"), ("26.3", "verified", "audited")]


async def test_who_verifies_need_not_say_the_class(running: Platform) -> None:
    assert (await said(running, {"class": "annual"}, {"status": "verified"}))[1:] == [
        ("26.3", "reported", "annual"),
        ("26.3", "verified", "annual"),
    ]


async def test_the_same_figure_in_another_unit_says_nothing_new(running: Platform) -> None:
    figure = {"indicator": "investment_done", "subject": "project:P01", "period": "2018-06"}
    assert await submit(running.indicators, figure | {"value": "12300000000", "unit": "元"}) == (1, 0)
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    assert await submit(running.indicators, figure | {"value": "1230000", "unit": "万元"}) == (0, 1)


async def test_what_is_verified_moves_no_light_and_no_cell_and_is_explained_by_its_latest_status(
    running: Platform,
) -> None:
    await submit(running.indicators, FIRST)
    await samples.due(running, START + timedelta(minutes=1))
    before, turned = await explained(running), await samples.lights(running)
    await submit(running.indicators, FIRST | {"status": "verified"})
    await samples.due(running, START + timedelta(minutes=2))
    after = await explained(running)
    assert after["gap"] == before["gap"]
    assert await samples.lights(running) == turned
    statuses = [
        next(each["status"] for each in answer["figures"] if each["period_end"] == "2018-06-30")
        for answer in (before, after)
    ]
    assert statuses == ["reported", "verified"]


async def test_a_status_that_rises_is_for_who_verifies_to_say(running: Platform) -> None:
    bureau = await running.as_("indicators", "observations:submit", unit="statistics")
    assert await submit(bureau, FIRST) == (1, 0)
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    answer = await bureau.post("/v1/observations:batch", json={"reports": [FIRST | {"status": "verified"}]})
    assert [each["code"] for each in answer.json()["errors"]] == ["verified-by-others"]
    assert await submit(running.indicators, FIRST | {"status": "verified"}) == (1, 0)
    await running.set_clock(START + timedelta(minutes=2), standing=True)
    assert await submit(bureau, FIRST) == (0, 1)


@pytest.mark.parametrize("media", [CSV, XLSX])
async def test_an_export_with_the_status_typed_over_verifies_the_figure(running: Platform, media: str) -> None:
    await submit(running.indicators, FIRST)
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    row = (await versions(running))[0]
    heads = ("内部编号", "指标", "对象", "报告期", "数值", "计量单位", "状态")
    filled = (row["id"], *FIGURE.values(), "26.3", "%", "已审核")
    text = "\n".join(",".join(line) for line in (heads, filled)).encode()
    content = workbook(filled, heads=heads) if media == XLSX else text
    for recorded in (1, 0):
        answer = await running.indicators.post(
            "/v1/observations:import", content=content, headers={"Content-Type": media}
        )
        assert (answer.status_code, answer.json()["recorded"]) == (201, recorded)
        await running.set_clock(START + timedelta(minutes=3 - recorded), standing=True)
    assert [row["status"] for row in await versions(running)] == ["reported", "verified"]


async def test_history_that_is_loaded_says_more_with_an_instant_of_its_own_only(in_set_up: Platform) -> None:
    at = FIRST | {"recorded_at": "2018-07-10T09:00:00+08:00"}
    assert await submit(in_set_up.indicators, at) == (1, 0)
    approved = at | {"status": "approved"}
    answer = await in_set_up.indicators.post("/v1/observations:batch", json={"reports": [approved]})
    assert [(each["code"], each["pointer"]) for each in answer.json()["errors"]] == [
        ("reported-twice", "/body/reports/0/recorded_at")
    ]
    assert await submit(in_set_up.indicators, approved | {"recorded_at": "2018-07-11T09:00:00+08:00"}) == (1, 0)


async def test_a_figure_that_was_verified_is_rejected_with_what_was_reported(running: Platform) -> None:
    await said(running, {"value": "25"}, {"value": "26.3"}, {"status": "verified"})
    newest = (await versions(running))[-1]["id"]
    answer = await running.indicators.post(f"/v1/observations/{newest}:reject", json=NOTE)
    assert answer.status_code == 200, answer.text
    await running.set_clock(START + timedelta(minutes=9), standing=True)
    counts = [(row["value"], row["rejected_at"] is None) for row in await versions(running)]
    assert counts == [("26.3", True), ("25", True), ("26.3", False), ("26.3", False)]
    assert (await explained(running))["gap"]["actual"] == "25.0"
    entry = (await running.indicators.get("/v1/audit", params={"act": "observations.reject"})).json()["items"][0]
    assert len(entry["details"]["repeated"]) == 1

"""What the trail says of figures that were reported: each series and period, the value before and the value after."""

import hashlib
from datetime import timedelta
from typing import Any

from tests.platform import START, Platform

FIGURE = {"indicator": "va_growth", "subject": "industry:nev", "period": "2018-06", "unit": "%"}


async def entries(platform: Platform, **asked: str) -> list[dict[str, Any]]:
    answer = await platform.indicators.get("/v1/audit", params={"order": "earliest", "limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def submit(platform: Platform, *reports: dict[str, str]) -> dict[str, Any]:
    answer = await platform.indicators.post("/v1/observations:batch", json={"reports": list(reports)})
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def test_a_corrected_figure_is_told_as_it_was_and_as_it_is(running: Platform) -> None:
    receipt = await submit(running, FIGURE | {"value": "26.3"})
    entry = (await entries(running, act="observations.submit"))[-1]
    assert (entry["subject"], entry["details"]["rows"], entry["details"]["series"]) == ("indicator:va_growth", 1, 1)
    (figure,) = entry["details"]["figures"]
    assert (figure["series"], figure["period"]) == ("va_growth/industry:nev", "2018-06")
    assert figure["changes"] == {"value": ["13.4", "26.3"], "status": ["approved", "reported"]}
    assert figure["recorded_at"][:19] == receipt["recorded_at"][:19]


async def test_a_figure_that_is_there_already_leaves_no_entry(running: Platform) -> None:
    await submit(running, FIGURE | {"value": "26.3"})
    before = len(await entries(running))
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    assert (await submit(running, FIGURE | {"value": "26.3"}))["recorded"] == 0
    assert len(await entries(running)) == before


async def test_a_figure_that_is_verified_tells_no_change_of_its_value(running: Platform) -> None:
    await submit(running, FIGURE | {"value": "26.3"})
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    await submit(running, FIGURE | {"value": "26.3", "status": "verified", "class": "audited"})
    (figure,) = (await entries(running, act="observations.submit"))[-1]["details"]["figures"]
    assert figure["changes"] == {"status": ["reported", "verified"], "class": ["flash", "audited"]}


async def test_many_figures_are_counted_and_named_by_the_hash_of_their_file(in_set_up: Platform) -> None:
    rows = [
        f"va_growth,industry:nev,{year}-{month:02},1.5,%,2018-01-05T09:00:00+08:00"
        for year in range(2000, 2010)
        for month in range(1, 13)
    ]
    file = "\n".join(["indicator,subject,period,value,unit,recorded_at", *rows]).encode()
    answer = await in_set_up.indicators.post(
        "/v1/observations:import", content=file, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 201, answer.text
    details = (await entries(in_set_up, act="observations.submit"))[-1]["details"]
    assert details == {"rows": 120, "recorded": 120, "series": 1, "sha256": hashlib.sha256(file).hexdigest()}


async def test_a_rejection_says_of_which_figure_and_why(running: Platform) -> None:
    await submit(running, FIGURE | {"value": "26.3"})
    asked = {name: FIGURE[name] for name in ("indicator", "subject", "period")}
    key = (await running.indicators.get("/v1/observations", params=asked)).json()["items"][-1]["id"]
    answer = await running.indicators.post(f"/v1/observations/{key}:reject", json={"note": "口径有误"})
    assert answer.status_code == 200, answer.text
    entry = (await entries(running, act="observations.reject"))[-1]
    assert entry["subject"] == f"observation:{key}"
    assert entry["details"]["changes"]["rejection_note"] == [None, "口径有误"]

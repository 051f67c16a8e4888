"""What the registry ended keeps its figures here, and gets no new ones."""

import httpx

from tests.platform import Platform
from tests.registry.endable import carrier, done, end

SUBJECT = "carrier:x"
REPORT = {"indicator": "carrier_enterprises", "subject": SUBJECT, "value": "12", "unit": "家"}


async def submit(platform: Platform, period: str) -> httpx.Response:
    body = {"reports": [{**REPORT, "period": period}]}
    return await platform.indicators.post("/v1/observations:batch", json=body)


async def figures(platform: Platform) -> list[tuple[str, str]]:
    found = await done(platform.indicators.get("/v1/observations", params={"subject": SUBJECT}))
    return [(one["period"], one["value"]) for one in found["items"]]


async def test_a_carrier_that_was_ended_keeps_its_figures_and_gets_no_new_ones(running: Platform) -> None:
    await done(running.registry.post("/v1/carriers", json=carrier("x")))
    assert (await submit(running, "2018-03")).status_code == 201
    kept = await figures(running)
    assert len(kept) == 1
    assert (await end(running.registry, "/v1/carriers/x")).status_code == 204
    refused = await submit(running, "2018-06")
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json()["errors"]] == ["unknown-subject"]
    assert await figures(running) == kept


async def test_one_whose_code_was_taken_up_again_gets_figures_again(running: Platform) -> None:
    await done(running.registry.post("/v1/carriers", json=carrier("x")))
    assert (await end(running.registry, "/v1/carriers/x")).status_code == 204
    assert (await submit(running, "2018-03")).status_code == 422
    await done(running.registry.post("/v1/carriers", json=carrier("x")))
    assert (await submit(running, "2018-03")).status_code == 201

"""An approved change of a target is taken over by one act: the registry's request becomes the target's next version."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.indicators import samples
from tests.platform import START, Platform
from tests.registry.running import seen

PAIR = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00", "target": "T03"}
NOW = {"as_of": "2018-06-30", "target": "T03"}
CHANGES = f"/v1/plans/{samples.PLAN}/targets/T03/changes"
GOAL = [{"date": "2019-12-31", "value": "1000"}]
LESS = [{"date": "2019-12-31", "value": "800"}]


async def asked(platform: Platform, target: str = "T03", **said: object) -> str:
    """A change request about a target; its code."""
    unit = (await platform.registry.get("/v1/units", params={"limit": 1})).json()["items"][0]["code"]
    body = {"unit": unit, "text": "市场变化", "before": {"checkpoints": GOAL}, "changes": {"checkpoints": LESS}, **said}
    made = await platform.registry.post(f"/v1/plans/{samples.PLAN}/targets/{target}/change-requests", json=body)
    assert made.status_code == httpx.codes.CREATED, made.text
    code: str = made.json()["code"]
    return code


async def approved(platform: Platform, target: str = "T03", **said: object) -> str:
    """An approved change request about T03; its code."""
    code = await asked(platform, target, **said)
    office = await platform.as_("registry", "projects:decide", "registry:read")
    decision = {"decision": "approve", "text": "同意", "approval": "萧政办复〔2018〕12号"}
    request = f"/v1/change-requests/{code}"
    answer = await office.post(f"{request}/decision", json=decision, headers=await seen(office, request))
    assert answer.status_code == httpx.codes.OK, answer.text
    return code


async def taken(platform: Platform, code: str, path: str = CHANGES) -> httpx.Response:
    return await platform.indicators.post(path, json={"request": code})


async def goal(platform: Platform, **about: str) -> Any:  # noqa: ANN401 - JSON
    return (await platform.indicators.get("/v1/gaps", params=about)).json()["items"][0]["goal"]


async def test_an_approved_change_is_the_targets_next_version_and_the_original_stays(running: Platform) -> None:
    code = await approved(running)
    assert await goal(running, **NOW) == "1000"
    answer = await taken(running, code)
    assert answer.status_code == httpx.codes.OK, answer.text
    told = answer.json()
    assert (told["approval"], told["changed"]) == ("萧政办复〔2018〕12号", True)
    assert [(one["before"], one["after"]) for one in told["fields"]] == [(GOAL, LESS)]
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    assert (await goal(running, **PAIR), await goal(running, **NOW)) == ("1000", "800")
    again = await taken(running, code)
    assert (again.status_code, again.json()["changed"]) == (httpx.codes.OK, False)
    (change,) = (await samples.apply(running, "indicators", dry_run=True))["changes"]
    assert [(each["field"], each["before"], each["after"]) for each in change["fields"]] == [
        ("checkpoints", LESS, GOAL)
    ]
    assert change["fields"][0]["takes_back"] == {"request": code, "approval": "萧政办复〔2018〕12号"}
    async with running.database.owner() as connection:
        acts = await connection.fetch("SELECT details FROM indicators.audit WHERE act = 'targets.change'")
    assert len(acts) == 1
    assert code in acts[0]["details"]


async def test_in_set_up_a_change_counts_from_the_beginning(in_set_up: Platform) -> None:
    answer = await taken(in_set_up, await approved(in_set_up))
    assert answer.json()["changed"] is True
    assert await goal(in_set_up, **PAIR) == "800"


async def test_only_an_approved_request_about_this_target_is_taken_over(in_set_up: Platform) -> None:
    code = await asked(in_set_up)
    early = await taken(in_set_up, code)
    other = await taken(in_set_up, code, CHANGES.replace("T03", "T04"))
    nothing = await taken(in_set_up, "2018-9999")
    assert [(each.status_code, each.json()["code"]) for each in (early, other, nothing)] == [
        (409, "not-approved"),
        (409, "not-approved"),
        (404, "not-found"),
    ]


async def test_a_target_that_is_not_what_the_request_says_is_not_changed(in_set_up: Platform) -> None:
    wrong = [{"date": "2019-12-31", "value": "999"}]
    answer = await taken(in_set_up, await approved(in_set_up, before={"checkpoints": wrong}))
    assert (answer.status_code, answer.json()["code"]) == (409, "moved-on")
    assert await goal(in_set_up, **PAIR) == "1000"


async def test_a_change_is_checked_as_an_apply_is(in_set_up: Platform) -> None:
    late = [{"date": "2019-12-31", "value": "800"}, {"date": "2018-12-31", "value": "900"}]
    answer = await taken(in_set_up, await approved(in_set_up, changes={"checkpoints": late}))
    assert (answer.status_code, answer.json()["code"]) == (422, "plan-part")


@pytest.mark.parametrize("target", ["T03", "T99"])
async def test_who_takes_over_what(in_set_up: Platform, target: str) -> None:
    code = await approved(in_set_up, target=target)
    path = CHANGES.replace("T03", target)
    reader = await in_set_up.as_("indicators", "indicators:read")
    assert (await reader.post(path, json={"request": code})).status_code == 403
    of_unit = await in_set_up.as_("indicators", "plans:apply", unit="economy_information")
    assert (await of_unit.post(path, json={"request": code})).status_code == 403
    assert (await taken(in_set_up, code, path)).status_code == (200 if target == "T03" else 404)

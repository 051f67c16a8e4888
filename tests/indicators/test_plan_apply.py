"""Applying the indicators' part of a plan file: the difference first, then versions, nothing twice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from services.plan_file.parts import IndicatorsPart
from tests.indicators import samples
from tests.platform import START, Platform

PAIR = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00", "target": "T03"}
NOW = {"as_of": "2018-06-30", "target": "T03"}


def with_goal(code: str, goal: int) -> IndicatorsPart:
    part = samples.parts().indicators
    targets = [
        each.model_copy(update={"checkpoints": [each.checkpoints[-1].model_copy(update={"value": Decimal(goal)})]})
        if each.code == code
        else each
        for each in part.targets
    ]
    return part.model_copy(update={"targets": targets})


def without(code: str) -> IndicatorsPart:
    part = samples.parts().indicators
    return part.model_copy(update={"targets": [each for each in part.targets if each.code != code]})


async def goal(platform: Platform, **asked: str) -> str:
    items = (await platform.indicators.get("/v1/gaps", params=asked)).json()["items"]
    found: str = items[0]["goal"]
    return found


async def refused(platform: Platform, part: IndicatorsPart, path: str = samples.PLAN) -> tuple[int, dict[str, Any]]:
    answer = await platform.indicators.put(f"/v1/plans/{path}", json=part.model_dump(mode="json"))
    return answer.status_code, answer.json()


async def test_a_dry_run_tells_the_difference_before_anything_exists(platform: Platform) -> None:
    told = await samples.apply(platform, "indicators", dry_run=True)
    assert [change["change"] for change in told["changes"]] == ["create"] * (16 + 2 + 65)
    assert (await platform.indicators.get(f"/v1/plans/{samples.PLAN}")).status_code == 404


async def test_applying_twice_changes_nothing(in_set_up: Platform) -> None:
    assert (await samples.apply(in_set_up, "indicators"))["changes"] == []


async def test_what_was_applied_is_told_with_its_version(in_set_up: Platform) -> None:
    told = (await in_set_up.indicators.get(f"/v1/plans/{samples.PLAN}")).json()
    assert (told["version"], told["state"]) == (samples.parts().indicators.header.version, "set-up")
    assert (told["indicators"], told["targets"]) == (16, 65)


async def test_a_change_is_named_by_its_field(in_set_up: Platform) -> None:
    told = await samples.apply(in_set_up, "indicators", with_goal("T03", 1200), dry_run=True)
    (change,) = told["changes"]
    assert (change["kind"], change["code"], change["change"]) == ("target", "T03", "update")
    assert [(each["field"], each["after"][0]["value"]) for each in change["fields"]] == [("checkpoints", "1200")]


async def test_in_set_up_a_change_counts_from_the_beginning(in_set_up: Platform) -> None:
    await samples.apply(in_set_up, "indicators", with_goal("T03", 1200))
    assert await goal(in_set_up, **PAIR) == "1200"


async def test_after_activation_a_change_counts_from_now_on(running: Platform) -> None:
    await samples.apply(running, "indicators", with_goal("T03", 1200))
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    assert (await goal(running, **PAIR), await goal(running, **NOW)) == ("1000", "1200")


async def test_a_change_of_a_target_is_an_event_of_its_own(running: Platform) -> None:
    await samples.apply(running, "indicators", with_goal("T03", 10_000))
    await samples.due(running, START + timedelta(minutes=1))
    turned = [change["to_light"] for change in await samples.lights(running) if change["target"] == "T03"]
    assert turned == ["green", "red"]


async def test_what_is_not_in_the_file_stays_unless_it_is_pruned(in_set_up: Platform) -> None:
    assert (await samples.apply(in_set_up, "indicators", without("T03")))["changes"] == []
    (change,) = (await samples.apply(in_set_up, "indicators", without("T03"), prune=True))["changes"]
    assert (change["change"], change["code"]) == ("delete", "T03")


async def test_a_target_that_ended_is_still_in_the_answers_of_before(running: Platform) -> None:
    await samples.apply(running, "indicators", without("T03"), prune=True)
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    now = (await running.indicators.get("/v1/gaps", params=NOW)).json()["total"]
    assert (await goal(running, **PAIR), now) == ("1000", 0)


async def test_a_target_that_ended_can_come_back(running: Platform) -> None:
    await samples.apply(running, "indicators", without("T03"), prune=True)
    await samples.apply(running, "indicators")
    await running.set_clock(START + timedelta(minutes=1), standing=True)
    assert await goal(running, **NOW) == "1000"


async def test_the_sample_is_the_same_after_a_detour(in_set_up: Platform) -> None:
    await samples.apply(in_set_up, "indicators", with_goal("T03", 1200))
    await samples.apply(in_set_up, "indicators")
    assert (await samples.apply(in_set_up, "indicators"))["changes"] == []


async def test_a_part_of_another_plan_is_refused(in_set_up: Platform) -> None:
    status, problem = await refused(in_set_up, samples.parts().indicators, "another-plan")
    assert (status, problem["code"]) == (422, "plan-part")


async def test_what_another_plan_declares_is_refused(in_set_up: Platform) -> None:
    part = samples.parts().indicators
    other = part.model_copy(update={"header": part.header.model_copy(update={"plan": "another-plan"}), "targets": []})
    status, problem = await refused(in_set_up, other, "another-plan")
    assert (status, problem["code"]) == (409, "declared-by-another-plan")
    assert len(problem["errors"]) == 18


async def test_a_target_on_an_unknown_indicator_is_named(in_set_up: Platform) -> None:
    part = samples.parts().indicators
    targets = [part.targets[0].model_copy(update={"indicator": "happiness"}), *part.targets[1:]]
    status, problem = await refused(in_set_up, part.model_copy(update={"targets": targets}))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/targets/0/indicator")


async def test_known_from_moves_in_set_up_with_all_that_hangs_on_it(in_set_up: Platform) -> None:
    part = samples.parts().indicators
    earlier = part.header.known_from - timedelta(days=30)
    header = part.header.model_copy(update={"known_from": earlier})
    await samples.apply(in_set_up, "indicators", part.model_copy(update={"header": header}))
    answer = await in_set_up.indicators.get("/v1/gaps", params={"known_at": earlier.isoformat()})
    assert (answer.status_code, answer.json()["total"]) == (httpx.codes.OK, 65)


async def test_known_from_stays_after_activation(running: Platform) -> None:
    part = samples.parts().indicators
    header = part.header.model_copy(update={"known_from": part.header.known_from - timedelta(days=30)})
    status, problem = await refused(running, part.model_copy(update={"header": header}))
    assert (status, problem["code"]) == (409, "known-from-fixed")


async def test_a_unit_cannot_apply_a_plan(in_set_up: Platform) -> None:
    talent = await in_set_up.as_("indicators", "plans:apply", unit="talent")
    body = samples.parts().indicators.model_dump(mode="json")
    assert (await talent.put(f"/v1/plans/{samples.PLAN}", json=body)).status_code == 403

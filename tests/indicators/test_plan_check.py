"""Checking a plan file over HTTP, and applying one that leaves its baselines open."""

import copy
import json
from typing import Any

import pytest

from services.plan_file.parts import split
from tests.indicators import samples
from tests.plan_file import golden
from tests.plan_file.ordered import ordered
from tests.platform import Platform

PATH = "/v1/plan-checks"
PAIR = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}


async def refused(platform: Platform, body: bytes | str, language: str = "zh") -> list[tuple[str, str]]:
    """The faults for which a body is refused."""
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    answer = await platform.indicators.post(PATH, content=body, headers=headers)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    return [(fault["pointer"], fault["code"]) for fault in problem["errors"]]


async def test_the_findings_of_the_sample_are_those_of_the_rules(platform: Platform) -> None:
    for name, plan_of in golden.PLANS.items():
        answer = await platform.indicators.post(PATH, json=plan_of().model_dump(mode="json"))
        assert answer.status_code == 200
        told = answer.json()
        assert len(told.pop("version")) == 16
        assert told == json.loads(golden.path(name).read_text(encoding="utf-8"))


async def test_findings_about_a_plan_carry_no_numbers_of_a_list_made_for_another(platform: Platform) -> None:
    told = (await platform.indicators.post(PATH, json=ordered())).json()["findings"]
    assert told
    assert not any("fact" in finding for finding in told)


async def test_numbers_may_be_numbers(platform: Platform) -> None:
    """27.9 is 27.9 and passes through no binary fraction: the share of the sum would show it."""
    document = ordered()
    document["projects"][0]["investment"] = 600.1
    told = (await platform.indicators.post(PATH, json=document)).json()
    (finding,) = (each for each in told["findings"] if each["code"] == "investment-concentrated")
    assert finding["arithmetic"][0]["result"] == "1150.1"


async def test_every_fault_is_named_with_its_pointer(platform: Platform) -> None:
    document: dict[str, Any] = copy.deepcopy(ordered())
    document["targets"][0]["subject"] = "industry:nothing"
    document["a/b~c"] = 1
    document["plan"]["start"] = "2016-13-01"
    del document["tasks"][0]["clause"]
    assert await refused(platform, json.dumps(document)) == [
        ("/body/a~1b~0c", "unknown-key"),
        ("/body/plan/start", "day"),
        ("/body/targets/0/subject", "unknown-reference"),
        ("/body/tasks/0/clause", "missing"),
    ]


async def test_a_phrase_is_held_against_no_text_since_none_comes_with_the_file_and_the_document_says_so(
    platform: Platform,
) -> None:
    document: dict[str, Any] = copy.deepcopy(ordered())
    document["targets"][0]["phrase"] = "本文中没有的一句话"
    assert (await platform.indicators.post(PATH, json=document)).status_code == 200
    described = (await platform.indicators.get("/openapi.json")).json()["paths"]["/v1/plan-checks"]["post"][
        "description"
    ]
    assert "a phrase that stands nowhere in it is no fault here" in described


async def test_faults_are_told_in_the_callers_language(platform: Platform) -> None:
    for language, words in (("zh", "方案文件有 1 处错误"), ("en", "1 fault(s) in the plan file")):
        headers = {"Accept-Language": language}
        problem = (await platform.indicators.post(PATH, json=[], headers=headers)).json()
        assert (problem["code"], problem["detail"]) == ("plan-file", words)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("[]", ("/body", "not-a-mapping")),
        ('{"format": "\\ud800"}', ("/body/format", "half-character")),
        ('{"plan": 1, "plan": 2}', ("/body/plan", "given-twice")),
        ('{"format": "duban-plan/1", "plan": {"code": NaN}}', ("/body", "json-syntax")),
    ],
)
async def test_a_body_that_is_no_plan_file_is_refused(platform: Platform, body: str, fault: tuple[str, str]) -> None:
    assert await refused(platform, body) == [fault]


@pytest.mark.parametrize(("body", "status"), [(b"{", 422), (b"", 422), (b"[" * 100_000, 422), (b"\xff", 422)])
async def test_what_the_framework_cannot_read_is_a_problem_too(platform: Platform, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await platform.indicators.post(PATH, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_what_is_not_sent_as_json_is_refused(platform: Platform) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = await platform.indicators.post(PATH, content=json.dumps(ordered()), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json")


async def test_a_body_too_large_is_refused(platform: Platform) -> None:
    assert (await platform.indicators.post(PATH, content=b" " * (1024 * 1024 + 1))).status_code == 413


async def test_a_caller_needs_the_scope(platform: Platform) -> None:
    stranger = await platform.as_("indicators", "observations:submit")
    assert (await stranger.post(PATH, json=ordered())).status_code == 403


async def test_a_plan_without_baselines_is_applied_and_its_gaps_are_incomplete(in_set_up: Platform) -> None:
    part = split(golden.as_published()).indicators
    changes = (await samples.apply(in_set_up, "indicators", part))["changes"]
    assert {field["field"] for change in changes for field in change["fields"]} == {"baseline"}
    assert (await samples.apply(in_set_up, "indicators", part))["changes"] == []
    await samples.load(in_set_up)
    gaps = (await in_set_up.indicators.get("/v1/gaps", params={**PAIR, "limit": 100})).json()["items"]
    reasons = {gap["target"]: gap["reason"] for gap in gaps}
    assert {reasons[code] for code in ("T01", "T02", "T03", "T19", "P15")} == {"incomplete"}
    assert (reasons["T08"], reasons["T23"]) == (None, None)


async def test_an_incomplete_gap_is_explained(in_set_up: Platform) -> None:
    await samples.apply(in_set_up, "indicators", split(golden.as_published()).indicators)
    await samples.load(in_set_up)
    answer = await in_set_up.indicators.get("/v1/gaps/T01/explanation", params=PAIR)
    assert answer.status_code == 200, answer.text


async def test_who_confirmed_a_baseline_is_kept(in_set_up: Platform) -> None:
    part = samples.parts().indicators
    first = part.targets[0]
    assert first.baseline is not None
    confirmed = first.model_copy(update={"baseline": first.baseline.model_copy(update={"confirmed_by": "区统计局"})})
    given = part.model_copy(update={"targets": [confirmed, *part.targets[1:]]})
    (change,) = (await samples.apply(in_set_up, "indicators", given))["changes"]
    assert [field["after"]["confirmed_by"] for field in change["fields"]] == ["区统计局"]
    assert (await samples.apply(in_set_up, "indicators", given))["changes"] == []

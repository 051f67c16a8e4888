"""Pauses of a project over HTTP: proposed, approved, part of its life, never twice on one day."""

from typing import Any

import httpx
import pytest

from tests.registry.lives import People, kept, people
from tests.registry.running import Registry, seen
from tests.registry.samples import faults

PAUSES = "/v1/projects/P01/suspensions"


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    return await people(registry)


def pause(first: str, last: str, **more: object) -> dict[str, Any]:
    """A pause."""
    return {"first_day": first, "last_day": last, "cause": "factors", "text": "用地指标未下达", **more}


async def proposed(http: httpx.AsyncClient, first: str, last: str, **more: object) -> httpx.Response:
    return await http.post(PAUSES, json=pause(first, last, **more))


async def decided(who: People, number: int, decision: str = "approve") -> httpx.Response:
    said = {"decision": decision, "text": "同意中止", "approved_by": "区领导小组"}
    proposal = f"{PAUSES}/{number}"
    return await who.office.post(f"{proposal}/decision", json=said, headers=await seen(who.office, proposal))


async def approved(who: People, first: str, last: str) -> dict[str, Any]:
    made = await proposed(who.lead, first, last)
    assert made.status_code == 201, made.text
    answer = await decided(who, made.json()["number"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_approved_pause_is_part_of_the_life_and_so_of_the_feed(on_the_way: People) -> None:
    who = on_the_way
    made = await proposed(who.lead, "2018-03-01", "2018-05-31", files=[await kept(who.lead)])
    assert made.headers["location"] == f"/registry{PAUSES}/1"
    assert (await who.project())["life"]["suspensions"] == []
    answer = (await decided(who, 1)).json()
    assert (answer["state"], answer["approved_by"]) == ("approved", "区领导小组")
    expected = [{"number": 1, "first_day": "2018-03-01", "last_day": "2018-05-31"}]
    assert (await who.project())["life"]["suspensions"] == expected
    last = [one for one in await who.registry.feed() if one["kind"] == "project" and one["code"] == "P01"][-1]
    assert last["content"]["life"]["suspensions"] == expected
    on = {"on": "2018-04-01", "state": "approved"}
    assert [one["number"] for one in (await who.lead.get("/v1/suspensions", params=on)).json()["items"]] == [1]
    assert (await who.lead.get(PAUSES)).json()["items"][0]["acts"][0]["files"] == [await kept(who.lead)]


async def test_no_day_belongs_to_two_pauses(on_the_way: People) -> None:
    who = on_the_way
    await proposed(who.lead, "2018-05-31", "2018-06-30")
    await proposed(who.lead, "2018-03-01", "2018-05-31")
    assert (await decided(who, 2)).status_code == 200
    late = await decided(who, 1)
    assert faults(late.json()) == [("/body/decision", "overlaps")]
    early = await proposed(who.lead, "2018-01-01", "2018-03-01")
    assert faults(early.json()) == [("/body/first_day", "overlaps")]
    assert (await who.lead.get(f"{PAUSES}/1")).json()["state"] == "proposed"


async def test_a_pause_ends_earlier_or_later_with_another_word_of_the_office(on_the_way: People) -> None:
    who = on_the_way
    await approved(who, "2018-03-01", "2018-05-31")
    await approved(who, "2018-07-01", "2018-07-31")
    end = f"{PAUSES}/1/end"
    earlier = await who.office.post(end, json={"last_day": "2018-04-30", "text": "指标已下达"})
    before_it_began = await who.office.post(end, json={"last_day": "2018-02-28", "text": "误"})
    into_the_next = await who.office.post(end, json={"last_day": "2018-07-01", "text": "延长"})
    assert earlier.json()["last_day"] == "2018-04-30"
    assert faults(before_it_began.json()) == [("/body/last_day", "dates-reversed")]
    assert faults(into_the_next.json()) == [("/body/last_day", "overlaps")]
    assert [each["last_day"] for each in (await who.project())["life"]["suspensions"]] == ["2018-04-30", "2018-07-31"]


async def test_an_annulled_pause_leaves_the_life_and_stays_in_the_list(on_the_way: People) -> None:
    who = on_the_way
    await approved(who, "2018-03-01", "2018-05-31")
    annulled = await who.office.post(f"{PAUSES}/1/annulment", json={"text": "审批撤销"})
    assert annulled.json()["state"] == "annulled"
    assert (await who.project())["life"]["suspensions"] == []
    again = await who.office.post(f"{PAUSES}/1/annulment", json={"text": "再次"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    assert (await approved(who, "2018-03-01", "2018-05-31"))["number"] == 2


async def test_no_step_but_the_last_is_dated_within_a_pause(on_the_way: People) -> None:
    who = on_the_way
    await who.step("enlist", "2017-01-10")
    await approved(who, "2018-03-01", "2018-07-31")
    assert (await who.lead.get("/v1/projects/P01/next-steps")).json()["suspended"] is True
    held = await who.propose("declare", "2018-04-01")
    assert faults(held.json()) == [("/body/on", "suspended")]
    ended = await who.propose("terminate", "2018-04-01")
    assert ended.status_code == 201


async def test_no_pause_has_a_day_on_which_a_step_was_taken(on_the_way: People) -> None:
    who = on_the_way
    await proposed(who.lead, "2017-01-10", "2017-01-20")
    await who.step("enlist", "2017-01-10")
    await who.step("declare", "2017-02-01")
    late = await decided(who, 1)
    assert faults(late.json()) == [("/body/decision", "step-within")]
    early = await proposed(who.lead, "2017-01-10", "2017-02-01")
    assert faults(early.json()) == [("/body/first_day", "step-within"), ("/body/first_day", "step-within")]
    assert "第 2 号步骤“项目申报”于 2017-02-01 完成" in early.json()["errors"][1]["detail"]
    await approved(who, "2017-01-11", "2017-01-31")
    longer = await who.office.post(f"{PAUSES}/2/end", json={"last_day": "2017-02-01", "text": "延长"})
    assert faults(longer.json()) == [("/body/last_day", "step-within")]


async def test_no_pause_outlasts_the_end_of_a_project(on_the_way: People) -> None:
    who = on_the_way
    await who.step("enlist", "2017-01-10")
    await who.step("terminate", "2017-07-01")
    beyond = await proposed(who.lead, "2017-06-01", "2017-07-02")
    after = await proposed(who.lead, "2018-01-01", "2018-01-31")
    for answer in (beyond, after):
        assert faults(answer.json()) == [("/body/last_day", "after-the-end")]
    assert "项目已于 2017-07-01 进入“终止”" in after.json()["errors"][0]["detail"]
    assert (await approved(who, "2017-06-01", "2017-07-01"))["state"] == "approved"


async def test_a_pause_that_is_refused_or_withdrawn_changes_nothing(on_the_way: People) -> None:
    who = on_the_way
    await proposed(who.support, "2018-03-01", "2018-05-31")
    await proposed(who.support, "2018-03-01", "2018-05-31")
    refused = await decided(who, 1, "refuse")
    withdrawn = await who.support.post(f"{PAUSES}/2/withdrawal", json={"text": "已解决"})
    assert (refused.json()["state"], withdrawn.json()["state"]) == ("refused", "withdrawn")
    assert refused.json()["approved_by"] is None
    assert (await who.project())["version"] == 1


async def test_who_may_pause_a_project(on_the_way: People) -> None:
    who = on_the_way
    assert (await proposed(who.other, "2018-03-01", "2018-05-31")).status_code == 403
    await proposed(who.lead, "2018-03-01", "2018-05-31")
    nobody = await who.office.post(f"{PAUSES}/1/decision", json={"decision": "approve", "text": "同意"})
    assert faults(nobody.json()) == [("/body/approved_by", "missing")]
    assert (await who.lead.post(f"{PAUSES}/1/annulment", json={"text": "x"})).status_code == 403


async def test_what_would_be_right_is_said_by_its_chinese_names(on_the_way: People) -> None:
    who = on_the_way
    unknown = await proposed(who.lead, "2018-03-01", "2018-05-31", cause="mood")
    assert unknown.json()["errors"][0]["detail"] == (
        "应为下列之一：要素制约（factors）、不可抗力（force_majeure）、政策调整（policy）、规划调整（planning）"
    )
    await proposed(who.lead, "2018-03-01", "2018-05-31")
    early = await who.office.post(f"{PAUSES}/1/annulment", json={"text": "误"})
    assert early.json()["detail"] == "当前状态为“待审定”（proposed）；撤销（annul）须处于“已批准”（approved）"
    nowhere = await who.lead.post("/v1/projects/P01/steps", json={"step": "admit", "on": "2018-03-01", "text": "准入"})
    assert nowhere.json()["detail"].endswith("可进行：储备入库（enlist）、现状登记（take_over）")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"last_day": "2018-02-28"}, [("/body/last_day", "dates-reversed")]),
        ({"cause": "mood"}, [("/body/cause", "literal-error")]),
        ({"files": ["a" * 64]}, [("/body/files/0", "unknown-file")]),
    ],
)
async def test_what_is_wrong_with_a_pause_is_named(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    answer = await who.lead.post(PAUSES, json={**pause("2018-03-01", "2018-05-31"), **changed})
    assert faults(answer.json()) == wrong

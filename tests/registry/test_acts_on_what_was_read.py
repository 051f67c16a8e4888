"""Who acts on what somebody else wrote says which version was read; nobody approves what nobody read."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.registry.lives import People, people
from tests.registry.running import Registry, seen
from tests.registry.samples import PLAN, applied, small_part
from tests.roles.bodies import ITEM, change, pause, problem, prospect, roster

WORD = {"text": "经研究"}
STALE = {"If-Match": '"1"'}
Made = Callable[[People], Awaitable[str]]


async def posted(http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
    answer = await http.post(path, json=body)
    assert answer.is_success, answer.text
    return answer


async def amended_step(who: People) -> str:
    first = await who.propose("enlist", "2017-01-10")
    path = "/v1/projects/P01/steps/1"
    body = await who.proposal("enlist", "2017-01-11")
    changed = await who.lead.put(path, json=body, headers={"If-Match": first.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    return path


async def reviewed_request(who: People) -> str:
    made = await posted(who.lead, "/v1/projects/P01/change-requests", change("keji"))
    path = f"/v1/change-requests/{made.json()['code']}"
    await posted(who.support, f"{path}/opinions", {"unit": "jingxin", "view": "object", "text": "不同意"})
    return path


async def paused(who: People) -> str:
    await posted(who.lead, "/v1/projects/P01/suspensions", pause("2018-03-01", "2018-05-31"))
    return "/v1/projects/P01/suspensions/1"


async def assigned_problem(who: People) -> str:
    made = await posted(who.lead, "/v1/problems", problem("keji", "project:P01"))
    path = f"/v1/problems/{made.json()['code']}"
    await posted(who.office, f"{path}/assignment", {**WORD, "unit": "keji", "due": "2018-07-31"})
    return path


async def renamed_item(who: People) -> str:
    await posted(who.registry.http, "/v1/rosters", roster("leading", "keji"))
    item = {**ITEM, "thing": "enterprise:e22"}
    await posted(who.registry.http, "/v1/rosters/leading/items", item)
    path = "/v1/rosters/leading/items/1"
    changed = await who.registry.http.put(path, json={**item, "name": "另名"}, headers=STALE)
    assert changed.status_code == 200, changed.text
    return path


RECOGNITION = {"on": "2018-05-31", "evidence": [{"title": "认定文件", "document_number": "〔2018〕1号"}]}
DECISIONS: dict[str, tuple[Made, str, dict[str, Any]]] = {
    "a step": (amended_step, "/decision", {"decision": "approve", **WORD}),
    "a change request": (reviewed_request, "/decision", {"decision": "approve", "approval": "1号", **WORD}),
    "a suspension": (paused, "/decision", {"decision": "approve", "approved_by": "区领导小组", **WORD}),
    "a problem": (assigned_problem, "/decision", {"decided_by": "区政府", "on": "2018-07-15", **WORD}),
    "an item of a roster": (renamed_item, ":recognise", RECOGNITION),
}


@pytest.mark.parametrize("what", DECISIONS)
async def test_a_decision_names_the_version_that_was_read(registry: Registry, what: str) -> None:
    who = await people(registry)
    make, act, said = DECISIONS[what]
    path = await make(who)
    before = (await who.office.get(path)).json()
    unsaid = await who.office.post(f"{path}{act}", json=said)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "if-match-missing")
    stale = await who.office.post(f"{path}{act}", json=said, headers={"If-Match": f'"{before["version"] - 1}"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await who.office.get(path)).json() == before
    decided = await who.office.post(f"{path}{act}", json=said, headers=await seen(who.office, path))
    assert decided.status_code == 200, decided.text
    assert decided.headers["ETag"] == f'"{before["version"] + 1}"'


async def stepped_prospect(who: People) -> str:
    made = await who.registry.http.put("/v1/prospects/kunlun", json=prospect("kunlun", "keji"))
    assert made.status_code == 201, made.text
    await posted(who.registry.http, "/v1/prospects/kunlun/steps", {"to": "contact", "on": "2018-06-01"})
    return "/v1/prospects/kunlun"


async def reported_milestone(who: People) -> str:
    states = [{"code": "named", "name": "命名"}]
    body = {"code": "m1", "name": "特色小镇", "subject": "project:P01", "states": states, "counts": "named"}
    made = await who.registry.http.put("/v1/milestones/m1", json={**body, "due": "2018-06-30"})
    assert made.status_code == 200, made.text
    await posted(who.registry.http, "/v1/milestones/m1/reports", {"state": "named", "on": "2018-06-20", **WORD})
    return "/v1/milestones/m1"


async def corrected_contact(who: People) -> str:
    path = "/v1/units/keji/contacts/liaison"
    body = {"unit": "keji", "role": "liaison", "person": "某人", "email": "a@example.com"}
    for person in ("某人", "另一人"):
        headers = {} if person == "某人" else STALE
        answer = await who.registry.http.put(path, json={**body, "person": person}, headers=headers)
        assert answer.status_code == 200, answer.text
    return path


async def approved_pause(who: People) -> str:
    path = await paused(who)
    said = DECISIONS["a suspension"][2]
    decided = await who.office.post(f"{path}/decision", json=said, headers=STALE)
    assert decided.status_code == 200, decided.text
    return path


async def stepped_task(who: People) -> str:
    task = {
        "code": "C01",
        "name": "完善统计",
        "clause": "四（一）",
        "phrase": "完善统计",
        "subject": "industry:information",
    }
    await applied(who.registry, {**small_part(), "tasks": [task]})
    path = f"/v1/plans/{PLAN}/tasks/C01"
    await posted(who.registry.http, f"{path}/steps", {"to": "under_way", "on": "2018-06-01"})
    return path


OPINION = {"unit": "jingxin", "view": "agree", **WORD}
HAND_OVER = {"old": "另一人", "person": "接任者", "email": "next@example.com", "valid_from": "2018-07-17"}
STAND_IN = {
    "person": "代理人",
    "email": "stand.in@example.com",
    "valid_from": "2018-08-01",
    "valid_to": "2018-08-10",
}
ACTS: dict[str, tuple[Made, str, dict[str, Any]]] = {
    "an opinion on a request": (reviewed_request, "/opinions", OPINION),
    "a withdrawal of a request": (reviewed_request, "/withdrawal", WORD),
    "a withdrawal of a step": (amended_step, "/withdrawal", WORD),
    "another end of a suspension": (approved_pause, "/end", {"last_day": "2018-04-30", **WORD}),
    "an annulment of a suspension": (approved_pause, "/annulment", WORD),
    "an assignment": (assigned_problem, "/assignment", {"unit": "jingxin", "due": "2018-07-31", **WORD}),
    "a sending back": (assigned_problem, "/sending-back", WORD),
    "a result": (assigned_problem, "/result", {"on": "2018-07-15", **WORD}),
    "a return": (assigned_problem, "/return", WORD),
    "a withdrawal of an item": (renamed_item, ":withdraw", {"on": "2018-07-01", "reason": "迁出"}),
    "a step of a prospect": (stepped_prospect, "/steps", {"to": "talks", "on": "2018-06-02"}),
    "a report of a milestone": (reported_milestone, "/reports", {"state": "named", "on": None, **WORD}),
    "a hand-over": (corrected_contact, "/hand-overs", HAND_OVER),
    "a stand-in": (corrected_contact, "/stand-ins", STAND_IN),
    "a step of a task": (stepped_task, "/steps", {"to": "stopped", "on": "2018-06-02", "text": "不再需要"}),
    "a note on a task": (stepped_task, "/progress", {"on": "2018-06-02", "text": "有进展"}),
}


@pytest.mark.parametrize("what", ACTS)
async def test_any_other_act_is_refused_where_it_names_an_older_version(registry: Registry, what: str) -> None:
    who = await people(registry)
    make, act, said = ACTS[what]
    path = await make(who)
    before = await who.registry.http.get(path)
    stale = await who.registry.http.post(f"{path}{act}", json=said, headers=STALE)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale"), stale.text
    assert (await who.registry.http.get(path)).json() == before.json()
    done = await who.registry.http.post(f"{path}{act}", json=said, headers={"If-Match": before.headers["ETag"]})
    assert done.is_success, done.text


async def test_a_plan_is_handed_over_as_it_was_read(registry: Registry) -> None:
    await applied(registry, small_part())
    stale = {"If-Match": '"9"'}
    refused = await registry.http.post(f"/v1/plans/{PLAN}/successor", json={"successor": "next"}, headers=stale)
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")

"""Rosters over HTTP: named items behind a count, each recognised once, with evidence."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.registry.running import START, Registry, seen
from tests.registry.samples import applied, enterprise, faults, industry, small_part

EVIDENCE = {"title": "认定通知", "document_number": "萧经信〔2018〕1号"}
ROSTER = {"code": "leading", "name": "龙头企业名册", "lists": "enterprise", "unit": "jingxin"}
ITEMS = "/v1/rosters/leading/items"


def leading(code: str = "1", name: str = "甲", thing: str | None = "enterprise:e22", **more: object) -> dict[str, Any]:
    return {"code": code, "name": name, "subject": "industry:information", "thing": thing, **more}


@pytest_asyncio.fixture(loop_scope="session")
async def keeping(registry: Registry) -> Registry:
    more = [enterprise(f"e{n}", f"杭州第{n}有限公司") for n in (1, 2)]
    of_plan = small_part()
    await applied(
        registry,
        {
            **of_plan,
            "enterprises": [*of_plan["enterprises"], *more],
            "industries": [industry(), industry("bio", name="生物")],
        },
    )
    made = await registry.http.post("/v1/rosters", json=ROSTER)
    assert made.status_code == 201, made.text
    return registry


async def propose(http: httpx.AsyncClient, *items: dict[str, Any]) -> None:
    for item in items:
        made = await http.post(ITEMS, json=item)
        assert made.status_code == 201, made.text


async def recognise(http: httpx.AsyncClient, item: str, on: str, **more: object) -> httpx.Response:
    said = {"on": on, "evidence": [EVIDENCE], **more}
    return await http.post(f"{ITEMS}/{item}:recognise", json=said, headers=await seen(http, f"{ITEMS}/{item}"))


async def count(http: httpx.AsyncClient, as_of: str, **more: str) -> dict[str, int]:
    answer = await http.get("/v1/rosters/leading/count", params={"as_of": as_of, **more})
    assert answer.status_code == 200, answer.text
    return {each["subject"]: each["count"] for each in answer.json()["by_subject"]}


async def test_an_item_is_proposed_recognised_and_withdrawn_and_every_step_is_kept(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    await recognise(keeping.http, "1", "2018-05-31")
    await keeping.http.post(f"{ITEMS}/1:withdraw", json={"on": "2018-07-01", "reason": "迁出本区"})
    history = (await keeping.http.get(f"{ITEMS}/1/history")).json()["items"]
    assert [one["content"]["state"] for one in history] == ["proposed", "recognised", "withdrawn"]
    assert history[1]["content"]["evidence"] == [{**EVIDENCE, "file": None}]
    assert history[2]["content"]["withdrawal"] == "迁出本区"


async def test_a_roster_counts_what_is_recognised_and_not_withdrawn_on_the_day(keeping: Registry) -> None:
    await propose(keeping.http, leading("1"), leading("2", "乙", "enterprise:e1"), leading("3", "丙", "enterprise:e2"))
    await recognise(keeping.http, "1", "2017-12-01")
    await recognise(keeping.http, "2", "2018-05-31")
    await keeping.http.post(f"{ITEMS}/1:withdraw", json={"on": "2018-06-30", "reason": "迁出本区"})
    days = ["2017-11-30", "2017-12-01", "2018-05-31", "2018-06-29", "2018-06-30"]
    assert [(await count(keeping.http, day)).get("industry:information", 0) for day in days] == [0, 1, 2, 2, 1]


async def test_a_count_is_answered_as_an_earlier_instant_knew_it(keeping: Registry) -> None:
    await propose(keeping.http, leading("1"), leading("2", "乙", "enterprise:e1", subject="industry:bio"))
    await recognise(keeping.http, "1", "2018-01-31")
    await keeping.show(START + timedelta(days=2))
    await recognise(keeping.http, "2", "2018-01-31")
    await keeping.show(START + timedelta(days=3))
    before = (START + timedelta(days=1)).isoformat()
    assert await count(keeping.http, "2018-06-30", known_at=before) == {"industry:information": 1}
    assert await count(keeping.http, "2018-06-30") == {"industry:information": 1, "industry:bio": 1}


async def test_a_count_before_anything_was_known_is_nothing(keeping: Registry) -> None:
    answer = await keeping.http.get(
        "/v1/rosters/leading/count", params={"as_of": "2018-06-30", "known_at": "2017-01-01T00:00:00+08:00"}
    )
    assert (answer.json()["total"], answer.json()["provisional"]) == (0, False)


async def test_the_items_that_count_on_a_day_are_found(keeping: Registry) -> None:
    await propose(keeping.http, leading("1"), leading("2", "乙", "enterprise:e1"))
    await recognise(keeping.http, "1", "2018-05-31")
    asked = {"as_of": "2018-06-30", "subject": "industry:information"}
    found = (await keeping.http.get(ITEMS, params=asked)).json()["items"]
    assert [item["code"] for item in found] == ["1"]


async def test_an_item_is_found_by_one_character_of_its_name(keeping: Registry) -> None:
    await propose(keeping.http, leading("1"), leading("2", "乙", "enterprise:e1"))
    found = (await keeping.http.get(ITEMS, params={"q": "乙"})).json()["items"]
    assert [item["code"] for item in found] == ["2"]


async def test_the_items_of_a_roster_that_is_not_there_are_not_found(keeping: Registry) -> None:
    assert (await keeping.http.get("/v1/rosters/none/items")).status_code == 404


@pytest.mark.parametrize("evidence", [[], [{"title": "口头"}], [{"title": "文", "file": "abc"}]])
async def test_a_recognition_without_evidence_that_can_be_looked_up_is_refused(
    keeping: Registry, evidence: list[dict[str, str]]
) -> None:
    await propose(keeping.http, leading())
    answer = await recognise(keeping.http, "1", "2018-05-31", evidence=evidence)
    assert answer.status_code == 422
    assert all(fault["pointer"].startswith("/body/evidence") for fault in answer.json()["errors"])


async def test_a_file_that_an_item_rests_on_is_kept_here_and_seen_by_who_sees_the_item(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    there = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    evidence = [EVIDENCE, {"title": "名单", "file": there}]
    before = await recognise(keeping.http, "1", "2018-05-31", evidence=evidence)
    assert (before.status_code, faults(before.json())) == (422, [("/body/evidence/1/file", "unknown-file")])
    assert (await keeping.http.get(f"{ITEMS}/1")).json()["state"] == "proposed"
    sent = await keeping.http.post("/v1/files", files={"file": ("名单.txt", "合成名单".encode())})
    evidence[1]["file"] = sent.json()["sha256"]
    assert (await recognise(keeping.http, "1", "2018-05-31", evidence=evidence)).status_code == 200
    reader = await keeping.as_("registry:read", unit="keji")
    found = await reader.get("/v1/files", params={"subject": "roster_item:leading/1"})
    assert [one["name"] for one in found.json()["items"]] == ["名单.txt"]


async def test_an_item_is_recognised_once(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    answers = [await recognise(keeping.http, "1", day) for day in ("2018-05-31", "2018-06-01")]
    assert [answer.status_code for answer in answers] == [200, 409]


async def test_a_day_that_is_yet_to_come_is_refused(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    answer = await recognise(keeping.http, "1", "2018-07-17")
    assert faults(answer.json()) == [("/body/on", "wrong-day")]


async def test_nothing_stands_in_a_roster_twice_for_one_subject(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    again = await keeping.http.post(ITEMS, json=leading("2", "别名"))
    elsewhere = await keeping.http.post(ITEMS, json=leading("3", "甲", subject="industry:bio"))
    assert (again.status_code, faults(again.json())) == (422, [("/body/thing", "twice")])
    assert elsewhere.status_code == 201


async def test_what_was_withdrawn_may_be_proposed_anew(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    await keeping.http.post(f"{ITEMS}/1:withdraw", json={"on": "2018-07-01", "reason": "材料不全"})
    assert (await keeping.http.post(ITEMS, json=leading("2"))).status_code == 201


async def test_every_fault_of_an_item_is_named(keeping: Registry) -> None:
    answer = await keeping.http.post(ITEMS, json=leading(thing="enterprise:none", subject="industry:none"))
    assert faults(answer.json()) == [
        ("/body/subject", "unknown-reference"),
        ("/body/thing", "unknown-reference"),
    ]


async def test_a_replacement_needs_the_version_that_was_seen(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    sent = leading(name="甲公司")
    answers = [
        await keeping.http.put(f"{ITEMS}/1", json=sent, headers=headers)
        for headers in ({}, {"If-Match": '"7"'}, {"If-Match": '"1"'})
    ]
    assert [answer.status_code for answer in answers] == [428, 412, 200]


async def test_a_unit_keeps_its_own_rosters_and_no_others(keeping: Registry) -> None:
    own = await keeping.as_("registry:read", "registry:write", unit="jingxin")
    other = await keeping.as_("registry:read", "registry:write", unit="keji")
    assert (await own.post(ITEMS, json=leading())).status_code == 201
    refused = await other.post(ITEMS, json=leading("2", "乙", "enterprise:e1"))
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        f"名册 leading 由 {ROSTER['unit']} 维护，其条目应由该单位或其上级单位的账号办理",
    )


async def test_a_plan_file_brings_its_rosters_and_applied_twice_changes_nothing(registry: Registry) -> None:
    part = small_part(rosters=[ROSTER])
    first, second = await applied(registry, part), await applied(registry, part)
    assert [change["code"] for change in first["changes"] if change["kind"] == "roster"] == ["leading"]
    assert second["changes"] == []
    assert (await registry.http.get("/v1/rosters/leading")).json()["unit"] == "jingxin"


async def test_an_apply_leaves_the_items_of_a_roster_alone(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    await applied(keeping, small_part(rosters=[{**ROSTER, "name": "龙头企业台账"}]))
    assert (await keeping.http.get(f"{ITEMS}/1")).json()["version"] == 1


async def test_items_are_in_the_feed(keeping: Registry) -> None:
    await propose(keeping.http, leading())
    assert [change["code"] for change in await keeping.feed() if change["kind"] == "roster_item"] == ["leading/1"]


async def test_a_roster_is_replaced_and_keeps_its_history(keeping: Registry) -> None:
    sent = {**ROSTER, "criteria": "年主营业务收入 20 亿元以上"}
    answer = await keeping.http.put("/v1/rosters/leading", json=sent, headers={"If-Match": '"1"'})
    history = (await keeping.http.get("/v1/rosters/leading/history")).json()["items"]
    assert (answer.json()["criteria"], [one["version"] for one in history]) == (sent["criteria"], [1, 2])
    assert [
        one["code"] for one in (await keeping.http.get("/v1/rosters", params={"unit": "区经信局"})).json()["items"]
    ] == ["leading"]

"""Merging duplicates over HTTP: one act, what named one names the other, nothing is lost from sight."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.registry.running import START, Registry
from tests.registry.samples import PLAN, applied, enterprise, faults, owned, project, small_part

CODE = "91110000600037341L"
GOES = enterprise("e31", "杭州钱塘大数据有限公司", aliases=["钱塘数据"], number=2, direction="大数据")
MEMBER = {"name": "钱塘", "kind": "enterprise", "enterprise": "e31"}
DECIDED = {"number": "survivor", "direction": "duplicate"}


def sent(**more: object) -> dict[str, Any]:
    """A part in which two enterprises are one, and several things name the second."""
    lists: dict[str, Any] = {
        "enterprises": [enterprise("e22", "杭州钱塘大数据交易中心有限公司"), GOES],
        "groups": [{"code": "g", "name": "钱塘", "name_en": None, "aliases": [], "enterprise": "e31"}],
        "projects": [project("P01", enterprise="e31", enterprise_name=None), project("P02")],
        "responsibilities": [
            owned("T01", "jingxin", subject="enterprise:e31"),
            owned("P01", "keji", subject="project:P01"),
        ],
        "tasks": [{"code": "C01", "name": "示范", "subject": "enterprise:e31", "clause": "一", "phrase": "示范"}],
    }
    return small_part(**{**lists, **more})


@pytest_asyncio.fixture(loop_scope="session")
async def twice(registry: Registry) -> Registry:
    """A registry in which the enterprises e22 and e31 are one."""
    await applied(registry, sent())
    await registry.show(START + timedelta(days=1))
    return registry


async def merge(
    registry: Registry, *, if_match: str | None = '"1"', into: str = "e22", **more: object
) -> httpx.Response:
    body = {"duplicate": "e31", "duplicate_version": 1, "reason": "同一企业", "decisions": DECIDED, **more}
    headers = {} if if_match is None else {"If-Match": if_match}
    return await registry.http.post(f"/v1/enterprises/{into}/merge", json=body, headers=headers)


async def read(registry: Registry, path: str, **params: str) -> dict[str, Any]:
    answer = await registry.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_named_the_duplicate_names_the_survivor(twice: Registry) -> None:
    answer = await merge(twice)
    assert answer.status_code == 200, answer.text
    assert [(one["kind"], one["code"], one["plan"]) for one in answer.json()["moved"]] == [
        ("enterprise_group", "g", None),
        ("project", "P01", None),
        ("task", "C01", "plan-a"),
        ("responsibility", "T01", "plan-a"),
    ]
    assert (await read(twice, "/v1/enterprise-groups/g"))["enterprise"] == "e22"
    assert (await read(twice, "/v1/projects/P01"))["enterprise"] == "e22"
    assert (await read(twice, "/v1/plans/plan-a/tasks/C01"))["subject"] == "enterprise:e22"
    assert (await read(twice, "/v1/plans/plan-a/responsibilities/T01"))["subject"] == "enterprise:e22"


async def test_the_survivor_has_the_names_and_what_was_decided(twice: Registry) -> None:
    await merge(twice)
    after = await read(twice, "/v1/enterprises/e22")
    assert (after["name"], after["direction"], after["number"]) == ("杭州钱塘大数据交易中心有限公司", "大数据", 1)
    assert [(one["name"], one["kind"], one["source"]) for one in after["names"]] == [
        ("杭州钱塘大数据有限公司", "alias", "merged: e31"),
        ("钱塘数据", "alias", "merged: e31"),
    ]
    found = await read(twice, "/v1/enterprises:resolve", name="钱塘数据")
    assert found["resolved"] == "e22"


async def test_the_old_code_and_the_old_id_lead_to_the_survivor(twice: Registry) -> None:
    before = await read(twice, "/v1/enterprises/e31")
    await merge(twice)
    for key in ("e31", before["id"]):
        answer = await twice.http.get(f"/v1/enterprises/{key}")
        assert answer.status_code == 301
        assert answer.headers["location"] == "/registry/v1/enterprises/e22"
        followed = await twice.http.get(f"/v1/enterprises/{key}", follow_redirects=True)
        assert followed.json()["code"] == "e22"


async def test_an_earlier_instant_still_shows_the_duplicate(twice: Registry) -> None:
    before = await read(twice, "/v1/enterprises/e31")
    await merge(twice)
    await twice.show(START + timedelta(days=2))
    earlier = {"known_at": START.isoformat()}
    for key in ("e31", before["id"]):
        then = await read(twice, f"/v1/enterprises/{key}", **earlier)
        assert (then["code"], then["name"], then["provisional"]) == ("e31", before["name"], False)
    assert (await read(twice, "/v1/projects/P01", **earlier))["enterprise"] == "e31"
    later = {"known_at": (START + timedelta(days=1, hours=1)).isoformat()}
    answer = await twice.http.get("/v1/enterprises/e31", params=later)
    assert (answer.status_code, "known_at=" in answer.headers["location"]) == (301, True)


async def test_a_chain_of_merges_leads_to_its_end(twice: Registry) -> None:
    await merge(twice)
    last = enterprise("e40", "钱塘交易有限公司", credit_code=CODE)
    assert (await twice.http.post("/v1/enterprises", json=last)).status_code == 201
    answer = await merge(
        twice, into="e40", duplicate="e22", duplicate_version=2, decisions={"direction": "survivor"}, if_match="*"
    )
    assert answer.status_code == 200, answer.text
    for code in ("e31", "e22"):
        moved = await twice.http.get(f"/v1/enterprises/{code}")
        assert moved.headers["location"] == "/registry/v1/enterprises/e40"
    items = (await read(twice, "/v1/enterprises/e40/merges"))["items"]
    assert [(one["code"], one["into"], one["reason"]) for one in items] == [
        ("e31", "e22", "同一企业"),
        ("e22", "e40", "同一企业"),
    ]
    assert [one["code"] for one in (await read(twice, "/v1/enterprises/e22/merges"))["items"]] == ["e31"]


async def test_a_field_that_nobody_decided_is_named_with_both_values(twice: Registry) -> None:
    answer = await merge(twice, decisions={"number": "survivor"})
    assert (answer.status_code, answer.json()["code"]) == (409, "merge-undecided")
    assert faults(answer.json()) == [("/body/decisions/direction", "undecided")]
    assert "工业大数据" in answer.json()["errors"][0]["detail"]
    assert (await twice.http.get("/v1/enterprises/e31")).status_code == 200


async def test_a_decision_that_is_not_needed_is_refused(twice: Registry) -> None:
    answer = await merge(twice, decisions={**DECIDED, "industry": "survivor"})
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/decisions/industry", "not-in-conflict")])


async def test_a_dry_run_says_what_would_be_and_changes_nothing(twice: Registry) -> None:
    before = await twice.feed()
    answer = await merge(twice, decisions={}, dry_run=True)
    assert answer.status_code == 200, answer.text
    assert [(one["field"], one["survivor"], one["duplicate"]) for one in answer.json()["differs"]] == [
        ("number", 1, 2),
        ("direction", "工业大数据", "大数据"),
    ]
    assert len(answer.json()["moved"]) == 4
    assert await twice.feed() == before


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"if_match": None}, 428, "if-match-missing"),
        ({"if_match": '"7"'}, 412, "stale"),
        ({"duplicate_version": 2}, 412, "stale"),
        ({"duplicate": "e22"}, 422, "invalid"),
        ({"duplicate": "nobody"}, 404, "not-found"),
        ({"into": "nobody"}, 404, "not-found"),
        ({"decisions": {"colour": "survivor"}}, 422, "invalid"),
        ({"decisions": {"number": "both"}}, 422, "invalid"),
        ({"reason": ""}, 422, "invalid"),
        ({"duplicate_version": 0}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
    ],
    ids=str,
)
async def test_a_merge_that_cannot_be_is_refused(twice: Registry, more: dict[str, Any], status: int, code: str) -> None:
    answer = await merge(twice, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await twice.http.get("/v1/enterprises/e31")).status_code == 200


async def test_a_caller_of_a_unit_merges_nothing(twice: Registry) -> None:
    http = await twice.as_("registry:write", unit="jingxin")
    body = {"duplicate": "e31", "duplicate_version": 1, "reason": "同一企业", "decisions": DECIDED}
    answer = await http.post("/v1/enterprises/e22/merge", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 403


async def test_what_was_merged_is_not_written_nor_merged_again(twice: Registry) -> None:
    await merge(twice)
    for answer in (
        await twice.http.post("/v1/enterprises", json=GOES),
        await twice.http.put("/v1/enterprises/e31", json=GOES, headers={"If-Match": "*"}),
        await merge(twice, if_match="*"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "merged")
        assert "e22" in answer.json()["detail"]


async def test_the_feed_shows_who_ended_and_what_stands_for_it(twice: Registry) -> None:
    last = (await twice.feed())[-1]["position"]
    await merge(twice)
    seen = {(one["kind"], one["code"]): one["content"] for one in await twice.feed(after=last)}
    assert seen["enterprise", "e31"] is None
    assert [(one["code"], one["into"]) for one in seen["enterprise", "e22"]["merged"]] == [("e31", "e22")]
    assert seen["project", "P01"]["enterprise"] == "e22"


async def test_a_merge_is_one_act_of_the_audit_with_all_that_it_did(twice: Registry) -> None:
    await merge(twice)
    async with twice.database.owner() as connection:
        rows = await connection.fetch(
            "SELECT subject, details->>'code' AS code, details->>'reason' AS reason,"
            " jsonb_array_length(details->'moved') AS moved, details->'taken'->'direction'->>'before' AS before"
            " FROM registry.audit WHERE act = 'enterprise.merge'"
        )
    assert [tuple(row) for row in rows] == [("enterprise:e22", "e31", "同一企业", 4, "工业大数据")]


async def test_applying_the_file_again_leaves_a_merge_as_it_is(twice: Registry) -> None:
    await merge(twice)
    for prune in (False, True):
        assert (await applied(twice, sent(), prune=prune))["changes"] == []
    assert (await twice.http.get("/v1/enterprises/e31")).status_code == 301
    news = sent(enterprises=[enterprise("e22", "杭州钱塘大数据交易中心有限公司", direction="数据交易"), GOES])
    await applied(twice, news)
    assert (await read(twice, "/v1/enterprises/e22"))["direction"] == "数据交易"


async def test_the_duplicates_credit_code_becomes_the_survivors(twice: Registry) -> None:
    put = await twice.http.put("/v1/enterprises/e31", json={**GOES, "credit_code": CODE}, headers={"If-Match": '"1"'})
    assert put.status_code == 200, put.text
    assert (await merge(twice, duplicate_version=2)).status_code == 200
    found = (await read(twice, "/v1/enterprises", credit_code=CODE))["items"]
    assert [one["code"] for one in found] == ["e22"]


async def standing(registry: Registry, *things: str) -> None:
    """A roster in which these enterprises stand, one item each."""
    roster = {"code": "leading", "name": "龙头企业名册", "lists": "enterprise", "unit": "jingxin"}
    made = await registry.http.post("/v1/rosters", json=roster)
    assert made.status_code == 201, made.text
    for number, thing in enumerate(things):
        item = {
            "code": str(number),
            "name": f"第{number}项",
            "subject": "industry:information",
            "thing": f"enterprise:{thing}",
        }
        made = await registry.http.post("/v1/rosters/leading/items", json=item)
        assert made.status_code == 201, made.text


async def test_what_stands_in_a_roster_for_the_duplicate_stands_for_the_survivor(twice: Registry) -> None:
    await standing(twice, "e31")
    assert (await merge(twice)).status_code == 200
    assert (await read(twice, "/v1/rosters/leading/items/0"))["thing"] == "enterprise:e22"


async def test_nothing_stands_twice_in_a_roster_after_a_merge(twice: Registry) -> None:
    await standing(twice, "e22", "e31")
    answer = await merge(twice)
    assert (answer.status_code, answer.json()["code"]) == (409, "merge-stands-twice")
    assert faults(answer.json()) == [("/body/duplicate", "stands-twice")]
    assert (await merge(twice, dry_run=True)).status_code == 200
    withdrawn = await twice.http.post(
        "/v1/rosters/leading/items/1:withdraw", json={"on": "2018-07-01", "reason": "重复"}
    )
    assert withdrawn.status_code == 200, withdrawn.text
    assert (await merge(twice)).status_code == 200


async def test_a_member_of_a_carrier_is_the_survivor_afterwards_and_for_a_file_that_says_otherwise(
    twice: Registry,
) -> None:
    place = await read(twice, "/v1/carriers/info-port")
    sent_place = {name: value for name, value in place.items() if name not in {"id", "version", "recorded_at"}}
    sent_place["members"] = [MEMBER]
    put = await twice.http.put("/v1/carriers/info-port", json=sent_place, headers={"If-Match": '"1"'})
    assert put.status_code == 200, put.text
    assert (await merge(twice)).status_code == 200
    after = await read(twice, "/v1/carriers/info-port")
    assert [one["enterprise"] for one in after["members"]] == ["e22"]
    assert (await applied(twice, sent(carriers=[sent_place])))["changes"] == []


async def test_of_two_merges_of_one_duplicate_at_once_one_is_done(twice: Registry) -> None:
    answers = await asyncio.gather(*(merge(twice) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers).count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 409, 412, 503}


async def test_a_filter_by_the_duplicates_code_finds_what_the_survivor_has(twice: Registry) -> None:
    await standing(twice, "e31")
    carrier = {"code": "park", "name": "某园", "industry": "information", "members": [MEMBER]}
    assert (await twice.http.post("/v1/carriers", json=carrier)).status_code == 201
    assert (await merge(twice)).status_code == 200
    for path, name, value in (
        ("/v1/projects", "enterprise", "{}"),
        ("/v1/carriers", "enterprise", "{}"),
        ("/v1/responsibilities", "subject", "enterprise:{}"),
        ("/v1/rosters/leading/items", "thing", "enterprise:{}"),
    ):
        old, new = [(await read(twice, path, **{name: value.format(code)}))["items"] for code in ("e31", "e22")]
        assert len(new) == 1, path
        assert old == new, path
    for path in ("/v1/visits", "/v1/problems", "/v1/leader-contacts", "/v1/milestones"):
        assert (await read(twice, path, subject="enterprise:e31"))["items"] == []
    assert (await read(twice, "/v1/payments", enterprise="e31"))["items"] == []
    sums = [await read(twice, "/v1/payment-sums", enterprise=code) for code in ("e31", "e22")]
    assert sums[0] == sums[1]
    unknown = await twice.http.get("/v1/projects", params={"enterprise": "e99"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/query/enterprise")


async def test_who_names_the_duplicate_is_told_what_stands_for_it(twice: Registry) -> None:
    assert (await merge(twice)).status_code == 200
    new = {**project("P09", enterprise="e31", enterprise_name=None), "plan": PLAN}
    refused = await twice.http.post("/v1/projects", json=new, headers={"Accept-Language": "en"})
    assert (refused.status_code, faults(refused.json())) == (422, [("/body/enterprise", "merged")])
    assert refused.json()["errors"][0]["detail"] == "e31 was merged into e22: write e22"
    milestone = {
        "code": "m1",
        "name": "里程碑",
        "subject": "enterprise:e31",
        "states": [{"code": "done", "name": "完成"}],
    }
    refused = await twice.http.put("/v1/milestones/m1", json={**milestone, "counts": "done", "due": "2018-12-31"})
    assert faults(refused.json()) == [("/body/subject", "merged")]
    unknown = await twice.http.post("/v1/projects", json={**new, "enterprise": "e99"})
    assert faults(unknown.json()) == [("/body/enterprise", "unknown-reference")]

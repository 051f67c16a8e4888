"""Prospects: from a first lead to an enterprise and a project, met at activities; nobody's contact person is shown in clear."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from tests.registry.running import START, Registry
from tests.registry.samples import PLAN, applied, enterprise, faults, project, small_part

WANG = {"person": "王某（虚构）", "phone": "0571-8280 0000", "email": "wang@example.com"}
KUNLUN = "/v1/prospects/kunlun"
BEIJING = "/v1/activities/beijing"
WAY = (("contact", "2018-05-20"), ("talks", "2018-05-25"), ("visit", "2018-06-10"), ("signed", "2018-07-01"))


def prospect(code: str = "kunlun", **more: object) -> dict[str, Any]:
    """Somebody who may invest; synthetic."""
    usual = {
        "name": "昆仑数据（样例）",
        "industry": "information",
        "origin": "北京",
        "group": None,
        "investment": "50000",
        "source": "中国工业大数据大会",
        "unit": "keji",
        "since": "2018-05-18",
    }
    return {"code": code, **usual, **more}


def activity(code: str = "beijing", **more: object) -> dict[str, Any]:
    """A promotion; synthetic."""
    usual = {
        "name": "北京推介会（样例）",
        "kind": "promotion",
        "day": "2018-05-18",
        "place": "北京",
        "units": ["keji"],
        "met": ["kunlun"],
    }
    return {"code": code, **usual, **more}


async def found(registry: Registry, **more: Any) -> None:  # noqa: ANN401 - of any field
    """A plan, and a prospect at its first lead."""
    await applied(registry, small_part())
    made = await registry.http.put(KUNLUN, json=prospect(**more))
    assert made.status_code == 201, made.text


async def stepped(registry: Registry, to: str, on: str = "2018-06-01", **more: object) -> httpx.Response:
    return await registry.http.post(f"{KUNLUN}/steps", json={"to": to, "on": on, **more})


async def signed(registry: Registry) -> None:
    await found(registry)
    for to, on in WAY:
        assert (await stepped(registry, to, on)).status_code == 201


async def landed(registry: Registry, **more: object) -> httpx.Response:
    fresh = {
        "new_enterprise": enterprise("kunlun", "杭州昆仑数据有限公司（样例）"),
        "new_project": {**project("P09"), "plan": PLAN},
    }
    sent = {"on": "2018-07-15", **fresh, **more}
    return await registry.http.post(f"{KUNLUN}/landing", json={k: v for k, v in sent.items() if v is not None})


async def codes(client: httpx.AsyncClient, path: str, **params: str) -> list[str]:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


async def test_a_prospect_goes_its_way_to_an_enterprise_and_a_project(registry: Registry) -> None:
    await signed(registry)
    answer = await landed(registry)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["stage"], answer.json()["enterprise"], answer.json()["project"]) == (
        "landed",
        "kunlun",
        "P09",
    )
    made = (await registry.http.get("/v1/projects/P09")).json()
    assert (made["enterprise"], made["enterprise_name"]) == ("kunlun", None)
    assert (await registry.http.get("/v1/enterprises/kunlun")).status_code == 200
    steps = (await registry.http.get(f"{KUNLUN}/steps", params={"total": True})).json()
    assert [(one["to_stage"], one["on"]) for one in steps["items"]] == [
        ("lead", "2018-05-18"),
        *WAY,
        ("landed", "2018-07-15"),
    ]


async def test_a_prospect_lands_once(registry: Registry) -> None:
    await signed(registry)
    await landed(registry)
    again = await landed(registry)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-stage")
    assert "不再变化" in again.json()["detail"]


async def test_a_prospect_becomes_what_is_there_already(registry: Registry) -> None:
    await signed(registry)
    answer = await landed(registry, new_enterprise=None, enterprise="e22", new_project=None, project="P01")
    assert (answer.json()["enterprise"], answer.json()["project"]) == ("e22", "P01"), answer.text
    other = "/v1/prospects/other"
    await registry.http.put(other, json=prospect("other"))
    for to, on in WAY:
        await registry.http.post(f"{other}/steps", json={"to": to, "on": on})
    sent = {"on": "2018-07-15", "enterprise": "e22", "project": "P01"}
    taken = await registry.http.post(f"{other}/landing", json=sent)
    assert faults(taken.json()) == [("/body/project", "taken")]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"new_project": None}, ("/body/project", "one-of-two")),
        ({"enterprise": "e22"}, ("/body/enterprise", "one-of-two")),
        ({"on": "2018-07-17"}, ("/body/on", "in-future")),
        ({"on": "2018-06-30"}, ("/body/on", "before-the-last")),
        ({"new_enterprise": enterprise("e22", "某公司")}, ("/body/new_enterprise/code", "exists")),
        ({"new_enterprise": None, "enterprise": "nobody"}, ("/body/enterprise", "unknown-reference")),
        ({"new_project": {**project("P01"), "plan": PLAN}}, ("/body/new_project/code", "exists")),
        (
            {"new_project": {**project("P09", last_year=2016), "plan": PLAN}},
            ("/body/new_project/last_year", "years-reversed"),
        ),
        (
            {"new_project": {**project("P09", enterprise="e22"), "plan": PLAN}},
            ("/body/new_project/enterprise", "other-enterprise"),
        ),
        ({"new_project": {**project("P09"), "plan": "none"}}, ("/body/new_project/plan", "unknown-reference")),
        ({"new_project": None, "project": "P01"}, ("/body/project", "other-enterprise")),
        ({"new_project": None, "project": "P99"}, ("/body/project", "unknown-reference")),
    ],
)
async def test_a_landing_that_cannot_be_leaves_nothing_behind(
    registry: Registry, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    await signed(registry)
    answer = await landed(registry, **changed)
    assert (answer.status_code, expected in faults(answer.json())) == (422, True), answer.text
    assert (await registry.http.get("/v1/enterprises/kunlun")).status_code == 404
    assert (await registry.http.get(KUNLUN)).json()["stage"] == "signed"


@pytest.mark.parametrize("to", ["talks", "signed", "landed", "lead"])
async def test_a_stage_is_not_skipped(registry: Registry, to: str) -> None:
    await found(registry)
    answer = await stepped(registry, to)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-stage")


async def test_a_step_names_all_that_it_lacks(registry: Registry) -> None:
    await found(registry)
    assert faults((await stepped(registry, "lost", "2018-07-17")).json()) == [
        ("/body/text", "reason-needed"),
        ("/body/on", "in-future"),
    ]
    assert faults((await stepped(registry, "contact", "2018-05-17")).json()) == [("/body/on", "before-the-last")]


async def test_only_a_landing_lands(registry: Registry) -> None:
    await signed(registry)
    assert faults((await stepped(registry, "landed", "2018-07-10")).json()) == [("/body/to", "by-landing")]


async def test_what_was_lost_may_come_back(registry: Registry) -> None:
    await found(registry)
    lost = await stepped(registry, "lost", text="选择落户他区")
    back = await stepped(registry, "contact", "2018-06-20")
    assert (lost.json()["lost_because"], back.json()["lost_because"], back.json()["stage"]) == (
        "选择落户他区",
        None,
        "contact",
    )


async def test_a_contact_person_is_encrypted_and_masked(registry: Registry) -> None:
    await found(registry, contact=WANG)
    clear = (await registry.http.get(KUNLUN)).json()["contact"]
    reader = await registry.as_("prospects:read", "registry:read")
    assert clear == WANG
    for answer in (
        await reader.get(KUNLUN),
        await reader.get("/v1/prospects"),
        await reader.get(f"{KUNLUN}/history"),
        await reader.get("/v1/changes"),
    ):
        assert '{"email":"w***@***","person":"王***","phone":"0***"}' in answer.text, answer.text
    async with registry.database.owner() as connection:
        stored = await connection.fetchval(
            "SELECT string_agg(content::text, '') FROM registry.version WHERE kind = 'prospect'"
        )
        noted = await connection.fetchval("SELECT string_agg(details::text, '') FROM registry.audit")
    assert "example.com" not in stored + noted
    assert "王某" not in stored + noted


async def test_who_writes_a_prospect_for_its_unit_reads_its_contact_person_and_leaves_a_trace(
    registry: Registry,
) -> None:
    await found(registry, contact=WANG)
    scopes = ("prospects:read", "prospects:write", "registry:read")
    own, above = [await registry.as_(*scopes, unit=unit) for unit in ("keji", "government")]
    reader = await registry.as_("prospects:read", "registry:read", unit="keji")
    assert (await own.get(KUNLUN)).json()["contact"] == WANG
    hidden = {"person": "王***", "phone": "0***", "email": "w***@***"}
    assert [(await each.get(KUNLUN)).json()["contact"] for each in (above, reader)] == [hidden, hidden]
    assert (await own.get("/v1/prospects")).json()["items"][0]["contact"] == hidden
    (entry,) = (await registry.http.get("/v1/audit", params={"act": "prospect.read_contact"})).json()["items"]
    assert (entry["subject"], entry["details"], entry["client_id"][:5]) == ("prospect:kunlun", {}, "test-")


async def test_a_contact_person_stays_where_a_replacement_does_not_name_one(registry: Registry) -> None:
    await found(registry, contact=WANG)
    masked = {"person": "王***", "phone": None, "email": None}
    refused = await registry.http.put(KUNLUN, json=prospect(contact=masked), headers={"If-Match": '"1"'})
    assert faults(refused.json()) == [("/body/contact/person", "masked")]
    kept = await registry.http.put(KUNLUN, json=prospect(note="二次拜访"), headers={"If-Match": '"1"'})
    assert (kept.json()["contact"], kept.json()["version"]) == (WANG, 2)
    same = await registry.http.put(KUNLUN, json=prospect(note="二次拜访", contact=WANG), headers={"If-Match": '"2"'})
    assert same.json()["version"] == 2
    other = await registry.http.put(KUNLUN, json=prospect(contact={"person": "李某"}), headers={"If-Match": '"2"'})
    assert other.json()["contact"] == {"person": "李某", "phone": None, "email": None}


async def test_a_replacement_leaves_the_stage_and_the_day_of_the_lead(registry: Registry) -> None:
    await found(registry)
    await stepped(registry, "contact")
    moved = await registry.http.put(KUNLUN, json=prospect(since="2018-05-01"), headers={"If-Match": '"2"'})
    assert faults(moved.json()) == [("/body/since", "fixed")]
    replaced = await registry.http.put(KUNLUN, json=prospect(investment="60000"), headers={"If-Match": '"2"'})
    assert (replaced.json()["stage"], replaced.json()["investment"]) == ("contact", "60000")
    assert (await registry.http.put(KUNLUN, json=prospect())).status_code == 428


async def test_prospects_and_activities_are_found_by_each_other_and_by_what_they_are(registry: Registry) -> None:
    await found(registry)
    await registry.http.put("/v1/prospects/other", json=prospect("other", name="另一家（样例）", unit="jingxin"))
    await stepped(registry, "contact")
    made = await registry.http.put("/v1/activities/beijing", json=activity(participants=120, result="意向 3 个"))
    assert made.status_code == 201, made.text
    assert (await registry.http.get("/v1/activities/beijing")).json() == made.json()
    for params, wanted in (
        ({"stage": "contact"}, ["kunlun"]),
        ({"stage": "lead", "total": "true"}, ["other"]),
        ({"industry": "information"}, ["kunlun", "other"]),
        ({"unit": "区科技局"}, ["kunlun"]),
        ({"activity": "beijing"}, ["kunlun"]),
        ({"q": "昆"}, ["kunlun"]),
    ):
        assert await codes(registry.http, "/v1/prospects", **params) == wanted, params
    for params, wanted in (
        ({"kind": "promotion", "unit": "keji"}, ["beijing"]),
        ({"prospect": "kunlun"}, ["beijing"]),
        ({"prospect": "other"}, []),
        ({"q": "推介"}, ["beijing"]),
    ):
        assert await codes(registry.http, "/v1/activities", **params) == wanted, params


async def test_an_activity_that_cannot_be_is_refused(registry: Registry) -> None:
    await found(registry)
    sent = activity(until="2018-05-17", met=["kunlun", "nobody"], units=["keji", "none"])
    answer = await registry.http.put("/v1/activities/beijing", json=sent)
    assert sorted(faults(answer.json())) == [
        ("/body/met/1", "unknown-reference"),
        ("/body/units/1", "unknown-reference"),
        ("/body/until", "dates-reversed"),
    ]
    await registry.http.put("/v1/activities/beijing", json=activity())
    assert (await registry.http.put("/v1/activities/beijing", json=activity(result="签约"))).status_code == 428
    replaced = await registry.http.put(
        "/v1/activities/beijing", json=activity(result="签约"), headers={"If-Match": '"1"'}
    )
    assert (replaced.status_code, replaced.json()["result"]) == (200, "签约")


async def test_a_unit_sees_and_keeps_its_own_prospects_only(registry: Registry) -> None:
    await found(registry, contact=WANG)
    await registry.http.put("/v1/activities/beijing", json=activity())
    scopes = ("prospects:read", "prospects:write", "registry:read")
    own, above, foreign = [await registry.as_(*scopes, unit=unit) for unit in ("keji", "government", "jingxin")]
    for caller, sees in ((own, True), (above, True), (foreign, False)):
        assert await codes(caller, "/v1/prospects") == (["kunlun"] if sees else [])
        assert await codes(caller, "/v1/activities") == (["beijing"] if sees else [])
        kinds = {one["kind"] for one in await registry.feed(caller)}
        assert ({"prospect", "activity"} <= kinds) == sees
        for path, name, value in (("prospects", "activity", "beijing"), ("activities", "prospect", "kunlun")):
            answer = await caller.get(f"/v1/{path}", params={name: value})
            assert answer.status_code == (200 if sees else 422)  # as of one that is not there
        for path in (KUNLUN, f"{KUNLUN}/history", f"{KUNLUN}/steps", BEIJING, f"{BEIJING}/history"):
            assert (await caller.get(path)).status_code == (200 if sees else 404), path
    for path, sent in (("/steps", {"to": "contact", "on": "2018-06-01"}), ("/landing", {"on": "2018-06-01"})):
        assert (await foreign.post(f"{KUNLUN}{path}", json=sent)).status_code == 404
    match = {"If-Match": "*"}
    assert (await foreign.put(KUNLUN, json=prospect(unit="jingxin"), headers=match)).status_code == 404
    assert (await own.put(KUNLUN, json=prospect(unit="jingxin"), headers=match)).status_code == 403
    assert (await foreign.put("/v1/activities/beijing", json=activity(), headers=match)).status_code == 404
    assert (await foreign.put("/v1/activities/new", json=activity("new"))).status_code == 403
    assert (await own.post(f"{KUNLUN}/steps", json={"to": "contact", "on": "2018-06-01"})).status_code == 201


async def test_the_history_of_an_activity_tells_what_it_was(registry: Registry) -> None:
    await found(registry)
    await registry.http.put(BEIJING, json=activity())
    await registry.http.put(BEIJING, json=activity(result="签约 1 个"), headers={"If-Match": '"1"'})
    past = (await registry.http.get(f"{BEIJING}/history", params={"total": True})).json()
    assert [(one["version"], one["content"]["result"]) for one in past["items"]] == [(1, None), (2, "签约 1 个")]
    assert past["total"] == 2


async def test_what_was_ended_has_its_past_for_who_saw_it_and_for_nobody_else(registry: Registry) -> None:
    await found(registry)
    await registry.http.put(BEIJING, json=activity(met=[]))
    for path in (KUNLUN, BEIJING):
        assert (await registry.http.delete(path, headers={"If-Match": "*"})).status_code == 204
    own, foreign = [await registry.as_("prospects:read", unit=unit) for unit in ("keji", "jingxin")]
    for path in (f"{KUNLUN}/history", f"{KUNLUN}/steps", f"{BEIJING}/history"):
        assert [(await caller.get(path)).status_code for caller in (own, foreign)] == [200, 404], path


async def test_a_unit_lands_its_own_prospect_with_the_enterprise_and_the_project_that_it_becomes(
    registry: Registry,
) -> None:
    await signed(registry)
    fresh = {
        "new_enterprise": enterprise("kunlun", "杭州昆仑数据有限公司（样例）"),
        "new_project": {**project("P09"), "plan": PLAN},
    }
    scopes = ("prospects:read", "prospects:write", "registry:read")
    foreign, own = [await registry.as_(*scopes, unit=unit) for unit in ("jingxin", "keji")]
    beside = await foreign.post(f"{KUNLUN}/landing", json={"on": "2018-07-15", **fresh})
    landed = await own.post(f"{KUNLUN}/landing", json={"on": "2018-07-15", **fresh})
    assert (beside.status_code, landed.status_code) == (404, 201), landed.text
    alone = await own.post("/v1/projects", json={**project("P08"), "plan": PLAN})
    assert alone.status_code == 403


async def test_the_feed_shows_prospects_only_to_who_may_read_them(registry: Registry) -> None:
    await found(registry)
    reader = await registry.as_("registry:read")
    assert "prospect" not in {one["kind"] for one in await registry.feed(reader)}
    assert "prospect" in {one["kind"] for one in await registry.feed()}


async def test_the_funnel_counts_as_of_any_day(registry: Registry) -> None:
    await signed(registry)
    await registry.http.put(
        "/v1/prospects/other", json=prospect("other", since="2018-07-16", investment="0.5", unit="jingxin")
    )

    async def funnel(**params: str) -> dict[str, tuple[int, int, str]]:
        answer = (await registry.http.get("/v1/prospect-funnel", params=params)).json()
        return {one["stage"]: (one["here"], one["reached"], one["investment"]) for one in answer["items"]}

    today = await funnel()
    assert (today["lead"], today["signed"], today["landed"]) == ((1, 2, "0.5"), (1, 1, "50000"), (0, 0, "0"))
    then = await funnel(as_of="2018-06-09")
    assert (then["talks"], then["visit"], then["lead"]) == ((1, 1, "50000"), (0, 0, "0"), (0, 1, "0"))
    assert all(one == (0, 0, "0") for one in (await funnel(as_of="2018-05-17")).values())
    assert (await funnel(unit="jingxin"))["lead"][0] == 1
    await stepped(registry, "lost", "2018-07-05", text="选择落户他区")
    assert (await funnel(industry="information"))["signed"] == (0, 1, "0")


async def test_what_happened_later_does_not_change_the_funnel_of_an_earlier_day(registry: Registry) -> None:
    await found(registry)
    before = (await registry.http.get("/v1/prospect-funnel", params={"as_of": "2018-06-30"})).json()
    await registry.show(START + timedelta(days=10))
    await stepped(registry, "contact", "2018-07-20")
    assert (await registry.http.get("/v1/prospect-funnel", params={"as_of": "2018-06-30"})).json() == before


async def test_a_step_cannot_be_changed_even_in_the_database(registry: Registry) -> None:
    await found(registry)
    async with registry.database.owner() as connection:
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await connection.execute("UPDATE registry.prospect_step SET to_stage = 'landed'")


async def test_prospects_have_scopes_of_their_own(shared: Registry) -> None:
    clerk = await shared.as_("registry:read", "registry:write")
    assert (await clerk.get("/v1/prospects")).status_code == 403
    assert (await clerk.put(KUNLUN, json=prospect())).status_code == 403

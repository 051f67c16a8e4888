"""The life of a project over HTTP: proposed by its units, reviewed, decided, kept for ever."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.registry.lives import ACTUALS, COMMITMENTS, EVIDENCE, People, kept, people
from tests.registry.running import START, Registry, running, seen, settings_for
from tests.registry.samples import PLAN, applied, faults, small_part

DAYS = {
    "enlist": "2017-01-10",
    "declare": "2017-02-01",
    "admit": "2017-03-01",
    "start": "2017-05-01",
    "build": "2017-06-01",
    "complete": "2018-03-01",
    "produce": "2018-04-01",
    "assess": "2018-07-01",
}
"""A way from the reserve to the assessment."""


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    return await people(registry)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def in_reserve(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[People]:
    """P01 in the reserve, for tests that change nothing."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        who = await people(made)
        await who.step("enlist", "2017-01-10")
        yield who


async def lived(who: People, until: str) -> list[dict[str, Any]]:
    """All steps up to this one."""
    steps = list(DAYS)[: list(DAYS).index(until) + 1]
    return [await who.step(step, DAYS[step]) for step in steps]


async def test_a_project_lives_from_the_reserve_to_its_assessment(on_the_way: People) -> None:
    who = on_the_way
    assert (await who.project())["life"]["stage"] == "unrecorded"
    steps = await lived(who, "assess")
    life = (await who.project())["life"]
    assert [(step["from"], step["to"]) for step in steps] == [
        ("unrecorded", "reserve"),
        ("reserve", "declared"),
        ("declared", "admitted"),
        ("admitted", "started"),
        ("started", "under_construction"),
        ("under_construction", "completed"),
        ("completed", "in_production"),
        ("in_production", "assessed"),
    ]
    assert (life["stage"], life["since"], life["step"]) == ("assessed", "2018-07-01", 8)
    listed = (await who.lead.get("/v1/projects/P01/steps", params={"total": True})).json()
    assert [step["number"] for step in listed["items"]] == list(range(1, 9))
    assert listed["total"] == 8


async def test_commitments_are_held_against_what_became_of_them_with_the_arithmetic(on_the_way: People) -> None:
    *_, assessed = await lived(on_the_way, "assess")
    assert assessed["findings"] == [
        {
            "code": "investment_intensity",
            "name": "投资强度",
            "met": True,
            "arithmetic": "36000 / 120 = 300 ≥ 280",
        },
        {"code": "tax_per_mu", "name": "亩均税收", "met": False, "arithmetic": "3500 / 120 ≈ 29.1667 < 30"},
        {"code": "full_capacity_on", "name": "达产时间", "met": True, "arithmetic": "2018-06-20 ≤ 2018-06-30"},
    ]
    agreed = (await on_the_way.project())["life"]["commitments"]
    assert [each["code"] for each in agreed] == [each["code"] for each in COMMITMENTS]


async def test_full_capacity_is_not_assessed_on_a_day_that_has_not_come(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "produce")
    actuals = [*ACTUALS[:2], {"code": "full_capacity_on", "day": "2018-07-02"}]
    answer = await who.propose("assess", "2018-07-01", actuals=actuals)
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/actuals/2/day", "day-after-step")])
    assert "晚于本步骤的日期 2018-07-01" in answer.json()["errors"][0]["detail"]
    actuals[2]["day"] = "2018-07-01"
    assert (await who.propose("assess", "2018-07-01", actuals=actuals)).status_code == 201


async def test_what_may_come_next_is_listed_with_what_is_missing(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    await who.lead.post("/v1/projects/P01/steps", json={"step": "admit", "on": "2017-03-01", "text": "提请准入"})
    found = (await who.lead.get("/v1/projects/P01/next-steps")).json()
    assert (found["stage"], found["since"], found["suspended"]) == ("declared", "2017-02-01", False)
    by_code = {step["code"]: step for step in found["steps"]}
    assert set(by_code) == {"send_back", "admit", "terminate"}
    assert by_code["admit"]["proposal"] == 3
    assert [thing["code"] for thing in by_code["admit"]["missing"]] == [
        "evidence-missing",
        "evidence-missing",
        "criterion-missing",
        "criterion-missing",
        "criterion-missing",
        "reviewers-missing",
        "commitment-missing",
        "commitment-missing",
        "commitment-missing",
    ]
    assert by_code["send_back"]["missing"] == []
    assert by_code["terminate"]["proposal"] is None
    assert "联合评审会议纪要" in by_code["admit"]["missing"][0]["zh"]


async def test_nothing_incomplete_is_approved_and_all_that_is_missing_is_named(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    await who.propose("admit", "2017-03-01", evidence=[])
    refused = await who.decide(3)
    assert (refused.status_code, refused.json()["code"]) == (409, "incomplete")
    assert [code for _, code in faults(refused.json())] == ["evidence-missing", "evidence-missing", "opinion-missing"]
    assert (await who.project())["life"]["stage"] == "declared"
    assert (await who.lead.get("/v1/projects/P01/steps/3")).json()["state"] == "proposed"


async def test_what_was_agreed_emptily_admits_no_project(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    empty = [
        {**COMMITMENTS[0], "at_least": None, "by": "2019-01-01"},
        {**COMMITMENTS[1], "at_most": "20"},
        {**COMMITMENTS[2], "unit": "万元", "at_least": "5"},
    ]
    answer = await who.propose("admit", "2017-03-01", commitments=empty)
    assert (answer.status_code, faults(answer.json())) == (
        422,
        [
            ("/body/commitments/0", "amount-not-agreed"),
            ("/body/commitments/1/at_most", "bounds-reversed"),
            ("/body/commitments/2/unit", "unit-of-commitment"),
        ],
    )
    assert answer.json()["errors"][2]["detail"] == ("达产时间（full_capacity_on）应约定为日期，不填单位，而不是 万元")


async def test_nobody_reviews_its_own_proposal_alone(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    await who.propose("admit", "2017-03-01", reviewers=["keji"])
    opinion = {"unit": "keji", "view": "agree", "text": "同意"}
    assert (await who.lead.post("/v1/projects/P01/steps/3/opinions", json=opinion)).status_code == 200
    refused = await who.decide(3)
    assert (refused.status_code, faults(refused.json())) == (409, [("/reviewers", "reviewers-alone")])
    assert "提请单位区科技局（keji）自己" in refused.json()["errors"][0]["detail"]
    next_ = (await who.lead.get("/v1/projects/P01/next-steps")).json()["steps"]
    assert [one["code"] for one in next_[1]["missing"]] == ["reviewers-alone"]
    two = await who.proposal("admit", "2017-03-01", reviewers=["keji", "jingxin"])
    step = "/v1/projects/P01/steps/3"
    assert (await who.lead.put(step, json=two, headers=await seen(who.lead, step))).status_code == 200
    lacking = (await who.decide(3)).json()["errors"]
    assert [one["detail"] for one in lacking] == ["缺少区科技局（keji）的评审意见", "缺少区经信局（jingxin）的评审意见"]


async def test_an_objection_in_the_joint_review_holds_a_project_until_it_is_withdrawn(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    await who.propose("admit", "2017-03-01")
    opinions = "/v1/projects/P01/steps/3/opinions"
    await who.support.post(opinions, json={"unit": "jingxin", "view": "object", "text": "能耗指标未落实"})
    refused = await who.decide(3)
    assert [code for _, code in faults(refused.json())] == ["objection"]
    await who.support.post(opinions, json={"unit": "jingxin", "view": "conditional", "text": "开工前落实"})
    approved = (await who.decide(3)).json()
    assert approved["state"] == "approved"
    assert [opinion["view"] for opinion in approved["opinions"]] == ["conditional"]
    assert [act["act"] for act in approved["acts"]] == ["propose", "opine", "opine", "approve"]


async def test_an_opinion_is_given_by_the_unit_that_was_asked(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    await who.propose("admit", "2017-03-01")
    opinions = "/v1/projects/P01/steps/3/opinions"
    foreign = await who.lead.post(opinions, json={"unit": "jingxin", "view": "agree", "text": "同意"})
    not_asked = await who.lead.post(opinions, json={"unit": "keji", "view": "agree", "text": "同意"})
    assert foreign.status_code == 403
    assert faults(not_asked.json()) == [("/body/unit", "not-a-reviewer")]


async def test_an_amended_proposal_asks_for_opinions_again_and_needs_if_match(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    made = await who.propose("admit", "2017-03-01")
    await who.support.post(
        "/v1/projects/P01/steps/3/opinions", json={"unit": "jingxin", "view": "agree", "text": "同意"}
    )
    changed = await who.proposal("admit", "2017-03-05")
    blind = await who.lead.put("/v1/projects/P01/steps/3", json=changed)
    stale = await who.lead.put("/v1/projects/P01/steps/3", json=changed, headers={"If-Match": made.headers["etag"]})
    amended = await who.lead.put("/v1/projects/P01/steps/3", json=changed, headers={"If-Match": '"2"'})
    assert (blind.status_code, stale.status_code, amended.status_code) == (428, 412, 200)
    assert (amended.json()["on"], amended.json()["opinions"]) == ("2017-03-05", [])
    history = (await who.lead.get("/v1/projects/P01/steps/3/history")).json()["items"]
    assert [one["content"]["on"] for one in history] == ["2017-03-01", "2017-03-01", "2017-03-05"]
    assert [opinion["view"] for opinion in history[1]["content"]["opinions"]] == ["agree"]


@pytest.mark.parametrize("step", ["enlist", "admit", "start", "build", "complete", "produce", "assess", "send_back"])
async def test_no_step_is_taken_from_a_stage_that_it_does_not_lead_from(in_reserve: People, step: str) -> None:
    answer = await in_reserve.propose(step, "2017-03-01", by=in_reserve.registry.http)
    assert (answer.status_code, answer.json()["code"]) == (409, "step-not-allowed")
    assert "declare" in answer.json()["detail"]


async def test_one_proposal_at_a_time(on_the_way: People) -> None:
    await on_the_way.propose("enlist", "2017-01-10")
    again = await on_the_way.propose("enlist", "2017-01-11")
    assert (again.status_code, again.json()["code"]) == (409, "proposal-open")


async def test_who_proposed_a_step_does_not_decide_it(on_the_way: People) -> None:
    who, everything = on_the_way, on_the_way.registry.http
    await who.propose("enlist", "2017-01-10", by=everything)
    said, read = {"decision": "approve", "text": "同意"}, await seen(everything, "/v1/projects/P01/steps/1")
    own = await everything.post("/v1/projects/P01/steps/1/decision", json=said, headers=read)
    assert (own.status_code, own.json()["code"]) == (409, "own-proposal")
    assert (await who.decide(1)).json()["state"] == "approved"


async def test_a_step_is_decided_once(on_the_way: People) -> None:
    await on_the_way.step("enlist", "2017-01-10")
    again = await on_the_way.decide(1)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


async def test_a_refused_or_withdrawn_step_moves_nothing_and_stays(on_the_way: People) -> None:
    who = on_the_way
    await who.propose("enlist", "2017-01-10")
    assert (await who.decide(1, "refuse")).json()["state"] == "refused"
    await who.propose("enlist", "2017-01-11")
    taken_back = await who.lead.post("/v1/projects/P01/steps/2/withdrawal", json={"text": "日期有误"})
    assert taken_back.json()["state"] == "withdrawn"
    assert (await who.project())["life"]["stage"] == "unrecorded"
    listed = (await who.lead.get("/v1/projects/P01/steps")).json()["items"]
    assert [step["state"] for step in listed] == ["refused", "withdrawn"]
    waiting = (await who.lead.get("/v1/project-steps", params={"state": "proposed"})).json()
    assert waiting["items"] == []


async def test_only_the_units_of_a_project_propose_its_steps(on_the_way: People) -> None:
    who = on_the_way
    stranger = await who.propose("enlist", "2017-01-10", by=who.other)
    supporting = await who.propose("enlist", "2017-01-10", by=who.support)
    assert (stranger.status_code, supporting.status_code) == (403, 201)
    await who.decide(1)
    not_lead = await who.propose("declare", "2017-02-01", by=who.support)
    assert not_lead.status_code == 403
    of_office = await who.propose("take_over", "2017-02-01", by=who.lead, to="started")
    assert of_office.json()["code"] == "step-not-allowed"


async def test_a_unit_never_decides(on_the_way: People) -> None:
    deciding = await on_the_way.registry.as_("registry:read", "projects:decide", unit="government")
    await on_the_way.propose("enlist", "2017-01-10")
    answer = await deciding.post("/v1/projects/P01/steps/1/decision", json={"decision": "approve", "text": "同意"})
    assert answer.status_code == 403


async def test_a_project_is_taken_over_as_it_stands_by_the_office(on_the_way: People) -> None:
    who, office = on_the_way, on_the_way.registry.http
    nowhere = await who.propose("take_over", "2017-06-01", by=office)
    assert faults(nowhere.json()) == [("/body/to", "stage-of-step")]
    made = await who.propose("take_over", "2017-06-01", by=office, to="under_construction")
    assert made.status_code == 201, made.text
    assert (await who.propose("take_over", "2017-06-01", by=who.lead, to="started")).status_code == 403
    await who.decide(1)
    life = (await who.project())["life"]
    assert (life["stage"], life["since"]) == ("under_construction", "2017-06-01")
    found = (await who.lead.get("/v1/projects", params={"stage": "under_construction"})).json()["items"]
    assert [project["code"] for project in found] == ["P01"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"on": "2018-07-17"}, [("/body/on", "day-in-future")]),
        ({"on": "2017-01-09"}, [("/body/on", "day-too-early")]),
        (
            {"evidence": [{"kind": "photo", "files": ["a" * 64]}]},
            [("/body/evidence/0/kind", "not-asked-for"), ("/body/evidence/0/files/0", "unknown-file")],
        ),
        ({"evidence": [{"kind": "declaration", "files": ["a" * 64]}]}, [("/body/evidence/0/files/0", "unknown-file")]),
        ({"criteria": [{"code": "beauty", "met": True}]}, [("/body/criteria/0/code", "not-asked-for")]),
        ({"reviewers": ["nobody"]}, [("/body/reviewers/0", "unknown-reference")]),
        ({"commitments": [{"code": "x", "name": "无"}]}, [("/body/commitments/0/by", "day-not-agreed")]),
        (
            {"commitments": [{"code": "x", "name": "税收", "unit": "万元/亩", "at_least": "-30", "at_most": "0"}]},
            [("/body/commitments/0/at_least", "greater-than"), ("/body/commitments/0/at_most", "greater-than")],
        ),
        ({"actuals": [{"code": "x", "value": "1"}]}, [("/body/actuals/0/code", "not-asked-for")]),
        ({"to": "started"}, [("/body/to", "stage-of-step")]),
        ({"text": " \n"}, [("/body/text", "several-lines")]),
        ({"text": "a\u0000b"}, [("/body/text", "several-lines")]),
        (
            {"evidence": [{"kind": "declaration", "files": ["no-hash"]}]},
            [("/body/evidence/0/files/0", "string-pattern-mismatch")],
        ),
        ({"on": "2017-02-30"}, [("/body/on", "day")]),
        ({"more": 1}, [("/body/more", "extra-forbidden")]),
    ],
)
async def test_what_is_wrong_with_a_proposal_is_named(
    in_reserve: People, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    said = {**await in_reserve.proposal("declare", "2017-02-01"), **changed}
    answer = await in_reserve.lead.post("/v1/projects/P01/steps", json=said)
    assert answer.status_code == 422
    assert faults(answer.json()) == wrong


async def test_terminated_is_the_end_and_needs_a_decision(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "start")
    await who.propose("terminate", "2017-07-01", evidence=[])
    assert [code for _, code in faults((await who.decide(5)).json())] == ["evidence-missing"]
    await who.lead.post("/v1/projects/P01/steps/5/withdrawal", json={"text": "补充材料"})
    await who.step("terminate", "2017-07-01")
    next_ = (await who.lead.get("/v1/projects/P01/next-steps")).json()
    assert (next_["stage"], next_["steps"]) == ("terminated", [])


async def test_each_move_is_a_version_in_the_feed_and_an_act_of_the_audit(on_the_way: People) -> None:
    who = on_the_way
    await who.step("enlist", "2017-01-10")
    moves = [
        (one["kind"], one["version"], one["content"].get("state"))
        for one in await who.registry.feed()
        if one["kind"] in {"project", "project_step"} and one["code"].startswith("P01")
    ]
    assert moves == [
        ("project", 1, None),
        ("project_step", 1, "proposed"),
        ("project_step", 2, "approved"),
        ("project", 2, None),
    ]
    async with who.registry.database.owner() as connection:
        acts = await connection.fetch("SELECT act, details FROM registry.audit WHERE act LIKE 'project%' ORDER BY id")
    assert [row["act"] for row in acts] == ["project_step.propose", "project_step.approve", "project.step"]
    assert '"stage": "reserve"' in acts[-1]["details"]


async def test_who_sees_a_project_sees_the_evidence_of_its_steps(on_the_way: People) -> None:
    who = on_the_way
    await lived(who, "declare")
    sha256 = await kept(who.registry.http, f"{EVIDENCE['declare'][0]}.pdf")
    assert (await who.other.get(f"/v1/files/{sha256}")).status_code == 200
    listed = (await who.other.get("/v1/files", params={"subject": "project:P01"})).json()["items"]
    assert {file["sha256"] for file in listed} == {sha256}


async def test_an_apply_of_the_plan_file_leaves_the_life_alone(on_the_way: People) -> None:
    who = on_the_way
    await who.step("enlist", "2017-01-10")
    again = small_part()
    again["projects"][0]["name"] = "新名"
    done = await applied(who.registry, again)
    changed = [change for change in done["changes"] if change["kind"] == "project"]
    assert [field["field"] for change in changed for field in change["fields"]] == ["name"]
    project = await who.project()
    assert (project["name"], project["life"]["stage"], project["plan"]) == ("新名", "reserve", PLAN)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects/P99/steps",
        "/v1/projects/P99/next-steps",
        "/v1/projects/P01/steps/9",
        "/v1/projects/P01/steps/9/history",
    ],
)
async def test_what_is_not_there_is_not_found(in_reserve: People, path: str) -> None:
    assert (await in_reserve.lead.get(path)).status_code == 404

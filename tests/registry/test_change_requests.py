"""Change requests over HTTP: asked, reviewed, decided with a number; the original is kept beside."""

from typing import Any

import httpx
import pytest

from tests.registry.lives import People, kept, people
from tests.registry.running import Registry, seen
from tests.registry.samples import PLAN, faults

ASK = "/v1/projects/P01/change-requests"
ASK_TARGET = f"/v1/plans/{PLAN}/targets/T01/change-requests"


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    return await people(registry)


def request(unit: str = "keji", **changes: object) -> dict[str, Any]:
    """A request to change these fields."""
    return {"unit": unit, "text": "设备价格上涨", "changes": changes or {"investment": "36000"}}


async def decided(who: People, code: str, decision: str = "approve", **more: object) -> httpx.Response:
    said = {"decision": decision, "text": "经研究同意", "approval": "萧政办复〔2018〕12号", **more}
    asked = f"/v1/change-requests/{code}"
    return await who.office.post(f"{asked}/decision", json=said, headers=await seen(who.office, asked))


async def test_an_approved_request_is_the_next_version_and_the_original_stays_beside(on_the_way: People) -> None:
    who = on_the_way
    paper = await kept(who.lead)
    asked = await who.lead.post(ASK, json={**request(investment="36000", last_year=2019), "files": [paper]})
    assert asked.headers["location"].endswith("/v1/change-requests/2018-0001")
    assert asked.json()["before"] == {"investment": "30000", "last_year": 2018}
    assert (await who.project())["investment"] == "30000"
    approved = (await decided(who, "2018-0001")).json()
    assert (approved["state"], approved["approval"], approved["applied_version"]) == (
        "approved",
        "萧政办复〔2018〕12号",
        2,
    )
    project = await who.project()
    assert (project["investment"], project["last_year"], project["version"]) == ("36000", 2019, 2)
    await who.lead.post(ASK, json=request(investment="40000"))
    await decided(who, "2018-0002", approval="萧政办复〔2018〕30号")
    record = (await who.lead.get("/v1/projects/P01/plan-of-record")).json()
    assert record["fields"] == [
        {"field": "investment", "original": "30000", "now": "40000"},
        {"field": "last_year", "original": 2018, "now": 2019},
    ]
    assert [(change["request"], change["approval"], change["after"]) for change in record["changes"]] == [
        ("2018-0001", "萧政办复〔2018〕12号", {"investment": "36000", "last_year": 2019}),
        ("2018-0002", "萧政办复〔2018〕30号", {"investment": "40000"}),
    ]
    files = (await who.other.get("/v1/files", params={"subject": "project:P01"})).json()["items"]
    assert [file["sha256"] for file in files] == [paper]


async def test_a_request_about_a_project_names_the_targets_that_it_leaves_as_they_are(on_the_way: People) -> None:
    who = on_the_way
    asked = await who.lead.post(ASK, json=request(investment="36000"))
    assert asked.json()["targets"] == [f"{PLAN}/P01"]
    assert (await decided(who, "2018-0001")).json()["targets"] == [f"{PLAN}/P01"]


async def test_units_give_opinions_before_the_decision(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post(ASK, json=request())
    opinions = "/v1/change-requests/2018-0001/opinions"
    await who.support.post(opinions, json={"unit": "jingxin", "view": "object", "text": "依据不足"})
    answer = await who.support.post(opinions, json={"unit": "jingxin", "view": "agree", "text": "已补充"})
    assert [(one["unit"], one["view"]) for one in answer.json()["opinions"]] == [("jingxin", "agree")]
    foreign = await who.lead.post(opinions, json={"unit": "jingxin", "view": "agree", "text": "代填"})
    assert foreign.status_code == 403
    await decided(who, "2018-0001")
    late = await who.support.post(opinions, json={"unit": "jingxin", "view": "agree", "text": "迟"})
    assert (late.status_code, late.json()["code"]) == (409, "wrong-state")
    history = (await who.lead.get("/v1/change-requests/2018-0001/history")).json()["items"]
    assert [one["content"]["acts"][-1]["act"] for one in history] == ["propose", "opine", "opine", "approve"]


async def test_a_project_that_moved_on_is_not_changed_by_an_old_request(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post(ASK, json=request(investment="36000"))
    await who.lead.post(ASK, json=request(investment="40000"))
    await decided(who, "2018-0002")
    late = await decided(who, "2018-0001")
    assert (late.status_code, late.json()["code"]) == (409, "moved-on")
    assert "investment" in late.json()["detail"]
    assert (await who.project())["investment"] == "40000"
    again = await decided(who, "2018-0002")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


async def test_a_refused_or_withdrawn_request_changes_nothing(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post(ASK, json=request())
    await who.lead.post(ASK, json=request())
    refused = await decided(who, "2018-0001", "refuse", approval=None)
    withdrawn = await who.lead.post("/v1/change-requests/2018-0002/withdrawal", json={"text": "暂缓"})
    assert (refused.json()["state"], withdrawn.json()["state"]) == ("refused", "withdrawn")
    assert (await who.project())["version"] == 1
    record = (await who.lead.get("/v1/projects/P01/plan-of-record")).json()
    assert record == {"project": "P01", "fields": [], "changes": []}
    listed = (await who.lead.get("/v1/change-requests", params={"project": "P01", "total": True})).json()
    assert ([one["state"] for one in listed["items"]], listed["total"]) == (["refused", "withdrawn"], 2)


async def test_who_may_ask_and_who_decides(on_the_way: People) -> None:
    who = on_the_way
    assert (await who.lead.post(ASK, json=request("jingxin"))).status_code == 403
    assert (await who.other.post(ASK, json=request("deputy_li"))).status_code == 403
    own = await who.registry.http.post(ASK, json=request())
    assert own.status_code == 201
    said = {"decision": "approve", "text": "同意", "approval": "1号"}
    decision = "/v1/change-requests/2018-0001/decision"
    again = await who.registry.http.post(decision, json=said, headers={"If-Match": own.headers["ETag"]})
    assert again.json()["code"] == "own-proposal"
    assert (await who.lead.post(decision, json=said)).status_code == 403
    unnumbered = await decided(who, "2018-0001", approval=None)
    assert faults(unnumbered.json()) == [("/body/approval", "missing")]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"investment": "30000"}, [("/body/changes/investment", "no-change")]),
        ({"last_year": 2016}, [("/body/changes/last_year", "years-reversed")]),
        ({"carrier": "nowhere"}, [("/body/changes/carrier", "unknown-reference")]),
        ({"life": {"stage": "started"}}, [("/body/changes/life", "extra-forbidden")]),
        ({"investment": None}, [("/body/changes", "not-empty")]),
        ({"investment": "much"}, [("/body/changes/investment", "exact-number")]),
    ],
)
async def test_what_is_wrong_with_a_request_is_said_at_once(
    registry: Registry, changes: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    answer = await who.lead.post(ASK, json={**request(), "changes": changes})
    assert answer.status_code == 422
    assert faults(answer.json()) == wrong


async def test_a_request_that_changes_nothing_is_none(on_the_way: People) -> None:
    answer = await on_the_way.lead.post(ASK, json={**request(), "changes": {}})
    assert faults(answer.json()) == [("/body/changes", "no-change")]


async def test_a_request_about_a_target_says_what_the_target_is(on_the_way: People) -> None:
    who = on_the_way
    goal, less = ([{"date": "2019-12-31", "value": value}] for value in ("1000", "800"))
    sent = {"unit": "jingxin", "text": "市场变化", "changes": {"checkpoints": less}, "before": {"checkpoints": goal}}
    asked = await who.support.post(ASK_TARGET, json=sent)
    assert asked.status_code == 201, asked.text
    assert (asked.json()["subject"], asked.json()["before"]) == (f"target:{PLAN}/T01", {"checkpoints": goal})
    approved = (await decided(who, "2018-0001")).json()
    assert (approved["state"], approved["applied_version"]) == ("approved", None)
    found = (await who.lead.get("/v1/change-requests", params={"plan": PLAN, "target": "T01"})).json()["items"]
    assert [one["code"] for one in found] == ["2018-0001"]


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (
            {"before": {"tolerance": "1"}},
            [("/body/before/upper", "before-missing"), ("/body/before/tolerance", "not-changed")],
        ),
        ({"before": {"upper": "2"}}, [("/body/changes/upper", "no-change")]),
    ],
)
async def test_what_a_request_says_of_a_target_must_fit_together(
    registry: Registry, sent: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    body = {"unit": "jingxin", "text": "市场变化", "changes": {"upper": "2"}, **sent}
    assert faults((await who.support.post(ASK_TARGET, json=body)).json()) == wrong
    nowhere = await who.registry.http.post("/v1/plans/none/targets/T01/change-requests", json=body)
    assert ("/path/plan", "unknown-reference") in faults(nowhere.json())

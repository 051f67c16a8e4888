"""Nodes planned backwards from the goal over HTTP, edited, and held against what became of them."""

from typing import Any

import pytest

from tests.registry.lives import People, people
from tests.registry.running import Registry, seen
from tests.registry.samples import faults

SCHEDULE = "/v1/projects/P01/schedule"


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    return await people(registry)


async def drafted(who: People, **asked: str) -> dict[str, Any]:
    """A draft, as it comes and may be sent to be kept."""
    answer = await who.lead.get(f"{SCHEDULE}/draft", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_draft_leads_backwards_from_the_goal_over_working_and_calendar_days(on_the_way: People) -> None:
    draft = await drafted(on_the_way, goal="2018-07-16", node="start")
    assert [(node["code"], node["latest"]) for node in draft["nodes"]] == [
        ("declaration", "2017-12-28"),
        ("admission", "2018-01-28"),
        ("land", "2018-04-07"),
        ("start", "2018-07-16"),
    ]
    assert draft["begin_by"] == "2017-12-14"
    assert (await on_the_way.lead.get(SCHEDULE)).status_code == 404


async def test_each_kind_of_project_has_its_own_durations(on_the_way: People) -> None:
    standard = await drafted(on_the_way, goal="2019-12-31")
    renewal = await drafted(on_the_way, goal="2019-12-31", kind="renewal")
    assert standard["begin_by"] < renewal["begin_by"]
    assert standard["nodes"][-1]["latest"] == renewal["nodes"][-1]["latest"] == "2019-12-31"


async def test_years_whose_holidays_are_not_published_are_marked(on_the_way: People) -> None:
    far = await on_the_way.lead.get(f"{SCHEDULE}/draft", params={"goal": "2100-12-31"})
    near = await on_the_way.lead.get(f"{SCHEDULE}/draft", params={"goal": "2019-12-31"})
    assert (far.json()["provisional"], near.json()["provisional"]) == (True, False)


async def test_a_draft_is_kept_as_it_came(on_the_way: People) -> None:
    who = on_the_way
    draft = await drafted(who, goal="2100-12-31")
    assert draft["provisional"] is True
    kept = await who.lead.put(SCHEDULE, json=draft)
    assert (kept.status_code, kept.json()["begin_by"]) == (200, draft["begin_by"])
    (first,) = (await who.lead.get(f"{SCHEDULE}/history")).json()["items"]
    assert "provisional" not in first["content"]


async def test_an_edited_draft_is_kept_and_every_version_of_it(on_the_way: People) -> None:
    who = on_the_way
    draft = await drafted(who, goal="2018-07-16", node="start")
    draft["nodes"][0]["latest"] = "2017-12-25"
    kept = await who.lead.put(SCHEDULE, json=draft)
    assert (kept.status_code, kept.headers["etag"], kept.json()["as_of"]) == (200, '"1"', "2018-07-16")
    blind = await who.lead.put(SCHEDULE, json=draft)
    assert blind.status_code == 428
    later = await drafted(who, goal="2018-12-31", node="start")
    again = await who.lead.put(SCHEDULE, json=later, headers={"If-Match": kept.headers["etag"]})
    assert again.headers["etag"] == '"2"'
    history = (await who.lead.get(f"{SCHEDULE}/history")).json()["items"]
    assert [one["content"]["goal"] for one in history] == ["2018-07-16", "2018-12-31"]


async def test_nodes_are_held_against_the_steps_that_were_approved(on_the_way: People) -> None:
    who = on_the_way
    draft = await drafted(who, goal="2018-07-10", node="start")
    draft["nodes"][2]["done_on"] = "2018-04-05"
    await who.lead.put(SCHEDULE, json=draft)
    await who.step("enlist", "2017-01-10")
    await who.step("declare", "2018-01-08")
    nodes = {node["code"]: node for node in (await who.lead.get(SCHEDULE)).json()["nodes"]}
    assert {code: (node["reached_on"], node["state"]) for code, node in nodes.items()} == {
        "declaration": ("2018-01-08", "done_late"),
        "admission": (None, "late"),
        "land": ("2018-04-05", "done_late"),
        "start": (None, "late"),
    }
    assert nodes["start"]["days_late"] == 6
    as_of = (await who.lead.get(SCHEDULE, params={"as_of": "2018-07-09"})).json()["nodes"][-1]
    assert (as_of["state"], as_of["days_late"]) == ("open", 0)
    before = (await who.lead.get(SCHEDULE, params={"as_of": "2018-01-07"})).json()["nodes"][0]
    assert before["reached_on"] is None


async def test_suspended_days_move_what_is_due(on_the_way: People) -> None:
    who = on_the_way
    draft = await drafted(who, goal="2018-07-10", node="start")
    await who.lead.put(SCHEDULE, json=draft)
    said = {"first_day": "2018-06-01", "last_day": "2018-06-30", "cause": "factors", "text": "等待指标"}
    await who.lead.post("/v1/projects/P01/suspensions", json=said)
    decision = {"decision": "approve", "text": "同意", "approved_by": "区领导小组"}
    proposal = "/v1/projects/P01/suspensions/1"
    await who.office.post(f"{proposal}/decision", json=decision, headers=await seen(who.office, proposal))
    start = (await who.lead.get(SCHEDULE)).json()["nodes"][-1]
    assert (start["latest"], start["due"], start["state"]) == ("2018-07-10", "2018-08-09", "open")


async def test_the_lead_unit_plans(on_the_way: People) -> None:
    draft = await drafted(on_the_way, goal="2018-07-16", node="start")
    assert (await on_the_way.support.put(SCHEDULE, json=draft)).status_code == 403
    assert (await on_the_way.registry.http.put(SCHEDULE, json=draft)).status_code == 200


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"goal": "2018-07-17"}, [("/body/nodes/3/latest", "beside-goal")]),
        ({"begin_by": "2018-02-01"}, [("/body/nodes/0/latest", "out-of-order")]),
        ({"node": {"latest": "2018-07-17"}}, [("/body/nodes/2/latest", "out-of-order")]),
        ({"node": {"code": "land"}}, [("/body/nodes/2/code", "twice")]),
        ({"node": {"step": "fly"}}, [("/body/nodes/1/step", "unknown-step")]),
        ({"node": {"done_on": "2018-07-01"}}, [("/body/nodes/1/done_on", "said-by-step")]),
        (
            {"node": {"done_on": "2018-07-17", "step": None}},
            [("/body/nodes/1/done_on", "day-in-future")],
        ),
    ],
)
async def test_what_is_wrong_with_a_schedule_is_named(
    registry: Registry, change: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    who = await people(registry)
    draft = await drafted(who, goal="2018-07-16", node="start")
    draft["nodes"][1] |= change.pop("node", {})
    answer = await who.lead.put(SCHEDULE, json={**draft, **change})
    assert faults(answer.json()) == wrong


async def test_a_node_that_is_not_there_is_named(on_the_way: People) -> None:
    answer = await on_the_way.lead.get(f"{SCHEDULE}/draft", params={"goal": "2018-07-16", "node": "moon"})
    assert faults(answer.json()) == [("/query/node", "unknown-node")]

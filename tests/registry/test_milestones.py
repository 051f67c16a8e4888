"""Milestones over HTTP: which states they may reach, which one counts, and what was reported."""

from typing import Any

import pytest

from tests.registry.lives import People, kept, people
from tests.registry.running import Registry
from tests.registry.samples import faults, small_part


def named(**more: object) -> dict[str, Any]:
    """A milestone that counts when it is named."""
    states = [{"code": "listed", "name": "列入创建名单"}, {"code": "named", "name": "命名"}]
    usual = {"code": "m1", "name": "特色小镇", "subject": "project:P01", "states": states, "counts": "named"}
    return {**usual, "due": "2018-06-30", **more}


def report(state: str, on: str | None, **more: object) -> dict[str, Any]:
    """That a state was reached."""
    return {"state": state, "on": on, "text": "公布名单", **more}


@pytest.fixture
async def on_the_way(registry: Registry) -> People:
    who = await people(registry)
    made = await registry.http.put("/v1/milestones/m1", json=named())
    assert made.status_code == 200, made.text
    return who


async def test_entering_the_list_is_not_being_named(on_the_way: People) -> None:
    who = on_the_way
    paper = await kept(who.lead)
    listed = await who.lead.post("/v1/milestones/m1/reports", json=report("listed", "2018-01-15", files=[paper]))
    assert listed.json()["done_on"] is None
    reached = await who.lead.post("/v1/milestones/m1/reports", json=report("named", "2018-06-20"))
    assert reached.json()["done_on"] == "2018-06-20"
    assert [one["state"] for one in reached.json()["reports"]] == ["listed", "named"]
    assert (await who.other.get(f"/v1/files/{paper}")).status_code == 200


async def test_where_the_list_counts_being_named_is_enough(on_the_way: People) -> None:
    who = on_the_way
    await who.registry.http.put("/v1/milestones/m1", json=named(counts="listed"), headers={"If-Match": "*"})
    done = await who.lead.post("/v1/milestones/m1/reports", json=report("named", "2018-06-20"))
    assert done.json()["done_on"] == "2018-06-20"
    earlier = await who.lead.post("/v1/milestones/m1/reports", json=report("listed", "2018-01-15"))
    assert earlier.json()["done_on"] == "2018-01-15"


async def test_another_state_that_counts_judges_what_was_reported_anew(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post("/v1/milestones/m1/reports", json=report("listed", "2018-01-15"))
    changed = await who.registry.http.put("/v1/milestones/m1", json=named(counts="listed"), headers={"If-Match": '"2"'})
    assert (changed.json()["done_on"], len(changed.json()["reports"])) == ("2018-01-15", 1)


async def test_a_report_is_taken_back_by_another_one_and_both_stay(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post("/v1/milestones/m1/reports", json=report("named", "2018-06-20"))
    back = await who.support.post("/v1/milestones/m1/reports", json=report("named", None))
    assert (back.json()["done_on"], len(back.json()["reports"])) == (None, 2)
    history = (await who.lead.get("/v1/milestones/m1/history")).json()["items"]
    assert [one["content"]["done_on"] for one in history] == [None, "2018-06-20", None]


async def test_what_is_overdue_on_a_day_is_found(on_the_way: People) -> None:
    who = on_the_way
    await who.lead.post("/v1/milestones/m1/reports", json=report("named", "2018-07-10"))

    async def overdue(day: str) -> list[str]:
        found = await who.lead.get("/v1/milestones", params={"overdue_on": day, "subject": "project:P01"})
        return [one["code"] for one in found.json()["items"]]

    assert [await overdue(day) for day in ("2018-06-30", "2018-07-01", "2018-07-09", "2018-07-10")] == [
        [],
        ["m1"],
        ["m1"],
        [],
    ]
    assert (await who.lead.get("/v1/milestones", params={"done": True, "q": "特色"})).json()["items"] != []
    assert (await who.lead.get("/v1/milestones", params={"done": False})).json()["items"] == []


async def test_only_who_answers_for_a_project_reports_its_milestones(on_the_way: People) -> None:
    who = on_the_way
    foreign = await who.other.post("/v1/milestones/m1/reports", json=report("named", "2018-06-20"))
    assert foreign.status_code == 403
    await who.registry.http.put("/v1/milestones/m2", json=named(code="m2", subject="carrier:info-port"))
    of_carrier = "/v1/milestones/m2/reports"
    assert (await who.lead.post(of_carrier, json=report("named", "2018-06-20"))).status_code == 403
    assert (await who.registry.http.post(of_carrier, json=report("named", "2018-06-20"))).status_code == 200
    assert (await who.lead.put("/v1/milestones/m1", json=named(), headers={"If-Match": "*"})).status_code == 403


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"counts": "built"}, [("/body/counts", "unknown-state")]),
        ({"subject": "project:P99"}, [("/body/subject", "unknown-reference")]),
        (
            {"states": [{"code": "named", "name": "命名"}, {"code": "named", "name": "命名"}]},
            [("/body/states/1/code", "twice")],
        ),
        ({"due": "soon"}, [("/body/due", "day")]),
    ],
)
async def test_what_is_wrong_with_a_milestone_is_named(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    await people(registry)
    answer = await registry.http.put("/v1/milestones/m1", json=named(**changed))
    assert faults(answer.json()) == wrong


async def test_what_is_wrong_with_a_report_is_named(on_the_way: People) -> None:
    sent = report("built", "2018-07-17", files=["a" * 64])
    answer = await on_the_way.lead.post("/v1/milestones/m1/reports", json=sent)
    assert faults(answer.json()) == [
        ("/body/state", "unknown-state"),
        ("/body/on", "day-in-future"),
        ("/body/files/0", "unknown-file"),
    ]


async def test_an_apply_does_not_end_what_a_milestone_is_about(on_the_way: People) -> None:
    part = small_part()
    part["projects"] = part["projects"][1:]
    part["responsibilities"] = part["responsibilities"][:1]
    answer = await on_the_way.registry.http.put("/v1/plans/plan-a", json=part, params={"prune": True})
    assert {code for _, code in faults(answer.json())} == {"still-named"}
    assert any("milestone m1" in fault["detail"] for fault in answer.json()["errors"])

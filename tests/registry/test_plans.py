"""Applying the registry's part of a plan file, and the states of a plan."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.plan_file.parts import split
from services.plan_file.reading import read
from tests.registry.running import START, Registry, seen
from tests.registry.samples import (
    KNOWN_FROM,
    PLAN,
    applied,
    enterprise,
    faults,
    industry,
    owned,
    part,
    project,
    small_part,
    taken_to,
    unit,
)

SAMPLE = Path(__file__).parents[2] / "plans/xiaoshan-2017-2019.yaml"
SET_UP_INSTANT = "2016-12-30T16:00:00+00:00"


async def refused(registry: Registry, sent: dict[str, Any], **params: bool) -> list[tuple[str, str]]:
    """The faults for which a part is refused."""
    answer = await registry.http.put(f"/v1/plans/{sent['plan']['code']}", json=sent, params=params)
    assert answer.status_code == 422, answer.text
    return faults(answer.json())


async def activate(registry: Registry, plan: str = PLAN, to: str = "active") -> dict[str, Any]:
    """Take a plan to its next state."""
    found: dict[str, Any] = (await taken_to(registry.http, to, plan=plan)).json()
    return found


def changed(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Kind, code and change of each change, but for the plan's own version."""
    return [(one["kind"], one["code"], one["change"]) for one in answer["changes"] if one["kind"] != "plan"]


async def test_the_sample_plan_is_applied_whole(registry: Registry) -> None:
    plan_file = read(SAMPLE.read_bytes()).plan_file
    assert plan_file is not None
    sent = split(plan_file).registry.model_dump(mode="json")
    answer = await applied(registry, sent)
    assert len(answer["changes"]) == 1 + sum(len(items) for items in sent.values() if isinstance(items, list))
    assert (await applied(registry, sent))["changes"] == []


async def test_the_registry_keeps_what_else_the_text_says(registry: Registry) -> None:
    plan_file = read(SAMPLE.read_bytes()).plan_file
    assert plan_file is not None
    await applied(registry, split(plan_file).registry.model_dump(mode="json"))
    kept = (await registry.http.get(f"/v1/plans/{plan_file.plan.code}")).json()
    assert kept["wording"] == plan_file.plan.model_dump(mode="json")["wording"]


async def test_a_part_applied_twice_changes_nothing(registry: Registry) -> None:
    await applied(registry, small_part())
    before = len(await registry.feed())
    assert (await applied(registry, small_part()))["changes"] == []
    assert len(await registry.feed()) == before


async def test_a_dry_run_says_what_an_apply_then_does(registry: Registry) -> None:
    promised = await applied(registry, small_part(), dry_run=True)
    before = await registry.http.get(f"/v1/plans/{PLAN}")
    done = await applied(registry, small_part())
    assert before.status_code == 404
    assert promised == {**done, "dry_run": True}


async def test_a_change_names_its_fields_before_and_after(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = small_part(industries=[industry(name="数字信息产业")])
    [change] = (await applied(registry, sent))["changes"]
    assert change == {
        "kind": "industry",
        "code": "information",
        "change": "update",
        "fields": [{"field": "name", "before": "信息产业", "after": "数字信息产业", "takes_back": None}],
    }


async def test_what_a_file_brings_in_set_up_counts_from_known_from(registry: Registry) -> None:
    await applied(registry, small_part())
    for path in (
        "/v1/units/jingxin",
        "/v1/projects/P01",
        f"/v1/plans/{PLAN}",
        f"/v1/plans/{PLAN}/responsibilities/T01",
    ):
        assert (await registry.http.get(path)).json()["recorded_at"] == SET_UP_INSTANT, path


async def test_a_correction_in_set_up_counts_from_known_from_too(registry: Registry) -> None:
    await applied(registry, small_part())
    await applied(registry, small_part(industries=[industry(name="数字信息产业")]))
    found = (
        await registry.http.get("/v1/industries/information", params={"known_at": "2017-01-01T00:00:00+08:00"})
    ).json()
    assert (found["name"], found["version"]) == ("数字信息产业", 2)


async def test_what_a_file_brings_after_activation_counts_from_now(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    await registry.show(START + timedelta(days=1))
    await applied(registry, small_part(industries=[industry(name="数字信息产业")]))
    now = (await registry.http.get("/v1/industries/information")).json()
    then = (await registry.http.get("/v1/industries/information", params={"known_at": START.isoformat()})).json()
    assert (now["name"], now["recorded_at"]) == ("数字信息产业", "2018-07-17T01:00:00+00:00")
    assert then["name"] == "信息产业"


async def test_another_plans_file_in_set_up_does_not_change_an_active_plans_past(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    await applied(registry, part("plan-b", industries=[industry(name="改名"), industry("bio", name="生物")]))
    assert (await registry.http.get("/v1/industries/information")).json()["recorded_at"] == "2018-07-16T01:00:00+00:00"
    assert (await registry.http.get("/v1/industries/bio")).json()["recorded_at"] == SET_UP_INSTANT


async def test_what_the_registry_keeps_beside_a_file_stays(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = unit("keji", "区科技局", parent="government", valid_from="2010-01-01")
    await registry.http.put("/v1/units/keji", json=sent, headers={"If-Match": '"1"'})
    assert changed(await applied(registry, small_part(version="another0"))) == []
    assert (await registry.http.get("/v1/units/keji")).json()["valid_from"] == "2010-01-01"


async def test_what_a_file_does_not_name_stays_without_prune(registry: Registry) -> None:
    await applied(registry, small_part())
    assert changed(await applied(registry, small_part(projects=[], tasks=[], responsibilities=[]))) == []
    assert (await registry.http.get("/v1/projects/P02")).status_code == 200


async def test_prune_ends_what_a_file_does_not_name_any_more(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = small_part(projects=[project("P01")], tasks=[], enterprises=[], responsibilities=[owned("T01", "jingxin")])
    promised = await applied(registry, sent, prune=True, dry_run=True)
    done = await applied(registry, sent, prune=True)
    ended = {("enterprise", "e22"), ("project", "P02"), ("task", "C01"), ("responsibility", "P01")}
    assert {(kind, code) for kind, code, change in changed(done) if change == "delete"} == ended
    assert changed(promised) == changed(done)
    assert (await registry.http.get("/v1/projects/P02")).status_code == 404
    assert [one["content"] for one in await registry.feed() if (one["kind"], one["code"]) == ("task", "C01")][
        -1
    ] is None
    assert (await applied(registry, sent, prune=True))["changes"] == []


async def test_the_history_of_what_was_ended_stays(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    await applied(registry, small_part(tasks=[]), prune=True)
    history = (await registry.http.get(f"/v1/plans/{PLAN}/tasks/C01/history")).json()["items"]
    earlier = await registry.http.get(f"/v1/plans/{PLAN}/tasks/C01", params={"known_at": "2018-01-01T00:00:00+08:00"})
    assert [one["content"] is None for one in history] == [False, True]
    assert earlier.json()["code"] == "C01"


async def test_who_answers_for_a_task_answers_for_it_by_its_new_name(registry: Registry) -> None:
    owners = owned("C01", "jingxin", kind="task", name="示范区")
    await applied(registry, small_part(responsibilities=[owners, owned("T01", "jingxin")]))
    path = f"/v1/plans/{PLAN}/tasks/C01"
    found = await registry.http.get(path)
    task = small_part()["tasks"][0] | {"plan": PLAN, "name": "示范区建设"}
    for expected in (200, 200):  # the second time nothing is left to change
        answer = await registry.http.put(path, json=task, headers={"If-Match": "*"})
        assert answer.status_code == expected, answer.text
    assert found.json()["name"] == "示范区"
    owner = (await registry.http.get(f"/v1/plans/{PLAN}/responsibilities/C01")).json()
    assert (owner["name"], owner["lead"], owner["version"]) == ("示范区建设", "jingxin", 2)
    target = (await registry.http.get(f"/v1/plans/{PLAN}/responsibilities/T01")).json()
    assert (target["name"], target["version"]) == ("目标T01", 1)


async def test_what_was_ended_can_be_taken_up_again(registry: Registry) -> None:
    await applied(registry, small_part())
    await applied(registry, small_part(tasks=[]), prune=True)
    assert changed(await applied(registry, small_part())) == [("task", "C01", "create")]
    assert (await registry.http.get(f"/v1/plans/{PLAN}/tasks/C01")).json()["version"] == 3


async def test_prune_leaves_what_another_plan_names(registry: Registry) -> None:
    await applied(registry, small_part())
    await applied(
        registry,
        part("plan-b", industries=[industry()], enterprises=[enterprise("e22", "杭州钱塘大数据交易中心有限公司")]),
    )
    sent = small_part(enterprises=[], projects=[project("P01"), project("P02")])
    assert ("enterprise", "e22", "delete") not in changed(await applied(registry, sent, prune=True))


async def test_prune_leaves_what_no_file_ever_named(registry: Registry) -> None:
    await applied(registry, small_part())
    await registry.http.post("/v1/enterprises", json=enterprise("own", "自建企业"))
    assert changed(await applied(registry, small_part(), prune=True)) == []


async def test_prune_refuses_to_end_what_something_that_stays_names(registry: Registry) -> None:
    await applied(registry, small_part())
    await registry.http.post("/v1/enterprises", json=enterprise("own", "自建企业"))
    sent = small_part(industries=[], carriers=[], enterprises=[], projects=[])
    sent["responsibilities"] = sent["responsibilities"][:1]
    assert await refused(registry, sent, prune=True) == [("/query/prune", "still-named")]
    assert (await registry.http.get("/v1/industries/information")).status_code == 200


async def test_a_file_may_not_name_what_it_lets_end(registry: Registry) -> None:
    await applied(registry, small_part())
    assert await refused(registry, small_part(carriers=[]), prune=True) == [
        ("/body/projects/0/carrier", "unknown-reference")
    ]


async def test_every_fault_of_a_part_is_named_with_its_place(registry: Registry) -> None:
    sent = small_part(
        units=[unit("a", "甲", parent="b"), unit("b", "乙", parent="a"), unit("c", "甲"), unit("d", "丁", parent="x")],
        projects=[project("P01", enterprise="nobody", last_year=2016)],
        responsibilities=[owned("T01", "nobody", "a", "a")],
    )
    sent["contacts"] = []
    assert sorted(await refused(registry, sent)) == [
        ("/body/projects/0/enterprise", "unknown-reference"),
        ("/body/projects/0/last_year", "years-reversed"),
        ("/body/responsibilities/0/lead", "unknown-reference"),
        ("/body/responsibilities/0/support/1", "unit-twice"),
        ("/body/units/0/parent", "circle"),
        ("/body/units/1/parent", "circle"),
        ("/body/units/2/name", "name-taken"),
        ("/body/units/3/parent", "unknown-reference"),
    ]
    assert (await registry.http.get(f"/v1/plans/{PLAN}")).status_code == 404


async def test_a_part_for_another_plan_or_region_is_refused(shared: Registry) -> None:
    sent = small_part("other")
    sent["plan"]["region"] = "330100"
    answer = await shared.http.put(f"/v1/plans/{PLAN}", json=sent)
    assert faults(answer.json()) == [
        ("/body/header/plan", "other-plan"),
        ("/body/plan/code", "other-plan"),
        ("/body/plan/region", "other-region"),
    ]


async def test_a_file_cannot_be_known_from_the_future(shared: Registry) -> None:
    sent = small_part()
    for said in (sent["header"], sent["plan"]):
        said["known_from"] = "2018-07-17T00:00:00+08:00"
    assert await refused(shared, sent) == [("/body/plan/known_from", "in-future")]


async def test_from_when_a_plan_counts_is_fixed(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = small_part()
    for said in (sent["header"], sent["plan"]):
        said["known_from"] = "2017-01-01T00:00:00+08:00"
    assert await refused(registry, sent) == [("/body/plan/known_from", "fixed")]


async def test_a_project_code_belongs_to_one_plan(registry: Registry) -> None:
    await applied(registry, small_part())
    sent = part("plan-b", projects=[project("P01")])
    assert await refused(registry, sent) == [("/body/projects/0/code", "taken")]


async def test_two_plans_may_have_tasks_and_matters_of_one_code(registry: Registry) -> None:
    await applied(registry, small_part())
    task = {**small_part("plan-b")["tasks"][0], "name": "另一任务"}
    await applied(
        registry, part("plan-b", tasks=[task], responsibilities=[owned("T01", "keji", subject="plan:plan-b")])
    )
    first, second = [
        (await registry.http.get(f"/v1/plans/{plan}/responsibilities/T01")).json()["lead"] for plan in (PLAN, "plan-b")
    ]
    assert (first, second) == ("jingxin", "keji")


async def test_two_plans_applied_at_once_both_arrive(registry: Registry) -> None:
    parts = [part(f"plan-{number}", industries=[industry(f"i{number}", name=f"产业{number}")]) for number in range(6)]
    await asyncio.gather(*(applied(registry, sent) for sent in parts))
    listed = (await registry.http.get("/v1/industries")).json()["items"]
    assert [one["code"] for one in listed] == [f"i{number}" for number in range(6)]


async def test_addresses_in_a_difference_are_masked(registry: Registry) -> None:
    planner = await registry.as_("plans:apply")
    answer = await planner.put(f"/v1/plans/{PLAN}", json=small_part(), params={"dry_run": True})
    [contact] = [one for one in answer.json()["changes"] if one["kind"] == "contact"]
    assert {field["field"]: field["after"] for field in contact["fields"]}["email"] == "z***@***"
    assert "example.com" not in answer.text


async def test_a_caller_of_a_unit_cannot_apply_a_plan(registry: Registry) -> None:
    await applied(registry, small_part())
    planner = await registry.as_("plans:apply", unit="jingxin")
    assert (await planner.put(f"/v1/plans/{PLAN}", json=small_part())).status_code == 403
    assert (await planner.put(f"/v1/plans/{PLAN}/state", json={"state": "active"})).status_code == 403


async def test_a_plan_shows_its_files_version_and_its_state(registry: Registry) -> None:
    await applied(registry, small_part())
    before = (await registry.http.get(f"/v1/plans/{PLAN}")).json()
    after = await activate(registry)
    assert (before["version"], before["state"], before["known_from"]) == ("0123456789abcdef", "set-up", KNOWN_FROM)
    assert (after["state"], after["activated_at"], after["revision"]) == ("active", "2018-07-16T01:00:00+00:00", 2)


async def test_a_plans_etag_changes_with_its_state(registry: Registry) -> None:
    await applied(registry, small_part())
    before = (await registry.http.get(f"/v1/plans/{PLAN}")).headers["etag"]
    await activate(registry)
    answer = await registry.http.get(f"/v1/plans/{PLAN}", headers={"If-None-Match": before})
    assert answer.status_code == 200


async def test_a_plan_is_activated_once(registry: Registry) -> None:
    await applied(registry, small_part())
    first = await activate(registry)
    await registry.show(START + timedelta(days=1))
    assert await activate(registry) == first


async def test_a_plan_does_not_go_back(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    read = await seen(registry.http, f"/v1/plans/{PLAN}")
    answer = await registry.http.put(f"/v1/plans/{PLAN}/state", json={"state": "set-up"}, headers=read)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


async def test_nothing_of_a_closed_plan_changes(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    await activate(registry, to="closed")
    answer = await registry.http.put(f"/v1/plans/{PLAN}", json=small_part())
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


async def test_a_plan_that_is_not_there_has_no_state(shared: Registry) -> None:
    assert (await shared.http.put("/v1/plans/none/state", json={"state": "active"})).status_code == 404


async def test_an_earlier_instant_knew_the_plan_in_set_up(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    earlier = await registry.http.get(f"/v1/plans/{PLAN}", params={"known_at": "2018-01-01T00:00:00+08:00"})
    assert (earlier.json()["state"], earlier.json()["revision"], earlier.headers["etag"]) == ("set-up", 1, '"1"')


async def test_an_owner_is_changed_with_if_match_and_stays_in_the_history(registry: Registry) -> None:
    await applied(registry, small_part())
    await activate(registry)
    path, sent = f"/v1/plans/{PLAN}/responsibilities/T01", {**owned("T01", "keji"), "plan": PLAN}
    without = await registry.http.put(path, json=sent)
    replaced = await registry.http.put(path, json=sent, headers={"If-Match": '"1"'})
    leads = [one["content"]["lead"] for one in (await registry.http.get(f"{path}/history")).json()["items"]]
    assert without.status_code == 428
    assert (replaced.json()["lead"], leads) == ("keji", ["jingxin", "keji"])


async def test_a_task_is_set_without_if_match_at_first(registry: Registry) -> None:
    await applied(registry, small_part())
    task = {**small_part()["tasks"][0], "code": "C02", "plan": PLAN}
    made = await registry.http.put(f"/v1/plans/{PLAN}/tasks/C02", json=task)
    assert (made.status_code, made.json()["version"]) == (200, 1)


async def test_a_task_about_what_is_not_there_is_refused(registry: Registry) -> None:
    await applied(registry, small_part())
    task = {**small_part()["tasks"][0], "code": "C02", "plan": PLAN, "subject": "carrier:nowhere"}
    answer = await registry.http.put(f"/v1/plans/{PLAN}/tasks/C02", json=task)
    assert faults(answer.json()) == [("/body/subject", "unknown-reference")]


async def test_tasks_are_found_by_the_unit_that_answers_for_them(registry: Registry) -> None:
    sent = small_part()
    sent["responsibilities"].append(owned("C01", "keji", kind="task"))
    await applied(registry, sent)
    for named, found in (("区科技局", ["C01"]), ("jingxin", [])):
        listed = (await registry.http.get("/v1/tasks", params={"unit": named})).json()["items"]
        assert [one["code"] for one in listed] == found


@pytest.mark.parametrize("changed", [{"header": {}}, {"units": [{"code": "A"}]}, {"more": []}], ids=str)
async def test_a_part_of_another_shape_is_refused_at_the_edge(shared: Registry, changed: dict[str, Any]) -> None:
    answer = await shared.http.put(f"/v1/plans/{PLAN}", json={**small_part(), **changed})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")

"""Plans that share projects, and plans that continue others."""

from typing import Any

import httpx
import pytest

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, industry, owned, part, project, small_part, taken_to

NEXT = "plan-b"
SHARED = f"/v1/plans/{NEXT}/shared-projects/P01"
WHY = {"reason": "两个行动计划均列为重大项目"}


async def two_plans(registry: Registry) -> None:
    """A plan with two projects and two tasks, and one with a project of its own."""
    sent = small_part()
    sent["tasks"].append({**sent["tasks"][0], "code": "C02", "name": "统计体系"})
    sent["responsibilities"].append(owned("C01", "jingxin", "keji", kind="task"))
    await applied(registry, sent)
    await applied(registry, part(NEXT, industries=[industry()], projects=[project("P21", investment="0.5")]))


async def codes(registry: Registry, path: str, **params: str) -> list[str]:
    answer = await registry.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


async def handed_over(registry: Registry, plan: str = PLAN, **sent: object) -> httpx.Response:
    dry_run = str(sent.pop("dry_run", False)).lower()
    body = {"successor": NEXT, **sent}
    return await registry.http.post(f"/v1/plans/{plan}/successor", json=body, params={"dry_run": dry_run})


async def stepped(registry: Registry, code: str, *ways: str) -> None:
    for to in ways:
        sent = {"to": to, "on": "2018-06-01", "text": "原因", "evidence": ["文件"]}
        answer = await registry.http.post(f"/v1/plans/{PLAN}/tasks/{code}/steps", json=sent)
        assert answer.status_code == 201, answer.text


async def test_a_shared_project_is_found_by_either_plan_and_counted_once(registry: Registry) -> None:
    await two_plans(registry)
    made = await registry.http.put(SHARED, json=WHY)
    assert made.status_code == 200, made.text
    assert await codes(registry, "/v1/projects", plan=PLAN) == ["P01", "P02"]
    assert await codes(registry, "/v1/projects", plan=NEXT, total="true") == ["P01", "P21"]
    sums = (await registry.http.get("/v1/project-sums")).json()
    assert (sums["projects"], sums["investment"]) == (3, "60000.5")
    assert sums["by_industry"] == [{"industry": "information", "projects": 3, "investment": "60000.5"}]
    assert {one["plan"]: (one["lists"]["projects"], one["shares"]["investment"]) for one in sums["by_plan"]} == {
        PLAN: (2, "0"),
        NEXT: (1, "30000"),
    }
    of_next = (await registry.http.get("/v1/project-sums", params={"plan": NEXT})).json()
    assert (of_next["projects"], of_next["investment"]) == (2, "30000.5")


async def test_sums_of_nothing_are_nothing(shared: Registry) -> None:
    sums = (await shared.http.get("/v1/project-sums")).json()
    assert sums == {"projects": 0, "investment": "0", "by_industry": [], "by_plan": []}
    unknown = await shared.http.get("/v1/project-sums", params={"industry": "none"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-object")


async def test_what_is_shared_can_be_ended_and_its_history_stays(registry: Registry) -> None:
    await two_plans(registry)
    made = await registry.http.put(SHARED, json=WHY)
    assert (await registry.http.get(SHARED)).json() == made.json()
    assert await codes(registry, "/v1/projects", plan=NEXT) == ["P01", "P21"]
    assert [
        one["project"]
        for one in (await registry.http.get("/v1/shared-projects", params={"plan": NEXT})).json()["items"]
    ] == ["P01"]
    assert (await registry.http.delete(SHARED)).status_code == 428
    assert (await registry.http.delete(SHARED, headers={"If-Match": '"1"'})).status_code == 204
    assert (await registry.http.delete(SHARED, headers={"If-Match": "*"})).status_code == 404
    assert await codes(registry, "/v1/projects", plan=NEXT) == ["P21"]
    history = (await registry.http.get(f"{SHARED}/history")).json()["items"]
    assert [one["content"] is None for one in history] == [False, True]


async def test_a_plan_does_not_share_its_own_project_or_one_that_is_not_there(registry: Registry) -> None:
    await two_plans(registry)
    own = await registry.http.put(f"/v1/plans/{PLAN}/shared-projects/P01", json=WHY)
    none = await registry.http.put(f"/v1/plans/{NEXT}/shared-projects/P99", json=WHY)
    assert faults(own.json()) == [("/path/plan", "own-project")]
    assert faults(none.json()) == [("/path/code", "unknown-reference")]


async def test_a_file_that_names_another_plans_project_is_told_to_share_it(registry: Registry) -> None:
    await two_plans(registry)
    answer = await registry.http.put(
        f"/v1/plans/{NEXT}", json=part(NEXT, industries=[industry()], projects=[project("P01")])
    )
    assert faults(answer.json()) == [("/body/projects/0/code", "taken")]
    assert SHARED in answer.json()["errors"][0]["detail"]


async def test_a_project_that_another_plan_shares_is_not_pruned(registry: Registry) -> None:
    await two_plans(registry)
    await registry.http.put(SHARED, json=WHY)
    sent = small_part(projects=[project("P02")], responsibilities=[])
    answer = await registry.http.put(f"/v1/plans/{PLAN}", json=sent, params={"prune": "true"})
    assert faults(answer.json()) == [("/query/prune", "still-named")]


async def test_a_dry_run_says_what_the_act_then_does(registry: Registry) -> None:
    await two_plans(registry)
    unmet = [{"code": "T01", "reason": "累计完成 860 家"}]
    promised = await handed_over(registry, targets=unmet, dry_run=True)
    assert promised.status_code == 200, promised.text
    assert (await registry.http.get(f"/v1/plans/{PLAN}/successor")).status_code == 404
    done = (await handed_over(registry, targets=unmet)).json()
    assert promised.json() == {**done, "dry_run": True}
    kept = (await registry.http.get(f"/v1/plans/{PLAN}/successor")).json()
    assert {name: kept[name] for name in done if name != "dry_run"} == {k: v for k, v in done.items() if k != "dry_run"}


async def test_open_tasks_go_on_with_their_units_and_their_state(registry: Registry) -> None:
    await two_plans(registry)
    await stepped(registry, "C01", "under_way")
    await stepped(registry, "C02", "under_way", "done")
    done = (await handed_over(registry)).json()
    assert done["tasks"] == [{"code": "C01", "becomes": "C01", "name": "示范区", "state": "under_way"}]
    assert done["projects"] == ["P01", "P02"]
    carried = (await registry.http.get(f"/v1/plans/{NEXT}/tasks/C01")).json()
    assert (carried["state"], carried["carried_from"], carried["subject"]) == (
        "under_way",
        f"{PLAN}/C01",
        f"plan:{NEXT}",
    )
    owner = (await registry.http.get(f"/v1/plans/{NEXT}/responsibilities/C01")).json()
    assert (owner["lead"], owner["support"], owner["subject"]) == ("jingxin", ["keji"], f"plan:{NEXT}")
    assert await codes(registry, "/v1/projects", plan=NEXT) == ["P01", "P02", "P21"]
    assert (await registry.http.get("/v1/project-sums")).json()["projects"] == 3


async def test_a_task_that_went_on_takes_reports_where_it_is_now(registry: Registry) -> None:
    await two_plans(registry)
    await handed_over(registry)
    note = {"on": "2018-06-30", "text": "推进中"}
    old, new = [f"/v1/plans/{plan}/tasks/C01/progress" for plan in (PLAN, NEXT)]
    refused = await registry.http.post(old, json=note)
    assert (refused.status_code, refused.json()["code"]) == (409, "carried-over")
    assert f"计划 {NEXT} 的 C01" in refused.json()["detail"]
    assert (await registry.http.post(new, json=note)).status_code == 201
    assert (await registry.http.get(f"/v1/plans/{PLAN}/tasks/C01")).json()["carried_to"] == f"{NEXT}/C01"


async def test_the_successors_file_does_not_end_what_it_took_over(registry: Registry) -> None:
    await two_plans(registry)
    await handed_over(registry)
    again = await applied(
        registry, part(NEXT, industries=[industry()], projects=[project("P21", investment="0.5")]), prune=True
    )
    assert again["changes"] == []
    assert (await registry.http.get(f"/v1/plans/{NEXT}/tasks/C01")).status_code == 200


async def test_a_code_that_the_successor_has_is_renamed_on_request(registry: Registry) -> None:
    await two_plans(registry)
    task = {**small_part(NEXT)["tasks"][0], "plan": NEXT}
    await registry.http.put(f"/v1/plans/{NEXT}/tasks/C01", json=task)
    assert faults((await handed_over(registry)).json()) == [("/body/renames", "taken")]
    done = await handed_over(registry, renames=[{"code": "C01", "becomes": "C31"}], projects=["P02"])
    assert [one["becomes"] for one in done.json()["tasks"]] == ["C31", "C02"]
    assert done.json()["projects"] == ["P02"]


async def test_a_plan_is_handed_over_once_as_one_audited_act(registry: Registry) -> None:
    await two_plans(registry)
    await handed_over(registry, projects=[])
    again = await handed_over(registry)
    assert (again.status_code, again.json()["code"]) == (409, "exists")
    assert again.json()["detail"].startswith("计划承接 ")
    assert "PUT" not in again.json()["detail"]
    async with registry.database.owner() as connection:
        rows = await connection.fetch("SELECT details FROM registry.audit WHERE act = 'plan.hand-over'")
    assert len(rows) == 1
    assert '"tasks": 2' in rows[0]["details"]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"successor": "nothing"}, ("/body/successor", "unknown-reference")),
        ({"successor": PLAN}, ("/body/successor", "circle")),
        ({"projects": ["P99"]}, ("/body/projects/0", "unknown-reference")),
        ({"targets": [{"code": "T99", "reason": "未达"}]}, ("/body/targets/0/code", "unknown-reference")),
        ({"renames": [{"code": "C99", "becomes": "C98"}]}, ("/body/renames/0/code", "not-open")),
    ],
)
async def test_every_fault_of_a_succession_is_named(
    registry: Registry, sent: dict[str, Any], found: tuple[str, str]
) -> None:
    await two_plans(registry)
    answer = await handed_over(registry, **sent)
    assert (answer.status_code, found in faults(answer.json())) == (422, True), answer.text
    assert (await registry.http.get(f"/v1/plans/{PLAN}/successor")).status_code == 404


async def test_plans_do_not_follow_each_other_in_a_circle(registry: Registry) -> None:
    await two_plans(registry)
    await handed_over(registry)
    back = await handed_over(registry, plan=NEXT, successor=PLAN)
    assert faults(back.json())[0] == ("/body/successor", "circle")


async def test_nothing_is_handed_over_to_a_closed_plan_nor_by_a_unit(registry: Registry) -> None:
    await two_plans(registry)
    unit = await registry.as_("plans:apply", "registry:write", unit="jingxin")
    assert (await unit.post(f"/v1/plans/{PLAN}/successor", json={"successor": NEXT})).status_code == 403
    assert (await unit.put(SHARED, json=WHY)).status_code == 403
    await taken_to(registry.http, "active", "closed", plan=NEXT)
    assert (await handed_over(registry)).json()["code"] == "wrong-state"
    assert (await registry.http.put(SHARED, json=WHY)).json()["code"] == "wrong-state"
    assert (await handed_over(registry, plan="none")).status_code == 404

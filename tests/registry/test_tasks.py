"""Tasks move by steps with evidence; progress and publicity are logged; nothing that was reported is changed."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from tests.registry.running import START, Registry
from tests.registry.samples import PLAN, applied, faults, owned, small_part

TASK = f"/v1/plans/{PLAN}/tasks/C01"
PUBLISHED = {"day": "2018-05-18", "medium": "萧山日报", "title": "从蓝图到产业", "unit": "jingxin"}


async def planned(registry: Registry) -> None:
    """A plan whose task C01 is the economy bureau's, with the science bureau in support."""
    sent = small_part()
    sent["responsibilities"].append(owned("C01", "jingxin", "keji", kind="task"))
    await applied(registry, sent)


async def stepped(registry: Registry, to: str, on: str = "2018-06-01", **more: object) -> httpx.Response:
    return await registry.http.post(f"{TASK}/steps", json={"to": to, "on": on, **more})


async def state(registry: Registry, **params: str) -> tuple[str, str | None]:
    found = (await registry.http.get(TASK, params=params)).json()
    return found["state"], found["state_since"]


async def test_a_task_is_not_begun_until_a_step_says_so(registry: Registry) -> None:
    await planned(registry)
    assert await state(registry) == ("not_begun", None)
    begun = await stepped(registry, "under_way", unit="jingxin")
    assert begun.status_code == 201
    assert await state(registry) == ("under_way", "2018-06-01")
    done = await stepped(registry, "done", "2018-07-02", evidence=["萧政办〔2018〕20号"])
    assert (done.json()["from_state"], done.json()["to_state"], done.json()["by"]) == (
        "under_way",
        "done",
        "administrator",
    )
    log = (await registry.http.get(f"{TASK}/entries", params={"total": True})).json()
    assert ([one["to_state"] for one in log["items"]], log["total"]) == (["under_way", "done"], 2)


async def test_a_step_is_a_version_of_the_task_that_consumers_of_the_feed_see(registry: Registry) -> None:
    await planned(registry)
    await registry.show(START + timedelta(days=1))
    await stepped(registry, "under_way")
    await registry.show(START + timedelta(days=2))
    assert await state(registry, known_at=START.isoformat()) == ("not_begun", None)
    states = [one["content"]["state"] for one in await registry.feed() if one["kind"] == "task"]
    assert states == ["not_begun", "under_way"]


async def test_what_was_reported_stays_when_the_file_is_applied_again(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    again = await applied(registry, small_part(version="another0"))
    assert [one["kind"] for one in again["changes"]] == []
    assert await state(registry) == ("under_way", "2018-06-01")


async def test_a_replacement_of_the_task_leaves_its_state(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    task = {**small_part()["tasks"][0], "plan": PLAN, "name": "示范区建设"}
    replaced = await registry.http.put(TASK, json=task, headers={"If-Match": '"2"'})
    assert (replaced.json()["name"], replaced.json()["state"]) == ("示范区建设", "under_way")
    assert (await registry.http.put(TASK, json={**task, "state": "done"}, headers={"If-Match": "*"})).status_code == 422


async def test_tasks_are_listed_by_their_state(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    for wanted, found in (("under_way", ["C01"]), ("not_begun", [])):
        listed = (await registry.http.get("/v1/tasks", params={"state": wanted})).json()["items"]
        assert [one["code"] for one in listed] == found


@pytest.mark.parametrize(
    ("steps", "refused", "code"),
    [
        ([], {"to": "done", "evidence": ["文件"]}, "wrong-step"),
        (["under_way"], {"to": "under_way"}, "wrong-step"),
        (["under_way", "stopped"], {"to": "done", "evidence": ["文件"]}, "wrong-step"),
    ],
)
async def test_a_step_that_is_not_in_order_is_refused_with_those_that_are(
    registry: Registry, steps: list[str], refused: dict[str, Any], code: str
) -> None:
    await planned(registry)
    for to in steps:
        assert (await stepped(registry, to, text="要素制约")).status_code == 201
    answer = await registry.http.post(f"{TASK}/steps", json={"on": "2018-06-02", **refused})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert "可变为" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"to": "done"}, [("/body/evidence", "evidence-needed")]),
        ({"to": "stopped"}, [("/body/text", "reason-needed")]),
        ({"to": "done", "on": "2018-07-17", "evidence": ["文件"]}, [("/body/on", "in-future")]),
        ({"to": "done", "on": "2018-05-31", "evidence": ["文件"]}, [("/body/on", "before-the-last")]),
        ({"to": "done", "evidence": ["文件"], "unit": "nobody"}, [("/body/unit", "unknown-reference")]),
        ({"to": "done", "on": "2018-07-17"}, [("/body/on", "in-future"), ("/body/evidence", "evidence-needed")]),
    ],
)
async def test_everything_that_a_step_lacks_is_named(
    registry: Registry, sent: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    answer = await registry.http.post(f"{TASK}/steps", json={"on": "2018-06-02", **sent})
    assert (answer.status_code, faults(answer.json())) == (422, found)
    assert await state(registry) == ("under_way", "2018-06-01")


async def test_what_was_done_is_taken_up_again_with_a_reason(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    await stepped(registry, "done", evidence=["文件"])
    assert faults((await stepped(registry, "under_way")).json()) == [("/body/text", "reason-needed")]
    assert (await stepped(registry, "under_way", text="验收未通过")).status_code == 201


async def test_progress_is_noted_without_changing_the_state(registry: Registry) -> None:
    await planned(registry)
    noted = await registry.http.post(f"{TASK}/progress", json={"on": "2018-06-30", "text": "方案已报常务会议"})
    assert (noted.status_code, noted.json()["kind"], noted.json()["evidence"]) == (201, "progress", [])
    assert await state(registry) == ("not_begun", None)
    for kind, count in (("progress", 1), ("step", 0)):
        listed = (await registry.http.get(f"{TASK}/entries", params={"kind": kind})).json()["items"]
        assert len(listed) == count


async def test_units_report_on_their_own_tasks_only(registry: Registry) -> None:
    await planned(registry)
    note = {"on": "2018-06-30", "text": "推进中"}
    sent = small_part()["units"]
    assert sent[2]["code"] == "keji"
    for unit, status in (("keji", 201), ("government", 201), ("lonely", 403)):
        if unit == "lonely":
            await registry.http.post("/v1/units", json={**sent[2], "code": "lonely", "name": "区某局", "parent": None})
        caller = await registry.as_("tasks:report", unit=unit)
        assert (await caller.post(f"{TASK}/progress", json=note)).status_code == status, unit


async def test_a_task_that_is_not_there_takes_no_report(shared: Registry) -> None:
    assert (await stepped(shared, "under_way")).status_code == 404


async def test_an_entry_cannot_be_changed_even_in_the_database(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    async with registry.database.owner() as connection:
        for statement in ("UPDATE registry.task_entry SET text = 'x'", "DELETE FROM registry.task_entry"):
            with pytest.raises(asyncpg.RaiseError, match="never changed"):
                await connection.execute(statement)


async def test_a_step_is_in_the_audit(registry: Registry) -> None:
    await planned(registry)
    await stepped(registry, "under_way")
    async with registry.database.owner() as connection:
        row = await connection.fetchrow("SELECT act, subject, details FROM registry.audit WHERE act = 'task.step'")
    assert row is not None
    assert (row["subject"], '"to_state": "under_way"' in row["details"]) == (f"task:{PLAN}/C01", True)


async def test_what_was_published_is_logged_and_found(registry: Registry) -> None:
    await planned(registry)
    link = {"link": "https://example.com/1", "task": "C01"}
    made = await registry.http.post(f"/v1/plans/{PLAN}/publicity", json={**PUBLISHED, **link})
    assert made.status_code == 201, made.text
    later = {**PUBLISHED, "day": "2017-11-01", "medium": "微信公众号", "unit": "keji"}
    await registry.http.post(f"/v1/plans/{PLAN}/publicity", json=later)
    for params, days in (
        ({"plan": PLAN, "total": "true"}, ["2017-11-01", "2018-05-18"]),
        ({"unit": "区经信局"}, ["2018-05-18"]),
        ({"year": "2017"}, ["2017-11-01"]),
        ({"medium": "萧山日报"}, ["2018-05-18"]),
        ({"year": "2016"}, []),
    ):
        listed = (await registry.http.get("/v1/publicity", params=params)).json()["items"]
        assert [one["day"] for one in listed] == days, params


async def test_publicity_logged_in_error_is_withdrawn_once_and_stays_in_the_log(registry: Registry) -> None:
    await planned(registry)
    made = (await registry.http.post(f"/v1/plans/{PLAN}/publicity", json=PUBLISHED)).json()
    path = f"/v1/plans/{PLAN}/publicity/{made['id']}/withdrawal"
    withdrawn = await registry.http.post(path, json={"reason": "重复登记"})
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_because"]) == (200, "重复登记")
    assert (await registry.http.post(path, json={"reason": "重复登记"})).json()["code"] == "withdrawn"
    counted = (await registry.http.get("/v1/publicity")).json()["items"]
    shown = (await registry.http.get("/v1/publicity", params={"withdrawn": "true"})).json()["items"]
    assert (len(counted), len(shown)) == (0, 1)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"day": "2018-07-17"}, ("/body/day", "in-future")),
        ({"link": "javascript:alert(1)"}, ("/body/link", "link")),
        ({"task": "C99"}, ("/body/task", "unknown-reference")),
        ({"unit": "nobody"}, ("/body/unit", "unknown-reference")),
    ],
)
async def test_publicity_that_cannot_be_is_refused(
    registry: Registry, changed: dict[str, str], found: tuple[str, str]
) -> None:
    await planned(registry)
    answer = await registry.http.post(f"/v1/plans/{PLAN}/publicity", json={**PUBLISHED, **changed})
    assert (answer.status_code, faults(answer.json())) == (422, [found])


async def test_publicity_of_what_is_not_there_is_not_found(registry: Registry) -> None:
    await planned(registry)
    assert (await registry.http.post("/v1/plans/none/publicity", json=PUBLISHED)).status_code == 404
    gone = "/v1/plans/plan-a/publicity/01900000-0000-7000-8000-000000000000/withdrawal"
    assert (await registry.http.post(gone, json={"reason": "重复"})).status_code == 404


async def test_a_unit_logs_its_own_publicity(registry: Registry) -> None:
    await planned(registry)
    caller = await registry.as_("tasks:report", unit="keji")
    assert (await caller.post(f"/v1/plans/{PLAN}/publicity", json=PUBLISHED)).status_code == 403
    assert (await caller.post(f"/v1/plans/{PLAN}/publicity", json={**PUBLISHED, "unit": "keji"})).status_code == 201


async def test_steps_and_replacements_at_once_lose_nothing(registry: Registry) -> None:
    await planned(registry)
    task = {**small_part()["tasks"][0], "plan": PLAN}

    async def noted(number: int) -> int:
        sent = {**task, "name": f"示范区 {number}"}
        return (await registry.http.put(TASK, json=sent, headers={"If-Match": "*"})).status_code

    writers = [asyncio.create_task(noted(number)) for number in range(4)]
    begun_by = await stepped(registry, "under_way")
    assert {begun_by.status_code, *await asyncio.gather(*writers)} <= {200, 201, 503}
    history = (await registry.http.get(f"{TASK}/history")).json()["items"]
    begun = [one["content"]["state"] == "under_way" for one in history]
    assert begun == sorted(begun)
    assert begun[-1] == (begun_by.status_code == 201)

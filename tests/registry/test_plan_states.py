"""A plan goes to its next state, and takes a file, as who read it wants; it is closed for a reason."""

from tests.registry.running import Registry, seen
from tests.registry.samples import PLAN, applied, faults, small_part, taken_to


async def test_a_plan_is_closed_by_who_read_it_and_says_why(registry: Registry) -> None:
    await applied(registry, small_part())
    await taken_to(registry.http, "active")
    path, closed = f"/v1/plans/{PLAN}", {"state": "closed", "reason": "三年行动计划期满"}
    unread = await registry.http.put(f"{path}/state", json=closed)
    assert (unread.status_code, unread.json()["code"]) == (428, "if-match-missing")
    stale = await registry.http.put(f"{path}/state", json=closed, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    read = await seen(registry.http, path)
    for reason in (None, "", " "):
        unsaid = await registry.http.put(f"{path}/state", json={"state": "closed", "reason": reason}, headers=read)
        assert [pointer for pointer, _ in faults(unsaid.json())] == ["/body/reason"], reason
    assert (await registry.http.get(path)).json()["state"] == "active"
    done = await registry.http.put(f"{path}/state", json=closed, headers=read)
    assert (done.status_code, done.json()["state"], done.headers["ETag"]) == (200, "closed", '"3"')
    audit = (await registry.http.get("/v1/audit", params={"subject": f"plan:{PLAN}", "limit": 200})).json()["items"]
    assert "三年行动计划期满" in str([entry for entry in audit if entry["act"] == "plan.state"])


async def test_a_file_is_applied_to_the_plan_that_was_read_where_it_says_so(registry: Registry) -> None:
    await applied(registry, small_part())
    path, read = f"/v1/plans/{PLAN}", await seen(registry.http, f"/v1/plans/{PLAN}")
    assert (await registry.http.put(path, json=small_part(), headers=read)).status_code == 200
    await taken_to(registry.http, "active")
    stale = await registry.http.put(path, json=small_part(), headers=read)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await registry.http.put(path, json=small_part())).status_code == 200

"""Plan file → apply → export → apply: nothing differs, and nothing new is recorded, in any of the three services."""

from pathlib import Path
from typing import Any

import pytest

from services.cli import exports, plans
from services.cli.connection import Api
from services.cli.stopped import Stopped
from services.plan_file.joining import Joined
from services.plan_file.model import version
from services.plan_file.parts import split
from services.plan_file.reading import read
from services.registry.plans.rules import TASK_OF_ITS_OWN
from tests.plan_file.samples import PLANS, SMALL, plan_of
from tests.platform import ADMIN_KEY, BASE, Platform
from tests.registry.running import seen
from tests.registry.samples import taken_to

FILES = {"small": Path(__file__).parents[1] / "plan_file/small.yaml", "xiaoshan": PLANS / "xiaoshan-2017-2019.yaml"}
KEPT = (
    "registry.version",
    "indicators.plan",
    "indicators.indicator",
    "indicators.light_policy",
    "indicators.target",
    "indicators.checkpoint",
    "notifier.ladder",
)


def api(platform: Platform, key: str = ADMIN_KEY) -> Api:
    return Api(BASE, key, transport=platform.transport)


async def apply(platform: Platform, text: str, *, dry_run: bool = False) -> int:
    async with api(platform) as client:
        return await plans.apply(client, split(plan_of(text)), plans.Applying(dry_run=dry_run), quiet=True)


async def export(platform: Platform, code: str, key: str = ADMIN_KEY) -> tuple[Joined, str]:
    async with api(platform, key) as client:
        joined = await exports.plan(client, code)
    return joined, exports.text_of(joined)


async def counted(platform: Platform) -> dict[str, int]:
    async with platform.database.owner() as connection:
        return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in KEPT}  # noqa: S608 - ours


async def applied_versions(platform: Platform, code: str) -> set[str]:
    clients = (platform.registry, platform.indicators, platform.notifier)
    return {(await client.get(f"/v1/plans/{code}")).json()["version"] for client in clients}


async def assert_applies_without_any_difference(platform: Platform, code: str) -> Joined:
    joined, text = await export(platform, code)
    assert (joined.faults, joined.left_out, [*joined.differences()]) == ([], [], [])
    before = await counted(platform)
    assert await apply(platform, text, dry_run=True) == 0
    assert await apply(platform, text) == 0
    assert await counted(platform) == before
    assert await applied_versions(platform, code) == {version(joined.plan_file)}
    return joined


@pytest.mark.parametrize("name", FILES)
async def test_a_plan_comes_back_as_the_file_it_was_applied_from(platform: Platform, name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    plan_file = plan_of(text)
    await apply(platform, text)
    joined = await assert_applies_without_any_difference(platform, plan_file.plan.code)
    assert joined.plan_file.model_dump() == plan_of(exports.text_of(joined)).model_dump()
    assert version(joined.plan_file) == version(plan_file)


async def replace(platform: Platform, path: str, **fields: object) -> None:
    found = await platform.registry.get(path)
    kept = {
        name: value
        for name, value in found.json().items()
        if name not in {"id", "version", "recorded_at", "path", *TASK_OF_ITS_OWN}
    }
    done = await platform.registry.put(
        path, json={**kept, **fields}, headers={"If-Match": found.headers.get("ETag", "*")}
    )
    assert done.status_code == 200, done.text


async def test_a_plan_that_was_changed_over_http_comes_back_with_the_changes(platform: Platform) -> None:
    text = FILES["xiaoshan"].read_text(encoding="utf-8")
    plan_file = plan_of(text)
    code = plan_file.plan.code
    await apply(platform, text)
    post = platform.registry.post
    unit = {"code": "zhaoshang", "name": "区投资促进局", "kind": "bureau", "parent": plan_file.units[0].code}
    assert (await post("/v1/units", json=unit)).status_code == 201
    enterprise = {**plan_file.enterprises[0].model_dump(mode="json"), "code": "e99", "name": "杭州合成有限公司"}
    assert (await post("/v1/enterprises", json=enterprise)).status_code == 201
    project = {
        **plan_file.projects[0].model_dump(mode="json"),
        "code": "P99",
        "plan": code,
        "enterprise": "e99",
        "enterprise_name": None,
    }
    assert (await post("/v1/projects", json=project)).status_code == 201
    owned = plan_file.responsibilities[0].matter
    await replace(platform, f"/v1/plans/{code}/responsibilities/{owned}", lead="zhaoshang")
    await replace(platform, f"/v1/plans/{code}/tasks/{plan_file.tasks[0].code}", name="改名的任务")
    await replace(
        platform, f"/v1/enterprises/{plan_file.enterprises[1].code}", direction="合成方向", aliases=["某某、某"]
    )

    joined = await assert_applies_without_any_difference(platform, code)
    found = joined.plan_file
    assert [project.code for project in found.projects] == [*(each.code for each in plan_file.projects), "P99"]
    assert found.enterprises[-1].code == "e99"
    assert found.enterprises[1].aliases == ["某某、某"]
    assert next(one for one in found.responsibilities if one.matter == owned).lead == "zhaoshang"
    assert "zhaoshang" in {unit.code for unit in found.units}
    assert found.tasks[0].name == "改名的任务"


async def test_a_plan_that_runs_comes_back_too(platform: Platform) -> None:
    await apply(platform, SMALL)
    await taken_to(platform.registry, "active", plan="small")
    await assert_applies_without_any_difference(platform, "small")


async def test_a_file_that_says_the_same_in_another_order_makes_no_version(platform: Platform) -> None:
    await apply(platform, SMALL)
    before = await counted(platform)
    plan_file = plan_of(SMALL)
    turned = plan_file.model_copy(
        update={name: [*reversed(getattr(plan_file, name))] for name in ("industries", "enterprises", "indicators")}
    )
    async with api(platform) as client:
        assert await plans.apply(client, split(turned), quiet=True) == 0
    assert await counted(platform) == before
    assert await applied_versions(platform, "small") == {version(turned)}
    joined, _ = await export(platform, "small")
    assert version(joined.plan_file) == version(turned)


async def test_without_the_scope_for_addresses_the_file_has_no_contacts_and_still_applies(platform: Platform) -> None:
    await apply(platform, SMALL)
    key = await platform.key(["registry:read", "indicators:read", "notices:read"])
    joined, text = await export(platform, "small", key)
    assert joined.plan_file.contacts == []
    assert "contacts:deliver" in text
    assert "@" not in text
    assert await apply(platform, text, dry_run=True) == 0


async def test_owners_of_what_nobody_defines_are_left_out_and_named(platform: Platform) -> None:
    await apply(platform, SMALL)
    owned = plan_of(SMALL).responsibilities[0].model_dump(mode="json")
    body = {**owned, "matter": "T77", "kind": "target", "name": "无", "subject": "plan:small", "plan": "small"}
    made = await platform.registry.put("/v1/plans/small/responsibilities/T77", json=body)
    assert made.status_code == 200, made.text
    joined, text = await export(platform, "small")
    assert joined.left_out == ["T77"]
    assert "# T77" in text
    assert read(text).faults == ()
    assert await apply(platform, text, dry_run=True) == 0


async def test_a_callers_unit_exports_no_plan(platform: Platform) -> None:
    await apply(platform, SMALL)
    unit = plan_of(SMALL).units[0].code
    for service, scope in (
        ("registry", "registry:read"),
        ("indicators", "indicators:read"),
        ("notifier", "notices:read"),
    ):
        client = await platform.as_(service, scope, unit=unit)
        assert (await client.get("/v1/plans/small/part")).status_code == 403
        assert (await getattr(platform, service).get("/v1/plans/nowhere/part")).status_code == 404


async def office_approves(platform: Platform, asked: str, body: dict[str, Any]) -> str:
    """A change that is asked for and approved; the request's code."""
    unit = (await platform.registry.get("/v1/units", params={"limit": 1})).json()["items"][0]["code"]
    made = await platform.registry.post(asked, json={"unit": unit, "text": "市场变化", **body})
    assert made.status_code == 201, made.text
    code: str = made.json()["code"]
    office = await platform.as_("registry", "projects:decide", "registry:read")
    decision = {"decision": "approve", "text": "同意", "approval": "萧政办复〔2018〕12号"}
    request = f"/v1/change-requests/{code}"
    answer = await office.post(f"{request}/decision", json=decision, headers=await seen(office, request))
    assert answer.status_code == 200, answer.text
    return code


async def test_a_file_applied_again_takes_back_no_approved_change_unless_that_is_said(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    await apply(platform, SMALL)
    of_project = await office_approves(
        platform, "/v1/projects/P01/change-requests", {"changes": {"investment": "700", "name": "一期（扩建）"}}
    )
    goal = (await platform.indicators.get("/v1/plans/small/part")).json()["targets"][0]["checkpoints"]
    of_target = await office_approves(
        platform,
        "/v1/plans/small/targets/T01/change-requests",
        {"before": {"checkpoints": goal}, "changes": {"checkpoints": [{"date": "2019-12-31", "value": "28"}]}},
    )
    taken = await platform.indicators.post("/v1/plans/small/targets/T01/changes", json={"request": of_target})
    assert taken.status_code == 200, taken.text
    kept = await counted(platform)
    with pytest.raises(Stopped, match="the file takes back 3 approved changes; nothing was applied") as stopped:
        await apply(platform, SMALL)
    said = "\n".join(stopped.value.details)
    assert f'project P01: investment: "700" → "500"; takes back {of_project} (萧政办复〔2018〕12号)' in said
    assert f"; takes back {of_target} (萧政办复〔2018〕12号)" in said
    assert await counted(platform) == kept
    async with api(platform) as client:
        parts = split(plan_of(SMALL))
        await plans.apply(client, parts, plans.Applying(dry_run=True))
        assert f"takes back {of_project}" in capsys.readouterr().out
        for service in ("registry", "indicators"):
            part = getattr(parts, service).model_dump(mode="json")
            refused = await getattr(platform, service).put("/v1/plans/small", json=part)
            assert (refused.status_code, refused.json()["code"]) == (409, "takes-back-approved")
        assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/targets/0/checkpoints"]
        assert f"已由变更申请 {of_target}（萧政办复〔2018〕12号）批准为" in refused.json()["errors"][0]["detail"]
        third = parts.registry.model_dump(mode="json")
        third["projects"][0] |= {
            "investment": "600",
            "name": "一期（扩建）",
        }  # neither what was so nor what was approved
        refused = await platform.registry.put("/v1/plans/small", json=third)
        assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/body/projects/0/investment"]
        assert await counted(platform) == kept
        await assert_applies_without_any_difference(platform, "small")  # what is exported says the approved values
        assert await plans.apply(client, parts, plans.Applying(take_back=True), quiet=True) == 2
    assert (await platform.registry.get("/v1/projects/P01")).json()["investment"] == "500"
    assert (await platform.indicators.get("/v1/plans/small/part")).json()["targets"][0]["checkpoints"] == goal

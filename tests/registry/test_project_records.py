"""What the registry keeps of a project beside the plan file: national code, annual plans, phases, kind."""

from typing import Any

import httpx
import pytest

from services.kit.db import Database
from services.registry.projects.kinds.service import ensure_kinds
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.versions import store
from tests.registry.running import REGION, Registry
from tests.registry.samples import PLAN, applied, faults, project, small_part

OLD, NEW = "2017-330109-36-03-012345", "2103-330109-04-01-123456"


def months(total: int) -> list[str]:
    """A year's plan by month, cumulated, the same every month."""
    return [str(total * month // 12) for month in range(1, 13)]


async def replaced(registry: Registry, **changed: object) -> httpx.Response:
    """P01 replaced with these fields changed, from what it is."""
    seen = await registry.http.get("/v1/projects/P01")
    sent = {name: value for name, value in seen.json().items() if name not in {"id", "version", "recorded_at"}}
    return await registry.http.put(
        "/v1/projects/P01", json={**sent, **changed}, headers={"If-Match": seen.headers["etag"]}
    )


async def test_a_project_keeps_its_records_and_is_found_by_its_national_code(registry: Registry) -> None:
    await applied(registry, small_part())
    plans = [{"year": 2017, "months": months(12000)}, {"year": 2018, "months": months(18000)}]
    phases = [{"number": 1, "name": "一期", "first_year": 2017, "last_year": 2017, "investment": "12000"}]
    answer = await replaced(registry, national_code=OLD, annual_plans=plans, phases=phases, kind="renewal")
    assert answer.status_code == 200, answer.text
    found = (await registry.http.get("/v1/projects", params={"national_code": OLD})).json()["items"]
    assert [(each["code"], each["annual_plans"], each["phases"], each["kind"]) for each in found] == [
        ("P01", plans, phases, "renewal")
    ]
    assert (await registry.http.get("/v1/projects", params={"q": OLD})).json()["items"] == found
    assert (await registry.http.get("/v1/projects", params={"kind": "standard"})).json()["items"][0]["code"] == "P02"


async def test_an_annual_plan_that_changes_is_another_version(registry: Registry) -> None:
    await applied(registry, small_part())
    for total in (12000, 15000):
        await replaced(registry, annual_plans=[{"year": 2017, "months": months(total)}])
    history = (await registry.http.get("/v1/projects/P01/history")).json()["items"]
    assert [[plan["months"][-1] for plan in one["content"]["annual_plans"]] for one in history] == [
        [],
        ["12000"],
        ["15000"],
    ]


async def test_a_client_that_does_not_know_the_records_does_not_erase_them(registry: Registry) -> None:
    """Its PUT was made from the document as it was frozen before there were any."""
    await applied(registry, small_part())
    await replaced(registry, national_code=NEW)
    sent = {**project("P01", enterprise="e22", enterprise_name=None, carrier="info-port", name="新名"), "plan": PLAN}
    answer = await registry.http.put("/v1/projects/P01", json=sent, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["name"], answer.json()["national_code"]) == (200, "新名", NEW)


async def test_a_replacement_cannot_move_the_life(registry: Registry) -> None:
    await applied(registry, small_part())
    answer = await replaced(registry, life={"stage": "started", "since": "2017-05-01", "step": 1})
    assert faults(answer.json()) == [("/body/life", "life-is-moved-by-steps")]
    created = await registry.http.post(
        "/v1/projects", json={**project("P09"), "plan": PLAN, "life": {"stage": "assessed"}}
    )
    assert faults(created.json()) == [("/body/life", "life-is-moved-by-steps")]


async def test_a_replacement_that_says_what_is_there_adds_no_version(registry: Registry) -> None:
    await applied(registry, small_part())
    same = await replaced(registry)
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')


async def test_two_projects_have_not_the_same_national_code(registry: Registry) -> None:
    await applied(registry, small_part())
    await replaced(registry, national_code=OLD)
    other = await registry.http.post("/v1/projects", json={**project("P09"), "plan": PLAN, "national_code": OLD})
    assert faults(other.json()) == [("/body/national_code", "national-code-taken")]
    assert "P01" in other.json()["errors"][0]["detail"]
    assert (await replaced(registry, name="自己的代码")).status_code == 200


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"national_code": "2017-33010-36-03-012345"}, [("/body/national_code", "national-code-form")]),
        ({"national_code": "2113-330109-04-01-123456"}, [("/body/national_code", "national-code-time")]),
        ({"national_code": "2103-990109-04-01-123456"}, [("/body/national_code", "national-code-region")]),
        ({"kind": "palace"}, [("/body/kind", "unknown-reference")]),
        (
            {"annual_plans": [{"year": 2020, "months": months(12)}, {"year": 2020, "months": months(12)}]},
            [
                ("/body/annual_plans/0/year", "outside-project-years"),
                ("/body/annual_plans/1/year", "twice"),
                ("/body/annual_plans/1/year", "outside-project-years"),
            ],
        ),
        (
            {"annual_plans": [{"year": 2017, "months": ["2", "1", *["3"] * 10]}]},
            [("/body/annual_plans/0/months/1", "not-cumulative")],
        ),
        ({"annual_plans": [{"year": 2017, "months": months(30012)}]}, [("/body/annual_plans", "above-total")]),
        ({"annual_plans": [{"year": 2017, "months": ["1"]}]}, [("/body/annual_plans/0/months", "too-short")]),
        ({"annual_plans": [{"year": 2017, "months": ["-1"] * 12}]}, None),
    ],
)
async def test_what_is_wrong_with_the_records_is_named_in_both_languages(
    registry: Registry, changed: dict[str, Any], wrong: list[tuple[str, str]] | None
) -> None:
    await applied(registry, small_part())
    answer = await replaced(registry, **changed)
    assert answer.status_code == 422, answer.text
    if wrong is not None:
        assert faults(answer.json()) == wrong


async def test_an_apply_of_the_plan_file_leaves_the_records_alone(registry: Registry) -> None:
    await applied(registry, small_part())
    await replaced(registry, national_code=OLD, annual_plans=[{"year": 2017, "months": months(12000)}])
    assert (await applied(registry, small_part()))["changes"] == []
    kept = (await registry.http.get("/v1/projects/P01")).json()
    assert (kept["national_code"], len(kept["annual_plans"])) == (OLD, 1)


async def test_a_project_from_before_there_were_lives_shows_one_that_has_not_begun(registry: Registry) -> None:
    await applied(registry, small_part())
    async with registry.database.owner() as connection:
        await connection.execute("ALTER TABLE registry.version DISABLE TRIGGER USER")
        for table in ("project", "version"):
            await connection.execute(
                f"UPDATE registry.{table} SET content = "  # noqa: S608 - our own names
                "content - 'life' - 'kind' - 'annual_plans' - 'phases' - 'national_code' WHERE code = 'P01'"
            )
        await connection.execute("UPDATE registry.project SET kind = NULL, stage = NULL WHERE code = 'P01'")
        await connection.execute("ALTER TABLE registry.version ENABLE TRIGGER USER")
    shown = (await registry.http.get("/v1/projects/P01")).json()
    assert (shown["life"]["stage"], shown["kind"], shown["annual_plans"], shown["national_code"]) == (
        "unrecorded",
        "standard",
        [],
        None,
    )
    found = (await registry.http.get("/v1/projects", params={"stage": "unrecorded", "kind": "standard"})).json()
    assert {one["code"] for one in found["items"]} == {"P01", "P02"}
    assert (await applied(registry, small_part()))["changes"] == []
    assert (await replaced(registry, name="改")).status_code == 200


async def test_the_kinds_of_projects_are_data_that_a_district_replaces(registry: Registry) -> None:
    listed = (await registry.http.get("/v1/project-kinds")).json()["items"]
    assert [kind["code"] for kind in listed] == ["renewal", "standard"]
    seen = await registry.http.get("/v1/project-kinds/standard")
    kind = {name: value for name, value in seen.json().items() if name not in {"id", "version", "recorded_at"}}
    kind["steps"][0]["evidence"] = [{"code": "listing", "name": "入库申请表", "name_en": "listing form"}]
    blind = await registry.http.put("/v1/project-kinds/standard", json=kind)
    done = await registry.http.put("/v1/project-kinds/standard", json=kind, headers={"If-Match": seen.headers["etag"]})
    assert (blind.status_code, done.status_code) == (428, 200)
    await applied(registry, small_part())
    next_ = (await registry.http.get("/v1/projects/P01/next-steps")).json()
    assert [thing["code"] for thing in next_["steps"][0]["missing"]] == ["evidence-missing"]
    history = (await registry.http.get("/v1/project-kinds/standard/history")).json()["items"]
    assert [one["by"] for one in history] == ["built-in", "administrator"]


@pytest.mark.parametrize(("by", "follows"), [("built-in", True), ("client:office", False)])
async def test_a_kind_that_came_with_an_earlier_release_follows_this_one_unless_people_wrote_it(
    registry: Registry, by: str, follows: bool
) -> None:
    db = Database(registry.database.url("registry"))
    async with db.edge() as session:
        rows = await PROJECT_KINDS.rows(session, REGION)
        stamp = await store.stamp(session, REGION, by)
        PROJECT_KINDS.write(session, stamp, rows["renewal"], "renewal", {**rows["renewal"].content, "name": "技改"})
    for _ in range(2):  # the second start finds nothing to do
        async with db.edge() as session:
            await ensure_kinds(session, REGION)
    await db.close()
    history = (await registry.http.get("/v1/project-kinds/renewal/history")).json()["items"]
    names = ["技术改造项目", "技改", "技术改造项目"]
    assert [one["content"]["name"] for one in history] == (names if follows else names[:2])


async def test_a_graph_that_leads_nowhere_is_refused(registry: Registry) -> None:
    kind = (await registry.http.get("/v1/project-kinds/standard")).json()
    sent = {name: value for name, value in kind.items() if name not in {"id", "version", "recorded_at"}}
    sent["steps"] = [step for step in sent["steps"] if step["code"] not in {"declare", "take_over"}]
    sent["nodes"] = [{**sent["nodes"][0], "step": "declare"}]
    answer = await registry.http.put(
        "/v1/project-kinds/standard", json=sent, headers={"If-Match": "*", "Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert {code for _, code in faults(answer.json())} == {"stage-out-of-reach", "unknown-step"}
    writing = await registry.as_("registry:write", "registry:read")
    assert (await writing.put("/v1/project-kinds/own", json={**kind_of(kind), "code": "own"})).status_code == 200


def kind_of(shown: dict[str, Any]) -> dict[str, Any]:
    """A kind of project as it is sent."""
    return {name: value for name, value in shown.items() if name not in {"id", "version", "recorded_at"}}

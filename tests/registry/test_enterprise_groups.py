"""Groups of enterprises over HTTP: who belongs to one on a day, and which projects are theirs."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.plan_file.parts import split
from tests.databases import fresh_database
from tests.plan_file.samples import XIAOSHAN, plan_of
from tests.registry.running import START, Registry, running, settings_for
from tests.registry.samples import applied, enterprise, faults, industry, project, small_part

WANXIANG = {"code": "wanxiang", "name": "万向", "aliases": ["万向集团"], "name_en": "Wanxiang"}


async def codes(registry: Registry, path: str, **params: str) -> list[str]:
    answer = await registry.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Registry]:
    """The sample plan, which nothing here changes."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        await applied(made, split(plan_of(XIAOSHAN)).registry.model_dump(mode="json"))
        yield made


@pytest.mark.parametrize(
    ("group", "enterprises", "projects"),
    [
        ("万向", ["e17"], ["P15", "P19", "P20", "P21"]),
        ("wanxiang", ["e17"], ["P15", "P19", "P20", "P21"]),
        ("ＷＡＮＸＩＡＮＧ", ["e17"], ["P15", "P19", "P20", "P21"]),
        ("传化", ["e21"], ["P25", "P27", "P28"]),
        ("恒逸", ["e14"], ["P12", "P13"]),
    ],
)
async def test_a_group_of_the_sample_is_one_filter_for_enterprises_and_projects(
    sample: Registry, group: str, enterprises: list[str], projects: list[str]
) -> None:
    assert await codes(sample, "/v1/enterprises", group=group) == enterprises
    assert await codes(sample, "/v1/projects", group=group) == projects


async def test_the_sample_names_its_groups_and_applies_again_without_a_difference(sample: Registry) -> None:
    assert await codes(sample, "/v1/enterprise-groups") == ["chuanhua", "hengyi", "wanxiang"]
    again = await applied(sample, split(plan_of(XIAOSHAN)).registry.model_dump(mode="json"))
    assert again["changes"] == []


@pytest_asyncio.fixture(loop_scope="session")
async def dated(registry: Registry) -> Registry:
    """A group with its head, a member until the middle of 2018, one from then on, one by the plan's word."""
    await registry.http.post("/v1/industries", json=industry())
    head = await registry.http.post("/v1/enterprises", json=enterprise("head", "总公司"))
    made = await registry.http.post("/v1/enterprise-groups", json={**WANXIANG, "enterprise": "head"})
    assert (head.status_code, made.status_code) == (201, 201), made.text
    members: dict[str, dict[str, Any]] = {
        "left": {"group": "万向", "memberships": [{"group": "wanxiang", "valid_to": "2018-06-30", "source": "公告"}]},
        "joined": {"memberships": [{"group": "wanxiang", "valid_from": "2018-07-01"}]},
        "said": {"group": "万向集团"},
        "other": {"group": "传化"},
    }
    for code, more in members.items():
        answer = await registry.http.post("/v1/enterprises", json=enterprise(code, f"公司{code}", **more))
        assert answer.status_code == 201, answer.text
    return registry


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2018-06-30", ["head", "left", "said"]),
        ("2018-07-01", ["head", "joined", "said"]),
        (None, ["head", "joined", "said"]),
    ],
)
async def test_members_are_those_of_the_day(dated: Registry, day: str | None, found: list[str]) -> None:
    asked = {"group": "万向"} if day is None else {"group": "万向", "as_of": day}
    assert await codes(dated, "/v1/enterprises", **asked) == found


async def test_projects_of_a_group_are_those_of_its_members_and_of_enterprises_named_with_it(dated: Registry) -> None:
    sent = small_part(
        enterprises=[enterprise("e22", "杭州钱塘大数据交易中心有限公司")],
        projects=[
            project("P01", enterprise="e22", enterprise_name=None),
            project("P02", enterprise_group="万向集团"),
            project("P03"),
        ],
        responsibilities=[],
    )
    await applied(dated, sent)
    for code, carried_out_by in (("P04", "left"), ("P05", "joined")):
        more = project(code, enterprise=carried_out_by, enterprise_name=None)
        made = await dated.http.post("/v1/projects", json={**more, "plan": "plan-a"})
        assert made.status_code == 201, made.text
    assert await codes(dated, "/v1/projects", group="万向", as_of="2018-06-30") == ["P02", "P04"]
    assert await codes(dated, "/v1/projects", group="万向", as_of="2018-07-01") == ["P02", "P05"]


async def test_a_group_is_replaced_and_keeps_its_history(dated: Registry) -> None:
    changed = {**WANXIANG, "aliases": ["万向系"], "enterprise": None}
    answer = await dated.http.put("/v1/enterprise-groups/wanxiang", json=changed, headers={"If-Match": '"1"'})
    history = (await dated.http.get("/v1/enterprise-groups/wanxiang/history")).json()["items"]
    read = await dated.http.get("/v1/enterprise-groups/wanxiang")
    assert (answer.status_code, read.json()["aliases"]) == (200, ["万向系"])
    assert [one["version"] for one in history] == [1, 2]
    assert await codes(dated, "/v1/enterprise-groups", q="向系") == ["wanxiang"]


async def test_the_head_of_a_group_must_be_there(registry: Registry) -> None:
    answer = await registry.http.post("/v1/enterprise-groups", json={**WANXIANG, "enterprise": "nobody"})
    assert (answer.status_code, faults(answer.json())) == (422, [("/body/enterprise", "unknown-reference")])


async def test_a_group_that_members_name_is_not_pruned(registry: Registry) -> None:
    group: dict[str, Any] = {"code": "wanxiang", "name": "万向", "name_en": None, "aliases": [], "enterprise": None}
    await applied(registry, small_part(groups=[group]))
    member = enterprise("m", "公司", memberships=[{"group": "wanxiang"}])
    assert (await registry.http.post("/v1/enterprises", json=member)).status_code == 201
    answer = await registry.http.put("/v1/plans/plan-a", json=small_part(), params={"prune": True})
    assert (answer.status_code, faults(answer.json())) == (422, [("/query/prune", "still-named")])

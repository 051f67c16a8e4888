"""Objects that exchange in one file what only one may have: the result counts, not the order of the rows."""

from typing import Any

import pytest

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, project, small_part
from tests.registry.sheets import counts, done, refused, workbook

CREDIT_CODES = ("91350100M000100Y43", "91110000600037341L", "91110108551385082Q")
NATIONAL_CODES = ("2017-330109-36-03-012345", "2017-330109-36-03-012346", "2017-330109-36-03-012347")
ITEM = ("名册", "序号", "名称", "归属", "对应对象")
OF_TEAMS = ("teams", "信息产业", None)


def turned(values: tuple[str, ...]) -> tuple[str, ...]:
    """The first one's goes to the last, all others' to the one before."""
    return (*values[1:], values[0])


@pytest.fixture
async def three(registry: Registry) -> Registry:
    part = small_part()
    enterprises = [enterprise(f"e{n}", f"杭州第{n}有限公司") for n in range(3)]
    projects = [project(f"P7{n}") for n in range(3)]
    await applied(
        registry,
        {
            **part,
            "enterprises": [*part["enterprises"], *enterprises],
            "projects": [*part["projects"], *projects],
        },
    )
    for code, lists in (("teams", "team"), ("leading", "enterprise")):
        roster = {"code": code, "name": f"名册{code}", "lists": lists, "unit": "jingxin"}
        assert (await registry.http.post("/v1/rosters", json=roster)).status_code == 201
    return registry


def enterprises(values: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [("代码", "统一社会信用代码"), *((f"e{nth}", value) for nth, value in enumerate(values))]


def projects(values: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [("代码", "项目代码", "计划"), *((f"P7{nth}", value, PLAN) for nth, value in enumerate(values))]


def named_items(values: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [ITEM, *(("teams", nth, value, "信息产业", None) for nth, value in enumerate(values))]


def items_of_things(values: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [ITEM, *(("leading", nth, f"第{nth}", "信息产业", value) for nth, value in enumerate(values))]


SHEETS: dict[str, tuple[str, Any, tuple[str, ...], str, str]] = {
    "credit codes": ("enterprises", enterprises, CREDIT_CODES, "enterprises/e{}", "credit_code"),
    "national codes": ("projects", projects, NATIONAL_CODES, "projects/P7{}", "national_code"),
    "names of items": ("roster-items", named_items, ("甲团队", "乙团队", "丙团队"), "rosters/teams/items/{}", "name"),
    "things of items": (
        "roster-items",
        items_of_things,
        ("enterprise:e0", "enterprise:e1", "enterprise:e2"),
        "rosters/leading/items/{}",
        "thing",
    ),
}
"""By what is exchanged: the objects, their rows, what only one of them may have, where that is read."""


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("what", SHEETS)
async def test_objects_exchange_in_one_file_what_only_one_may_have(three: Registry, what: str, size: int) -> None:
    objects, rows, whole, path, field = SHEETS[what]
    values = whole[:size]
    assert counts(await done(three, objects, workbook(*rows(values))))[2] == 0
    assert counts(await done(three, objects, workbook(*rows(turned(values))), dry_run=True)) == (0, size, 0)
    assert counts(await done(three, objects, workbook(*rows(turned(values))))) == (0, size, 0)
    for nth, value in enumerate(turned(values)):
        found = (await three.http.get(f"/v1/{path.format(nth)}")).json()
        assert found[field] == value
        history = (await three.http.get(f"/v1/{path.format(nth)}/history")).json()["items"]
        assert [one["version"] for one in history] == list(range(1, found["version"] + 1))
        assert [one["content"][field] for one in history][-2:] == [values[nth], value]


@pytest.mark.parametrize("what", SHEETS)
async def test_what_another_one_keeps_is_still_refused_at_its_cells(three: Registry, what: str) -> None:
    """The first one takes what the second one's row goes on saying."""
    objects, rows, whole, path, field = SHEETS[what]
    await done(three, objects, workbook(*rows(whole)))
    told = await refused(three, objects, workbook(*rows((whole[1], whole[1], whole[2]))))
    assert told in ([("企业!B2", "not-unique")], [("企业!C2", "twice")], [("企业!E2", "twice")])
    assert (await three.http.get(f"/v1/{path.format(0)}")).json()[field] == whole[0]

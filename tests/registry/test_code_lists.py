"""What the fixed values of the registry are called: over HTTP, and in files that go out and come in again."""

from typing import Any

import httpx
import pytest

from services.kit.office.writing import CSV, XLSX
from tests.exported import rows
from tests.registry.running import Registry
from tests.registry.samples import applied, enterprise, small_part
from tests.registry.sheets import counts, done


async def read(registry: Registry, name: str) -> dict[str, Any]:
    answer = await registry.http.get(f"/v1/code-lists/{name}")
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_list_is_there_with_the_fields_that_use_it(shared: Registry) -> None:
    lists = (await shared.http.get("/v1/code-lists")).json()["items"]
    by_name = {each["name"]: each for each in lists}
    assert by_name["project-stages"]["zh"] == "项目阶段"
    assert {"GET /v1/projects ?stage", "Life.stage"} <= {*by_name["project-stages"]["fields"]}
    assert [each["name"] for each in lists if not each["fields"]] == []
    for each in lists:
        assert {**each, "items": (await read(shared, each["name"]))["items"]} == await read(shared, each["name"])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        (
            "project-stages",
            ["未登记", "储备", "申报", "准入", "开工", "在建", "竣工", "投产", "达产评估", "终止"],
        ),
        ("contact-roles", ["联络员", "主要负责人", "分管负责人", "分管副区长"]),
        ("responsibility-roles", ["牵头", "配合"]),
        ("enterprise-levels", ["国家级", "省级", "市级", "区县级"]),
        ("prospect-stages", ["线索", "接洽", "洽谈", "考察", "签约", "落地", "流失"]),
        ("task-states", ["未启动", "推进中", "已完成", "已停止"]),
    ],
)
async def test_codes_come_in_their_natural_order_as_officials_say_them(
    shared: Registry, name: str, called: list[str]
) -> None:
    assert [item["zh"] for item in (await read(shared, name))["items"]] == called


async def test_a_code_has_both_languages(shared: Registry) -> None:
    champion = next(each for each in (await read(shared, "enterprise-roles"))["items"] if each["code"] == "leading")
    assert champion == {"code": "leading", "zh": "龙头企业", "en": "leading enterprise", "description": None}


async def test_a_list_that_the_caller_has_is_not_sent_again(shared: Registry) -> None:
    first = await shared.http.get("/v1/code-lists/task-states")
    again = await shared.http.get("/v1/code-lists/task-states", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")


async def test_an_unknown_list_is_named_in_the_callers_language(shared: Registry) -> None:
    answer = await shared.http.get("/v1/code-lists/colours", headers={"Accept-Language": "zh"})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "代码表" in answer.json()["detail"]


@pytest.mark.parametrize("media", [CSV, XLSX])
async def test_lists_and_their_codes_come_as_files(shared: Registry, media: str) -> None:
    asked = {"headers": {"Accept": media}}
    lists = rows(await shared.http.get("/v1/code-lists", **asked), media)  # type: ignore[arg-type]  # httpx's many keywords
    assert {"项目阶段", "系统角色"} <= {row["中文名称"] for row in lists}
    codes = rows(await shared.http.get("/v1/code-lists/verdicts", **asked), media)  # type: ignore[arg-type]  # the same
    assert [(row["代码"], row["中文名称"]) for row in codes] == [("approve", "批准"), ("refuse", "不予批准")]


async def test_what_a_sheet_calls_by_name_comes_in_again_as_its_code(registry: Registry) -> None:
    """Names stand in xlsx also within things, where files for programs have the codes."""
    await applied(registry, small_part())
    body = enterprise(
        "e90",
        "杭州样例九十有限公司",
        names=[{"name": "样例九十", "kind": "short"}],
        roles=[{"role": "single_champion", "level": "district"}],
        classes=[{"edition": "sei-2018", "code": "1", "main": True}],
    )
    made = await registry.http.post("/v1/enterprises", json=body)
    assert made.status_code == httpx.codes.CREATED, made.text
    asked = {"q": "样例九十"}
    sheet = await registry.http.get("/v1/enterprises", params=asked, headers={"Accept": XLSX})
    (row,) = rows(sheet, XLSX)
    said = " ".join(str(cell) for cell in row.values())
    names = ("单项冠军企业", "区县级", "简称", "战略性新兴产业分类（2018）")
    assert [name for name in names if name not in said] == []
    assert counts(await done(registry, "enterprises", sheet.content)) == (0, 0, 1)
    text = (await registry.http.get("/v1/enterprises", params=asked, headers={"Accept": CSV})).text
    assert "role=single_champion" in text
    assert "单项冠军企业" not in text

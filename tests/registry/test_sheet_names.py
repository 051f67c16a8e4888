"""Names in cells: a code, or what only one object is called, today or before."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from services.kit.office.writing import XLSX
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, industry, project, small_part
from tests.registry.sheets import ENTERPRISE, counts, done, refused, send, workbook

PARK: dict[str, Any] = {
    "code": "park",
    "name": "生物医药园",
    "name_en": None,
    "industry": "bio",
    "also": [],
    "aliases": [],
}


@pytest.fixture
async def named(registry: Registry) -> Registry:
    """Two industries, two carriers and enterprises whose names are near."""
    part = small_part()
    more = {
        "industries": [industry(name="信息经济产业", aliases=["信息产业"]), industry("bio", name="生物医药产业")],
        "carriers": [*part["carriers"], PARK],
        "enterprises": [
            *part["enterprises"],
            enterprise("e1", "杭州某某科技有限公司", aliases=["某某科技"]),
            enterprise("e2", "浙江某某科技股份有限公司"),
            enterprise("e3", "杭州合成数据有限公司", aliases=["合成数据"]),
        ],
        "projects": [*part["projects"], project("P03", name="合成项目")],
    }
    await applied(registry, {**part, **more})
    return registry


async def read(registry: Registry, path: str) -> dict[str, Any]:
    found: dict[str, Any] = (await registry.http.get(f"/v1/{path}")).json()
    return found


PROJECT = ("代码", "计划", "名称", "产业", "企业", "载体", "计划总投资", "开始年度", "结束年度")


async def test_a_cell_holds_a_code_or_a_name(named: Registry) -> None:
    row = ("P77", f"行动计划{PLAN}", "甲项目", "信息 产业", "合成数据", "信息港小镇", 3000, 2017, 2018)
    assert counts(await done(named, "projects", workbook(PROJECT, row))) == (1, 0, 0)
    found = await read(named, "projects/P77")
    assert [found[name] for name in ("plan", "industry", "enterprise", "carrier")] == [
        PLAN, "information", "e3", "info-port",
    ]  # fmt: skip
    by_codes = workbook(PROJECT, ("P77", PLAN, "甲项目", "information", "e3", "info-port", 3000, 2017, 2018))
    assert counts(await done(named, "projects", by_codes)) == (0, 0, 1)


async def test_a_name_that_several_or_nobody_has_is_a_fault_that_names_who_is_near(named: Registry) -> None:
    row = ("P77", PLAN, "甲项目", "信息", "某某科技集团", "小镇", 3000, 2017, 2018)
    answer = await send(named, "projects", workbook(PROJECT, row))
    faults = {fault["pointer"]: (fault["code"], fault["detail"]) for fault in answer.json()["errors"]}
    assert {place: code for place, (code, _) in faults.items()} == {
        "企业!D2": "unknown-name",
        "企业!E2": "ambiguous-name",
        "企业!F2": "unknown-name",
    }
    assert "信息经济产业（information）" in faults["企业!D2"][1]
    assert "杭州某某科技有限公司（e1）、浙江某某科技股份有限公司（e2）" in faults["企业!E2"][1]
    assert "信息港小镇（info-port）" in faults["企业!F2"][1]
    nobody = workbook(PROJECT, (*row[:3], "bio", "没有的公司", None, *row[6:]))
    assert await refused(named, "projects", nobody) == [("企业!E2", "unknown-name")]
    part = workbook(PROJECT, (*row[:3], "bio", "钱塘大数据", None, *row[6:]))
    told = (await send(named, "projects", part)).json()["errors"][0]["detail"]
    assert "杭州钱塘大数据交易中心有限公司（e22）" in told


async def test_an_enterprise_is_known_by_the_name_that_it_bears_now(named: Registry) -> None:
    """Two had the same short name, one of them until last year."""
    header = ("代码", "其他名称")
    past = "name=数科；kind=short；valid_to=2017-12-31"
    await done(named, "enterprises", workbook(header, ("e1", past), ("e3", "name=数科；kind=short")))
    row = ("P77", PLAN, "甲项目", "bio", "数科", None, 3000, 2017, 2018)
    await done(named, "projects", workbook(PROJECT, row))
    assert (await read(named, "projects/P77"))["enterprise"] == "e3"


async def test_units_are_named_where_they_answer_for_something(named: Registry) -> None:
    header = ("计划", "事项代码", "牵头单位", "配合单位", "依据", "类型", "名称", "对象")
    row = (PLAN, "C77", "区科技局", "区经信局、government", "事后分派", "任务", "甲任务", "项目：合成项目")
    await done(named, "responsibilities", workbook(header, row))
    found = await read(named, f"plans/{PLAN}/responsibilities/C77")
    assert (found["lead"], found["support"], found["subject"]) == ("keji", ["jingxin", "government"], "project:P03")
    wrong = (PLAN, "C77", "区教育局", "区经信局、区民政局", "事后分派", "任务", "甲任务", "项目：别的项目")
    assert await refused(named, "responsibilities", workbook(header, wrong)) == [
        ("企业!C2", "unknown-name"),
        ("企业!D2", "unknown-name"),
        ("企业!H2", "unknown-name"),
    ]


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("产业:生物医药产业", "industry:bio"),
        ("industry：bio", "industry:bio"),
        ("生物医药园", "carrier:park"),
        ("区经信局", "unit:jingxin"),
        ("e22", "enterprise:e22"),
        ("地区:330109", "region:330109"),
    ],
)
async def test_a_subject_is_named_with_its_kind_or_by_a_name_that_only_one_of_all_kinds_has(
    named: Registry, said: str, subject: str
) -> None:
    header = ("计划", "事项代码", "牵头单位", "依据", "类型", "名称", "对象")
    await done(named, "responsibilities", workbook(header, (PLAN, "C77", "keji", "事后分派", "任务", "甲任务", said)))
    assert (await read(named, f"plans/{PLAN}/responsibilities/C77"))["subject"] == subject


async def test_what_is_new_in_a_file_is_named_by_its_other_rows(named: Registry) -> None:
    rows = "代码,名称,类型,上级单位\nke,综合科,部门,区大数据局\ndata,区大数据局,部门,区政府\n"
    assert counts(await done(named, "units", rows)) == (2, 0, 0)
    assert (await read(named, "units/ke"))["path"] == "government.data.ke"
    carriers = "代码,名称,产业,上级载体\na1,甲园区,信息产业,乙园区\nb1,乙园区,信息产业,\n"
    assert counts(await done(named, "carriers", carriers)) == (2, 0, 0)
    assert (await read(named, "carriers/a1"))["parent"] == "b1"


async def test_things_within_a_cell_are_named_too(named: Registry) -> None:
    rows = workbook(
        ("代码", "兼属产业", "成员", "产业占比"),
        (
            "park",
            "信息产业",
            "kind=enterprise；name=数据公司；enterprise=合成数据",
            "生物医药产业；0.4\ninformation；0.6",
        ),
    )
    await done(named, "carriers", rows)
    found = await read(named, "carriers/park")
    assert found["members"][0]["enterprise"] == "e3"
    assert [(one["industry"], one["share"]) for one in found["shares"]] == [("bio", "0.4"), ("information", "0.6")]


async def test_a_key_may_be_a_name(named: Registry) -> None:
    rows = "单位,角色,姓名,电子邮箱\n区科技局,联络员,李四,li@example.com\n"
    said = await done(named, "contacts", rows)
    assert [item["code"] for item in said["items"]] == ["keji/liaison"]
    assert await refused(named, "contacts", rows.replace("区科技局", "科技局")) == [("A2", "unknown-name")]


async def test_what_goes_out_comes_in_without_any_change(named: Registry) -> None:
    for objects in ("units", "carriers", "enterprises", "projects", "responsibilities"):
        sheet = await named.http.get(f"/v1/{objects}", headers={"Accept": XLSX})
        said = await done(named, objects, sheet.content)
        assert (said["created"], said["changed"]) == (0, 0), objects


@pytest.fixture
async def statements() -> AsyncIterator[list[str]]:
    """What is asked of databases meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_name_is_looked_up_once_for_a_file_however_many_rows_say_it(
    named: Registry, statements: list[str]
) -> None:
    rows = [(f"n{n}", n, f"杭州第{n}公司", None, "信息产业", "合成", None) for n in range(1, 1301)]
    await done(named, "enterprises", workbook(ENTERPRISE, *rows))
    of_industries = [one for one in statements if "FROM registry.industry" in one]
    assert len(of_industries) == 2, of_industries  # all names, and whether what is referred to is there

"""Templates as a clerk fills them in: dates as dates, numbers as texts, blanks, a title above, empty rows between."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, small_part, unit
from tests.registry.sheets import OBJECTS, content, counts, done, send

ROSTER = {"code": "leading", "name": "龙头企业名册", "lists": "enterprise", "unit": "jingxin"}
FUND = {"plan": PLAN, "code": "subfund", "name": "合成产业子基金", "kind": "fund", "unit": "jingxin"}
Rows = list[dict[str, object]]
FILLED: dict[str, tuple[Rows, str, dict[str, object]]] = {
    "units": (
        [
            {
                "code": "data",
                "name": " 区大数据局　",
                "kind": "部门",
                "parent": "区政府",
                "valid_from": date(2018, 7, 1),
            },
            {
                "code": "Ｋ１".lower(),
                "name": "综合科",
                "kind": "部门 ",
                "parent": "区大数据局",
                "valid_from": "2018.7.1",
            },
        ],
        "units/k1",
        {"path": "government.data.k1", "valid_from": "2018-07-01", "name": "综合科"},
    ),
    "contacts": (
        [
            {"unit": "区科技局", "role": "分管副区长", "person": "张三", "email": "zhang.san@example.com"},
            {"unit": "区科技局", "role": "分管负责人", "person": "李 四", "email": "Li.Si@example.com "},
        ],
        "units/keji/contacts/deputy",
        {"person": "李 四", "email": "Li.Si@example.com"},
    ),
    "industries": (
        [{"code": "bio", "name": "生物医药产业", "aliases": "生物医药；医药"}],
        "industries/bio",
        {"aliases": ["生物医药", "医药"]},
    ),
    "carriers": (
        [
            {"code": "park", "name": "生物园", "industry": "信息产业", "area": 3.25, "parent": "信息港小镇"},
            {"code": "p2", "name": "二期", "industry": "信息产业", "area": "３．５", "parent": "生物园"},
        ],
        "carriers/p2",
        {"area": "3.5", "parent": "park", "industry": "information"},
    ),
    "enterprises": (
        [
            {
                "code": "e９１",
                "number": "１２",
                "name": "杭州合成\n科技有限公司",
                "industry": "信息产业",
                "direction": "合成",
                "credit_code": "９１１１００００６０００３７３４１ｌ",
                "names": "合成科技；简称",
                "roles": "角色=龙头企业；level=区级；valid_from=2018年1月1日",
            }
        ],
        "enterprises/e91",
        {
            "number": 12,
            "name": "杭州合成科技有限公司",
            "credit_code": "91110000600037341L",
            "names": [{"name": "合成科技", "kind": "short", "source": None, "valid_from": None, "valid_to": None}],
        },
    ),
    "enterprise-groups": (
        [{"code": "hc", "name": "合成集团", "aliases": "合成、合成控股", "enterprise": "合成数据"}],
        "enterprise-groups/hc",
        {"aliases": ["合成", "合成控股"], "enterprise": "e3"},
    ),
    "rosters": (
        [{"code": "teams", "name": "创新团队名册", "lists": "团队", "unit": "区科技局", "criteria": "—"}],
        "rosters/teams",
        {"lists": "team", "unit": "keji", "criteria": None},
    ),
    "roster-items": (
        [
            {
                "roster": "龙头企业名册",
                "code": 1,
                "name": "杭州合成数据有限公司",
                "subject": "产业：信息产业",
                "thing": "合成数据",
                "recognised_on": datetime(2018, 5, 31),  # noqa: DTZ001 - as cells have them
                "evidence": "关于公布名单的通知；萧经信〔2018〕1号",
            }
        ],
        "rosters/leading/items/1",
        {"state": "recognised", "recognised_on": "2018-05-31", "thing": "enterprise:e3"},
    ),
    "projects": (
        [
            {
                "code": "P77",
                "name": "甲项目",
                "industry": "信息产业",
                "enterprise": "合成数据",
                "carrier": "信息港小镇",
                "investment": "3.5亿元",
                "first_year": "２０１７年",
                "last_year": 2019.0,
                "plan": f"行动计划{PLAN}",
                "kind": None,
                "phases": "1；一期；2017；2018；20000",
            }
        ],
        "projects/P77",
        {"investment": "35000", "first_year": 2017, "plan": PLAN, "enterprise": "e3", "kind": "standard"},
    ),
    "tasks": (
        [{"code": "C77", "name": "甲任务", "subject": "项目:项目P01", "clause": "一", "phrase": "力争", "plan": PLAN}],
        f"plans/{PLAN}/tasks/C77",
        {"subject": "project:P01"},
    ),
    "responsibilities": (
        [
            {
                "matter": "C78",
                "lead": "区科技局 ",
                "support": "区经信局，区政府",
                "basis": "事后分派",
                "kind": "任务",
                "name": "甲任务",
                "subject": "信息港小镇",
                "plan": PLAN,
            }
        ],
        f"plans/{PLAN}/responsibilities/C78",
        {"lead": "keji", "support": ["jingxin", "government"], "subject": "carrier:info-port"},
    ),
    "milestones": (
        [
            {
                "code": "m1",
                "name": "列入省级示范园区",
                "subject": "项目:项目P01",
                "states": "listed；已入库\n代码=named；名称=已命名",
                "counts": "named ",
                "due": "2018年12月31日",
            }
        ],
        "milestones/m1",
        {"subject": "project:P01", "counts": "named", "due": "2018-12-31", "done_on": None, "reports": []},
    ),
    "instruments": (
        [
            {
                "plan": f"行动计划{PLAN}",
                "code": "talent",
                "name": "合成人才专项",
                "kind": "基金",
                "task": "C01",
                "unit": "区经信局",
                "committed": "2亿元",
                "by_year": "2017；8000\n年度=2018；承诺金额=12000",
                "document": "某政〔2018〕1号",
                "valid_to": "2019.12.31",
            }
        ],
        f"plans/{PLAN}/instruments/talent",
        {
            "plan": PLAN,
            "kind": "fund",
            "unit": "jingxin",
            "committed": "20000",
            "by_year": [{"year": 2017, "committed": "8000"}, {"year": 2018, "committed": "12000"}],
            "valid_to": "2019-12-31",
        },
    ),
    "leader-contacts": (
        [
            {
                "leader": "李副区长（样例）",
                "subject": "项目：项目P01",
                "valid_from": datetime(2018, 1, 1),  # noqa: DTZ001 - as cells have them
                "valid_to": "—",
                "liaison": "区经信局 ",
            },
            {"leader": "deputy_li", "subject": "合成数据", "valid_from": "２０１８.１.１"},
        ],
        "leader-contacts/C0002",
        {"leader": "deputy_li", "subject": "enterprise:e3", "valid_from": "2018-01-01", "liaison": None},
    ),
    "visits": (
        [
            {
                "leader": "李副区长（样例）",
                "subject": "信息港小镇",
                "on": "2018年7月10日",
                "place": "三号楼",
                "people": "区经信局局长；某总",
                "seen": "主体结构已封顶\n用电负荷不足",
            }
        ],
        "visits/V0001",
        {"subject": "carrier:info-port", "on": "2018-07-10", "people": ["区经信局局长", "某总"], "files": []},
    ),
    "payments": (
        [
            {
                "plan": f"行动计划{PLAN}",
                "instrument": "合成产业子基金",
                "day": "2018.3.1",
                "amount": "0.5亿元",
                "enterprise": "合成数据",
                "document": "萧经信〔2018〕12号",
            },
            {
                "plan": PLAN,
                "instrument": "subfund",
                "day": date(2018, 3, 2),
                "amount": "１２０.５０",
                "receiver": " 某人才团队",
                "document": "萧经信〔2018〕13号",
                "note": "—",
            },
        ],
        "payments",
        {"instrument": "subfund", "amount": "120.5", "enterprise": None, "receiver": "某人才团队", "note": None},
    ),
    "publicity": (
        [
            {
                "plan": PLAN,
                "day": "2018年5月18日",
                "medium": "萧山日报 ",
                "title": "从一张蓝图\n到一片产业",
                "unit": "区科技局",
                "task": "示范区",
            }
        ],
        "publicity",
        {"day": "2018-05-18", "title": "从一张蓝图到一片产业", "unit": "keji", "task": "C01", "link": None},
    ),
    "prospects": (
        [
            {
                "code": "kunlun",
                "name": "昆仑数据（样例）",
                "industry": "信息产业",
                "origin": "北京",
                "investment": "5亿元",
                "source": "大会",
                "unit": "区科技局",
                "since": datetime(2018, 5, 18),  # noqa: DTZ001 - as cells have them
                "contact": "姓名=王某（虚构）；电话=0571-8280 0000",
            }
        ],
        "prospects/kunlun",
        {
            "industry": "information",
            "investment": "50000",
            "unit": "keji",
            "stage": "lead",
            "contact": {"person": "王某（虚构）", "phone": "0571-8280 0000", "email": None},
        },
    ),
    "activities": (
        [
            {
                "code": "beijing",
                "name": "北京推介会（样例）",
                "kind": "推介会",
                "day": "2018年5月18日",
                "place": "北京",
                "units": "区科技局，区经信局",
                "participants": "３０",
            }
        ],
        "activities/beijing",
        {"kind": "promotion", "day": "2018-05-18", "units": ["keji", "jingxin"], "participants": 30, "met": []},
    ),
}
"""By kind: rows as they are written, where the last one is read, and what it says then. All of it made up."""


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    part = small_part()
    made_up = enterprise("e3", "杭州合成数据有限公司", aliases=["合成数据"])
    leader = unit("deputy_li", "李副区长（样例）", kind="leader", parent="government")
    units, enterprises = [*part["units"], leader], [*part["enterprises"], made_up]
    await applied(registry, {**part, "units": units, "enterprises": enterprises})
    await registry.http.post("/v1/rosters", json=ROSTER)
    await registry.http.put(f"/v1/plans/{PLAN}/instruments/subfund", json=FUND)
    return registry


async def template(registry: Registry, objects: str) -> tuple[openpyxl.Workbook, dict[str, int]]:
    """A template, and the places of its columns by field."""
    book = openpyxl.load_workbook(io.BytesIO((await registry.http.get(f"/v1/{objects}:template")).content))
    headers = [str(cell.value) for cell in book.worksheets[0][1]]
    fields = [header.partition("（")[2].rstrip("）").partition("，")[0] for header in headers]
    return book, {name: place for place, name in enumerate(fields, start=1)}


def write(sheet: Worksheet, line: int, places: dict[str, int], row: dict[str, object]) -> None:
    for name, value in row.items():
        sheet.cell(line, places[name]).value = value


async def example(registry: Registry, objects: str) -> tuple[openpyxl.Workbook, list[str | None]]:
    """A template, and the example that its second sheet gives of each column, as one row."""
    book, _ = await template(registry, objects)
    explained = book["填写说明"]
    (place,) = (cell.column for cell in explained[1] if cell.value == "示例（虚构）")
    columns = len(list(book.worksheets[0][1]))
    return book, [explained.cell(line, place).value for line in range(2, columns + 2)]


@pytest.mark.parametrize("objects", OBJECTS)
async def test_the_example_of_a_template_is_no_row(planned: Registry, objects: str) -> None:
    book, row = await example(planned, objects)
    sheet = book.worksheets[0]
    for place, value in enumerate(row, start=1):
        sheet.cell(2, place).value = value
    answer = await send(planned, objects, book)
    told = [(fault["pointer"], fault["code"], fault["detail"]) for fault in answer.json()["errors"]]
    assert told == [(f"{sheet.title}!A2", "example", "这是示例行，请删除或改写")]
    english = await send(planned, objects, book, language="en")
    assert english.json()["errors"][0]["detail"] == "this is the example row; delete or rewrite it"


@pytest.mark.parametrize("change", ["another cell", "a column less"])
async def test_a_row_that_is_not_wholly_the_example_is_a_row(planned: Registry, change: str) -> None:
    book, row = await example(planned, "industries")
    sheet = book.worksheets[0]
    for place, value in enumerate(row, start=1):
        sheet.cell(2, place).value = value
    if change == "another cell":
        sheet["D2"].value = "某某"
    else:
        sheet.delete_cols(4)
    assert counts(await done(planned, "industries", book)) == (1, 0, 0)


def test_every_kind_is_filled_in() -> None:
    assert set(FILLED) == set(OBJECTS)


@pytest.mark.parametrize("objects", OBJECTS)
async def test_a_template_that_a_clerk_filled_in_is_taken(planned: Registry, objects: str) -> None:
    rows, path, says = FILLED[objects]
    book, places = await template(planned, objects)
    sheet = book.worksheets[0]
    for nth, row in enumerate(rows):
        write(sheet, 2 + 2 * nth, places, row)  # an empty row between
    sheet.cell(3, 1).value = "  "
    sheet.insert_rows(1)
    sheet["A1"].value = "填报表（合成）"
    sheet.merge_cells("A1:C1")
    assert counts(await done(planned, objects, content(book), dry_run=True)) == (len(rows), 0, 0)
    assert counts(await done(planned, objects, content(book))) == (len(rows), 0, 0)
    answer = (await planned.http.get(f"/v1/{path}")).json()
    found: dict[str, Any] = answer["items"][-1] if path == objects else answer
    assert {name: found[name] for name in says} == says
    assert counts(await done(planned, objects, content(book))) == (0, 0, len(rows))

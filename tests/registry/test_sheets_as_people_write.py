"""Sheets as people write them: units in titles, plans by month, counts with their unit, and what is said of the rest."""

import io
import re
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from services.registry import main
from services.registry.sheets import service
from services.registry.sheets.rules import Column
from services.registry.sheets.rules import read as parse
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, small_part
from tests.registry.sheets import OBJECTS, done, send, workbook

HEADS = ("代码", "名称", "产业", "计划总投资", "开始年度", "结束年度", "计划", "年度计划投资")
MONTHS = "、".join(str(1000 * month) for month in range(1, 13))


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    await applied(registry, small_part())
    return registry


def project(investment: object = 3, annual: str = "") -> tuple[object, ...]:
    return ("P77", "甲项目", "information", investment, 2017, 2019, PLAN, annual)


async def read(registry: Registry, path: str) -> dict[str, Any]:
    answer = await registry.http.get(f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(registry: Registry, objects: str, *rows: Sequence[object]) -> list[tuple[str, str, str]]:
    """Cell, code and Chinese sentence of each fault."""
    answer = await send(registry, objects, workbook(*rows))
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"], fault["detail"]) for fault in answer.json()["errors"]]


@pytest.mark.parametrize("title", ["单位：亿元", "萧山区重点项目表（单位：亿元）", "萧山区重点项目表（亿元）"])
async def test_a_unit_in_a_line_above_the_header_is_that_of_all_money(planned: Registry, title: str) -> None:
    annual = "2018：" + "、".join(["0.1"] * 12)
    await done(planned, "projects", workbook((title,), (), HEADS, project(3, annual)))
    found = await read(planned, "projects/P77")
    assert (found["investment"], found["first_year"]) == ("30000", 2017)
    assert found["annual_plans"][0]["months"] == ["1000"] * 12


async def test_several_units_of_money_above_are_a_fault_at_the_header_that_names_none(planned: Registry) -> None:
    (fault,) = await told(planned, "projects", ("单位：亿元、万元",), HEADS[:7], project()[:7])
    assert fault == (
        "企业!D2",
        "units-unclear",
        "本列的单位不明确（亿元、万元）：请在本列表头写明一个可换算的单位，如 万元",
    )


async def test_a_unit_above_that_fits_no_column_changes_nothing(planned: Registry) -> None:
    heads, row = ("代码", "名称", "产业", "规划面积"), ("park", "生物园", "information", "3.5平方公里")
    await done(planned, "carriers", workbook(("单位：亿元",), heads, row))
    assert (await read(planned, "carriers/park"))["area"] == "3.5"


@pytest.mark.parametrize("cell", [f"2018：{MONTHS}", f"2018；{MONTHS}", f"年份=2018；各月={MONTHS}", "example"])
async def test_a_plan_by_month_is_written_as_its_template_says(planned: Registry, cell: str) -> None:
    if cell == "example":
        template = await planned.http.get("/v1/projects:template")
        cell = explained(template.content)["年度计划投资（annual_plans）"][5]
        assert cell.startswith("2018：1000、2000、")
    await done(planned, "projects", workbook(HEADS, project(30000, annual=cell)))
    (plan,) = (await read(planned, "projects/P77"))["annual_plans"]
    assert (plan["year"], plan["months"]) == (2018, [str(1000 * month) for month in range(1, 13)])


@pytest.mark.parametrize(
    ("cell", "code", "part"),
    [
        ("2018：1000", "too-few", "各月（months，万元）应有 12 项，现有 1 项"),
        ("年份=2018；万元=1000", "thing", "各月（months）；例如：2018：1000、2000、3000"),
        ("2018：一千", "number", "“一千”不是数字，应为如 30000"),
        ('[{"year": 2018, "months": 5}]', "not-a-list", "各月（months，万元）应为多项，用顿号（、）分隔"),
        ("年份=2018", "part-missing", "缺少 各月（months，万元）"),
    ],
)
async def test_what_is_wrong_with_a_plan_by_month_is_said_as_of_a_sheet(
    planned: Registry, cell: str, code: str, part: str
) -> None:
    ((at, found, said),) = await told(planned, "projects", HEADS, project(annual=cell))
    assert (at, found) == ("企业!H2", code)
    assert part in said


@pytest.mark.parametrize(
    ("heads", "row", "said"),
    [
        (("规划面积",), ("3.5万元",), "“3.5万元”的单位与本列不符（应为：平方公里）"),
        (("规划面积",), ("3-5",), "“3-5”不是数字，应为如 3.5"),
        (("产业占比",), ("information；六成",), "“六成”不是数字，应为如 0.6"),
    ],
)
async def test_a_number_that_cannot_be_taken_is_answered_with_what_would_be_right(
    planned: Registry, heads: tuple[str, ...], row: tuple[str, ...], said: str
) -> None:
    whole = (("代码", "名称", "产业", *heads), ("park", "生物园", "information", *row))
    assert [detail for _, _, detail in await told(planned, "carriers", *whole)] == [said]


async def test_shares_may_be_written_in_percent(planned: Registry) -> None:
    heads, row = ("代码", "名称", "产业", "产业占比"), ("park", "生物园", "information", "information；100％")
    await done(planned, "carriers", workbook(heads, row))
    assert [share["share"] for share in (await read(planned, "carriers/park"))["shares"]] == ["1"]


@pytest.mark.parametrize("objects", OBJECTS)
async def test_a_template_calls_every_field_of_a_thing_by_a_title_of_its_own(shared: Registry, objects: str) -> None:
    template = await shared.http.get(f"/v1/{objects}:template")
    for column in service.Sheets(main.bodies(), main.views()).forms[objects].columns:
        for part in parts(column):
            assert re.fullmatch("[一-鿿]+", part.title), (column.name, part.name)
            assert part.title not in part.choices.values()
        titles = [part.title for part in column.parts]
        assert len({*titles}) == len(titles)
        told = explained(template.content)[column.header]
        assert all(label in told[6] for part in column.parts for label in part.choices.values())


def parts(column: Column) -> list[Column]:
    return [each for part in column.parts for each in (part, *parts(part))]


@pytest.mark.parametrize(
    ("heads", "cell", "code"),
    [
        ("分期", '[{"number": 99999999999999999999}]', "json"),
        ("分期", "[" * 300 + "]" * 300, "json"),
        ("项目代码", r'"\ud800"', "not-text"),
    ],
)
async def test_json_in_a_cell_that_nobody_can_take_is_a_fault_there(
    planned: Registry, heads: str, cell: str, code: str
) -> None:
    ((at, found, _),) = await told(planned, "projects", (*HEADS[:7], heads), (*project()[:7], cell))
    assert (at, found) == ("企业!H2", code)


async def test_what_a_thing_lacks_is_named_in_chinese(planned: Registry) -> None:
    heads = ("代码", "名称", "产业", "成员")
    rows = [("p1", "甲园", "information", "类型=企业；企业=e3"), ("p2", "乙园", "information", "名称=某某")]
    assert [said for _, _, said in await told(planned, "carriers", heads, *rows)] == [
        "缺少 名称（name）",
        "缺少 类型（kind）",
    ]


async def test_a_column_that_nobody_knows_is_answered_with_the_nearest_first_and_all_others(planned: Registry) -> None:
    heads = (*HEADS[:3], "总投资(亿元)", *HEADS[4:7])
    ((at, code, said),) = await told(planned, "projects", heads, project()[:7])
    assert (at, code) == ("企业!D1", "unknown-column")
    assert said.startswith("不认识的列“总投资(亿元)”，相近的有：计划总投资（investment，万元）；可用：代码（code）、")
    assert said.endswith("；请改名或删除")
    assert all(
        title in said for title in ("项目代码（national_code）", "年度计划投资（annual_plans）", "分期（phases）")
    )


async def test_a_column_that_is_lacking_is_named_by_its_title(planned: Registry) -> None:
    (fault,) = await told(planned, "projects", (*HEADS[:2], *HEADS[3:7]), (*project()[:2], *project()[3:7]))
    assert fault[1:] == ("column-missing", "缺少列：产业（industry）")


@pytest.mark.parametrize(
    ("objects", "column", "meaning", "example"),
    [
        ("projects", "代码（code）", "字母、数字、- 和 _ 组成", "P01"),
        ("enterprises", "代码（code）", "小写字母、数字、- 和 _ 组成", "e01"),
        ("units", "代码（code）", "小写字母、数字和 _ 组成", "kejichu"),
        ("carriers", "名称（name）", "全称", "某某生物园"),
        ("rosters", "名称（name）", "全称", "龙头企业名册"),
    ],
)
async def test_a_template_says_what_a_code_is_made_of_with_an_example_of_its_kind(
    shared: Registry, objects: str, column: str, meaning: str, example: str
) -> None:
    row = explained((await shared.http.get(f"/v1/{objects}:template")).content)[column]
    assert row[1].startswith(meaning)
    assert row[5] == example


async def test_a_state_that_is_written_by_its_name_is_told_what_a_code_is(planned: Registry) -> None:
    heads = ("代码", "里程碑", "对象", "可达状态", "计数状态", "期限")
    row = ("m1", "竣工", "项目:项目P01", "done；竣工", "竣工", "2018-12-31")
    ((at, code, said),) = await told(planned, "milestones", heads, row)
    assert (at, code) == ("企业!E2", "code-form")
    assert said == "“竣工”不能作代码：以小写字母开头，只含小写字母、数字和 _，例如 listed；中文写在名称中"


@pytest.mark.parametrize("objects", OBJECTS)
def test_every_example_can_be_read_as_it_stands_and_lacks_nothing(objects: str) -> None:
    for column in service.Sheets(main.bodies(), main.views()).forms[objects].columns:
        for each in (column, *parts(column)):
            value = parse(each, "text", each.example) if each.example else None
            for thing in filter(lambda one: isinstance(one, dict), value if isinstance(value, list) else [value]):
                assert {part.name for part in each.parts if not part.optional} <= {*thing}


async def test_an_example_that_is_a_list_is_shown_as_people_write_it(shared: Registry) -> None:
    row = explained((await shared.http.get("/v1/visits:template")).content)["佐证文件（files）"]
    assert re.fullmatch("[0-9a-f]{64}", row[5])


@pytest.mark.parametrize("column", ["终止日期（valid_to）", "承接单位（successor）"])
async def test_a_template_of_units_says_that_only_reorganisations_end_one(shared: Registry, column: str) -> None:
    row = explained((await shared.http.get("/v1/units:template")).content)[column]
    assert row[1].endswith("存续的单位只能通过机构调整撤销，此处请留空")


def explained(content: bytes) -> dict[str, tuple[str, ...]]:
    """The rows of a template's second sheet, by the header that each explains."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = book.worksheets[1].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): tuple(str(cell or "") for cell in row) for row in rows}

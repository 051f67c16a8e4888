"""Which row of a sheet is its header, which field each column is, and in which unit it is written."""

from typing import Any

import pytest

from services.kit.amounts import words
from services.registry.sheets.headers.rules import headed, likely
from services.registry.sheets.rules import Column

PARTS = (
    Column("field", "标题", "text", optional=True),
    Column("amount", "金额", "number", optional=True, unit="万元"),
)
COLUMNS = (
    Column("code", "代码", "code", optional=False),
    Column("name", "名称", "text", optional=False),
    Column("investment", "计划总投资", "number", optional=False, unit="万元"),
    Column("area", "规划面积", "number", optional=True, unit="平方公里"),
    Column("phases", "分期", "things", optional=True, parts=PARTS),
)
PASSED = {"version": "版本", "id": "内部编号"}


def header(*rows: tuple[str, ...]) -> Any:  # noqa: ANN401 - what `headed` gives
    numbered = (
        (number, {place: text for place, text in enumerate(row, start=1) if text})
        for number, row in enumerate(rows, start=1)
    )
    return headed(numbered, COLUMNS, PASSED)


def test_a_header_is_the_row_that_names_the_most_columns() -> None:
    found = header(
        ("企业名单", "名称", ""), ("代码（code）", "名 称", "计划总投资（investment，万元）"), ("a", "b", "1")
    )
    assert found.row == 2
    assert {place: (one.name, unit) for place, (one, unit) in found.columns.items()} == {
        1: ("code", None),
        2: ("name", None),
        3: ("investment", "万元"),
    }


def test_a_unit_may_stand_in_the_row_above() -> None:
    found = header(("", "", "亿元"), ("code", "name", "investment"))
    assert found.columns[3][1] == "亿元"


@pytest.mark.parametrize(
    "lines", [[("单位：亿元",)], [("重点项目表（单位：亿元）",) * 4], [("重点项目表（亿元）",), ()]]
)
def test_a_line_above_states_the_unit_of_all_money_that_names_none_itself(lines: list[tuple[str, ...]]) -> None:
    found = header(*lines, ("code", "name", "investment", "area", "phases"))
    assert [found.columns[place][1] for place in (1, 3, 4, 5)] == [None, "亿元", None, "亿元"]
    assert header(*lines, ("code", "investment（万元）", "area")).columns[2][1] == "万元"
    assert header(("单位：家",), ("code", "investment")).columns[2][1] is None


def test_of_several_units_of_money_that_a_line_above_states_nobody_knows_which_counts() -> None:
    found = header(("单位：亿元、万元",), ("code", "investment", "phases（万元）", "area"))
    assert found.unclear == {2: "亿元、万元"}
    assert header(("单位：亿元、家",), ("code", "investment")).unclear == {}


@pytest.mark.parametrize("unit", ["千元", "百万元", "十万元", "千万元", "百亿元"])
def test_every_power_of_ten_of_money_can_be_stated(unit: str) -> None:
    assert header((f"单位：{unit}",), ("code", "investment")).columns[2][1] == unit


@pytest.mark.parametrize("line", ["单位：万美元", "单位：折合亿元", "项目表（折合亿元）"])
def test_money_that_cannot_be_converted_is_unclear_at_each_column_that_names_no_unit(line: str) -> None:
    found = header((line,), ("code", "investment", "phases（万元）", "area"))
    assert [*found.unclear] == [2]
    assert found.unclear[2] in line


@pytest.mark.parametrize("unit", ["万美元", "折合亿元"])
def test_a_header_with_money_that_cannot_be_converted_is_unclear_itself(unit: str) -> None:
    assert header(("单位：万元",), ("code", f"investment（{unit}）", "phases")).unclear == {2: unit}


def test_the_unit_of_a_group_is_that_of_the_columns_below_it_only() -> None:
    heads = ("code", "name", "phases", "investment", "area")
    found = header(("基本信息", "基本信息", "年度（单位：亿元）", "", "规划面积（亩）"), heads)
    assert [found.columns[place][1] for place in (3, 4, 5)] == ["亿元", None, "亩"]
    found = header(("基本信息", "基本信息", "", "投资（单位：亿元）", "规划面积（亩）"), ("", "说明"), heads)
    assert [found.columns[place][1] for place in (3, 4, 5)] == [None, "亿元", None]


@pytest.mark.parametrize("below", [[], [("", "", "", "附注")]])
def test_a_unit_beside_the_title_that_is_above_no_money_is_that_of_all(below: list[tuple[str, ...]]) -> None:
    found = header(("项目表（单位：亿元）", "", "", "2018年3月"), *below, ("code", "name", "investment", "area"))
    assert [found.columns[place][1] for place in (3, 4)] == ["亿元", None]


def test_a_title_merged_from_the_first_column_on_speaks_for_the_money_behind_its_end_too() -> None:
    title = "项目表（单位：亿元）"
    found = header((title, title, title, "2018年3月"), ("code", "name", "phases", "investment"))
    assert [found.columns[place][1] for place in (3, 4)] == ["亿元", "亿元"]
    group = "投资（单位：亿元）"
    found = header((group, "基本信息", "基本信息", "年度"), ("investment", "code", "name", "phases"))
    assert [found.columns[place][1] for place in (1, 4)] == ["亿元", None]


def test_a_unit_above_that_a_column_cannot_be_written_in_says_nothing_of_it() -> None:
    columns = (*COLUMNS, Column("first_year", "开始年度", "integer", optional=True, unit="年"))
    above = {1: "基本", 2: "投资及年限（万元）", 3: "投资及年限（万元）", 4: "投资及年限（家）", 5: "规划"}
    heads = {1: "code", 2: "investment", 3: "first_year", 4: "phases", 5: "area"}
    found = headed([(1, above), (2, heads)], columns, {})
    assert found is not None
    assert [found.columns[place][1] for place in (2, 3, 4, 5)] == ["万元", None, None, None]


def test_columns_of_an_export_are_passed_over_and_others_named() -> None:
    found = header(("代码", "版本（version）", "内部编号", "备注", "代码", " "))
    assert (found.version, found.passed) == (2, {2: "版本（version）", 3: "内部编号"})
    assert (found.unknown, found.twice) == ({4: "备注"}, {5: "代码"})


CREDIT = (
    Column("code", "代码", "code", optional=False),
    Column("credit_code", "统一社会信用代码", "code", optional=True),
)


@pytest.mark.parametrize(
    "written",
    [
        "统一社会信用代码：",
        "统一 社会信用 代码",
        "统一 社会信用代码 ：",
        "统一社会信用 代码（18 位）",
        "*统一社会信用代码",
        "统一社会信用\n代码",
        "* 统一社会信用代码（*credit_code）",
    ],
)
def test_a_header_is_known_with_blanks_colons_and_marks(written: str) -> None:
    found = headed([(1, {1: "代码", 2: written})], CREDIT, {})
    assert found is not None
    assert {place: one.name for place, (one, _) in found.columns.items()} == {1: "code", 2: "credit_code"}


def test_a_part_of_a_title_names_no_other_column() -> None:
    found = headed([(1, {1: "代码", 2: "社会信用 代码"})], CREDIT, {})
    assert found is not None
    assert (found.unknown, found.twice) == ({2: "社会信用 代码"}, {})


PERSON = (
    Column("unit", "单位", "code", optional=False, meaning=("单位的代码或名称", "")),
    Column("email", "电子邮箱", "text", optional=True, meaning=("接收督办单的邮箱", "")),
    Column("phone", "电话", "text", optional=True, meaning=("办公电话或手机", "")),
    Column("mobile", "手机号码", "text", optional=True, meaning=("短信", "")),
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("邮箱", ["email"]),
        ("邮 箱：", ["email"]),
        ("手机", ["mobile"]),
        ("单位电话", ["unit", "phone"]),
        ("E-mail", ["email"]),
        ("备注", []),
        ("签", []),
        ("remark", []),
    ],
)
def test_a_header_that_names_no_column_says_which_is_likely_meant(written: str, meant: list[str]) -> None:
    assert [one.name for one in likely(written, PERSON)] == meant


def test_what_the_meaning_of_a_column_says_is_likely_where_no_title_does() -> None:
    assert [one.name for one in likely("手机", PERSON[:3])] == ["phone"]


def test_of_many_columns_that_are_as_likely_none_is() -> None:
    assert likely("单位", [Column("field", "标题", "text", optional=True, meaning=("单位", ""))] * 4) == []
    assert likely("单位", []) == []


def test_there_may_be_no_header() -> None:
    assert header(("甲", "乙"), ("丙",)) is None


def test_the_words_of_a_header_are_taken_apart() -> None:
    assert words("计划总投资（investment，万元）") == ["计划总投资", "investment", "万元"]


def test_the_header_above_a_column_says_title_code_and_unit() -> None:
    assert [one.header for one in COLUMNS] == [
        "代码（code）",
        "名称（name）",
        "计划总投资（investment，万元）",
        "规划面积（area，平方公里）",
        "分期（phases）",
    ]

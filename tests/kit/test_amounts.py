"""Amounts and units as people write them."""

from decimal import Decimal

import pytest

from services.kit.amounts import amount, at_large, stated, unit_in


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("３０，０００", "30000", None),
        ("1.2E+5", "120000", None),
        ("3 亿元", "3", "亿元"),
        ("3.5km²", "3.5", "km2"),
        ("12左右", "12", "左右"),
    ],
)
def test_a_number_may_have_its_unit_behind_it(text: str, number: str, unit: str | None) -> None:
    assert amount(text) == (Decimal(number), unit)


@pytest.mark.parametrize("text", ["", "三万", "1,2,3", "1e400", "2017-2018", "3000-5000", "1" * 201])
def test_what_is_no_number_is_none(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("数值（亿元）", "亿元"),
        ("数值( 亿 元 )", "亿元"),
        ("数值 亿元", "亿元"),
        ("税收（单位：万元/亩）", "万元/亩"),
        ("计划总投资（亿元人民币）", "亿元"),
        ("计划总投资（人民币 亿元）", "亿元"),
        ("计划总投资（百万元）", "百万元"),
        ("计划总投资（折合亿元）", "折合亿元"),
        ("计划总投资（单位：约亿元）", "约亿元"),
        ("数值（单元）", None),
        ("填报单位：上元", None),
        ("上年同期（可比口径）", None),
        ("数值（月）", None),
    ],
)
def test_a_header_may_name_a_unit(header: str, unit: str | None) -> None:
    assert unit_in(header) == unit


@pytest.mark.parametrize(
    ("line", "units"),
    [
        (["单位：亿元"], ("亿元",)),
        (["单位：", "亿元"], ("亿元",)),
        (["萧山区重点项目表（单位：亿元）", "萧山区重点项目表（单位：亿元）"], ("亿元",)),
        (["萧山区重点项目表（亿）"], ("亿元",)),
        (["单 位：亿元"], ("亿元",)),
        (["单位：亿 元"], ("亿元",)),
        (["单位 亿元"], ("亿元",)),
        (["单位：人民币 亿元"], ("亿元",)),
        (["单位：亿元人民币、%"], ("亿元", "%")),
        (["单位：亿元RMB 制表：张三"], ("亿元",)),
        (["项目表（2018年，亿元）"], ("亿元",)),
        (["项目表【亿元】"], ("亿元",)),
        (["单位：千元"], ("千元",)),
        (["单位：万美元"], ("万美元",)),
        (["单位：折合亿元"], ("折合亿元",)),
        (["项目表（折合亿元）"], ("折合亿元",)),
        (["项目表（共30个）"], ()),
        (["填报单位：上元"], ()),
        (["单位：万元/亩"], ("万元/亩",)),
        (["基本信息", "年度（单位：亿元）"], ()),
        (["项目表", "（单位：亿元）"], ("亿元",)),
        (["填报单位：甲局", "单位", "亿元"], ()),
        (["项目表", "单位：折合亿元"], ("折合亿元",)),
        (["填报单位：元通公司", "金额单位：人民币万元、%，制表：张三"], ("万元", "%")),
        (["编制单位：区发改委"], ()),
        (["投资（亿元）", "增速（%）"], ()),
        ([], ()),
    ],
)
def test_a_line_above_a_table_may_state_units_for_all_of_it(line: list[str], units: tuple[str, ...]) -> None:
    assert stated(line) == units


def test_a_unit_in_a_cell_above_none_of_its_columns_is_that_of_all() -> None:
    texts = {1: "项目表（单位：亿元）", 4: "2018年3月（万元）"}
    assert at_large(texts, [2, 3]) == ("亿元",)
    assert at_large(texts, [1]) == ()

"""Figures as clerks write them: pure rules."""

import pytest

from services.indicators.codes import CODES
from services.indicators.observations.intake.filled.rules import (
    CLASSES,
    MILESTONE_TITLES,
    PASSED,
    STATUSES,
    TITLES,
    Units,
    field_of,
    figures,
    for_people,
    headed,
    milestone_of,
    says_nothing,
    written,
)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("数值", "value"),
        ("数值（value）", "value"),
        ("上年同期（可比口径）", "comparable_base"),
        (" 报 告 期 ", "period"),
        ("*数值：", "value"),
        ("本期【数值】", "value"),
        ("value", "value"),
        ("单位", None),
        ("", None),
    ],
)
def test_a_header_names_a_field(header: str, field: str | None) -> None:
    assert field_of(header) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [("完成日期", "done_on"), ("依据（evidence）", "evidence"), ("target", "target"), (" 颜色", "颜色")],
)
def test_a_header_names_a_field_of_milestones(header: str, field: str) -> None:
    assert milestone_of(header) == field


def test_no_two_fields_are_called_alike() -> None:
    called = [name for titles in TITLES.values() for name in titles] + list(PASSED.values())
    assert len(called) == len(set(called))
    of_milestones = [name for titles in MILESTONE_TITLES.values() for name in titles]
    assert len(of_milestones) == len(set(of_milestones))


def test_a_header_has_columns_those_that_are_passed_over_and_faults() -> None:
    found = headed(3, {0: "指标名称", 1: "对象", 2: "数值", 3: "序号", 4: "颜色", 5: "观测值", 6: " "})
    assert found.columns == {0: "indicator_name", 1: "subject", 2: "value"}
    assert found.passed == {3, 6}
    assert [(place, wrong.code, wrong.field) for place, wrong in found.wrong] == [
        (4, "unknown-column", "颜色"),
        (5, "column-twice", "value"),
        (None, "missing-column", "period"),
    ]
    assert found.wrong[-1][1].given == "报告期（period）"


def test_a_csv_with_the_fields_own_names_is_no_table_of_people() -> None:
    assert not for_people(["indicator", "value"])
    assert for_people(["indicator", "数值"])


@pytest.mark.parametrize(("value", "nothing"), [("", True), (" — ", True), ("--", True), ("－", True), ("0", False)])
def test_a_row_without_a_figure_says_nothing(value: str, nothing: bool) -> None:
    assert says_nothing({"indicator": ("text", "va"), "value": ("text", value)}) is nothing


@pytest.mark.parametrize(
    ("kind", "text", "period"),
    [
        ("text", "2018-06", "2018-06"),
        ("text", "2018年6月", "2018-06"),
        ("text", "２０１８年６月", "2018-06"),
        ("text", "2018/6", "2018-06"),
        ("text", "2018.06", "2018-06"),
        ("text", "201806", "2018-06"),
        ("text", "2018/6/1", "2018-06"),
        ("date", "2018-06-01", "2018-06"),
        ("date", "2018-06-01 00:00", "2018-06"),
        ("number", "201806", "2018-06"),
        ("number", "2018.06", "2018-06"),
        ("number", "2018.1", "2018.1"),
        ("number", "2018", "2018"),
        ("text", "2018年", "2018"),
        ("text", "2018年度", "2018"),
        ("text", "2018年三季度", "2018-Q3"),
        ("text", "2018年第3季度", "2018-Q3"),
        ("text", "2018-Q3", "2018-Q3"),
        ("text", "2018Q3", "2018-Q3"),
        ("text", "2018年上半年", "2018-H1"),
        ("text", "2018年下半年", "2018-H2"),
        ("text", "2018-H2", "2018-H2"),
        ("text", "去年", "去年"),
        ("text", "2018年3", "2018-03"),
    ],
)
def test_a_period_is_understood_as_people_write_it(kind: str, text: str, period: str) -> None:
    assert written({"period": (kind, text)})["period"] == period


@pytest.mark.parametrize(
    ("kind", "text", "unit", "number", "of"),
    [
        ("number", "27.9", "", "27.9", ""),
        ("text", "1,234.50", "万元", "1234.50", "万元"),
        ("text", "１２", "", "12", ""),
        ("text", "1E3", "", "1000", ""),
        ("number", "1.5e-3", "", "0.0015", ""),
        ("text", "3亿", "", "3", "亿元"),
        ("text", "100 万", "", "100", "万元"),
        ("text", "3", "亿", "3", "亿元"),
        ("text", "2017-2018", "", "2017-2018", ""),
        ("text", "1e400", "", "1e400", ""),
        ("text", "3亿元", "", "3", "亿元"),
        ("text", "26.1%", "", "26.1", "%"),
        ("percent", "0.261", "", "26.1", "%"),
        ("text", "一百", "", "一百", ""),
        ("text", "1,23", "", "1,23", ""),
        ("error", "#N/A", "", "#N/A", ""),
        ("date", "2018-06-01", "", "2018-06-01", ""),
        ("text", "—", "", "", ""),
    ],
)
def test_a_number_is_understood_as_people_write_it(kind: str, text: str, unit: str, number: str, of: str) -> None:
    said = figures(2, {"value": (kind, text), "unit": ("text", unit), "note": ("text", "备注")}, Units())
    assert (said.cells["value"], said.cells["unit"]) == (number, of)


def given(value: str, base: str, unit: str) -> dict[str, tuple[str, str]]:
    of = {"value": value, "comparable_base": base, "unit": unit}
    return {name: ("percent", text[:-1]) if text.endswith("p") else ("text", text) for name, text in of.items()}


@pytest.mark.parametrize(
    ("value", "base", "unit", "units", "read"),
    [
        ("3亿元", "2亿元", "", Units(), ("3", "2", "亿元")),
        ("3亿元", "20000万元", "", Units(), ("3", "2", "亿元")),
        ("3亿元", "3", "亿元", Units(), ("3", "3", "亿元")),
        ("3", "", "亿元", Units(), ("3", "", "亿元")),
        ("3", "", "", Units({"value": "亿元"}), ("3", "", "亿元")),
        ("3", "2", "", Units({"value": "亿元", "comparable_base": "万元"}), ("3", "0.0002", "亿元")),
        ("3", "2", "", Units({}, ("亿元",)), ("3", "2", "亿元")),
        ("3", "", "", Units({"value": "万元"}, ("亿元",)), ("3", "", "万元")),
        ("3万元", "", "", Units({"value": "亿元"}, ("亿元",)), ("3", "", "万元")),
        ("3", "", "%", Units({}, ("亿元",)), ("3", "", "%")),
        ("3", "", "亿元", Units({}, ("亿元", "%")), ("3", "", "亿元")),
        ("0.3p", "", "", Units({}, ("亿元",)), ("30", "", "%")),
        ("26.3%", "－", "", Units(), ("26.3", "", "%")),
        ("一百", "2亿元", "", Units(), ("一百", "2", "亿元")),
    ],
)
def test_a_figure_is_in_the_unit_that_stands_nearest_to_it(
    value: str, base: str, unit: str, units: Units, read: tuple[str, str, str]
) -> None:
    said = figures(2, given(value, base, unit), units)
    assert (said.cells["value"], said.cells["comparable_base"], said.cells["unit"]) == read
    assert not said.wrong


@pytest.mark.parametrize(
    ("value", "base", "unit", "units", "fault"),
    [
        ("3亿元", "20000", "万元", Units(), ("value", "units-differ")),
        ("3", "", "万元", Units({"value": "亿元"}), ("value", "units-differ")),
        ("3", "", "%", Units({"value": "亿元"}), ("value", "units-differ")),
        ("3", "", "万元", Units({}, ("亿元",)), ("value", "units-differ")),
        ("0.3p", "2", "万元", Units(), ("value", "units-differ")),
        ("3", "20000万元", "", Units(), ("value", "unit-missing")),
        ("3万元", "20000", "", Units(), ("comparable_base", "unit-missing")),
        ("3%", "20000万元", "", Units(), ("comparable_base", "units-differ")),
        ("3", "", "", Units({}, ("亿元", "%")), ("value", "units-unclear")),
        ("", "2亿元", "", Units(), ("value", "no-value")),
    ],
)
def test_units_of_a_row_that_do_not_agree_are_a_fault(
    value: str, base: str, unit: str, units: Units, fault: tuple[str, str]
) -> None:
    said = figures(2, given(value, base, unit), units)
    assert [(wrong.field, wrong.code) for wrong in said.wrong] == [fault]


def test_the_header_and_the_cell_above_it_name_the_unit_of_a_figure() -> None:
    found = headed(3, {0: "数值（亿元）", 1: "上年同期"}, {0: "万元", 1: "万"}, ("元",))
    assert found.units == Units({"value": "亿元", "comparable_base": "万元"}, ("元",))
    assert headed(3, {0: "数值", 1: "计量单位：亿元"}).units == Units({}, ("亿元",))
    assert headed(3, {0: "数值（可比口径）", 1: "计量单位"}).units == Units()


def test_a_unit_stated_in_a_row_of_groups_is_that_of_the_figures_below_it_or_of_all() -> None:
    texts = {1: "指标", 2: "数值", 3: "上年同期"}
    assert headed(3, texts, {}, (), {1: "投资表（单位：亿元）"}).units == Units({}, ("亿元",))
    group = {2: "本期（单位：亿元）"}
    assert headed(3, texts, group, (), group).units == Units({"value": "亿元"})


@pytest.mark.parametrize(
    ("value", "unit", "units", "stated"),
    [
        ("3", "", Units({}, ("亿元",)), True),
        ("3万元", "", Units({}, ("亿元",)), False),
        ("3", "亿元", Units({}, ("亿元",)), False),
        ("3", "", Units({"value": "亿元"}, ("亿元",)), False),
        ("3", "", Units({}, ("家",)), False),
        ("3", "", Units(), False),
    ],
)
def test_money_that_only_a_line_above_states_is_known_as_such(
    value: str, unit: str, units: Units, stated: bool
) -> None:
    assert figures(2, given(value, "", unit), units).stated is stated


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ("产业：信息经济", "industry:信息经济"),
        ("industry:information", "industry:information"),
        ("信息经济", "信息经济"),
        ("方案", "plan"),
        ("plan", "plan"),
    ],
)
def test_a_subject_may_have_its_kind_in_chinese(given: str, subject: str) -> None:
    assert written({"subject": ("text", given)})["subject"] == subject


def test_a_code_goes_before_the_name_beside_it_and_values_go_by_their_names() -> None:
    given = {
        "indicator": "va",
        "indicator_name": "增加值",
        "subject_name": "信息经济",
        "class": "年报",
        "status": "已批准",
    }
    cells = written({name: ("text", text) for name, text in given.items()})
    assert (cells["indicator"], cells["subject"], cells["class"], cells["status"]) == (
        "va",
        "信息经济",
        "annual",
        "approved",
    )
    assert written({"indicator_name": ("text", "增加值")})["indicator"] == "增加值"


def test_statuses_and_classes_have_the_names_of_the_code_lists() -> None:
    for name, known in (("figure-statuses", STATUSES), ("figure-classes", CLASSES)):
        assert {zh: code for code, zh in CODES.by_name[name].labels.items()}.items() <= known.items()

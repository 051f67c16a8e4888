"""Figures as clerks write them: pure rules."""

import pytest

from services.indicators.codes import CODES
from services.indicators.observations.intake.filled.rules import (
    CLASSES,
    PASSED,
    STATUSES,
    TITLES,
    field_of,
    for_people,
    headed,
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
        ("value", "value"),
        ("单位", None),
        ("", None),
    ],
)
def test_a_header_names_a_field(header: str, field: str | None) -> None:
    assert field_of(header) == field


def test_no_two_fields_are_called_alike() -> None:
    called = [name for titles in TITLES.values() for name in titles] + list(PASSED.values())
    assert len(called) == len(set(called))


def test_a_header_has_columns_those_that_are_passed_over_and_faults() -> None:
    found = headed(3, {0: "指标名称", 1: "对象", 2: "数值", 3: "序号", 4: "颜色", 5: "观测值", 6: " "})
    assert found.columns == {0: "indicator_name", 1: "subject", 2: "value"}
    assert found.passed == {3, 6}
    assert [(place, wrong.code, wrong.field) for place, wrong in found.wrong] == [
        (4, "unknown-column", "颜色"),
        (5, "column-twice", "value"),
        (None, "missing-column", "period"),
    ]


def test_a_csv_with_the_fields_own_names_is_no_table_of_people() -> None:
    assert not for_people(["indicator", "value"])
    assert for_people(["indicator", "数值"])


@pytest.mark.parametrize(("value", "nothing"), [("", True), (" — ", True), ("－", True), ("0", False)])
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
        ("text", "3亿元", "万元", "3", "亿元"),
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
    cells = written({"value": (kind, text), "unit": ("text", unit)})
    assert (cells["value"], cells["unit"]) == (number, of)


@pytest.mark.parametrize(
    ("value", "base", "unit", "read"),
    [
        (("text", "3亿元"), ("text", "2亿元"), "", ("3", "2", "亿元")),
        (("text", ""), ("text", "2亿元"), "", ("", "2", "亿元")),
        (("text", "26.3%"), ("text", "－"), "", ("26.3", "", "%")),
        (("text", "3亿元"), ("text", "20000"), "亿元", ("3", "20000", "亿元")),
        (("text", "3亿元"), ("text", "20000"), "万元", ("3亿元", "20000", "万元")),
        (("text", "3"), ("text", "20000万元"), "", ("3", "20000万元", "")),
        (("percent", "0.3"), ("number", "2"), "万元", ("30%", "2", "万元")),
    ],
)
def test_a_figure_and_that_of_the_year_before_are_of_one_unit_else_they_are_no_numbers(
    value: tuple[str, str], base: tuple[str, str], unit: str, read: tuple[str, str, str]
) -> None:
    cells = written({"value": value, "comparable_base": base, "unit": ("text", unit)})
    assert (cells["value"], cells["comparable_base"], cells["unit"]) == read


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

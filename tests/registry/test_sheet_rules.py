"""What people write into cells, and what it means; written out and read in again it is the same."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.sheets.rules import Column, Kind, WrongError, read, write

KINDS = {"bureau": "部门", "town": "镇街"}


def column(kind: Kind, *, optional: bool = True, **more: Any) -> Column:  # noqa: ANN401 - fields of a column
    return Column("field", "标题", kind, optional, **more)


NUMBER = column("number", unit="万元")
YEAR = column("integer", unit="年")
PARTS = (column("text"), Column("amount", "金额", "number", optional=True, unit="万元"))
AREA = column("number", unit="平方公里")
PLANS = column(
    "things",
    parts=(
        Column("year", "年份", "integer", optional=False, unit="年"),
        Column("months", "各月", "numbers", optional=False, unit="万元"),
    ),
)
THINGS = column("things", parts=PARTS, emptied=[])


@pytest.mark.parametrize(
    ("of", "kind", "text", "value"),
    [
        (column("text"), "text", "　杭州某某\n（集团）公司 ", "杭州某某（集团）公司"),
        (column("text"), "text", "Smart\nCity", "Smart City"),
        (column("text"), "number", "12.5", "12.5"),
        (column("text"), "percent", "0.125", "12.5%"),
        (column("text"), "text", '"无"', "无"),
        (column("text"), "text", '"半句', '"半句'),
        (column("text"), "text", '"半" 句 "', '"半" 句 "'),
        (column("text"), "text", "—", None),
        (column("text", emptied="未定"), "text", " ", "未定"),
        (column("code"), "text", "Ｅ０１ ", "E01"),
        (column("code"), "number", "330109", "330109"),
        (column("code", refers=("enterprise",)), "text", "Smart\nCity 公司", "Smart City 公司"),
        (NUMBER, "number", "30000", "30000"),
        (NUMBER, "text", "３００００", "30000"),
        (NUMBER, "text", "30,000.50", "30000.5"),
        (NUMBER, "text", "3亿元", "30000"),
        (NUMBER, "text", "3.5亿", "35000"),
        (NUMBER, "text", "50000元", "5"),
        (NUMBER, "text", "3000万", "3000"),
        (NUMBER, "text", "1.2E+5", "120000"),
        (NUMBER, "text", "-0", "0"),
        (column("integer"), "text", "120人", 120),
        (column("integer"), "text", "1.2万人次", 12000),
        (column("number"), "text", "60%", "0.6"),
        (column("number"), "percent", "0.6", "0.6"),
        (AREA, "text", "3.5平方公里", "3.5"),
        (AREA, "text", "3.5km²", "3.5"),
        (AREA, "text", "350公顷", "3.5"),
        (AREA, "text", "3000亩", "2"),
        (column("numbers", unit="万元"), "text", "1,000、2000万；0.3亿元", ["1000", "2000", "3000"]),
        (column("numbers", unit="万元"), "text", "1,2，3", ["1", "2", "3"]),
        (column("numbers", unit="万元"), "text", '["1","2"]', ["1", "2"]),
        (PLANS, "text", "2018：1000、2000", [{"year": 2018, "months": ["1000", "2000"]}]),
        (
            PLANS,
            "text",
            "2018年；1000；2000\n2019: 3 4",
            [{"year": 2018, "months": ["1000", "2000"]}, {"year": 2019, "months": ["3", "4"]}],
        ),
        (PLANS, "text", "年份=2018；各月=1000、2000", [{"year": 2018, "months": ["1000", "2000"]}]),
        (column("number", unit="%"), "percent", "0.27", "27"),
        (column("number", unit="%"), "text", "27%", "27"),
        (column("number", unit="%"), "text", "27", "27"),
        (YEAR, "number", "2017", 2017),
        (YEAR, "text", "2017年", 2017),
        (column("integer"), "text", "3.0", 3),
        (column("day"), "date", "2018-07-01", "2018-07-01"),
        (column("day"), "text", "2018/7/1", "2018-07-01"),
        (column("day"), "text", "2018.7.1", "2018-07-01"),
        (column("day"), "text", "２０１８年７月１日", "2018-07-01"),
        (column("day"), "number", "20180701", "2018-07-01"),
        (column("yes-no"), "text", "是", True),
        (column("yes-no"), "yes-no", "false", False),
        (column("yes-no"), "text", "×", False),
        (column("choice", choices=KINDS), "text", "部门", "bureau"),
        (column("choice", choices=KINDS), "text", " town", "town"),
        (column("choice", choices=KINDS, said={"街道": "town"}), "text", "街道", "town"),
        (column("texts", emptied=[]), "text", "甲、乙；丙\n丁", ["甲", "乙", "丙", "丁"]),
        (column("texts", emptied=[]), "text", '["集成电路、信息安全"]', ["集成电路、信息安全"]),
        (column("texts", emptied=[]), "text", "", []),
        (column("texts", of_codes=True), "text", "keji，fagai jingxin", ["keji", "fagai", "jingxin"]),
        (column("texts", choices=KINDS), "text", "部门、镇街", ["bureau", "town"]),
        (THINGS, "text", "标题=甲；amount=3亿元\n\nfield=乙", [{"field": "甲", "amount": "30000"}, {"field": "乙"}]),
        (THINGS, "text", "标题＝甲；金额 = 3亿元", [{"field": "甲", "amount": "30000"}]),
        (THINGS, "text", "甲；3亿元\n乙", [{"field": "甲", "amount": "30000"}, {"field": "乙"}]),
        (THINGS, "text", '[{"field": "甲"}]', [{"field": "甲"}]),
        (THINGS, "text", '{"field": "甲"}', [{"field": "甲"}]),
        (column("thing", parts=PARTS), "text", '{"field": "甲"}', {"field": "甲"}),
        (column("thing", parts=PARTS), "text", "field=甲", {"field": "甲"}),
        (column("json"), "text", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_a_cell_means_what_a_person_meant(of: Column, kind: str, text: str, value: object) -> None:
    assert read(of, kind, text) == value


@pytest.mark.parametrize(
    ("of", "kind", "text", "code"),
    [
        (column("text", optional=False), "text", " ", "missing"),
        (column("text"), "error", "#N/A", "error-cell"),
        (column("text"), "text", "甲\0乙", "not-text"),
        (column("text"), "text", "甲\x07", "not-text"),
        (column("code"), "number", "913301091234568000", "digits-lost"),
        (NUMBER, "text", "三万", "number"),
        (NUMBER, "date", "2018-07-01", "number"),
        (NUMBER, "text", "12%", "other-unit"),
        (column("number"), "text", "3亿元", "no-unit"),
        (NUMBER, "percent", "0.5", "other-unit"),
        *((column("integer"), "text", text, "number") for text in ("1,2,3", "1e400", "3000-5000", "12左右")),
        *((YEAR, "text", text, "number") for text in ("2017-2018", "2019年底")),
        (YEAR, "text", "2019家", "other-unit"),
        (AREA, "text", "1000亩", "other-unit"),
        (AREA, "text", "3万元", "other-unit"),
        (NUMBER, "text", "0.1234567890123", "too-many-digits"),
        (NUMBER, "text", "1" * 19, "too-many-digits"),
        (PLANS, "text", "年份=2018；月份=1", "thing"),
        (YEAR, "text", "2017.5", "whole-number"),
        (YEAR, "text", "9999999999999999", "too-many-digits"),
        (column("day"), "text", "2018年7月", "day"),
        (column("day"), "text", "2018-02-30", "day"),
        (column("yes-no"), "text", "也许", "yes-no"),
        (column("choice", choices=KINDS), "text", "公司", "choice"),
        (column("thing", parts=PARTS), "text", "field=甲\nfield=乙", "one-thing"),
        (THINGS, "text", "甲；3亿元；乙", "thing"),
        (THINGS, "text", "field=甲；3亿元", "thing"),
        (THINGS, "text", "colour=甲", "thing"),
        (THINGS, "text", "[甲", "json"),
        (column("json"), "text", "{", "json"),
        (THINGS, "text", '[{"amount": 99999999999999999999}]', "json"),
        (column("json"), "text", r'{"a": "\ud800"}', "json"),
        (column("json"), "text", "[" * 300 + "]" * 300, "json"),
        (column("json"), "text", "[" * 253 + "]" * 253, "json"),
        (column("json"), "text", "[" * 100_000, "json"),
        (column("texts"), "text", "[" * 300 + "]" * 300, "json"),
        (column("text"), "text", r'"\ud800"', "not-text"),
        (column("text"), "text", r'"甲\u0000乙"', "not-text"),
        (column("code"), "text", r'"\ud800"', "not-text"),
    ],
)
def test_a_cell_that_means_nothing_says_why(of: Column, kind: str, text: str, code: str) -> None:
    with pytest.raises(WrongError) as caught:
        read(of, kind, text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("亿元", "30000"),
        ("万元", "3"),
        ("元", "0.0003"),
        ("千元", "0.3"),
        ("十万元", "30"),
        ("百万元", "300"),
        ("千万元", "3000"),
        ("百亿元", "3000000"),
        (None, "3"),
    ],
)
def test_the_header_may_say_in_which_unit_a_column_is_written(unit: str | None, value: str) -> None:
    assert read(NUMBER, "number", "3", unit) == value


def test_the_unit_of_a_header_concerns_the_money_in_things() -> None:
    assert read(THINGS, "text", "甲；3", "亿元") == [{"field": "甲", "amount": "30000"}]
    assert read(PLANS, "text", "2018：1、2", "亿元") == [{"year": 2018, "months": ["10000", "20000"]}]


def test_what_is_no_thing_is_answered_with_an_example() -> None:
    with pytest.raises(WrongError) as caught:
        read(PLANS, "text", "年份=2018；万元=1000")
    assert (caught.value.values["known"], caught.value.values["example"]) == (
        "年份（year）、各月（months）",
        "年份=…；各月=…",
    )


def test_a_unit_in_the_cell_counts_before_that_of_the_header() -> None:
    assert read(NUMBER, "text", "3万元", "亿元") == "3"


@pytest.mark.parametrize(
    ("of", "value", "labels", "said"),
    [
        (column("text"), None, True, None),
        (column("texts"), [], True, None),
        (column("yes-no"), True, True, "是"),
        (column("yes-no"), False, False, "否"),
        (column("choice", choices=KINDS), "town", True, "镇街"),
        (column("choice", choices=KINDS), "town", False, "town"),
        (column("choice", choices=KINDS), "elsewhere", True, "elsewhere"),
        (column("texts", choices=KINDS), ["bureau", "town"], True, "部门、镇街"),
        (column("text"), "无", True, '"无"'),
        (column("texts"), ["甲、乙"], True, '["甲、乙"]'),
        (column("texts"), ["-"], True, '["-"]'),
        (column("texts"), [1], True, "[1]"),
        (
            THINGS,
            [{"field": "甲", "amount": "3"}, {"field": "乙", "amount": None}],
            True,
            "field=甲；amount=3\nfield=乙",
        ),
        (THINGS, [{"field": "甲；乙"}], True, '[{"field": "甲；乙"}]'),
        (column("thing", parts=PARTS), {"field": "甲"}, True, "field=甲"),
        (column("thing", parts=PARTS), {"other": 1}, True, '{"other": 1}'),
        (column("json"), {"a": 1}, True, '{"a": 1}'),
        (PLANS, [{"year": 2018, "months": ["1", "2.5"]}], True, "year=2018；months=1、2.5"),
        (column("day"), "2018-07-01", True, date(2018, 7, 1)),
        (column("text", optional=False), " 甲", True, '" 甲"'),
        (column("text", optional=False), " ", True, '" "'),
        (column("integer"), 3, True, 3),
    ],
)
def test_a_value_is_written_so_that_it_can_be_read(of: Column, value: object, labels: bool, said: object) -> None:
    assert write(of, value, labels=labels) == said


ONE_LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
CODES = st.from_regex(r"\A[a-z0-9][a-z0-9_-]{0,8}\Z")
AMOUNTS = st.decimals(-(10**9), 10**9, places=3).map(lambda number: f"{number:f}".rstrip("0").rstrip("."))
CASES = st.one_of(
    st.tuples(st.just(column("text")), st.none() | ONE_LINE),
    st.tuples(st.just(column("text", optional=False)), ONE_LINE),
    st.tuples(st.just(column("code")), CODES),
    st.tuples(st.just(column("integer")), st.integers(-(10**14), 10**14)),
    st.tuples(st.just(NUMBER), AMOUNTS.filter(lambda text: text not in {"-0", ""})),
    st.tuples(st.just(column("day")), st.dates().map(str)),
    st.tuples(st.just(column("yes-no")), st.booleans()),
    st.tuples(st.just(column("choice", choices=KINDS)), st.sampled_from([*KINDS])),
    st.tuples(st.just(column("texts", emptied=[])), st.lists(ONE_LINE, max_size=4)),
    st.tuples(st.just(column("texts", emptied=[], of_codes=True)), st.lists(CODES, max_size=4)),
    st.tuples(
        st.just(THINGS),
        st.lists(st.fixed_dictionaries({"field": ONE_LINE, "amount": st.none() | st.just("3.5")}), max_size=3),
    ),
)


@given(CASES, st.booleans())
def test_what_is_written_out_and_read_in_is_the_same(case: tuple[Column, Any], labels: bool) -> None:
    of, value = case
    cell = write(of, value, labels=labels)
    kind = "number" if isinstance(cell, int) and not isinstance(cell, bool) else "text"
    found = read(of, kind, "" if cell is None else f"{cell:f}" if of.kind == "number" else str(cell))
    if of.kind == "things":
        found = [{"field": None, "amount": None} | thing for thing in found]
    assert found == value

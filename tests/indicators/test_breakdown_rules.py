"""Parts of a target reach the whole exactly, along every dimension, or it is said what is missing or too much."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.breakdowns import rules
from services.indicators.breakdowns.rules import NotDivisible, Unit, Whole
from services.plan_file.scalars import plain, total

UNITS = {code: Unit(code.upper(), code) for code in "abc"}
YEARS = (2017, 2018, 2019)


def whole(goal: str = "1000", **changed: object) -> Whole:
    """A count over three years."""
    usual: dict[str, Any] = {
        "target": "T03",
        "measure": "cumulative",
        "goal": Decimal(goal),
        "upper": None,
        "whole": True,
        "ratio": False,
        "start": date(2016, 12, 31),
        "goal_on": date(2019, 12, 31),
    }
    return Whole(**{**usual, **changed})


def part(value: str | int, unit: str | None = None, year: int | None = None) -> dict[str, Any]:
    return {"unit": unit, "year": year, "value": str(value), "note": None}


def faults(target: Whole, *parts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in rules.faults(target, parts, UNITS)]


def test_a_part_of_a_dissolved_unit_may_stay_and_none_is_new() -> None:
    tree = {
        "old": Unit("甲", "old", ("middle", "c", "gone")),
        "middle": Unit("乙", "middle", ("b", "old")),
        "b": Unit("丙", "b"),
        "c": Unit("丁", "c"),
    }
    had = [part(100, "old", 2017)]
    sent = [*had, part(200, "old", 2018), part(300, "b", 2018), part(400, year=2019), part(1, "nowhere")]
    [fault] = rules.dissolved(sent, had, tree)
    assert (fault.pointer, fault.code) == ("/body/parts/1/unit", "unit-dissolved")
    assert fault.zh == "甲（old）已撤销，职责由 丙（b）、丁（c） 承接"


@pytest.mark.parametrize("measure", ["growth", "mean_growth", "multiple", "milestone"])
def test_what_cannot_be_summed_is_refused_with_the_reason(measure: str) -> None:
    with pytest.raises(NotDivisible, match=r"cannot be divided: .+; give each part"):
        rules.divisible(whole(measure=measure))


def test_a_level_that_is_a_ratio_cannot_be_summed_and_another_one_can() -> None:
    with pytest.raises(NotDivisible, match="ratio"):
        rules.divisible(whole(measure="level", ratio=True))
    rules.divisible(whole(measure="level"))


@pytest.mark.parametrize("measure", ["annual", "level"])
def test_a_years_volume_and_a_level_are_divided_over_units_and_not_over_years(measure: str) -> None:
    target = whole(measure=measure)
    assert faults(target, part(400, "a"), part(600, "b")) == []
    assert faults(target, part(1000, year=2019)) == [("/body/parts/0/year", "not-by-years")]


def test_it_is_said_how_much_remains_and_how_much_is_too_much() -> None:
    [short] = rules.faults(whole(), [part(400, "a"), part(599, "b")], UNITS)
    [over] = rules.faults(whole(), [part(400, "a"), part(601, "b")], UNITS)
    assert (short.code, short.en) == ("short-of-the-whole", "units sum to 999, the whole is 1000: 1 remaining")
    assert (over.code, over.zh) == ("over-the-whole", "各单位合计 1001，总目标 1000：超出 1")


def test_each_dimension_reaches_the_whole_by_itself() -> None:
    assert faults(whole(), part(400, "a"), part(600, "b"), part(300, year=2017), part(700, year=2018)) == []
    assert faults(whole(), part(400, "a"), part(600, "b"), part(300, year=2017)) == [
        ("/body/parts", "short-of-the-whole")
    ]


def test_dimensions_that_disagree_are_named() -> None:
    cells = [part(300, "a", 2017), part(700, "b", 2018)]
    assert faults(whole(), *cells) == []
    assert faults(whole(), *cells, part(300, "a"), part(700, "b")) == []
    assert faults(whole(), *cells, part(301, "a"), part(699, "b")) == [("/body/parts", "dimensions-disagree")] * 2
    assert faults(whole(), *cells, part(1000, year=2017)) == [("/body/parts", "dimensions-disagree")] * 2


def test_years_pass_the_checkpoints_at_their_ends() -> None:
    target = whole(checkpoints=((date(2017, 6, 30), Decimal(1)), (date(2017, 12, 31), Decimal(300))))
    assert faults(target, part(300, year=2017), part(700, year=2018)) == []
    assert faults(target, part(200, year=2017), part(800, year=2018)) == [("/body/parts", "misses-checkpoint")]
    assert faults(target, part(1000, "a")) == []


def test_between_is_reached_anywhere_in_its_bounds() -> None:
    target = whole("1", upper=Decimal(2))
    assert faults(target, part(1, "a")) == faults(target, part(2, "a")) == []
    assert faults(target, part(3, "a")) == [("/body/parts", "over-the-whole")]
    [fault] = rules.faults(target, [part(0, "a")], UNITS)
    assert fault.en == "units sum to 0, the whole is 1-2: 1 remaining"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([part(1000)], [("/body/parts/0", "part-of-nothing")]),
        ([part(1000, "nobody")], [("/body/parts/0/unit", "unknown-reference")]),
        ([part(1000, year=2016)], [("/body/parts/0/year", "outside-target")]),
        ([part(1000, year=2020)], [("/body/parts/0/year", "outside-target")]),
        ([part(-1, "a"), part(1001, "b")], [("/body/parts/0/value", "negative")]),
        (
            [part("0.5", "a"), part("999.5", "b")],
            [("/body/parts/0/value", "not-whole"), ("/body/parts/1/value", "not-whole")],
        ),
        ([part(500, "a"), part(500, "a")], [("/body/parts", "part-twice")]),
    ],
)
def test_every_faulty_part_is_named(parts: list[dict[str, Any]], found: list[tuple[str, str]]) -> None:
    assert [one for one in faults(whole(), *parts) if one[1] != "over-the-whole"] == found


def test_a_target_that_begins_within_a_year_has_a_part_of_it() -> None:
    assert faults(whole(start=date(2017, 6, 30)), part(1000, year=2017)) == []
    [fault] = rules.faults(whole(start=date(2017, 6, 30)), [part(1000, year=2016)], UNITS)
    assert "runs from 2017 to 2019" in fault.en


values = st.decimals(min_value=0, max_value=10**17, places=12, allow_nan=False)


@given(st.lists(values, min_size=1, max_size=3))
def test_parts_that_sum_to_the_goal_reach_it_however_long_the_numbers(parts: list[Decimal]) -> None:
    target = whole(goal=plain(total(parts)), whole=False)
    assert faults(target, *(part(plain(value), unit) for value, unit in zip(parts, UNITS, strict=False))) == []


@given(st.lists(values, min_size=1, max_size=3), st.decimals(min_value=-(10**17), max_value=10**17, places=12))
def test_what_remains_and_the_parts_sum_to_the_whole(parts: list[Decimal], off: Decimal) -> None:
    goal = total([*parts, off])
    for one in rules.sums(
        whole(goal=plain(goal), whole=False), [part(plain(v), year=y) for v, y in zip(parts, YEARS, strict=False)]
    ):
        assert total([one.parts, one.remaining]) == goal
        assert (one.remaining == 0) == (off == 0)


@given(st.dictionaries(st.tuples(st.sampled_from([*UNITS]), st.sampled_from(YEARS)), st.integers(0, 500), min_size=1))
def test_units_in_years_with_their_own_sums_alone_never_disagree(cells: dict[tuple[str, int], int]) -> None:
    parts = [part(value, unit, year) for (unit, year), value in cells.items()]
    parts += [part(sum(v for (u, _), v in cells.items() if u == unit), unit) for unit in {u for u, _ in cells}]
    parts += [part(sum(v for (_, y), v in cells.items() if y == year), year=year) for year in {y for _, y in cells}]
    assert faults(whole(goal=str(sum(cells.values()))), *parts) == []


def town(code: str, *successors: str, ended: bool = False) -> tuple[str, Unit]:
    return code, Unit(code.upper(), code, successors, ended)


REFORMED = dict(
    [town("a", "d"), town("b", "d"), town("c", "e", "f"), town("d"), town("e"), town("f", "f"), town("g", "a")]
)


def test_parts_of_units_that_one_succeeded_are_its_own_and_are_summed_year_by_year() -> None:
    parts = [
        {**part("299.5", "a"), "note": "园区"},
        {**part(300, "b"), "note": "镇区"},
        {**part("0.5", "d"), "note": "园区"},
        part(1, "a", 2018),
        part(2, "a", 2019),
        part(3, year=2018),
    ]
    assert rules.handed_over(parts, REFORMED) == [
        {**part(600, "d"), "note": "园区；镇区"},
        part(1, "d", 2018),
        part(2, "d", 2019),
        part(3, year=2018),
    ]


def test_notes_that_come_together_are_no_longer_than_a_note_may_be() -> None:
    parts = [{**part(1, "a"), "note": "甲" * 400}, {**part(1, "b"), "note": "乙" * 400}]
    [one] = rules.handed_over(parts, REFORMED)
    assert one["note"] == "甲" * 400 + "；" + "乙" * 99


@pytest.mark.parametrize(
    ("code", "stands_for"),
    [("a", "d"), ("g", "d"), ("c", "c"), ("d", "d"), ("f", "f"), ("nobody", "nobody")],
)
def test_one_stands_for_a_unit_at_the_end_of_a_line_of_single_successors(code: str, stands_for: str) -> None:
    assert rules.heir(code, REFORMED) == stands_for


def test_a_successor_that_is_not_known_yet_takes_nothing_over() -> None:
    assert rules.heir("a", dict([town("a", "d")])) == "a"


def test_what_a_split_or_an_end_leaves_to_nobody_is_told() -> None:
    units = {**REFORMED, **dict([town("h", ended=True)])}
    assert rules.left_over(["d", "c", "h", "unknown"], units) == {"c": ["e", "f"], "h": [], "unknown": []}


def test_a_unit_that_was_ended_is_none_to_give_a_part_to() -> None:
    units = {**REFORMED, **dict([town("h", ended=True)])}
    found = [*rules.faults(whole(), [part(500, "h"), part(500, "e")], units)]
    assert [(fault.pointer, fault.code) for fault in found] == [("/body/parts/0/unit", "unknown-reference")]

"""The 1,000 generated cases: together they cover what they must, and each could have happened."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.indicators.reference.evaluate import evaluate
from tests.indicators.reference.generator import PAIRINGS, Case, coverage, every_cell, generate
from tests.indicators.reference.model import Light, Measure, Reason
from tests.indicators.reference.shapes import Shape

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return tuple(generate())


def test_the_65_targets_have_seven_pairings_of_measure_and_trajectory() -> None:
    assert len(PAIRINGS) == 7


def test_every_combination_is_covered_at_least_eight_times(cases: tuple[Case, ...]) -> None:
    counted = coverage(cases)
    assert {cell: counted[cell] for cell in every_cell() if counted[cell] < 8} == {}


def test_every_odd_shape_occurs(cases: tuple[Case, ...]) -> None:
    occurring = Counter(shape for case in cases for shape in case.shapes)
    assert {shape: occurring[shape] for shape in Shape if occurring[shape] < 5} == {}


def test_the_answers_show_every_light_and_every_reason_but_a_scope_break(cases: tuple[Case, ...]) -> None:
    answers = [evaluate(case.world, case.target, case.as_of, case.known_at) for case in cases]
    assert {answer.light for answer in answers} == set(Light)
    assert {answer.reason for answer in answers} == {*Reason, None} - {Reason.SCOPE_BREAK}


def test_the_same_seed_gives_the_same_cases(cases: tuple[Case, ...]) -> None:
    assert tuple(generate(40)) == cases[:40]


def test_no_two_versions_of_a_figure_are_recorded_at_one_instant(cases: tuple[Case, ...]) -> None:
    keys = Counter((each.series, each.period, each.recorded_at) for case in cases for each in case.world.observations)
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_figure_is_recorded_before_its_period_has_ended(cases: tuple[Case, ...]) -> None:
    early = [each for case in cases for each in case.world.observations if each.recorded_at.date() <= each.period.end]
    assert early == []


def test_all_cases_can_be_loaded_side_by_side(cases: tuple[Case, ...]) -> None:
    codes = [code for case in cases for code in case.world.indicators]
    assert len(set(codes)) == len(codes)
    assert len({case.target.code for case in cases}) == len(cases)


def test_a_case_rests_on_series_of_its_own_or_is_a_milestone(cases: tuple[Case, ...]) -> None:
    bare = {case.target.measure for case in cases if case.target.series is None}
    assert bare == {Measure.MILESTONE}

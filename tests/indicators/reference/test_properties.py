"""What must hold for every case: time and knowledge, signs, and what a light implies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.reference.arithmetic import round_down, round_half_away
from tests.indicators.reference.evaluate import evaluate, meets
from tests.indicators.reference.generator import Case, generate
from tests.indicators.reference.knowledge import YUAN, KnownSeries
from tests.indicators.reference.model import (
    Accumulation,
    Answer,
    Checkpoint,
    Indicator,
    Light,
    Measure,
    Series,
    Target,
    Trajectory,
    World,
)
from tests.indicators.reference.periods import Frequency, Period, periods
from tests.indicators.reference.policies import STANDARD
from tests.indicators.reference.trajectories import scheduled

pytestmark = pytest.mark.untraced


@cache
def all_cases() -> tuple[Case, ...]:
    return tuple(generate())


cases = st.builds(lambda number: all_cases()[number], st.integers(0, 999))
delays = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=2000))
moderate = settings(deadline=None, database=None, max_examples=150)


def answer(case: Case, world: World | None = None) -> Answer:
    return evaluate(world or case.world, case.target, case.as_of, case.known_at)


@moderate
@given(case=cases, delay=delays, factor=st.integers(-3, 30))
def test_later_versions_and_rejections_leave_an_answer_unchanged(case: Case, delay: timedelta, factor: int) -> None:
    later = case.known_at + delay
    versions = tuple(
        replace(each, value=each.value * factor, recorded_at=later, rejected_at=None)
        for each in case.world.observations
    )
    rejected = tuple(replace(each, rejected_at=each.rejected_at or later) for each in case.world.observations)
    reached = tuple(replace(each, done_on=case.as_of, recorded_at=later) for each in case.world.milestones)
    changed = replace(case.world, observations=(*rejected, *versions), milestones=(*case.world.milestones, *reached))
    assert answer(case, changed) == answer(case)


@moderate
@given(case=cases)
def test_the_order_of_recording_rows_does_not_matter(case: Case) -> None:
    turned = replace(case.world, observations=case.world.observations[::-1], milestones=case.world.milestones[::-1])
    assert answer(case, turned) == answer(case)


@moderate
@given(case=cases, unit=st.sampled_from(sorted(YUAN)))
def test_the_unit_in_which_money_is_entered_does_not_matter(case: Case, unit: str) -> None:
    in_unit = tuple(
        replace(each, value=each.value * int(YUAN[each.unit]) / int(YUAN[unit]), unit=unit)
        if each.unit in YUAN
        else each
        for each in case.world.observations
    )
    assert answer(case, replace(case.world, observations=in_unit)) == answer(case)


@moderate
@given(case=cases)
def test_done_says_that_the_printed_value_meets_the_printed_goal(case: Case) -> None:
    found = answer(case)
    if found.light is Light.DONE and isinstance(found.actual, Decimal):
        assert meets(case.target, found.actual, case.target.goal)
    elif found.light is Light.DONE:
        assert isinstance(found.actual, date)
        assert found.actual <= case.as_of


@moderate
@given(case=cases)
def test_a_lag_and_a_negative_gap_go_together(case: Case) -> None:
    found = answer(case)
    if found.lag_pp:
        assert found.gap is not None
        assert (found.lag_pp > 0) == (found.gap < 0)


@moderate
@given(case=cases)
def test_green_is_never_behind_by_a_printed_lag_but_for_the_open_band_of_yinchuan(case: Case) -> None:
    found = answer(case)
    if found.light is Light.GREEN and found.lag_pp is not None:
        assert found.lag_pp <= 0 or (case.target.policy.code == "yinchuan-2025" and found.lag_pp < 10)


@moderate
@given(case=cases)
def test_grey_gives_no_numbers(case: Case) -> None:
    found = answer(case)
    if found.light is Light.GREY:
        assert (found.actual, found.scheduled, found.gap, found.lag_pp, found.completion) == (None,) * 5


@moderate
@given(case=cases)
def test_the_coverage_date_lies_after_the_start_and_not_after_as_of(case: Case) -> None:
    found = answer(case)
    if found.coverage_date is not None:
        last = case.as_of if case.target.measure in (Measure.CUMULATIVE, Measure.MILESTONE) else case.target.goal_day
        assert case.target.start < found.coverage_date <= min(case.as_of, last)


STOCK = World({"stock": Indicator("stock", "亿元", 2, Accumulation.STOCK)})


def road(trajectory: Trajectory, values: list[int], baseline: int) -> Target:
    checkpoints = tuple(Checkpoint(date(2017 + n, 12, 31), Decimal(value)) for n, value in enumerate(values))
    series = Series("stock", "plan")
    return Target(
        "X",
        Measure.LEVEL,
        checkpoints,
        date(2016, 12, 31),
        STANDARD,
        series,
        baseline=Decimal(baseline),
        trajectory=trajectory,
    )


roads = st.lists(st.integers(1, 10**6), min_size=2, max_size=4).map(sorted)


@moderate
@given(values=roads, trajectory=st.sampled_from([Trajectory.LINEAR, Trajectory.COMPOUND, Trajectory.HOLD]))
def test_a_rising_schedule_never_falls_and_meets_every_checkpoint(values: list[int], trajectory: Trajectory) -> None:
    target = road(trajectory, values[1:], values[0])
    known = KnownSeries(STOCK, Series("stock", "plan"), all_cases()[0].known_at)
    months = list(periods(Frequency.MONTH, after=target.start, until=target.goal_day))
    due = [round_half_away(scheduled(target, known, month), 2) for month in months]
    assert due == sorted(due)
    at_checkpoints = [scheduled(target, known, Period(Frequency.MONTH, each.day)) for each in target.checkpoints]
    assert [round_half_away(value, 2) for value in at_checkpoints] == [each.value for each in target.checkpoints]


@given(value=st.fractions(), places=st.integers(0, 4))
def test_rounding_half_away_is_the_same_on_both_sides_of_zero(value: Fraction, places: int) -> None:
    assert round_half_away(-value, places) == round_half_away(value, places).copy_negate()


@given(value=st.fractions(-1, 1), places=st.integers(0, 4))
def test_there_is_no_negative_zero(value: Fraction, places: int) -> None:
    rounded = round_half_away(value, places)
    assert rounded.is_signed() == (rounded < 0)


@given(value=st.fractions(), places=st.integers(0, 4))
def test_rounding_down_is_never_above_the_value(value: Fraction, places: int) -> None:
    assert 0 <= value - Fraction(round_down(value, places)) < Fraction(1, 10**places)


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), frequency=st.sampled_from(Frequency))
def test_a_period_reads_back_from_its_name(day: date, frequency: Frequency) -> None:
    following = next(periods(frequency, after=day, until=day + timedelta(days=400)))
    assert Period.parse(f"{following}") == following

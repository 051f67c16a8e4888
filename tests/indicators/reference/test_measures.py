"""Each measure, trajectory and rule of judgement against sums done with a pocket calculator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.indicators.reference import (
    STANDARD,
    Accumulation,
    Answer,
    Checkpoint,
    ClockStop,
    Direction,
    Frequency,
    Indicator,
    Light,
    Measure,
    MilestoneReport,
    Observation,
    Operator,
    Period,
    Reason,
    Series,
    Target,
    Trajectory,
    World,
    evaluate,
)

pytestmark = pytest.mark.untraced

SERIES = Series("figure", "plan")
LATE = datetime(2021, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
START, MIDDLE, END = date(2016, 12, 31), date(2018, 6, 30), date(2019, 12, 31)


PLAIN = Indicator("figure", "亿元", 2, Accumulation.STOCK, never_published=frozenset({1}))


def world(accumulation: Accumulation, figures: Mapping[str, object], like: Indicator = PLAIN) -> World:
    """Figures by period, each a value or a (value, comparable base), all known in good time."""
    reports = []
    for name, figure in figures.items():
        period = Period.parse(name)
        value, base = figure if isinstance(figure, tuple) else (figure, None)
        recorded_at = datetime.combine(period.report_due(12), datetime.min.time(), LATE.tzinfo)
        given = None if base is None else Decimal(str(base))
        reports.append(Observation(SERIES, period, Decimal(str(value)), "亿元", recorded_at, given))
    return World({"figure": replace(like, accumulation=accumulation)}, tuple(reports))


def target(measure: Measure, goal: int, trajectory: Trajectory = Trajectory.LINEAR, baseline: int | None = 0) -> Target:
    """From the end of 2016 to the end of 2019."""
    return Target(
        "X",
        measure,
        (Checkpoint(END, Decimal(goal)),),
        START,
        STANDARD,
        SERIES,
        baseline=None if baseline is None else Decimal(baseline),
        trajectory=trajectory,
    )


def answer(known: World, asked: Target, as_of: date = MIDDLE) -> Answer:
    return evaluate(known, asked, as_of, LATE)


def months(year: int, *values: object, first: int = 1) -> dict[str, object]:
    return {f"{year}-{month:02}": value for month, value in enumerate(values, start=first)}


def test_annual_of_a_ytd_series_is_the_trailing_year() -> None:
    known = world(Accumulation.YTD, {"2017-06": 40, "2017-12": 100, "2018-06": 55})
    assert answer(known, target(Measure.ANNUAL, 200)).actual == Decimal("115.00")


def test_annual_of_a_ytd_series_at_the_years_end_needs_that_figure_alone() -> None:
    known = world(Accumulation.YTD, {"2017-12": 100})
    assert answer(known, target(Measure.ANNUAL, 200), date(2017, 12, 31)).actual == Decimal("100.00")


def test_annual_of_a_flow_sums_twelve_months_of_which_january_is_in_february() -> None:
    known = world(Accumulation.FLOW, months(2017, *[10] * 11, first=2) | months(2018, *[20] * 5, first=2))
    assert answer(known, target(Measure.ANNUAL, 200)).actual == Decimal("160.00")


def test_annual_without_the_months_a_year_before_is_incomplete() -> None:
    known = world(Accumulation.YTD, {"2017-12": 100, "2018-06": 55})
    found = answer(known, target(Measure.ANNUAL, 200))
    assert (found.reason, found.coverage_date, found.actual) == (Reason.INCOMPLETE, MIDDLE, None)


@pytest.mark.parametrize(
    ("figures", "growth"),
    [({"2017-06": 40, "2018-06": 50}, "25.00"), ({"2017-06": 40, "2018-06": (50, 45)}, "11.11")],
)
def test_growth_from_levels_takes_the_comparable_base_where_given(figures: dict[str, object], growth: str) -> None:
    known = world(Accumulation.YTD, figures)
    assert answer(known, target(Measure.GROWTH, 20, Trajectory.HOLD, baseline=None)).actual == Decimal(growth)


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"2018-06": 50}, Reason.INCOMPLETE),
        ({"2017-06": 0, "2018-06": 50}, Reason.ZERO_BASE),
        ({"2017-06": 40, "2018-06": 50}, Reason.SCOPE_BREAK),
        ({"2017-06": 40, "2018-06": (50, 45)}, None),
    ],
)
def test_growth_across_a_scope_break_needs_the_comparable_base(figures: dict[str, object], reason: Reason) -> None:
    known = world(Accumulation.YTD, figures, replace(PLAIN, scope_breaks=(date(2017, 3, 1),)))
    assert answer(known, target(Measure.GROWTH, 20, Trajectory.HOLD, baseline=None)).reason == reason


def test_mean_growth_is_geometric() -> None:
    known = world(Accumulation.RATE, {"2017-12": 44, "2018-06": 0})
    assert answer(known, target(Measure.MEAN_GROWTH, 15, Trajectory.HOLD, baseline=None)).actual == Decimal("20.00")


def test_a_multiple_on_published_growth_is_compared_with_the_end_of_its_year() -> None:
    known = world(Accumulation.RATE, {"2017-12": 20, "2018-06": 30})
    found = answer(known, target(Measure.MULTIPLE, 8, Trajectory.COMPOUND, baseline=1))
    assert (found.actual, found.scheduled, found.coverage_date) == (Decimal("1.560"), Decimal("4.000"), MIDDLE)


def test_a_multiple_on_levels_is_compared_at_the_coverage_date() -> None:
    known = world(Accumulation.YTD, {"2016-12": 80, "2017-06": 40, "2017-12": 100, "2018-06": 60})
    found = answer(known, target(Measure.MULTIPLE, 2, baseline=1))
    assert (found.actual, found.scheduled) == (Decimal("1.500"), Decimal("1.499"))


def test_a_multiple_of_a_stock_starts_at_one_whatever_its_baseline() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 60})
    found = answer(known, target(Measure.MULTIPLE, 2, baseline=40))
    assert (found.actual, found.scheduled, found.completion) == (Decimal("1.500"), Decimal("1.499"), Decimal("50.00"))


@pytest.mark.parametrize(
    ("accumulation", "figures", "baseline", "total"),
    [
        (Accumulation.FLOW, months(2017, *[1] * 12) | months(2018, *[2] * 6), 0, "24.00"),
        (Accumulation.YTD, {"2017-12": 12, "2018-06": 7}, 0, "19.00"),
        (Accumulation.STOCK, {"2018-06": 60}, 40, "20.00"),
        (Accumulation.CUMULATIVE, {"2018-06": 33}, 0, "33.00"),
    ],
)
def test_cumulative_is_what_came_since_the_start(
    accumulation: Accumulation, figures: dict[str, object], baseline: int, total: str
) -> None:
    found = answer(world(accumulation, figures), target(Measure.CUMULATIVE, 100, baseline=baseline))
    assert (found.actual, found.completion) == (Decimal(total), Decimal(total))


def test_growth_from_a_flow_sums_the_year_to_date_of_both_years() -> None:
    known = world(Accumulation.FLOW, months(2017, *[10] * 12) | months(2018, *[11, 12, 13, 14, 15, 16]))
    assert answer(known, target(Measure.GROWTH, 20, Trajectory.HOLD, None)).actual == Decimal("35.00")


def test_growth_of_a_stock_is_taken_over_its_level_a_year_before() -> None:
    known = world(Accumulation.STOCK, {"2017-06": 40, "2018-06": 50})
    assert answer(known, target(Measure.GROWTH, 20, Trajectory.HOLD, None)).actual == Decimal("25.00")


def test_a_measure_that_cannot_be_taken_of_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="annual cannot be taken of a rate series"):
        answer(world(Accumulation.RATE, {"2018-06": 1}), target(Measure.ANNUAL, 2))


def test_known_at_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        evaluate(World({}), target(Measure.ANNUAL, 2), MIDDLE, LATE.replace(tzinfo=None))


def test_a_baseline_that_is_needed_and_not_stated_leaves_the_answer_incomplete() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 50})
    assert answer(known, target(Measure.LEVEL, 20, baseline=None)).reason is Reason.INCOMPLETE


def test_a_cumulative_seasonal_adds_its_years() -> None:
    """2017 brought 40 of 100, and half of that by June; 2018 is to bring 60."""
    figures = {"2017-06": 20, "2017-12": 40, "2018-06": 55}
    checkpoints = (Checkpoint(date(2017, 12, 31), Decimal(40)), Checkpoint(date(2018, 12, 31), Decimal(100)))
    asked = replace(target(Measure.CUMULATIVE, 0, Trajectory.SEASONAL), checkpoints=checkpoints)
    assert answer(world(Accumulation.YTD, figures), asked).scheduled == Decimal("70.00")


def test_a_stock_has_no_season() -> None:
    with pytest.raises(ValueError, match="stock series has no year's volume"):
        answer(world(Accumulation.STOCK, {"2018-06": 1}), target(Measure.LEVEL, 2, Trajectory.SEASONAL))


def test_a_compound_schedule_cannot_start_at_zero() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 50})
    assert answer(known, target(Measure.LEVEL, 20, Trajectory.COMPOUND)).reason is Reason.ZERO_BASE


def test_days_behind_of_a_compound_schedule() -> None:
    """Doubling in 1095 days reaches the root of two, 1.41421…, after half of them."""
    known = world(Accumulation.STOCK, {"2018-12": "141.42"})
    found = answer(known, target(Measure.LEVEL, 200, Trajectory.COMPOUND, 100), date(2018, 12, 31))
    assert found.days_behind == 730 - 547


def test_seasonal_spreads_the_year_as_the_last_one_was() -> None:
    known = world(Accumulation.YTD, {"2017-06": 30, "2017-12": 100, "2018-06": 55})
    found = answer(known, target(Measure.LEVEL, 150, Trajectory.SEASONAL))
    assert found.scheduled == Decimal("45.00")


@pytest.mark.parametrize(("planned", "reason"), [(MIDDLE, None), (date(2018, 5, 31), Reason.INCOMPLETE)])
def test_a_schedule_states_the_value_of_the_very_period(planned: date, reason: Reason | None) -> None:
    known = world(Accumulation.YTD, {"2018-06": 55})
    asked = replace(target(Measure.LEVEL, 150, Trajectory.SCHEDULE), schedule=(Checkpoint(planned, Decimal(50)),))
    assert answer(known, asked).reason == reason


def test_hold_takes_the_checkpoint_in_force() -> None:
    known = world(Accumulation.RATE, {"2018-06": 27})
    checkpoints = tuple(Checkpoint(date(year, 12, 31), Decimal(year - 1990)) for year in (2017, 2018, 2019))
    found = answer(known, replace(target(Measure.GROWTH, 0, Trajectory.HOLD, baseline=None), checkpoints=checkpoints))
    assert (found.scheduled, found.goal, found.lag_pp) == (Decimal("28.00"), "29", Decimal("1.00"))


def test_the_days_of_a_clock_stop_leave_the_schedule() -> None:
    known = world(Accumulation.CUMULATIVE, {"2018-06": 33})
    stopped = replace(target(Measure.CUMULATIVE, 1000), clock_stops=(ClockStop(date(2018, 1, 1), date(2018, 6, 30)),))
    assert answer(known, stopped).scheduled == Decimal("399.34")  # 1000 * 365 / (1095 - 181)


def test_less_than_scheduled_is_ahead_where_less_is_better() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 80}, replace(PLAIN, direction=Direction.DECREASE))
    found = answer(known, replace(target(Measure.LEVEL, 70, baseline=100), operator=Operator.AT_MOST))
    assert (found.gap, found.lag_pp, found.light) == (Decimal("5.04"), Decimal("-16.80"), Light.GREEN)


def test_a_goal_at_the_baseline_is_judged_without_a_baseline() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 95})
    found = answer(known, target(Measure.LEVEL, 100, baseline=100))
    assert (found.completion, found.lag_pp, found.light) == (None, Decimal("5.00"), Light.YELLOW)


def test_an_equality_without_a_tolerance_is_not_assessable() -> None:
    known = world(Accumulation.STOCK, {"2018-06": 95})
    found = answer(known, replace(target(Measure.LEVEL, 100), operator=Operator.EQUAL))
    assert (found.light, found.reason, found.actual) == (Light.GREY, Reason.TOLERANCE_MISSING, None)


@pytest.mark.parametrize(("value", "light"), [(98, Light.DONE), (102, Light.DONE), (103, Light.RED)])
def test_an_equality_is_met_within_its_tolerance(value: int, light: Light) -> None:
    known = world(Accumulation.STOCK, {"2019-12": value})
    asked = replace(target(Measure.LEVEL, 100), operator=Operator.EQUAL, tolerance=Decimal(2))
    assert answer(known, asked, END).light == light


def test_days_behind_counts_from_the_day_on_which_the_value_was_due() -> None:
    known = world(Accumulation.CUMULATIVE, {"2018-06": "446"})
    assert answer(known, target(Measure.CUMULATIVE, 1095)).days_behind == 100


@pytest.mark.parametrize(
    ("reported", "as_of", "light", "reason"),
    [
        ({}, START, Light.GREY, Reason.NOT_STARTED),
        ({}, date(2017, 2, 1), Light.GREY, Reason.NO_DATA),
        ({}, date(2017, 3, 31), Light.YELLOW, Reason.REPORT_OVERDUE),
        ({"2018-04": 90}, MIDDLE, Light.YELLOW, Reason.REPORT_OVERDUE),
        ({"2018-04": 1}, MIDDLE, Light.RED, Reason.REPORT_OVERDUE),
        ({"2018-05": 90}, MIDDLE, Light.GREEN, None),
        ({"2019-11": 96}, END, Light.YELLOW, Reason.FINAL_REPORT_MISSING),
        ({"2019-12": 99}, END, Light.RED, None),
        ({"2018-05": 100}, MIDDLE, Light.DONE, None),
        ({"2020-02": 100}, date(2020, 3, 1), Light.DONE, None),
    ],
)
def test_the_order_of_judgement(reported: dict[str, object], as_of: date, light: Light, reason: Reason | None) -> None:
    found = answer(world(Accumulation.CUMULATIVE, reported), target(Measure.CUMULATIVE, 100), as_of)
    assert (found.light, found.reason) == (light, reason)


@pytest.mark.parametrize(("hour", "overdue"), [(0, 0), (24, 1)])
def test_a_report_is_overdue_from_the_day_after_its_due_day(hour: int, overdue: int) -> None:
    known_at = datetime(2018, 7, 12, tzinfo=LATE.tzinfo) + timedelta(hours=hour)
    known = world(Accumulation.CUMULATIVE, {"2018-05": 30})
    assert evaluate(known, target(Measure.CUMULATIVE, 100), MIDDLE, known_at).overdue_reports == overdue


@pytest.mark.parametrize(
    ("as_of", "light", "gap"),
    [
        (START, Light.GREY, None),
        (END - timedelta(days=31), Light.GREEN, None),
        (END - timedelta(days=30), Light.YELLOW, None),
        (END, Light.YELLOW, None),
        (END + timedelta(days=1), Light.RED, Decimal(-1)),
        (END + timedelta(days=9), Light.RED, Decimal(-9)),
        (END + timedelta(days=10), Light.DONE, Decimal(-10)),
    ],
)
def test_a_milestone_reached_ten_days_late(as_of: date, light: Light, gap: Decimal | None) -> None:
    reached = MilestoneReport("X", END + timedelta(days=10), LATE - timedelta(days=100))
    found = answer(World({}, milestones=(reached,)), replace(target(Measure.MILESTONE, 1), series=None), as_of)
    assert (found.light, found.gap) == (light, gap)


def test_a_rejected_figure_counts_until_its_rejection() -> None:
    known = world(Accumulation.CUMULATIVE, {"2018-05": 30, "2018-06": 40})
    rejected = replace(known.observations[1], rejected_at=datetime(2018, 7, 20, tzinfo=LATE.tzinfo))
    known = replace(known, observations=(known.observations[0], rejected))
    asked = target(Measure.CUMULATIVE, 100)
    before, after = (evaluate(known, asked, MIDDLE, datetime(2018, 7, day, tzinfo=LATE.tzinfo)) for day in (19, 20))
    assert (before.actual, after.actual) == (Decimal("40.00"), Decimal("30.00"))


def test_a_quarterly_series_is_due_in_the_month_after_the_quarter() -> None:
    known = world(
        Accumulation.CUMULATIVE,
        {"2017-Q4": 30},
        replace(PLAIN, frequency=Frequency.QUARTER, never_published=frozenset()),
    )
    found = answer(known, target(Measure.CUMULATIVE, 100), date(2018, 9, 29))
    assert (found.coverage_date, found.overdue_reports) == (date(2017, 12, 31), 2)

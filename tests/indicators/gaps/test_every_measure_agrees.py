"""Beyond the 65 targets: every measure on every accumulation it goes with, on every trajectory, against the reference."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import asyncpg
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.indicators.gaps.store import Question, evaluate
from tests.databases import fresh_database
from tests.indicators.gaps.loading import PLAN, REGION, load
from tests.indicators.gaps.test_engine_agrees_with_reference import differences
from tests.indicators.reference.evaluate import evaluate as by_reference
from tests.indicators.reference.histories import ZONE
from tests.indicators.reference.model import (
    Accumulation,
    Checkpoint,
    ClockStop,
    Direction,
    Indicator,
    Measure,
    Observation,
    Operator,
    Reason,
    Series,
    Target,
    Trajectory,
    World,
)
from tests.indicators.reference.periods import Frequency, Period, periods
from tests.indicators.reference.policies import STANDARD, YINCHUAN_2025

pytestmark = pytest.mark.untraced

SEED, CASES = "2017-05-02", 600
A = Accumulation
GOES_WITH = {
    Measure.LEVEL: (A.FLOW, A.YTD, A.STOCK, A.CUMULATIVE, A.RATE),
    Measure.ANNUAL: (A.FLOW, A.YTD),
    Measure.GROWTH: (A.FLOW, A.YTD, A.STOCK, A.RATE),
    Measure.MEAN_GROWTH: (A.FLOW, A.YTD, A.STOCK, A.RATE),
    Measure.MULTIPLE: (A.FLOW, A.YTD, A.STOCK, A.RATE),
    Measure.CUMULATIVE: (A.FLOW, A.YTD, A.STOCK, A.CUMULATIVE),
}
SEASONAL = (Measure.LEVEL, Measure.ANNUAL, Measure.CUMULATIVE)
KINDS = [
    (measure, accumulation, trajectory)
    for measure, accumulations in GOES_WITH.items()
    for accumulation in accumulations
    for trajectory in Trajectory
    if trajectory is not Trajectory.SEASONAL or (measure in SEASONAL and accumulation in (A.FLOW, A.YTD))
]
QUESTIONS = [
    (date(2017, 1, 31), datetime(2017, 3, 1, tzinfo=ZONE)),
    (date(2018, 2, 28), datetime(2018, 3, 20, tzinfo=ZONE)),
    (date(2018, 8, 15), datetime(2018, 9, 13, tzinfo=ZONE)),
    (date(2019, 6, 30), datetime(2018, 12, 13, tzinfo=ZONE)),
    (date(2019, 12, 31), datetime(2020, 1, 31, tzinfo=ZONE)),
]


@dataclass(frozen=True)
class Drawn:
    """One target with its indicator and figures."""

    indicator: Indicator
    target: Target
    figures: tuple[Observation, ...]


def draw(dice: Random, number: int) -> Drawn:
    measure, accumulation, trajectory = KINDS[number % len(KINDS)]
    frequency = dice.choice([Frequency.MONTH] * 4 + [Frequency.QUARTER, Frequency.HALF, Frequency.YEAR])
    chained = measure in (Measure.MULTIPLE, Measure.MEAN_GROWTH) or accumulation is A.YTD
    ends = [date(2016, 12, 31)] * 4 + [date(2017, 12, 31), date(2015, 12, 31)]
    start = dice.choice(ends if chained or frequency is not Frequency.MONTH else [*ends, date(2017, 4, 30)])
    indicator = Indicator(
        f"x{number:04}",
        "亿元",
        dice.choice([0, 1, 2]),
        accumulation,
        whole=dice.random() < 0.25,
        direction=dice.choice([Direction.INCREASE, Direction.INCREASE, Direction.DECREASE, Direction.MAINTAIN]),
        frequency=frequency,
        never_published=frozenset({1}) if frequency is Frequency.MONTH and dice.random() < 0.4 else frozenset(),
        scope_breaks=tuple(sorted({date(dice.choice([2016, 2017, 2018]), dice.choice([1, 4, 7]), 1) for _ in range(2)}))
        if dice.random() < 0.15
        else (),
    )
    # The mean of growth below -100 % is not defined.
    lowest = -10 if measure is not Measure.MEAN_GROWTH and dice.random() < 0.1 else 1
    target = _target(dice, number, indicator, (measure, trajectory), start)
    return Drawn(indicator, target, _figures(dice, indicator, lowest))


def _number(dice: Random, low: int, high: int) -> Decimal:
    return Decimal(dice.randint(low * 100, high * 100)) / 100


def _target(dice: Random, number: int, indicator: Indicator, kind: tuple[Measure, Trajectory], start: date) -> Target:
    measure, trajectory = kind
    low, high = {Measure.MULTIPLE: (1, 3), Measure.GROWTH: (-5, 40), Measure.MEAN_GROWTH: (-5, 40)}.get(
        measure, (5, 900)
    )
    days = dice.choice([[date(2019, 12, 31)], [date(2018, 12, 31), date(2019, 12, 31)], [date(2019, 6, 30)]])
    goals = sorted((_number(dice, low, high) for _ in days), reverse=indicator.direction is Direction.DECREASE)
    first = dice.choice([date(2017, 3, 1), date(2018, 6, 10)])
    stops = (
        ClockStop(first, first + timedelta(days=40)),
        ClockStop(first + timedelta(days=20), first + timedelta(days=60)),
    )
    operator = dice.choice([Operator.AT_LEAST] * 3 + [Operator.AT_MOST, Operator.ABOVE, Operator.BELOW, Operator.EQUAL])
    return Target(
        f"X{number:04}",
        measure,
        tuple(Checkpoint(day, goal) for day, goal in zip(days, goals, strict=True)),
        start,
        dice.choice([STANDARD, YINCHUAN_2025]),
        Series(indicator.code, f"project:{indicator.code}"),
        operator=operator,
        tolerance=_number(dice, 1, 5) if operator is Operator.EQUAL and dice.random() < 0.8 else None,
        baseline=None if dice.random() < 0.15 else dice.choice([Decimal(1), Decimal(0), _number(dice, low, high)]),
        trajectory=trajectory,
        schedule=tuple(
            Checkpoint(each.end, _number(dice, low, high))
            for each in periods(indicator.frequency, after=start, until=days[-1])
            if dice.random() < 0.9
        )
        if trajectory is Trajectory.SCHEDULE
        else (),
        clock_stops=stops if dice.random() < 0.3 else (),
    )


def _figures(dice: Random, indicator: Indicator, lowest: int) -> tuple[Observation, ...]:
    gaps, bases = dice.choice([0.0, 0.0, 0.05]), dice.choice([0.0, 0.5, 1.0])
    figures: list[Observation] = []
    so_far, year = Decimal(0), 0
    for period in periods(indicator.frequency, after=date(2014, 12, 31), until=date(2019, 12, 31)):
        volume = _number(dice, lowest, 60)
        so_far, year = (so_far if year == period.year else Decimal(0)) + volume, period.year
        value = {A.YTD: so_far, A.CUMULATIVE: so_far + 100 * (year - 2014), A.RATE: volume - 10}.get(
            indicator.accumulation, volume
        )
        hidden = period.end.month in indicator.never_published and dice.random() < 0.9
        if hidden or dice.random() < gaps:
            continue
        figures += _versions(dice, indicator, period, value, _number(dice, 1, 300) if dice.random() < bases else None)
    return tuple(figures)


def _versions(
    dice: Random, indicator: Indicator, period: Period, value: Decimal, base: Decimal | None
) -> list[Observation]:
    at = datetime(period.end.year, period.end.month, period.end.day, 10, tzinfo=ZONE) + timedelta(days=11)
    rejected = at + timedelta(days=dice.randint(0, 40)) if dice.random() < 0.04 else None
    series = Series(indicator.code, f"project:{indicator.code}")
    versions = [Observation(series, period, value, indicator.unit, at, base, rejected)]
    if dice.random() < 0.06:
        versions.append(Observation(series, period, value + 1, indicator.unit, at + timedelta(days=25), base))
    return versions


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    return [draw(Random(f"{SEED}/{number}"), number) for number in range(CASES)]  # noqa: S311 - cases, no secrets


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(
    postgres_server: PostgresServer, template_database: str, drawn: list[Drawn]
) -> AsyncIterator[asyncpg.Connection]:
    world = World(
        {each.indicator.code: each.indicator for each in drawn},
        tuple(figure for each in drawn for figure in each.figures),
    )
    async with fresh_database(postgres_server, template_database) as database:
        async with database.owner() as connection:
            await load(connection, world, [each.target for each in drawn])
        connection = await asyncpg.connect(database.url("indicators"))
        try:
            yield connection
        finally:
            await connection.close()


@pytest.mark.parametrize(("as_of", "known_at"), QUESTIONS, ids=[str(day) for day, _ in QUESTIONS])
async def test_the_statement_agrees(
    loaded: asyncpg.Connection, drawn: list[Drawn], as_of: date, known_at: datetime
) -> None:
    rows = {row["target"]: row for row in await evaluate(loaded, Question(REGION, as_of, known_at, PLAN))}
    wrong = {}
    for each in drawn:
        world = World({each.indicator.code: each.indicator}, each.figures)
        expected = by_reference(world, each.target, as_of, known_at)
        if different := differences(expected, rows[each.target.code]):
            wrong[each.target.code] = different
    assert wrong == {}


def test_every_kind_is_computed_and_every_reason_comes_up(drawn: list[Drawn]) -> None:
    computed: Counter[tuple[Measure, Accumulation, Trajectory | None]] = Counter()
    reasons: Counter[Reason] = Counter()
    for each in drawn:
        world = World({each.indicator.code: each.indicator}, each.figures)
        for as_of, known_at in QUESTIONS:
            answer = by_reference(world, each.target, as_of, known_at)
            if answer.reason is not None:
                reasons[answer.reason] += 1
            if answer.scheduled is not None:
                computed[each.target.measure, each.indicator.accumulation, each.target.trajectory] += 1
    assert set(KINDS) - set(computed) == set()
    assert set(Reason) - set(reasons) == set()

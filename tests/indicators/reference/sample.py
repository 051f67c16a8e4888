"""The Xiaoshan plan 2017-2019, its 65 targets written out by hand, and readers of its reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tests.indicators.reference.evaluate import evaluate
from tests.indicators.reference.model import (
    Accumulation,
    Answer,
    Checkpoint,
    Indicator,
    Measure,
    MilestoneReport,
    Observation,
    Operator,
    Series,
    Target,
    Trajectory,
    World,
)
from tests.indicators.reference.periods import Period
from tests.indicators.reference.policies import STANDARD, YINCHUAN_2025

JANUARY = frozenset({1})
PLAN_START = date(2016, 12, 31)
END_2017, END_2018, END_2019 = date(2017, 12, 31), date(2018, 12, 31), date(2019, 12, 31)


def _ytd(code: str) -> Indicator:
    return Indicator(code, "亿元", 2, Accumulation.YTD, never_published=JANUARY)


def _count(code: str, unit: str) -> Indicator:
    return Indicator(code, unit, 0, Accumulation.CUMULATIVE, whole=True)


INDICATORS = {
    indicator.code: indicator
    for indicator in (
        Indicator("va_growth", "%", 1, Accumulation.RATE, never_published=JANUARY),
        _ytd("va"),
        _ytd("emerging_output"),
        _ytd("industrial_output"),
        _ytd("carrier_output"),
        Indicator(
            "emerging_share",
            "%",
            1,
            Accumulation.RATE,
            never_published=JANUARY,
            formula="emerging_output / industrial_output * 100",
        ),
        _count("sme_cultivated", "家"),
        _count("leading_enterprises", "家"),
        _count("carrier_enterprises", "家"),
        _count("teams_recruited", "个"),
        _count("major_projects", "个"),
        _count("port_platforms", "个"),
        _count("port_projects", "个"),
        _count("port_facilities", "个"),
        _count("tech_breakthroughs", "项"),
        Indicator("investment_done", "万元", 0, Accumulation.CUMULATIVE),
    )
}


def _doubling(code: str, subject: str) -> Target:
    """翻番 of value added by the end of 2019, on published growth."""
    return Target(
        code,
        Measure.MULTIPLE,
        (Checkpoint(END_2019, Decimal(2)),),
        PLAN_START,
        STANDARD,
        Series("va_growth", subject),
        baseline=Decimal(1),
        trajectory=Trajectory.COMPOUND,
    )


def _counted(code: str, indicator: str, subject: str, goal: int, *, upper: int | None = None) -> Target:
    """So many by the end of 2019, none at the start."""
    return Target(
        code,
        Measure.CUMULATIVE,
        (Checkpoint(END_2019, Decimal(goal)),),
        PLAN_START,
        STANDARD,
        Series(indicator, subject),
        operator=Operator.AT_LEAST if upper is None else Operator.BETWEEN,
        upper=None if upper is None else Decimal(upper),
        baseline=Decimal(0),
        trajectory=Trajectory.LINEAR,
    )


def _growth(code: str, subject: str, percent: int, *years: date, start: date = PLAN_START) -> Target:
    """Growth of value added due in full in every month of each of the years."""
    checkpoints = tuple(Checkpoint(day, Decimal(percent)) for day in years)
    series = Series("va_growth", subject)
    return Target(code, Measure.GROWTH, checkpoints, start, STANDARD, series, trajectory=Trajectory.HOLD)


def _mean_growth(code: str, subject: str, percent: int) -> Target:
    """年均增长 of value added over 2017 to 2019."""
    return Target(
        code,
        Measure.MEAN_GROWTH,
        (Checkpoint(END_2019, Decimal(percent)),),
        PLAN_START,
        STANDARD,
        Series("va_growth", subject),
        trajectory=Trajectory.HOLD,
    )


def _milestone(code: str, due: date) -> Target:
    return Target(code, Measure.MILESTONE, (Checkpoint(due, Decimal(1)),), PLAN_START, STANDARD)


def _rising(code: str, measure: Measure, series: Series, goal: str, baseline: str) -> Target:
    """From a baseline to a goal at the end of 2019, day by day."""
    return Target(
        code,
        measure,
        (Checkpoint(END_2019, Decimal(goal)),),
        PLAN_START,
        STANDARD,
        series,
        baseline=Decimal(baseline),
        trajectory=Trajectory.LINEAR,
    )


def _project(number: int, total: int, last_year: int) -> Target:
    """Total investment in 万元 by the end of the project's last year."""
    return Target(
        f"P{number:02}",
        Measure.CUMULATIVE,
        (Checkpoint(date(last_year, 12, 31), Decimal(total)),),
        PLAN_START,
        YINCHUAN_2025,
        Series("investment_done", f"project:P{number:02}"),
        baseline=Decimal(0),
        trajectory=Trajectory.LINEAR,
    )


INFORMATION, EQUIPMENT, NEV = "industry:information", "industry:equipment", "industry:nev"
BIO, FIBER = "industry:bio", "industry:fiber"
PORT, XIANGHU, YIQIAO = "carrier:info-port", "carrier:xianghu-additive", "carrier:yiqiao-intelligent"

PROJECTS = (
    (30_000, 2018),
    (31_000, 2018),
    (19_000, 2018),
    (30_000, 2019),
    (30_000, 2017),
    (50_000, 2018),
    (9_000, 2017),
    (20_000, 2017),
    (8_000, 2018),
    (180_000, 2019),
    (290_000, 2019),
    (60_800, 2018),
    (120_000, 2019),
    (55_000, 2018),
    (6_000_000, 2019),
    (82_000, 2018),
    (15_000, 2018),
    (59_000, 2018),
    (18_000, 2017),
    (900_000, 2017),
    (9_000, 2017),
    (35_000, 2019),
    (36_000, 2018),
    (20_000, 2018),
    (52_000, 2018),
    (6_500, 2018),
    (5_000, 2018),
    (3_000, 2018),
    (3_000, 2019),
    (600_000, 2019),
)
"""Planned total investment in 万元 and last year, in the order of annex 2."""

TARGETS = (
    _doubling("T01", "plan"),
    _rising("T02", Measure.LEVEL, Series("emerging_share", "plan"), "30", "21.0"),
    _counted("T03", "sme_cultivated", "plan", 1000),
    _counted("T04", "teams_recruited", "plan", 100),
    _counted("T05", "tech_breakthroughs", "plan", 500),
    _counted("T06", "major_projects", "plan", 50),
    _growth("T07", INFORMATION, 20, END_2017),
    _growth("T08", INFORMATION, 30, END_2018, start=END_2017),
    _growth("T09", INFORMATION, 30, END_2019, start=END_2018),
    _doubling("T10", INFORMATION),
    _counted("T11", "leading_enterprises", INFORMATION, 4),
    _counted("T12", "port_platforms", PORT, 4),
    _counted("T13", "port_projects", PORT, 8),
    _counted("T14", "port_facilities", PORT, 5),
    _mean_growth("T15", EQUIPMENT, 15),
    _counted("T16", "leading_enterprises", EQUIPMENT, 5),
    _milestone("T17", END_2018),
    _counted("T18", "carrier_enterprises", XIANGHU, 50),
    _rising("T19", Measure.ANNUAL, Series("carrier_output", XIANGHU), "50", "18.20"),
    _milestone("T20", END_2019),
    _milestone("T21", END_2017),
    _counted("T22", "carrier_enterprises", YIQIAO, 20),
    _growth("T23", NEV, 25, END_2017, END_2018, END_2019),
    _doubling("T24", NEV),
    _counted("T25", "leading_enterprises", NEV, 2),
    _milestone("T26", END_2017),
    _milestone("T27", END_2019),
    _milestone("T28", END_2019),
    _mean_growth("T29", BIO, 15),
    _counted("T30", "leading_enterprises", BIO, 1, upper=2),
    _milestone("T31", END_2019),
    _mean_growth("T32", FIBER, 10),
    _counted("T33", "leading_enterprises", FIBER, 3),
    _milestone("T34", END_2017),
    _milestone("T35", END_2019),
    *(_project(number, total, last_year) for number, (total, last_year) in enumerate(PROJECTS, start=1)),
)


def read_reports(path: Path) -> tuple[Observation, ...]:
    """Rows `indicator, subject, period, value, unit, recorded_at, status, …`; a `rejected` row was so from its instant."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_observation(row) for row in csv.DictReader(lines))


def _observation(row: dict[str, str]) -> Observation:
    recorded_at = datetime.fromisoformat(row["recorded_at"])
    return Observation(
        Series(row["indicator"], row["subject"]),
        Period.parse(row["period"]),
        Decimal(row["value"]),
        row["unit"],
        recorded_at,
        rejected_at=recorded_at if row["status"] == "rejected" else None,
    )


def read_milestones(path: Path) -> tuple[MilestoneReport, ...]:
    """Rows `target, done_on, recorded_at, evidence`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            MilestoneReport(
                row["target"],
                date.fromisoformat(row["done_on"]),
                datetime.fromisoformat(row["recorded_at"]),
                row["evidence"],
            )
            for row in csv.DictReader(lines)
        )


def sample_world(reports: Path, milestones: Path) -> World:
    """All that was ever reported on the plan."""
    return World(INDICATORS, read_reports(reports), read_milestones(milestones))


def answers(world: World, as_of: date, known_at: datetime) -> tuple[Answer, ...]:
    """The 65 answers in the order of the plan."""
    return tuple(evaluate(world, target, as_of, known_at) for target in TARGETS)


def as_csv(rows: Iterable[Answer]) -> str:
    """The answers file: a header, one row a target, lines ending with a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Answer.COLUMNS)
    writer.writerows(row.row() for row in rows)
    return out.getvalue()

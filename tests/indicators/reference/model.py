"""The values that the reference speaks of, in the terms of S2, S3 and S4."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.indicators.reference.periods import Frequency, Period

if TYPE_CHECKING:
    from tests.indicators.reference.policies import Policy


class Accumulation(StrEnum):
    """S2: what one figure of a series covers."""

    FLOW = "flow"
    YTD = "ytd"
    STOCK = "stock"
    CUMULATIVE = "cumulative"
    RATE = "rate"


class Direction(StrEnum):
    """S2: which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"


class Measure(StrEnum):
    """S3: what of a series is compared with the target."""

    LEVEL = "level"
    ANNUAL = "annual"
    GROWTH = "growth"
    MEAN_GROWTH = "mean_growth"
    MULTIPLE = "multiple"
    CUMULATIVE = "cumulative"
    MILESTONE = "milestone"


class Trajectory(StrEnum):
    """S3: what is scheduled (序时目标) between checkpoints."""

    LINEAR = "linear"
    COMPOUND = "compound"
    HOLD = "hold"
    SEASONAL = "seasonal"
    SCHEDULE = "schedule"


class Operator(StrEnum):
    """S3: how the value must stand to the goal."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    EQUAL = "="
    BETWEEN = "between"


class Light(StrEnum):
    """S5: the lights (灯)."""

    GREY = "grey"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    DONE = "done"


class Reason(StrEnum):
    """S4: why a light is what it is, where the policy alone does not say it."""

    NOT_STARTED = "not_started"
    NO_DATA = "no_data"
    REPORT_OVERDUE = "report_overdue"
    INCOMPLETE = "incomplete"
    ZERO_BASE = "zero_base"
    SCOPE_BREAK = "scope_break"
    TOLERANCE_MISSING = "tolerance_missing"
    CHECKPOINT_MISSED = "checkpoint_missed"
    FINAL_REPORT_MISSING = "final_report_missing"


@dataclass(frozen=True)
class Indicator:
    """指标. `never_published` holds the calendar months in which a period ends that is never published alone."""

    code: str
    unit: str
    decimals: int
    accumulation: Accumulation
    whole: bool = False
    direction: Direction = Direction.INCREASE
    frequency: Frequency = Frequency.MONTH
    due_day: int = 12
    never_published: frozenset[int] = frozenset()
    formula: str | None = None
    scope_breaks: tuple[date, ...] = ()
    """First days of a new scope (口径调整)."""


@dataclass(frozen=True, order=True)
class Series:
    """序列: an indicator on a subject."""

    indicator: str
    subject: str


@dataclass(frozen=True)
class Observation:
    """One version of a reported figure (观测值), as entered: `value` and `base` are in `unit`."""

    series: Series
    period: Period
    value: Decimal
    unit: str
    recorded_at: datetime
    base: Decimal | None = None
    """The same period a year before on a comparable scope (上年同期, 可比口径)."""
    rejected_at: datetime | None = None


@dataclass(frozen=True)
class MilestoneReport:
    """That the state named by a milestone was reached on a day, with evidence."""

    target: str
    done_on: date
    recorded_at: datetime
    evidence: str = ""
    rejected_at: datetime | None = None


@dataclass(frozen=True)
class Checkpoint:
    """A day and the value due on it; the last of a target is its goal. A milestone's value is 1: reached."""

    day: date
    value: Decimal


@dataclass(frozen=True)
class ClockStop:
    """中止计时: an approved pause; both days belong to it."""

    first: date
    last: date


@dataclass(frozen=True)
class Target:
    """目标. `start` is the last day before the target begins; `upper` is the upper bound of `between`."""

    code: str
    measure: Measure
    checkpoints: tuple[Checkpoint, ...]
    start: date
    policy: Policy
    series: Series | None = None
    operator: Operator = Operator.AT_LEAST
    upper: Decimal | None = None
    tolerance: Decimal | None = None
    baseline: Decimal | None = None
    trajectory: Trajectory | None = None
    schedule: tuple[Checkpoint, ...] = ()
    """For the trajectory `schedule`: the value for each period's last day."""
    clock_stops: tuple[ClockStop, ...] = ()

    @property
    def goal(self) -> Decimal:
        """S3: the last checkpoint's value; the lower bound of `between`."""
        return self.checkpoints[-1].value

    @property
    def goal_day(self) -> date:
        """The day on which the goal is due."""
        return self.checkpoints[-1].day


@dataclass(frozen=True)
class World:
    """All that was ever recorded; what of it counts is a question of `known_at` (S1)."""

    indicators: dict[str, Indicator]
    observations: tuple[Observation, ...] = ()
    milestones: tuple[MilestoneReport, ...] = ()
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Answer:
    """The gap (差距) of one target at (`as_of`, `known_at`), rounded as S4 says; None is an empty cell."""

    target: str
    goal: str
    light: Light
    reason: Reason | None = None
    coverage_date: date | None = None
    actual: Decimal | date | None = None
    scheduled: Decimal | None = None
    gap: Decimal | None = None
    lag_pp: Decimal | None = None
    completion: Decimal | None = None
    attainment: Decimal | None = None
    lag_ratio: Decimal | None = None
    time_progress: Decimal | None = None
    days_behind: int | None = None
    overdue_reports: int | None = None
    missed_checkpoints: tuple[date, ...] = ()

    COLUMNS = (
        "target",
        "coverage_date",
        "actual",
        "scheduled",
        "goal",
        "gap",
        "lag_pp",
        "completion",
        "attainment",
        "light",
        "reason",
    )

    def row(self) -> tuple[str, ...]:
        """The cells of the answers file, in the order of `COLUMNS`."""
        return tuple("" if (cell := getattr(self, name)) is None else f"{cell}" for name in self.COLUMNS)

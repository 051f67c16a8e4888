"""How a plan is measured (the indicators' part): indicators, light policies, targets. Terms: sections 2, 3 and 5 of the rules."""

from typing import Literal

from pydantic import Field

from services.plan_file.scalars import (
    Code,
    Day,
    Exact,
    IndicatorCode,
    Item,
    PlanScopedCode,
    Subject,
    Text,
    UnitCode,
    YesNoOrExact,
)

UnitOfMeasure = Literal["元", "万元", "亿元", "家", "个", "项", "辆", "人", "件", "%"]
Accumulation = Literal["flow", "ytd", "stock", "cumulative", "rate", "formula"]
Direction = Literal["increase", "decrease", "maintain"]
Frequency = Literal["month", "quarter", "half", "year"]
PriceBasis = Literal["current", "comparable"]
SourceClass = Literal["statistics", "bureau", "enterprise"]
Measure = Literal["level", "annual", "growth", "mean_growth", "multiple", "cumulative", "milestone"]
Operator = Literal[">=", ">", "<=", "<", "=", "between"]
Trajectory = Literal["linear", "compound", "hold", "seasonal", "schedule"]
NumberMetric = Literal["gap", "lag_pp", "lag_ratio", "attainment", "completion", "time_progress"]
YesNoMetric = Literal["whole", "has_baseline", "at_baseline"]
Metric = Literal[NumberMetric, YesNoMetric]
Comparison = Literal["<", "<=", "=", ">=", ">"]
BandLight = Literal["green", "yellow", "red"]
Light = Literal["grey", "green", "yellow", "red", "done"]
"""What a target shows: a band's light, `done`, or `grey` where it cannot be judged."""
LightReason = Literal[
    "not_started",
    "no_data",
    "incomplete",
    "zero_base",
    "scope_break",
    "tolerance_missing",
    "report_overdue",
    "checkpoint_missed",
    "final_report_missing",
]
"""Why a light is not the policy's alone."""
Nature = Literal["binding", "indicative"]
Basis = Literal["stated", "assumed"]


class BureauOfSubject(Item):
    """The unit that reports an indicator for one subject, where it is not the indicator's own bureau."""

    subject: Subject
    bureau: UnitCode


class PlanIndicator(Item):
    """What is measured (指标)."""

    code: IndicatorCode
    name: Text
    name_en: Text | None = None
    unit_of_measure: UnitOfMeasure
    accumulation: Accumulation
    """flow of the period, ytd since 1 January, stock at its end, cumulative since the plan's start, rate, or formula."""
    formula: Text | None = None
    """For accumulation `formula`: + - * / and brackets over codes of reported indicators of the same subject."""
    roster: Code | None = None
    """Counted from this roster (名册) as of any day, nothing is reported: the items that stand (accumulation `stock`), or
    those of them that were recognised since the target's start (`cumulative`)."""
    decimals: int = Field(ge=0, le=6)
    whole: bool = False
    """Counts of things; what is scheduled is rounded down."""
    direction: Direction = "increase"
    frequency: Frequency = "month"
    due_day: int = Field(default=12, ge=1, le=28)
    """Day of the month after the period by which its report is due."""
    unpublished_months: list[int] = Field(default_factory=list)
    """Months never published: January (1) where it comes together with February."""
    price_basis: PriceBasis | None = None
    source: SourceClass
    bureau: UnitCode | None = None
    """The unit that reports it; empty for a formula and for what is counted from a roster."""
    bureau_by_subject: list[BureauOfSubject] = Field(default_factory=list)


class Condition(Item):
    """One comparison of a metric of the gap with a value; `true` and `false` only for whole, has_baseline, at_baseline."""

    metric: Metric
    op: Comparison
    value: YesNoOrExact


class Band(Item):
    """A light and all the conditions under which it is shown; without a condition it is shown always."""

    light: BandLight
    when: list[Condition] = Field(default_factory=list)
    basis: Basis = "stated"
    """`assumed`: the published rule leaves these cases open, and this is how they are read; the plan check says so."""
    note: Text | None = None


class Policy(Item):
    """Which light is shown (亮灯规则): the first band whose conditions all hold. An empty metric holds no condition."""

    code: Code
    name: Text
    name_en: Text | None = None
    bands: list[Band] = Field(min_length=1)


class Checkpoint(Item):
    """What is to be reached by the end of a day; a milestone has no value."""

    date: Day
    value: Exact | None = None


class Baseline(Item):
    """Where a target starts (基期)."""

    date: Day
    value: Exact
    basis: Basis
    confirmed_by: Text | None = None
    """For an assumed one: who confirmed it, and by what."""


class PlanTarget(Item):
    """What is promised (目标)."""

    code: PlanScopedCode
    name: Text
    name_en: Text | None = None
    subject: Subject
    indicator: IndicatorCode | None = None
    """Empty for a milestone only."""
    measure: Measure
    operator: Operator | None = None
    """Empty for a milestone only."""
    checkpoints: list[Checkpoint] = Field(min_length=1)
    """In order of date; the last is the goal. For `between` the values are the lower bound."""
    upper: Exact | None = None
    """Upper bound, for `between` only."""
    tolerance: Exact | None = None
    """Allowed deviation, for `=` only."""
    start: Day | None = None
    """The last day before the target begins; else the baseline's date, else the plan's start."""
    trajectory: Trajectory | None = None
    """Empty for a milestone only."""
    schedule: list[Checkpoint] = Field(default_factory=list)
    """Explicit scheduled values, for trajectory `schedule` only."""
    baseline: Baseline | None = None
    policy: Code | None = None
    """Empty for a milestone only."""
    state: Text | None = None
    """For a milestone: the state that counts as reached."""
    nature: Nature
    """binding 约束性, indicative 预期性 (力争)."""
    clause: Text
    phrase: Text
    """Exact substring of the published text."""

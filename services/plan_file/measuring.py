"""How a plan is measured (the indicators' part): indicators, light policies, targets. Terms: sections 2, 3 and 5 of the rules."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from services.plan_file.fields import About, Clause, Name, NameEn, Phrase
from services.plan_file.scalars import (
    Code,
    Day,
    Exact,
    IndicatorCode,
    Item,
    NotNegative,
    PlanScopedCode,
    Subject,
    Text,
    UnitCode,
    YesNoOrExact,
)

UnitOfMeasure = Literal["元", "万元", "亿元", "家", "个", "项", "辆", "人", "件", "%"]
MeasuredIn = Literal[UnitOfMeasure, "倍"]
"""What the numbers of a target are in: its indicator's unit, but for some measures."""
Accumulation = Literal["flow", "ytd", "stock", "cumulative", "rate", "formula"]
Direction = Literal["increase", "decrease", "maintain"]
Frequency = Literal["month", "quarter", "half", "year"]
PriceBasis = Literal["current", "comparable"]
SourceClass = Literal["statistics", "bureau", "enterprise"]
Measure = Literal["level", "annual", "growth", "mean_growth", "multiple", "cumulative", "milestone"]
OWN_UNITS: Final[Mapping[str, MeasuredIn]] = {"multiple": "倍", "growth": "%", "mean_growth": "%"}
"""Measures whose numbers are not in their indicator's unit: output in 亿元 doubles 倍 and grows by %."""
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
    """Subject of the series, as kind:code or `plan`."""
    bureau: UnitCode
    """Code of the unit that reports it."""


class PlanIndicator(Item):
    """What is measured (指标)."""

    code: IndicatorCode
    """Code by which targets, formulas and reports name it; without a hyphen, so that it can stand in a formula."""
    name: Name
    name_en: NameEn = None
    unit_of_measure: UnitOfMeasure
    """Unit in which its figures are kept (计量单位); those in 元, 万元 or 亿元 are converted on entry."""
    accumulation: Accumulation
    """flow of the period, ytd since 1 January, stock at its end, cumulative since the plan's start, rate, or formula."""
    formula: Text | None = None
    """For accumulation `formula`: + - * / and brackets over codes of reported indicators of the same subject."""
    roster: Code | None = None
    """Counted from this roster (名册) as of any day, nothing is reported: the items that stand (accumulation `stock`), or
    those of them that were recognised since the target's start (`cumulative`)."""
    decimals: int = Field(ge=0, le=6)
    """Decimals to which what is reached and what is scheduled are rounded, half away from zero; multiples have 3."""
    whole: bool = False
    """Counts of things; what is scheduled is rounded down."""
    direction: Direction = "increase"
    """Which way is better (指标方向): increase 正向 more, decrease 逆向 less, maintain 保持 neither."""
    frequency: Frequency = "month"
    """How often it is reported (报送频率), and so how long its periods are."""
    due_day: int = Field(default=12, ge=1, le=28)
    """Day of the month after the period by which its report is due."""
    unpublished_months: list[int] = Field(default_factory=list)
    """Months never published: January (1) where it comes together with February."""
    price_basis: PriceBasis | None = None
    """Prices of its figures (价格口径): current 现价, comparable 可比价; empty where prices are no matter."""
    source: SourceClass
    """Who makes its figures (数据来源): statistics 统计, bureau 部门, enterprise 企业自报."""
    bureau: UnitCode | None = None
    """The unit that reports it; empty for a formula and for what is counted from a roster."""
    bureau_by_subject: list[BureauOfSubject] = Field(default_factory=list)
    """Who reports it for single subjects instead of `bureau`."""


class Condition(Item):
    """One comparison of a metric of the gap with a value; `true` and `false` only for whole, has_baseline, at_baseline."""

    metric: Metric
    """What is compared: gap in the unit of the target, lag_pp in percentage points (百分点), completion in percent;
    lag_ratio, attainment and time_progress as shares (0.5 is a half); the others are yes or no."""
    op: Comparison
    """How the metric, on the left, is compared with the value, on the right."""
    value: YesNoOrExact
    """What it is compared with, in the unit of the metric; `true` or `false` for a metric of yes or no."""


class Band(Item):
    """A light and all the conditions under which it is shown; without a condition it is shown always."""

    light: BandLight
    """The light that it shows (灯)."""
    when: list[Condition] = Field(default_factory=list)
    """Conditions that must all hold; without any it is always shown."""
    basis: Basis = "stated"
    """`assumed`: the published rule leaves these cases open, and this is how they are read; the plan check says so."""
    note: Text | None = None
    """Why it is read so; a remark that decides nothing."""


class Policy(Item):
    """Which light is shown (亮灯规则): the first band whose conditions all hold. An empty metric holds no condition."""

    code: Code
    """Code by which targets name it."""
    name: Name
    name_en: NameEn = None
    bands: list[Band] = Field(min_length=1)
    """Tried in this order: the first that fits is shown."""


class Checkpoint(Item):
    """What is to be reached by the end of a day; a milestone has no value."""

    date: Day
    """The day by whose end it is to be reached (节点)."""
    value: Exact | None = None
    """In the unit of the target: percent for growth, times for a multiple, else the indicator's; empty for a
    milestone only."""


class Baseline(Item):
    """Where a target starts (基期)."""

    date: Day
    """The day at whose end the value stood so: the last one before the target begins."""
    value: Exact
    """What the measure stood at: 1 for a multiple, 0 for a count from nothing; of a stock the level itself."""
    basis: Basis
    """`stated` in the plan, or `assumed` by who wrote this file."""
    confirmed_by: Text | None = None
    """For an assumed one: who confirmed it, and by what."""


class PlanTarget(Item):
    """What is promised (目标)."""

    code: PlanScopedCode
    """Code of the target, unique in its plan."""
    name: Name
    name_en: NameEn = None
    subject: About
    indicator: IndicatorCode | None = None
    """Code of the indicator that measures it; empty for a milestone only."""
    measure: Measure
    """What of the series is judged (计算方式): the level, a year's volume (annual), growth, mean growth a year, a
    multiple of the base, the sum since the start (cumulative); or a milestone."""
    operator: Operator | None = None
    """How the value must stand to the goal; empty for a milestone only."""
    checkpoints: list[Checkpoint] = Field(min_length=1)
    """In order of date; the last is the goal. For `between` the values are the lower bound."""
    upper: Exact | None = None
    """Upper bound, for `between` only."""
    tolerance: NotNegative | None = None
    """Allowed deviation, for `=` only."""
    start: Day | None = None
    """The last day before the target begins; else the baseline's date, else the plan's start."""
    trajectory: Trajectory | None = None
    """How what is scheduled (序时目标) runs from one checkpoint to the next; empty for a milestone only."""
    schedule: list[Checkpoint] = Field(default_factory=list)
    """Explicit scheduled values, for trajectory `schedule` only."""
    baseline: Baseline | None = None
    """Where it starts (基期); empty where there is no base, as for growth."""
    policy: Code | None = None
    """Code of the light policy that judges it (亮灯规则); empty for a milestone only."""
    state: Text | None = None
    """For a milestone: the state that counts as reached."""
    nature: Nature
    """binding 约束性, indicative 预期性 (力争)."""
    clause: Clause
    phrase: Phrase


Indicators = Annotated[list[PlanIndicator], Field(description="What is measured (指标).")]
Policies = Annotated[list[Policy], Field(description="The rules by which lights are shown (亮灯规则).")]

"""What goes over the wire about gaps. Exact numbers are text."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.indicators.fields import (
    GoalOn,
    LeadCode,
    NameEn,
    PlanCode,
    SubjectKey,
    SupportCodes,
    TargetCode,
    TargetName,
)
from services.kit.clock import Instant
from services.kit.paging import Next
from services.plan_file.measuring import Light, LightReason, Measure, MeasuredIn

LIGHTS: tuple[Light, ...] = ("red", "yellow", "green", "done", "grey")
SubjectName = Annotated[
    str | None, Field(description="what the subject was called at `known_at`; null if unknown then")
]
CoverageDate = Annotated[
    date | None,
    Field(description="the day up to which figures reach, at which everything is compared; null without figures"),
]
Actual = Annotated[
    str | None,
    Field(description="what is reached: a number, or the day on which a milestone was done", examples=["1.444"]),
]
Scheduled = Annotated[str | None, Field(description="序时目标 at the coverage date", examples=["1.587"])]
Behind = Annotated[
    str | None,
    Field(
        description="actual - scheduled, sign turned where less is better: negative is behind; of a milestone 0, or minus "
        "the days late",
        examples=["-0.143"],
    ),
]
LagPoints = Annotated[
    str | None,
    Field(
        description="滞后百分点: (scheduled - actual) / (goal - base) * 100, without a baseline scheduled - actual; positive "
        "is behind",
        examples=["14.30"],
    ),
]


class At(BaseModel):
    """The pair that an answer was given at. The same pair gives the same answer for ever, unless it is provisional."""

    plan: PlanCode
    as_of: date = Field(description="考核时点: the day that the answer is about", examples=["2018-06-30"])
    known_at: datetime = Field(description="数据截止时点: only what was recorded up to it counts")
    provisional: bool = Field(
        description="more may still be recorded by this known_at, or the plan is in set-up; ask again later"
    )


class Gap(BaseModel):
    """The gap (差距) of one target. A cell that does not apply is null; negative gaps are behind."""

    target: TargetCode
    name: TargetName
    name_en: NameEn
    subject: SubjectKey
    subject_name: SubjectName
    indicator: str | None = Field(description="code of the indicator; null for a milestone", examples=["va_growth"])
    measure: Measure = Field(description="what of the series is judged (计算方式)")
    unit: MeasuredIn | None = Field(
        description="what `actual`, `scheduled`, `goal` and `gap` are in; null for a milestone, whose gap is in days"
    )
    lead: LeadCode
    lead_name: str | None = Field(description="what the lead unit was called at `known_at`; null without one")
    support: SupportCodes
    coverage_date: CoverageDate
    actual: Actual
    scheduled: Scheduled
    goal: str = Field(description="a number, `1-2` for a range, or a milestone's due date", examples=["2"])
    goal_on: GoalOn
    gap: Behind
    lag_pp: LagPoints
    completion: str | None = Field(
        description="目标完成率: (actual - base) / (goal - base) in percent; null without a baseline",
        examples=["44.40"],
    )
    attainment: str | None = Field(
        description="序时完成率: actual / scheduled, 1 is on schedule; null where nothing is scheduled",
        examples=["0.9099"],
    )
    lag_ratio: str | None = Field(
        description="(scheduled - actual) / |scheduled|, 0.1 is a tenth behind; null where nothing is scheduled"
    )
    time_progress: str | None = Field(
        description="序时进度: share of the target's days gone at the coverage date, from 0 to 1"
    )
    days_behind: int | None = Field(
        description="days since the schedule asked for `actual`, negative when ahead; null where it never asks for it, or "
        "the trajectory is neither linear nor compound"
    )
    overdue_reports: int | None = Field(
        description="periods after the coverage date whose report was due by `known_at` and is not there; null for a "
        "milestone and before the start"
    )
    missed_checkpoints: list[date] = Field(description="days of earlier checkpoints (节点) that were not met")
    light: Light = Field(description="灯: grey is not judged, done has reached the goal")
    reason: LightReason | None = Field(description="why the light is not the policy's alone; null where it is")


class GapPage(At):
    """Gaps, the furthest behind first unless asked otherwise."""

    items: list[Gap] = Field(description="gaps of the targets that were asked for, a page of them")
    next: Next
    total: int = Field(description="how many there are on all pages")


class Explanation(At):
    """Why a target stands where it stands; anyone can redo the sum from it with a pocket calculator."""

    name: TargetName
    lead: LeadCode
    subject_name: SubjectName
    gap: dict[str, Any] = Field(description="the finished row, as in the list of gaps")
    target: dict[str, Any] = Field(description="the version of the target, with clause and exact phrase")
    indicator: dict[str, Any] | None = Field(description="the version of the indicator; null for a milestone")
    figures: list[dict[str, Any]] = Field(
        description="the figures taken, each in its version, with who recorded it when"
    )
    items: list[dict[str, Any]] = Field(
        description="for an indicator counted from a roster: the items that count, with the day of their recognition"
    )
    reports: list[dict[str, Any]] = Field(description="for a milestone: the reports that it was reached")
    checkpoints: list[dict[str, Any]] = Field(
        description="what is to be reached (`value`) by the end of which day (`date`), the goal last; empty for a milestone"
    )
    clock_stops: list[dict[str, Any]] = Field(
        description="中止计时: the approved pauses of the subject with cause, reason and who approved; their days leave the schedule"
    )
    steps: dict[str, Any] | None = Field(description="the statement's own intermediate columns; null for a milestone")
    policy: dict[str, Any] | None = Field(
        description="the version of the light policy, of which `steps.band` matched; null for a milestone"
    )
    judgement: str = Field(description="what decided the light, by the order of judgement")
    green_at: str | None = Field(
        description="the value nearest to the actual one with which the light would be green; null where it is, or none would"
    )


class UnitSummary(BaseModel):
    """The lights of what a unit leads, and what of it lags."""

    unit: str | None = Field(description="code; null for targets without a lead unit")
    name: str | None = Field(description="what the unit was called at `known_at`; null for targets without one")
    lights: dict[str, int] = Field(description="how many targets by light", examples=[{"red": 2, "green": 5}])
    red: list[str] = Field(description="codes of the targets that show red", examples=[["T01", "T08"]])
    yellow: list[str] = Field(description="codes of the targets that show yellow")


class Summary(At):
    """Lagging matters by unit, the unit with the most red ones first."""

    by: str = Field(description="what the targets are grouped by, as it was asked for", examples=["unit"])
    items: list[UnitSummary] = Field(description="the units that lead something, the most red targets first")


class LightChange(BaseModel):
    """A change of a target's light, with what it was judged on."""

    position: int | None = Field(description="place in the feed; null for the moment until it has one")
    id: str = Field(description="key of the change, a UUIDv7; the same however often it is read")
    plan: PlanCode
    target: TargetCode
    subject: SubjectKey
    from_light: Light | None = Field(description="the light that it showed before; null at the first evaluation")
    to_light: Light = Field(description="the light that it shows from `at` on")
    reason: LightReason | None = Field(description="why that light is not the policy's alone; null where it is")
    at: datetime = Field(description="the event's own instant, also the known_at of the evaluation")
    as_of: date = Field(description="考核时点 of the evaluation: the civil date of `at` in the plan's zone")
    coverage_date: CoverageDate
    actual: Actual
    scheduled: Scheduled
    goal: str | None = Field(description="exact number; null for a milestone")
    goal_upper: str | None = Field(description="upper bound of the goal where it is a range")
    goal_on: GoalOn
    gap: Behind
    lag_pp: LagPoints
    unit: MeasuredIn | None = Field(
        description="what `actual`, `scheduled`, `goal` and `gap` are in; null for a milestone, whose gap is in days"
    )


class LightFeed(BaseModel):
    """Changes of lights in order of position."""

    items: list[LightChange] = Field(description="changes after the position that was asked for")
    next: int = Field(description="position of the last change: send it as `after`")
    complete_to: datetime | None = Field(
        description="every event up to this instant is in the feed; null while none is followed"
    )
    plans: dict[str, datetime] = Field(
        description="the same by plan, for those that were looked at since they became active: one that became active "
        "a moment ago is not among them, whatever `complete_to` says"
    )


class LightHistory(BaseModel):
    """Every change of one target's light."""

    plan: PlanCode
    target: TargetCode
    items: list[LightChange] = Field(description="in order of their instants, the first evaluation included")


class Due(BaseModel):
    """Up to when to work off what is due."""

    model_config = ConfigDict(extra="forbid")

    until: Instant = Field(description="not later than the business clock", examples=["2018-07-16T09:00:00+08:00"])


class Done(BaseModel):
    """What is worked off."""

    done_to: datetime = Field(description="every event up to this instant has been worked off")
    next: datetime | None = Field(description="when more is due, as far as is known now; null: nothing is followed")

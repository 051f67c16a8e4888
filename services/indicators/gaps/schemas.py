"""What goes over the wire about gaps. Exact numbers are text."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.kit.clock import Instant
from services.plan_file.measuring import Light, LightReason, Measure, UnitOfMeasure

LIGHTS: tuple[Light, ...] = ("red", "yellow", "green", "done", "grey")


class At(BaseModel):
    """The pair that an answer was given at. The same pair gives the same answer for ever, unless it is provisional."""

    plan: str = Field(examples=["xiaoshan-2017-2019"])
    as_of: date = Field(description="考核时点", examples=["2018-06-30"])
    known_at: datetime = Field(description="数据截止时点: only what was recorded up to it counts")
    provisional: bool = Field(
        description="more may still be recorded by this known_at, or the plan is in set-up; ask again later"
    )


class Gap(BaseModel):
    """The gap (差距) of one target. A cell that does not apply is null; negative gaps are behind."""

    target: str = Field(examples=["T08"])
    name: str
    name_en: str | None
    subject: str = Field(examples=["industry:information"])
    subject_name: str | None
    indicator: str | None
    measure: Measure
    unit: UnitOfMeasure | None = Field(description="unit of measure of the indicator")
    lead: str | None = Field(description="code of the lead unit (牵头)")
    lead_name: str | None
    support: list[str] = Field(description="codes of the support units (配合)")
    coverage_date: date | None = Field(description="the day up to which figures reach; everything is compared at it")
    actual: str | None = Field(description="a number, or the day on which a milestone was done")
    scheduled: str | None = Field(description="序时目标 at the coverage date")
    goal: str = Field(description="a number, `1-2` for a range, or a milestone's due date")
    goal_on: date
    gap: str | None = Field(description="actual - scheduled, sign turned where less is better")
    lag_pp: str | None = Field(description="滞后百分点")
    completion: str | None = Field(description="目标完成率, percent")
    attainment: str | None = Field(description="序时完成率")
    lag_ratio: str | None
    time_progress: str | None = Field(description="序时进度")
    days_behind: int | None
    overdue_reports: int | None
    missed_checkpoints: list[date]
    light: Light
    reason: LightReason | None = Field(description="why the light is not the policy's alone")


class GapPage(At):
    """Gaps, the furthest behind first unless asked otherwise."""

    items: list[Gap]
    next: str | None
    total: int


class Explanation(At):
    """Why a target stands where it stands; anyone can redo the sum from it with a pocket calculator."""

    name: str
    lead: str | None = Field(description="code of the lead unit (牵头)")
    subject_name: str | None = Field(description="what the subject was called then")
    gap: dict[str, Any] = Field(description="the finished row, as in the list of gaps")
    target: dict[str, Any] = Field(description="the version of the target, with clause and exact phrase")
    indicator: dict[str, Any] | None
    figures: list[dict[str, Any]] = Field(
        description="the figures taken, each in its version, with who recorded it when"
    )
    items: list[dict[str, Any]] = Field(
        description="for an indicator counted from a roster: the items that count, with the day of their recognition"
    )
    reports: list[dict[str, Any]] = Field(description="for a milestone: the reports that it was reached")
    checkpoints: list[dict[str, Any]]
    clock_stops: list[dict[str, Any]] = Field(
        description="中止计时: the approved pauses of the subject with cause, reason and who approved; their days leave the schedule"
    )
    steps: dict[str, Any] | None = Field(description="the statement's own intermediate columns")
    policy: dict[str, Any] | None = Field(description="the version of the light policy; `steps.band` matched")
    judgement: str = Field(description="what decided the light, by the order of judgement")
    green_at: str | None = Field(description="the value nearest to the actual one with which the light would be green")


class UnitSummary(BaseModel):
    """The lights of what a unit leads, and what of it lags."""

    unit: str | None = Field(description="code; null for targets without a lead unit")
    name: str | None
    lights: dict[str, int] = Field(description="how many targets by light")
    red: list[str] = Field(description="codes of targets")
    yellow: list[str]


class Summary(At):
    """Lagging matters by unit, the unit with the most red ones first."""

    items: list[UnitSummary]


class LightChange(BaseModel):
    """A change of a target's light, with what it was judged on."""

    position: int | None = Field(description="place in the feed")
    id: str
    plan: str
    target: str
    subject: str
    from_light: Light | None = Field(description="null at the first evaluation")
    to_light: Light
    reason: LightReason | None
    at: datetime = Field(description="the event's own instant, also the known_at of the evaluation")
    as_of: date
    coverage_date: date | None
    actual: str | None
    scheduled: str | None
    goal: str | None
    goal_upper: str | None
    goal_on: date
    gap: str | None
    lag_pp: str | None
    unit: UnitOfMeasure | None = Field(description="unit of measure of the numbers")


class LightFeed(BaseModel):
    """Changes of lights in order of position."""

    items: list[LightChange]
    next: int = Field(description="send it as `after`")
    complete_to: datetime | None = Field(
        description="every event up to this instant is in the feed; null while none is followed"
    )
    plans: dict[str, datetime] = Field(
        description="the same by plan, for those that were looked at since they became active: one that became active "
        "a moment ago is not among them, whatever `complete_to` says"
    )


class LightHistory(BaseModel):
    """Every change of one target's light."""

    plan: str
    target: str
    items: list[LightChange]


class Due(BaseModel):
    """Up to when to work off what is due."""

    model_config = ConfigDict(extra="forbid")

    until: Instant = Field(description="not later than the business clock", examples=["2018-07-16T09:00:00+08:00"])


class Done(BaseModel):
    """What is worked off."""

    done_to: datetime
    next: datetime | None = Field(description="when more is due, as far as is known now; null: nothing is followed")

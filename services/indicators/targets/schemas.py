"""What goes over the wire about plans and targets. A plan's part and the answer to it are the plan file's own models."""

from datetime import date, datetime
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.indicators.fields import (
    GoalOn,
    InForceSince,
    LeadCode,
    NameEn,
    PlanCode,
    SubjectKey,
    SupportCodes,
    TargetCode,
    TargetName,
)
from services.kit.paging import Counted, Next
from services.plan_file.difference import FieldChange
from services.plan_file.measuring import Basis, Measure, Nature, Operator, Trajectory
from services.plan_file.things import PlanState


class Applying(NamedTuple):
    """How a plan file is applied."""

    dry_run: bool = False
    prune: bool = False
    take_back: bool = False


class PlanAnswer(BaseModel):
    """A plan as indicators has it."""

    plan: PlanCode
    version: str = Field(description="version of the plan file that was applied last")
    name: str = Field(description="what the plan is called in Chinese, as published")
    state: PlanState = Field(description="set-up: its history is being loaded and no answer on it is promised to stand")
    known_from: datetime = Field(description="an earlier known_at is answered with plan_not_known")
    activated_at: datetime | None = Field(
        default=None, description="from here on its answers stand and its notices go out; null while it is in set-up"
    )
    start: date = Field(description="the last day before the plan begins")
    end: date = Field(description="the plan's last day")
    time_zone: str = Field(
        description="IANA name of the zone whose civil dates the plan means", examples=["Asia/Shanghai"]
    )
    indicators: int = Field(description="how many indicators it declares")
    targets: int = Field(description="how many targets it has")


class PlanPage(BaseModel):
    """Plans in order of their codes."""

    items: list[PlanAnswer] = Field(description="the plans that were applied, a page of them")
    next: Next = None
    total: Counted = None


class TakeOver(BaseModel):
    """Which approved change request is taken over."""

    model_config = ConfigDict(extra="forbid")

    request: str = Field(
        pattern=r"^[0-9]{4}-[0-9]{4,6}$", description="code of the registry's change request", examples=["2018-0001"]
    )


class TargetChanged(BaseModel):
    """What an approved change made of a target."""

    plan: PlanCode
    target: TargetCode
    request: str = Field(description="code of the change request", examples=["2018-0001"])
    approval: str = Field(description="approval number (批准文号)", examples=["萧政办复〔2018〕12号"])
    changed: bool = Field(description="false: the target was that already")
    fields: list[FieldChange] = Field(description="the fields, before and after")


DueOn = Annotated[date, Field(description="the day by whose end it is to be reached (节点)")]


class CheckpointAnswer(BaseModel):
    """What is to be reached by the end of a day."""

    date: DueOn
    value: str = Field(description="exact number in the unit of the target; for `between` the lower bound")


class Target(BaseModel):
    """A target (目标) in force, with the plan's own words."""

    plan: PlanCode
    code: TargetCode
    ordinal: int = Field(description="place in the plan file")
    name: TargetName
    name_en: NameEn
    subject: SubjectKey
    indicator: str | None = Field(description="code of the indicator; null for a milestone", examples=["va_growth"])
    measure: Measure = Field(description="what of the series is judged (计算方式)")
    operator: Operator | None = Field(description="how the value must stand to the goal; null for a milestone")
    baseline: str | None = Field(
        description="value of the measure at the start (基期), of a stock its level; null where there is none"
    )
    baseline_basis: Basis | None = Field(description="stated in the plan, or assumed")
    start: date = Field(description="the last day before the target begins")
    goal: str | None = Field(
        description="exact number to be reached: percent for growth, times for a multiple, else in the indicator's unit; "
        "for `between` the lower bound; null for a milestone"
    )
    upper: str | None = Field(description="upper bound of `between`; null for all others")
    goal_on: GoalOn
    checkpoints: list[CheckpointAnswer] | None = Field(description="the last is the goal; empty for a milestone")
    trajectory: Trajectory | None = Field(
        description="how what is scheduled (序时目标) runs from one checkpoint to the next; null for a milestone"
    )
    policy: str | None = Field(description="code of the light policy (亮灯规则); null for a milestone")
    state: str | None = Field(description="for a milestone: the state that counts as reached")
    nature: Nature = Field(description="binding 约束性, indicative 预期性")
    clause: str = Field(description="where in the published text it stands (条款)", examples=["二（三）2"])
    phrase: str = Field(description="exact words of the published text")
    lead: LeadCode
    support: SupportCodes | None = Field(description="codes of the units in support; null where nobody answers for it")
    recorded_at: InForceSince


class TargetPage(BaseModel):
    """Targets in the order of their plan files."""

    items: list[Target] = Field(description="the targets in force, a page of them")
    next: Next = None
    total: Counted = None

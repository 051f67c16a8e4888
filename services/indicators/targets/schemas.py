"""What goes over the wire about plans and targets. A plan's part and the answer to it are the plan file's own models."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.plan_file.difference import FieldChange
from services.plan_file.measuring import Basis, Measure, Nature, Operator, Trajectory
from services.plan_file.things import PlanState


class PlanAnswer(BaseModel):
    """A plan as indicators has it."""

    plan: str = Field(description="code of the plan", examples=["xiaoshan-2017-2019"])
    version: str = Field(description="version of the plan file that was applied last")
    name: str
    state: PlanState = Field(description="set-up: its history is being loaded and no answer on it is promised to stand")
    known_from: datetime = Field(description="an earlier known_at is answered with plan_not_known")
    activated_at: datetime | None = None
    start: date = Field(description="the last day before the plan begins")
    end: date
    time_zone: str
    indicators: int = Field(description="how many indicators it declares")
    targets: int = Field(description="how many targets it has")


class PlanPage(BaseModel):
    """Plans in order of their codes."""

    items: list[PlanAnswer]
    next: str | None = None
    total: int | None = None


class TakeOver(BaseModel):
    """Which approved change request is taken over."""

    model_config = ConfigDict(extra="forbid")

    request: str = Field(
        pattern=r"^[0-9]{4}-[0-9]{4,6}$", description="code of the registry's change request", examples=["2018-0001"]
    )


class TargetChanged(BaseModel):
    """What an approved change made of a target."""

    plan: str
    target: str
    request: str = Field(description="code of the change request", examples=["2018-0001"])
    approval: str = Field(description="approval number (批准文号)", examples=["萧政办复〔2018〕12号"])
    changed: bool = Field(description="false: the target was that already")
    fields: list[FieldChange] = Field(description="the fields, before and after")


class CheckpointAnswer(BaseModel):
    """What is to be reached by the end of a day."""

    date: date
    value: str


class Target(BaseModel):
    """A target (目标) in force, with the plan's own words."""

    plan: str
    code: str = Field(examples=["T08"])
    ordinal: int = Field(description="place in the plan file")
    name: str
    name_en: str | None
    subject: str = Field(examples=["industry:information"])
    indicator: str | None = Field(description="empty for a milestone")
    measure: Measure
    operator: Operator | None
    baseline: str | None
    baseline_basis: Basis | None = Field(description="stated in the plan, or assumed")
    start: date = Field(description="the last day before the target begins")
    goal: str | None
    upper: str | None = Field(description="upper bound of `between`")
    goal_on: date
    checkpoints: list[CheckpointAnswer] | None = Field(description="the last is the goal; empty for a milestone")
    trajectory: Trajectory | None
    policy: str | None
    state: str | None = Field(description="for a milestone: the state that counts as reached")
    nature: Nature = Field(description="binding 约束性, indicative 预期性")
    clause: str
    phrase: str = Field(description="exact words of the published text")
    lead: str | None = Field(description="code of the lead unit (牵头)")
    support: list[str] | None = Field(description="codes of the support units (配合)")
    recorded_at: datetime = Field(description="since when this version is in force")


class TargetPage(BaseModel):
    """Targets in the order of their plan files."""

    items: list[Target]
    next: str | None = None
    total: int | None = None

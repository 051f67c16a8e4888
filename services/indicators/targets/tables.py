"""Targets (目标) with their checkpoints, in versions. Terms: semantics.md 3."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, SmallInteger
from sqlmodel import Field

from services.indicators.schema import Instant, Table


class Target(Table, table=True):
    """A version of a target, its last checkpoint (the goal) included."""

    __tablename__ = "target"
    __table_args__ = (
        ForeignKeyConstraint(["region", "series"], ["indicators.series.region", "indicators.series.id"]),
        CheckConstraint(
            "measure IN ('level', 'annual', 'growth', 'mean_growth', 'multiple', 'cumulative', 'milestone')",
            name="measure",
        ),
        CheckConstraint("trajectory IN ('linear', 'compound', 'hold', 'seasonal', 'schedule')", name="trajectory"),
        CheckConstraint("operator IN ('>=', '>', '<=', '<', '=', 'between')", name="operator"),
        CheckConstraint("(measure = 'milestone') = (series IS NULL)", name="series"),
        CheckConstraint("(measure = 'milestone') = (indicator IS NULL)", name="indicator"),
        CheckConstraint("(measure = 'milestone') = (operator IS NULL)", name="operator_of_numbers"),
        CheckConstraint("(measure = 'milestone') = (policy IS NULL)", name="policy"),
        CheckConstraint("(measure = 'milestone') = (goal IS NULL)", name="goal"),
        CheckConstraint("nature IN ('binding', 'indicative')", name="nature"),
        CheckConstraint("(measure = 'milestone') = (trajectory IS NULL)", name="trajectory_of_numbers"),
        CheckConstraint("(operator IS NOT DISTINCT FROM 'between') = (upper IS NOT NULL)", name="upper"),
        CheckConstraint("goal_on > start", name="goal_on"),
        Index(None, "region", "recorded_at"),
        Index(None, "region", "series"),
    )

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    ordinal: int
    """Place in the plan file; lists of targets stand in this order."""
    name: str = ""
    name_en: str | None = None
    subject: str
    indicator: str | None = None
    series: uuid.UUID | None = None
    """Of that indicator on that subject; nothing for a milestone."""
    measure: str
    operator: str | None = None
    """Nothing for a milestone."""
    tolerance: Decimal | None = Field(default=None, sa_type=Numeric)
    """For `=`: how far from the goal still meets it (左右), in the measure's unit."""
    baseline: Decimal | None = Field(default=None, sa_type=Numeric)
    baseline_basis: str | None = None
    """`stated` in the plan, or `assumed`."""
    baseline_confirmed_by: str | None = None
    start: date
    """The start: the baseline date, the last day before the target begins."""
    goal_on: date
    """The goal's date: that of the last checkpoint."""
    goal: Decimal | None = Field(default=None, sa_type=Numeric)
    """The last checkpoint's value, for `between` its lower bound; nothing for a milestone."""
    upper: Decimal | None = Field(default=None, sa_type=Numeric)
    checkpoints: int = Field(default=1, sa_type=SmallInteger)
    """How many checkpoints there are, the goal included."""
    trajectory: str | None = None
    policy: str | None = None
    """Code of the light policy; nothing for a milestone."""
    weight: Decimal | None = Field(default=None, sa_type=Numeric)
    nature: str = "indicative"
    """`binding` 约束性, or `indicative` 预期性 ("力争")."""
    clause: str = ""
    phrase: str = ""
    state: str | None = None
    """The state that counts for a milestone."""
    withdrawn: bool = False


def _of_target_version() -> ForeignKeyConstraint:
    version = ("region", "plan", "code", "recorded_at")
    return ForeignKeyConstraint(
        ["region", "plan", "target", "recorded_at"],
        [f"indicators.target.{column}" for column in version],
        ondelete="CASCADE",
    )


class Checkpoint(Table, table=True):
    """A checkpoint (节点) of one version of a target, the goal included."""

    __tablename__ = "checkpoint"
    __table_args__ = (_of_target_version(),)

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    due_on: date = Field(primary_key=True)
    value: Decimal = Field(sa_type=Numeric)


class ScheduledValue(Table, table=True):
    """What one version of a target has scheduled for a period: the trajectory `schedule` (an annual plan by months)."""

    __tablename__ = "scheduled_value"
    __table_args__ = (_of_target_version(),)

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    period_end: date = Field(primary_key=True)
    value: Decimal = Field(sa_type=Numeric)

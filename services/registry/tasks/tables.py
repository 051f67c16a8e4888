"""What happened to tasks, and what was published about a plan. Rows are added, never changed."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table


class TaskEntry(Table, table=True):
    """A step of a task from one state to the next, or a note of its progress (进展). Nothing of it is ever updated."""

    __tablename__ = "task_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "plan", "task"], ["registry.task.region", "registry.task.plan", "registry.task.code"]
        ),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        CheckConstraint("(kind = 'step') = (to_state IS NOT NULL)", name="step"),
        Index("task_entry_region_plan_task_ix", "region", "plan", "task", "day"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    task: str
    kind: str
    """`step` or `progress`."""
    from_state: str | None = None
    to_state: str | None = None
    day: date
    text: str | None = None
    evidence: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    unit: str | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    by: str


class Publicity(Table, table=True):
    """Something published about a plan (宣传): only its withdrawal is added later."""

    __tablename__ = "publicity"
    __table_args__ = (
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(
            ["region", "plan", "task"], ["registry.task.region", "registry.task.plan", "registry.task.code"]
        ),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        Index("publicity_region_plan_ix", "region", "plan", "day"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    task: str | None = None
    day: date
    medium: str
    title: str
    link: str | None = None
    unit: str
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

"""Plans and tasks."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Plan(Searchable, Current, Table, table=True):
    """An action plan (行动计划) and its state: `set-up`, `active`, `closed`."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("region", "code"), *search_indexes("plan"))

    name: str
    state: str
    known_from: datetime = Field(sa_type=DateTime(timezone=True))
    activated_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    applied: str = ""
    """Version of the plan file that was applied last; a file that changes nothing here makes no version of the plan."""
    listed: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSONB)
    """Codes by kind in the order of that file."""


class Task(Searchable, Current, Table, table=True):
    """A commitment without a number or a date (任务)."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("region", "plan", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        Index("task_region_subject_ix", "region", "subject"),
        *search_indexes("task"),
    )

    plan: str
    subject: str
    state: str
    """`not_begun`, `under_way`, `done`, `stopped`: of the latest step."""

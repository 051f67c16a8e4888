"""Reported figures (观测值) and milestones reached, in versions: a correction is a new row, nothing is overwritten."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Numeric, PrimaryKeyConstraint
from sqlmodel import Field

from services.indicators.schema import Instant, Table


class Observation(Table, table=True):
    """A version of the figure of one series and period.

    In force at `known_at` is the latest recorded up to then and not rejected by then. The primary key is the one
    index by which every evaluation finds its figures, so it carries them.
    """

    __tablename__ = "observation"
    __table_args__ = (
        PrimaryKeyConstraint(
            "region",
            "series",
            "period_end",
            "recorded_at",
            postgresql_include=["value", "comparable_base", "rejected_at"],
        ),
        ForeignKeyConstraint(["region", "series"], ["indicators.series.region", "indicators.series.id"]),
        CheckConstraint("class IN ('flash', 'annual', 'audited')", name="class"),
        CheckConstraint("status IN ('reported', 'verified', 'approved')", name="status"),
        CheckConstraint("rejected_at >= recorded_at", name="rejected_at"),
        CheckConstraint("value <> 'NaN' AND abs(value) < 'Infinity'", name="finite"),
        Index(None, "region", "recorded_at"),
        Index("observation_region_rejected_at_ix", "region", "rejected_at", postgresql_where="rejected_at IS NOT NULL"),
    )

    region: str
    series: uuid.UUID
    period_end: date
    """Last day of the period; its frequency is the indicator's."""
    recorded_at: datetime = Field(sa_type=Instant)
    value: Decimal = Field(sa_type=Numeric)
    """In the indicator's unit."""
    comparable_base: Decimal | None = Field(default=None, sa_type=Numeric)
    """The same period a year before on a comparable scope (上年同期, 可比口径), in the indicator's unit."""
    entered_value: Decimal = Field(sa_type=Numeric)
    entered_unit: str
    class_: str = Field(default="flash", sa_column_kwargs={"name": "class"})
    """`flash` 快报, `annual` 年报 or `audited` 核定."""
    status: str = "reported"
    """`reported` → `verified` → `approved`."""
    reporter: str = ""
    note: str = ""
    recorded_by: str = ""
    """The client that brought it."""
    rejected_at: datetime | None = Field(default=None, sa_type=Instant)
    """Set once; from here on it does not count."""
    rejected_by: str | None = None
    rejection_note: str | None = None


class Current(Table, table=True):
    """Side table: each series' latest period with a figure in force at the instant that `CurrentTo` names.

    Derived: the database keeps it, by `indicators.advance_current` and by triggers on `observation`.
    """

    __tablename__ = "current"
    __table_args__ = (
        PrimaryKeyConstraint(
            "region", "series", postgresql_include=["period_end", "value", "comparable_base", "recorded_at"]
        ),
        ForeignKeyConstraint(["region", "series"], ["indicators.series.region", "indicators.series.id"]),
    )

    region: str
    series: uuid.UUID
    period_end: date
    value: Decimal = Field(sa_type=Numeric)
    comparable_base: Decimal | None = Field(default=None, sa_type=Numeric)
    recorded_at: datetime = Field(sa_type=Instant)
    year_ends: list[Decimal | None] | None = Field(default=None, sa_type=ARRAY(Numeric))
    """Figures of the years' ends before the year of `period_end`, the last year first, back to the first year that has
    any figure; empty where there is no such year."""


class CurrentTo(Table, table=True):
    """The instant whose knowledge `current` shows in a region."""

    __tablename__ = "current_to"

    region: str = Field(primary_key=True)
    known_at: datetime = Field(sa_type=Instant)


class MilestoneReport(Table, table=True):
    """A version of the report that a named state was reached (里程碑), with its evidence."""

    __tablename__ = "milestone_report"
    __table_args__ = (
        CheckConstraint("rejected_at >= recorded_at", name="rejected_at"),
        Index(None, "region", "recorded_at"),
    )

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    done_on: date
    evidence: str
    reporter: str = ""
    note: str = ""
    recorded_by: str = ""
    rejected_at: datetime | None = Field(default=None, sa_type=Instant)
    """Set once; from here on it does not count."""
    rejected_by: str | None = None
    rejection_note: str | None = None

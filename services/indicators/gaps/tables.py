"""What evaluations leave behind: the last finished row of each target, changes of light, and how far the work is done."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ARRAY, Date, Index, Numeric, SmallInteger
from sqlmodel import Field

from services.indicators.schema import Instant, Table
from services.kit.db import uuid7
from services.kit.feed import position_field


class Gap(Table, table=True):
    """The finished row (差距) of a target at the last evaluation of current knowledge. Terms: semantics.md 4."""

    __tablename__ = "gap"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    as_of: date
    known_at: datetime = Field(sa_type=Instant)
    ordinal: int
    subject: str
    measure: str
    coverage_date: date | None = None
    actual: Decimal | None = Field(default=None, sa_type=Numeric)
    done_on: date | None = None
    """A milestone's `actual`."""
    scheduled: Decimal | None = Field(default=None, sa_type=Numeric)
    goal: Decimal | None = Field(default=None, sa_type=Numeric)
    upper: Decimal | None = Field(default=None, sa_type=Numeric)
    goal_on: date
    gap: Decimal | None = Field(default=None, sa_type=Numeric)
    lag_pp: Decimal | None = Field(default=None, sa_type=Numeric)
    completion: Decimal | None = Field(default=None, sa_type=Numeric)
    attainment: Decimal | None = Field(default=None, sa_type=Numeric)
    lag_ratio: Decimal | None = Field(default=None, sa_type=Numeric)
    time_progress: Decimal | None = Field(default=None, sa_type=Numeric)
    days_behind: int | None = None
    overdue_reports: int | None = None
    base: Decimal | None = Field(default=None, sa_type=Numeric)
    checkpoint_on: date | None = None
    """The checkpoint in force, against which the light was judged."""
    missed_checkpoints: list[date] = Field(default_factory=list, sa_type=ARRAY(Date))
    light: str
    reason: str | None = None
    rule: int = Field(sa_type=SmallInteger)
    """Which rule of the order of judgement decided, 1 to 6; 0 for a milestone."""


class LightChange(Table, table=True):
    """A change of light, in the feed (`position` is the sealer's)."""

    __tablename__ = "light_change"
    __table_args__ = (
        Index(None, "region", "plan", "target", "at"),
        Index("light_change_unsealed_ix", "id", postgresql_where="position IS NULL"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    position: int | None = position_field()
    plan: str
    target: str
    subject: str
    from_light: str | None = None
    """Nothing at a target's first evaluation."""
    to_light: str
    reason: str | None = None
    at: datetime = Field(sa_type=Instant)
    """The instant of the event; also the `known_at` of the evaluation."""
    as_of: date
    coverage_date: date | None = None
    actual: Decimal | None = Field(default=None, sa_type=Numeric)
    done_on: date | None = None
    scheduled: Decimal | None = Field(default=None, sa_type=Numeric)
    goal: Decimal | None = Field(default=None, sa_type=Numeric)
    upper: Decimal | None = Field(default=None, sa_type=Numeric)
    goal_on: date
    gap: Decimal | None = Field(default=None, sa_type=Numeric)
    lag_pp: Decimal | None = Field(default=None, sa_type=Numeric)


class Sweep(Table, table=True):
    """How far a plan's events are worked off: every event up to `done_to` has left its mark in `gap` and in the feed."""

    __tablename__ = "sweep"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    done_to: datetime = Field(sa_type=Instant)

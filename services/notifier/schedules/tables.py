"""Schedules and their fires."""

from datetime import date, datetime, time

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKeyConstraint, SmallInteger
from sqlmodel import Field

from services.notifier.schema import Instant, Table


class Schedule(Table, table=True):
    """When a plan's digest is due: a weekday and a time of day in the plan's zone."""

    __tablename__ = "schedule"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),)

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    weekday: int = Field(sa_type=SmallInteger)
    """0 is Monday."""
    at: time
    time_zone: str
    active_from: datetime = Field(sa_type=Instant)
    """Nothing is made for an earlier instant; a fire earlier on that same day is made then."""
    handled_to: datetime = Field(sa_type=Instant)
    """Every fire up to here has its row."""


class ScheduleFire(Table, table=True):
    """A fire: each instant of a schedule once."""

    __tablename__ = "schedule_fire"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "plan", "schedule"],
            ["notifier.schedule.region", "notifier.schedule.plan", "notifier.schedule.code"],
        ),
    )

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    schedule: str = Field(primary_key=True)
    fire_at: datetime = Field(primary_key=True, sa_type=Instant)
    days: list[date] = Field(sa_type=ARRAY(Date))
    """The days of the week rule that it stands for: more than one where a rest day moved one onto another's."""
    handled_at: datetime = Field(sa_type=Instant)
    """Business instant at which it was made."""
    made: bool
    reason: str | None = None
    """Why nothing was made: `missed`, for several that lie behind the last is made, once (fire_once_late)."""
    digests: int = 0
    nothing_open: int = 0

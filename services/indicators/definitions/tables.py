"""Plans as far as sums need them, indicators (指标), series (序列), scope breaks (口径调整), and the stamp of knowledge.

A *version* is a row with `recorded_at` and the whole content as of then; it is never updated. In force at `known_at`
is the latest version recorded up to then, unless it is a `withdrawn` one. Design: semantics.md 1 and 2.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.indicators.schema import Instant, Table
from services.kit.db import uuid7


class Knowledge(Table, table=True):
    """The last `recorded_at` that was stamped in a region: stamps only grow, so no two writers share one."""

    __tablename__ = "knowledge"

    region: str = Field(primary_key=True)
    stamped_at: datetime = Field(sa_type=Instant)


class Plan(Table, table=True):
    """A version of a plan (行动计划), as far as evaluations need it; the registry holds the rest."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("state IN ('set-up', 'active', 'closed')", name="state"),)

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    name: str = ""
    known_from: datetime = Field(sa_type=Instant)
    """From here on what the plan file brought counts; an earlier `known_at` is answered with `plan_not_known`."""
    start: date
    """The last day before the plan begins."""
    ends_on: date
    time_zone: str
    state: str
    """`set-up` (history is being loaded), `active`, `closed`."""
    applied: str = ""
    """Version of the plan file's part that was applied last: a short digest."""
    listed: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSONB)
    """Codes of indicators and policies in the order of that file, and of each indicator its bureaus' subjects."""


class Indicator(Table, table=True):
    """A version of an indicator (指标)."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint(
            "accumulation IN ('flow', 'ytd', 'stock', 'cumulative', 'rate', 'formula')", name="accumulation"
        ),
        CheckConstraint("frequency IN ('month', 'quarter', 'half', 'year')", name="frequency"),
        CheckConstraint("direction IN ('increase', 'decrease', 'maintain')", name="direction"),
        CheckConstraint("due_day BETWEEN 1 AND 31", name="due_day"),
        CheckConstraint("decimals BETWEEN 0 AND 6", name="decimals"),
        CheckConstraint("(accumulation = 'formula') = (formula IS NOT NULL)", name="formula"),
        CheckConstraint("roster IS NULL OR accumulation IN ('stock', 'cumulative')", name="roster"),
    )

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    plan: str
    """The plan whose file declares it."""
    name: str = ""
    name_en: str | None = None
    unit_of_measure: str
    decimals: int = Field(sa_type=SmallInteger)
    whole: bool = False
    direction: str = "increase"
    frequency: str = "month"
    accumulation: str
    price_basis: str | None = None
    source: str = "bureau"
    """`statistics` 统计, `bureau` 部门 or `enterprise` 企业自报."""
    bureau: str | None = None
    due_day: int = Field(default=12, sa_type=SmallInteger)
    """Day of the following month by which a period's report is due."""
    unpublished_months: list[int] = Field(default_factory=list, sa_type=ARRAY(SmallInteger))
    """Months (1 to 12) in which a period ends that is never published."""
    formula: str | None = None
    """Arithmetic over other indicators of the same subject and period."""
    roster: str | None = None
    """Counted from this roster of the registry; nothing is reported."""
    withdrawn: bool = False


class Series(Table, table=True):
    """An indicator on a subject (序列). Not a version: it says only that the two belong together."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("region", "indicator", "subject"),)

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    indicator: str
    subject: str
    """`plan:CODE`, `industry:information`, `project:P01`, …"""
    bureau: str | None = None
    """Who reports it, where that is not the indicator's bureau."""


class ScopeBreak(Table, table=True):
    """A version of a change of scope (口径调整): growth is not derived from levels across it."""

    __tablename__ = "scope_break"
    __table_args__ = (ForeignKeyConstraint(["region", "series"], ["indicators.series.region", "indicators.series.id"]),)

    region: str = Field(primary_key=True)
    series: uuid.UUID = Field(primary_key=True)
    first_day: date = Field(primary_key=True)
    """First day of the new scope."""
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    note: str = ""
    withdrawn: bool = False

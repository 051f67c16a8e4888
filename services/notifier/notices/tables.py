"""Matters, notices, decisions, steps."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kit.db import uuid7
from services.notifier.schema import Instant, Table

NOTICE_STATES = ("open", "acknowledged", "awaiting_verification", "closed")


class Matter(Table, table=True):
    """A matter (事项) as decided last: the light it showed and who led it."""

    __tablename__ = "matter"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    """Code of the target."""
    light: dict[str, Any] = Field(sa_type=JSONB)
    """The change of light that was decided last."""
    owner_recorded_at: datetime | None = Field(default=None, sa_type=Instant)
    """The version of the responsibility that was decided last."""


class Notice(Table, table=True):
    """A notice (督办件): one matter, one responsible unit; at most one of them is not closed."""

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "plan", "ladder_number"],
            ["notifier.ladder.region", "notifier.ladder.plan", "notifier.ladder.number"],
        ),
        CheckConstraint(f"state IN {NOTICE_STATES}", name="state"),
        Index(
            "notice_one_running_uq",
            *("region", "plan", "origin", "matter", "unit"),
            unique=True,
            postgresql_where="state <> 'closed'",
        ),
        Index(None, "region", "unit", "state", "limit_at"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    origin: str = "target"
    """What the matter is: so far always a target."""
    matter: str
    matter_name: str
    unit: str
    """The responsible unit (牵头)."""
    written_for: str | None = None
    """The unit that was dissolved and to which it was written; `unit` carries it on. Nothing once it is written anew."""
    support: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    ladder_number: int
    """The version of the ladder with which it began."""
    level: str
    level_name: str
    asks: str
    """What the level asks for: `acknowledgement` 签收 or `reply` 回复."""
    to_roles: list[str] = Field(sa_type=ARRAY(Text))
    copy_units: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    own_message: bool
    digest: bool
    state: str
    light: dict[str, Any] = Field(sa_type=JSONB)
    """The change of light that was decided last: light, reason, and the numbers it was judged on."""
    opened_at: datetime = Field(sa_type=Instant)
    level_since: datetime = Field(sa_type=Instant)
    issued_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it first goes out at its level: its own message, else the first digest that holds it."""
    red_since: datetime | None = Field(default=None, sa_type=Instant)
    """Since when its light has been red, counted from the first decision."""
    limit_on: date | None = None
    """The last working day of the time limit."""
    limit_at: datetime | None = Field(default=None, sa_type=Instant)
    """The end of that day."""
    limit_provisional: bool = False
    """It ends in a year whose notice of working days is not out: it will be worked out anew."""
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the unit did what the level asks for."""
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    close_reason: str | None = None
    version: int = 1


class Decision(Table, table=True):
    """What was decided about a matter at an instant, and why; also that nothing is due."""

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(["region", "notice"], ["notifier.notice.region", "notifier.notice.id"]),
        Index(None, "region", "plan", "matter", "at"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    matter: str
    unit: str | None = None
    at: datetime = Field(sa_type=Instant)
    """The instant of the event that was decided, which is also the instant at which it was decided."""
    cause: str
    """`light` or `owner`: what changed."""
    act: str
    reason: str
    level: str | None = None
    notice: uuid.UUID | None = None
    inputs: dict[str, Any] = Field(sa_type=JSONB)
    """All that the rules were given: the decision can be made again from it."""


class Step(Table, table=True):
    """A step in a notice's life: who, when, why."""

    __tablename__ = "step"
    __table_args__ = (
        ForeignKeyConstraint(["region", "notice"], ["notifier.notice.region", "notifier.notice.id"]),
        Index(None, "region", "notice", "at"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    notice: uuid.UUID
    at: datetime = Field(sa_type=Instant)
    act: str
    """`opened`, `raised`, `acknowledged`, `awaiting_verification`, `reopened`, `closed`; `carried_on` by the unit that
    took over; `limit_moved` by a new notice of working days."""
    by: str
    """The client that did it; `ladder` where the rules did."""
    person: str | None = None
    """The person on whose word the client did it."""
    reason: str = ""
    level: str


class NoticeMessage(Table, table=True):
    """Which delivery is a notice's own message (一事一单) at a level."""

    __tablename__ = "notice_message"
    __table_args__ = (
        ForeignKeyConstraint(["region", "notice"], ["notifier.notice.region", "notifier.notice.id"]),
        ForeignKeyConstraint(["region", "delivery"], ["notifier.delivery.region", "notifier.delivery.id"]),
    )

    region: str = Field(primary_key=True)
    notice: uuid.UUID = Field(primary_key=True)
    level: str = Field(primary_key=True)
    delivery: uuid.UUID = Field(unique=True)

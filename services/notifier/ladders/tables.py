"""How each plan is supervised, in versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kit.audit import AuditRow, audit_constraints
from services.kit.idempotency import AnswerRow, answer_constraints
from services.notifier.schema import Instant, Table


class Supervision(Table, table=True):
    """What was applied last of a plan's part for the notifier."""

    __tablename__ = "supervision"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    version: str
    """Version of the whole plan file."""
    header: dict[str, Any] = Field(sa_type=JSONB)


class LadderVersion(Table, table=True):
    """A version of ladder, hours of sending and digests. A running notice keeps the one with which it began."""

    __tablename__ = "ladder"
    __table_args__ = (
        ForeignKeyConstraint(["region", "plan"], ["notifier.supervision.region", "notifier.supervision.plan"]),
    )

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    recorded_at: datetime = Field(sa_type=Instant)
    plan_version: str
    """Version of the plan file that brought it."""
    content: dict[str, Any] = Field(sa_type=JSONB)
    """`ladder`, `sending`, `digests` as in the plan file."""


class Audit(AuditRow, Table, table=True):
    """Who did what in this service (审计)."""

    __tablename__ = "audit"
    __table_args__ = audit_constraints()


class Answer(AnswerRow, Table, table=True):
    """Answers kept for requests that are sent again."""

    __tablename__ = "answer"
    __table_args__ = answer_constraints()

"""Deliveries and their attempts. Times of work (leases, retries) are the database's; `due_at` is the business clock's."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kit.db import uuid7
from services.notifier.schema import Instant, Table

STATES = (
    "pending",
    "leased",
    "sending",
    "accepted",
    "confirmed",
    "retry_wait",
    "rejected",
    "unknown",
    "dead",
    "cancelled",
)
WAITING = "state IN ('pending', 'leased', 'sending', 'retry_wait')"


class Delivery(Table, table=True):
    """One message that is to leave by one channel (投递)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("region", "dedupe_key"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("kind IN ('notice', 'digest')", name="kind"),
        Index("delivery_waiting_ix", "region", "due_at", postgresql_where=WAITING),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    dedupe_key: str
    """What makes it the same message: the same key is never sent twice."""
    plan: str
    unit: str
    """The unit it is addressed to."""
    kind: str
    channel: str
    recipients: list[dict[str, Any]] = Field(sa_type=JSONB)
    """`as` (to, cc), `unit`, `role`; the addresses are looked up when it leaves."""
    subject: str
    body: str
    state: str = "pending"
    due_at: datetime = Field(sa_type=Instant)
    """Business instant from which it may leave."""
    created_at: datetime = Field(sa_type=Instant)
    """Business instant of the decision."""
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    """Business instant at which the next system took it."""
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    """Database time; only after a temporary refusal."""
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    """Database time."""
    fence: int = Field(default=0, sa_type=BigInteger)
    """Grows with every claim: who comes back with an older one changes nothing."""
    provider_reference: str | None = None
    """What the next system called it when it took it."""
    reason: str | None = None


class Attempt(Table, table=True):
    """One try at a delivery. Its start is committed before the call, its end once, never changed afterwards."""

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(["region", "delivery"], ["notifier.delivery.region", "notifier.delivery.id"]),
        CheckConstraint("result IN ('accepted', 'retry', 'rejected', 'unknown')", name="result"),
    )

    region: str = Field(primary_key=True)
    delivery: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    fence: int = Field(sa_type=BigInteger)
    owner: str
    started_at: datetime = Field(sa_type=Instant)
    """Database time."""
    business_at: datetime = Field(sa_type=Instant)
    result: str | None = None
    """Nothing while it runs, and for ever if its process died in the call."""
    code: int | None = None
    excerpt: str = ""
    """The answer, without addresses."""
    duration_ms: int | None = None
    addressed: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    """Who was written to: `as`, `unit`, `role`, `person`, and `for` whom where that one stands in; no addresses."""

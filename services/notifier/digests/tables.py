"""Digests: unique per unit, kind and cycle."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from services.kit.db import uuid7
from services.notifier.schema import Instant, Table


class Digest(Table, table=True):
    """What one unit was told in one cycle, or that nothing was open."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("region", "plan", "kind", "unit", "cycle_at"),
        ForeignKeyConstraint(["region", "delivery"], ["notifier.delivery.region", "notifier.delivery.id"]),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    kind: str
    """Code of the digest in the plan file."""
    unit: str
    cycle_at: datetime = Field(sa_type=Instant)
    """The instant of the fire."""
    at: datetime = Field(sa_type=Instant)
    """The instant at which it was made: later than the fire where the fire was late."""
    reason: str | None = None
    """Why nothing was sent: `nothing_open`."""
    delivery: uuid.UUID | None = None


class DigestLine(Table, table=True):
    """An open notice that a digest holds."""

    __tablename__ = "digest_line"
    __table_args__ = (
        ForeignKeyConstraint(["region", "digest"], ["notifier.digest.region", "notifier.digest.id"]),
        ForeignKeyConstraint(["region", "notice"], ["notifier.notice.region", "notifier.notice.id"]),
    )

    region: str = Field(primary_key=True)
    digest: uuid.UUID = Field(primary_key=True)
    notice: uuid.UUID = Field(primary_key=True, index=True)
    level: str
    light: str

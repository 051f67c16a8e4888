"""Breakdowns of targets (任务分解), in versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.indicators.schema import Instant, Table


class Breakdown(Table, table=True):
    """A version of how a target is divided over units and years. Nothing of it is ever updated."""

    __tablename__ = "breakdown"
    __table_args__ = (UniqueConstraint("region", "plan", "target", "version"),)

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    version: int
    by: str
    parts: list[dict[str, Any]] = Field(sa_type=JSONB)
    units: list[str] = Field(sa_type=ARRAY(Text))
    """The units among the parts."""
    document: str | None = None

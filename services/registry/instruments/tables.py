"""Instruments of support and what was paid of them."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Instrument(Searchable, Current, Table, table=True):
    """An instrument of support (政策工具): a sub-fund, a talent programme, an exhibition."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("region", "plan", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(
            ["region", "plan", "task"], ["registry.task.region", "registry.task.plan", "registry.task.code"]
        ),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        *search_indexes("instrument"),
    )

    plan: str
    task: str | None = None
    kind: str
    unit: str | None = None


class Payment(Table, table=True):
    """Something paid (兑现), or the reversal of a payment with the amount below 0. Nothing of it is ever updated."""

    __tablename__ = "payment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "plan", "instrument"],
            ["registry.instrument.region", "registry.instrument.plan", "registry.instrument.code"],
        ),
        ForeignKeyConstraint(["region", "enterprise"], ["registry.enterprise.region", "registry.enterprise.code"]),
        ForeignKeyConstraint(["region", "project"], ["registry.project.region", "registry.project.code"]),
        ForeignKeyConstraint(["region", "reverses"], ["registry.payment.region", "registry.payment.id"]),
        UniqueConstraint("region", "reverses"),
        CheckConstraint("(amount < 0) = (reverses IS NOT NULL)", name="reversal"),
        CheckConstraint("num_nonnulls(enterprise, project, receiver) = 1", name="one_receiver"),
        Index("payment_region_plan_instrument_ix", "region", "plan", "instrument", "day"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    plan: str
    instrument: str
    day: date
    amount: Decimal = Field(sa_type=Numeric)
    """In 万元."""
    enterprise: str | None = None
    project: str | None = None
    receiver: str | None = None
    """The name of who is neither."""
    document: str
    note: str | None = None
    reverses: uuid.UUID | None = None
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    by: str

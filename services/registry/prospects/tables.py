"""Prospects, the steps they took, and the activities at which they were met."""

import uuid
from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Prospect(Searchable, Current, Table, table=True):
    """Somebody who may invest (招商引资对象). The contact person in it is encrypted."""

    __tablename__ = "prospect"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        UniqueConstraint("region", "project"),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        ForeignKeyConstraint(["region", "enterprise"], ["registry.enterprise.region", "registry.enterprise.code"]),
        ForeignKeyConstraint(["region", "project"], ["registry.project.region", "registry.project.code"]),
        Index("prospect_region_stage_ix", "region", "stage", "code"),
        *search_indexes("prospect"),
    )

    name: str
    industry: str
    unit: str
    stage: str
    enterprise: str | None = None
    project: str | None = None


class ProspectStep(Table, table=True):
    """A step of a prospect to a stage. Nothing of it is ever updated."""

    __tablename__ = "prospect_step"
    __table_args__ = (
        ForeignKeyConstraint(["region", "prospect"], ["registry.prospect.region", "registry.prospect.code"]),
        Index("prospect_step_region_prospect_ix", "region", "prospect", "day"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    prospect: str
    from_stage: str | None = None
    to_stage: str
    day: date
    text: str | None = None
    evidence: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    by: str


class Activity(Searchable, Current, Table, table=True):
    """Something held to win prospects: a promotion (推介会), a visit (上门招商), a summit (峰会)."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        Index("activity_region_day_ix", "region", "day"),
        Index("activity_met_ix", "met", postgresql_using="gin"),
        Index("activity_units_ix", "units", postgresql_using="gin"),
        *search_indexes("activity"),
    )

    name: str
    kind: str
    day: date
    units: list[str] = Field(sa_type=ARRAY(Text))
    met: list[str] = Field(sa_type=ARRAY(Text))

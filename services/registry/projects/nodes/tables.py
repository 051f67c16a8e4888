"""Schedules of projects."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class Schedule(Current, Table, table=True):
    """The planned nodes of a project (倒排工期); its code is the project's."""

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "code"], ["registry.project.region", "registry.project.code"]),
    )

    goal: date

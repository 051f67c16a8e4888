"""Pauses of projects."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class Suspension(Current, Table, table=True):
    """A pause of a project as it stands today (中止计时)."""

    __tablename__ = "suspension"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        UniqueConstraint("region", "project", "number"),
        ForeignKeyConstraint(["region", "project"], ["registry.project.region", "registry.project.code"]),
        CheckConstraint("last_day >= first_day", name="last_day"),
    )

    project: str
    number: int
    first_day: date
    last_day: date
    cause: str
    state: str

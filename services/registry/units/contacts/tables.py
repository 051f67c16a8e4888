"""Contacts."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class Contact(Current, Table, table=True):
    """A person of a unit who receives its notices (联络员, 主要负责人, 分管负责人, 分管副区长). The addresses in it are encrypted."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("region", "unit", "role"),
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
    )

    unit: str
    role: str

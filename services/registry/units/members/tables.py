"""The members of collective names, worked out from the units whenever one of them changes."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from services.registry.schema import Table


class UnitMember(Table, table=True):
    """A unit that a collective name stands for, from day to day; today's knowledge, rebuilt from the units."""

    __tablename__ = "unit_member"
    __table_args__ = (
        ForeignKeyConstraint(["region", "collective"], ["registry.unit.region", "registry.unit.code"]),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        Index("unit_member_unit_ix", "region", "unit", "collective"),
    )

    region: str = Field(primary_key=True)
    collective: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    first: date = Field(primary_key=True)
    """The first day on which it is a member; 0001-01-01: from ever."""
    last: date
    """The last day; 9999-12-31: until further notice."""

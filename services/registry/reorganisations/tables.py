"""Reorganisations."""

from datetime import date

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Reorganisation(Searchable, Current, Table, table=True):
    """One reorganisation (机构改革) as it was decided and carried out."""

    __tablename__ = "reorganisation"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        Index("reorganisation_units_ix", "units", postgresql_using="gin"),
        *search_indexes("reorganisation"),
    )

    effective_on: date
    units: list[str] = Field(sa_type=ARRAY(Text))
    """Every unit that it changed, ended or founded."""

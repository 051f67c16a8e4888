"""Carriers."""

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Carrier(Searchable, Current, Table, table=True):
    """A town, park or platform that carries an industry (行动载体); `industries` are all that name it as theirs."""

    __tablename__ = "carrier"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        ForeignKeyConstraint(  # a file may name a carrier before the one around it
            ["region", "parent"],
            ["registry.carrier.region", "registry.carrier.code"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("carrier_industries_ix", "industries", postgresql_using="gin"),
        Index("carrier_enterprises_ix", "enterprises", postgresql_using="gin"),
        Index("carrier_region_parent_ix", "region", "parent"),
        *search_indexes("carrier"),
    )

    name: str
    industry: str
    industries: list[str] = Field(sa_type=ARRAY(Text))
    parent: str | None = None
    """The carrier within which it lies."""
    enterprises: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    """The listed enterprises among its members."""

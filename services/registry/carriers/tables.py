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
        Index("carrier_industries_ix", "industries", postgresql_using="gin"),
        *search_indexes("carrier"),
    )

    name: str
    industry: str
    industries: list[str] = Field(sa_type=ARRAY(Text))

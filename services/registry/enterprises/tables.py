"""Enterprises."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Enterprise(Searchable, Current, Table, table=True):
    """An enterprise that a plan lists by name (培育企业)."""

    __tablename__ = "enterprise"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        Index("enterprise_region_industry_ix", "region", "industry", "code"),
        *search_indexes("enterprise"),
    )

    name: str
    industry: str

"""Projects."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Project(Searchable, Current, Table, table=True):
    """A key project (重点项目) and the years of its implementation (实施年度)."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        ForeignKeyConstraint(["region", "enterprise"], ["registry.enterprise.region", "registry.enterprise.code"]),
        ForeignKeyConstraint(["region", "carrier"], ["registry.carrier.region", "registry.carrier.code"]),
        Index("project_region_industry_ix", "region", "industry", "code"),
        Index("project_region_carrier_ix", "region", "carrier", "code"),
        *search_indexes("project"),
    )

    name: str
    plan: str
    industry: str
    enterprise: str | None = None
    carrier: str | None = None
    first_year: int
    last_year: int

"""Projects."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Project(Searchable, Current, Table, table=True):
    """A key project (重点项目), the years of its implementation (实施年度), and where it stands in its life."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        ForeignKeyConstraint(["region", "enterprise"], ["registry.enterprise.region", "registry.enterprise.code"]),
        ForeignKeyConstraint(["region", "carrier"], ["registry.carrier.region", "registry.carrier.code"]),
        ForeignKeyConstraint(["region", "kind"], ["registry.project_kind.region", "registry.project_kind.code"]),
        Index("project_region_industry_ix", "region", "industry", "code"),
        Index("project_region_carrier_ix", "region", "carrier", "code"),
        Index("project_region_stage_ix", "region", "stage", "code"),
        Index(
            "project_current_national_code_ix",
            "region",
            "national_code",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND national_code IS NOT NULL"),
        ),
        *search_indexes("project"),
    )

    name: str
    plan: str
    industry: str
    enterprise: str | None = None
    carrier: str | None = None
    first_year: int
    last_year: int
    national_code: str | None = None
    """Project code of the national approval platform (项目代码)."""
    kind: str | None = None
    """Kind of project; empty where the row is older than kinds: then it is `standard`."""
    stage: str | None = None
    """Stage of its life; empty where the row is older than lives: then it is `unrecorded`."""

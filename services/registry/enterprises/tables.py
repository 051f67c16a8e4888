"""Enterprises."""

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Enterprise(Searchable, Current, Table, table=True):
    """An enterprise (企业). `marks` hold what it is found by beside a search: names, roles, classes, groups with dates.

    One that was merged into another is ended, and says into which.
    """

    __tablename__ = "enterprise"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "industry"], ["registry.industry.region", "registry.industry.code"]),
        ForeignKeyConstraint(["region", "merged_into"], ["registry.enterprise.region", "registry.enterprise.code"]),
        Index("enterprise_region_industry_ix", "region", "industry", "code"),
        Index("enterprise_current_ix", "region", "code", postgresql_where=text("ended_at IS NULL")),
        Index(
            "enterprise_region_credit_code_ix",
            "region",
            "credit_code",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND credit_code IS NOT NULL"),
        ),
        Index(
            "enterprise_without_credit_code_ix",
            "region",
            "code",
            postgresql_where=text("ended_at IS NULL AND credit_code IS NULL"),
        ),
        Index("enterprise_region_group_name_ix", "region", "group_name"),
        Index("enterprise_region_merged_into_ix", "region", "merged_into"),
        Index("enterprise_marks_ix", "marks", postgresql_using="gin"),
        *search_indexes("enterprise"),
    )

    name: str
    industry: str
    credit_code: str | None = None
    group_name: str | None = None
    merged_into: str | None = None
    marks: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))

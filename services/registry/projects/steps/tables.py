"""Steps of projects."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current


class ProjectStep(Current, Table, table=True):
    """A step of a project as it stands today (项目流转); each of its acts is a version, and versions are never changed."""

    __tablename__ = "project_step"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        UniqueConstraint("region", "project", "number"),
        ForeignKeyConstraint(["region", "project"], ["registry.project.region", "registry.project.code"]),
        Index(  # one proposal at a time
            "project_step_open_ix", "region", "project", unique=True, postgresql_where=text("state = 'proposed'")
        ),
        Index("project_step_region_state_ix", "region", "state", "id"),
    )

    project: str
    number: int
    step: str
    to_stage: str
    happened_on: date
    state: str
    reviewers: list[str] = Field(sa_type=ARRAY(Text))

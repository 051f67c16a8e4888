"""Who answers for what."""

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current


class Responsibility(Current, Table, table=True):
    """The owners of one matter of a plan (责任分工): one lead unit (牵头), any number in support (配合).

    A matter is a target or a task; `subject` says what it is about (`project:P01`).
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        UniqueConstraint("region", "plan", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "lead"], ["registry.unit.region", "registry.unit.code"]),
        Index("responsibility_region_subject_ix", "region", "subject"),
        Index("responsibility_units_ix", "units", postgresql_using="gin"),
    )

    plan: str
    subject: str
    lead: str
    units: list[str] = Field(sa_type=ARRAY(Text))

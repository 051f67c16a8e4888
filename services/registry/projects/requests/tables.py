"""Change requests."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class ChangeRequest(Current, Table, table=True):
    """A change request as it stands today (变更申请)."""

    __tablename__ = "change_request"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "project"], ["registry.project.region", "registry.project.code"]),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        Index("change_request_region_subject_ix", "region", "subject", "id"),
        Index("change_request_region_state_ix", "region", "state", "id"),
    )

    subject: str
    project: str | None = None
    plan: str
    target: str | None = None
    unit: str
    state: str

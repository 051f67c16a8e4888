"""What several plans have in common: what each plan's files name, and the projects that a plan shares."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current


class PlanItem(Table, table=True):
    """What the files of a plan have named and nobody pruned since: what `prune` may end, unless another plan names it."""

    __tablename__ = "plan_item"
    __table_args__ = (
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        Index("plan_item_region_kind_code_ix", "region", "kind", "code"),
    )

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)


class SharedProject(Current, Table, table=True):
    """A project that a plan has in common with the project's own plan; `code` is the project's."""

    __tablename__ = "shared_project"
    __table_args__ = (
        UniqueConstraint("region", "plan", "code"),
        ForeignKeyConstraint(["region", "plan"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "code"], ["registry.project.region", "registry.project.code"]),
        Index("shared_project_region_code_ix", "region", "code"),
    )

    plan: str

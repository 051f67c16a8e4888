"""Which plan continues which."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class Succession(Current, Table, table=True):
    """What a plan handed over to its successor; `code` is the plan's."""

    __tablename__ = "succession"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "code"], ["registry.plan.region", "registry.plan.code"]),
        ForeignKeyConstraint(["region", "successor"], ["registry.plan.region", "registry.plan.code"]),
    )

    successor: str

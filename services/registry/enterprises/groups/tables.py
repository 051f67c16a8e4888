"""Groups of enterprises."""

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class EnterpriseGroup(Searchable, Current, Table, table=True):
    """A group of enterprises (集团) and the enterprise at its head; `names` are all it is called, folded."""

    __tablename__ = "enterprise_group"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "enterprise"], ["registry.enterprise.region", "registry.enterprise.code"]),
        Index("enterprise_group_names_ix", "names", postgresql_using="gin"),
        *search_indexes("enterprise_group"),
    )

    name: str
    enterprise: str | None = None
    names: list[str] = Field(sa_type=ARRAY(Text))

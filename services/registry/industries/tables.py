"""Industries."""

from sqlalchemy import UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Industry(Searchable, Current, Table, table=True):
    """An industry that a plan promotes (产业)."""

    __tablename__ = "industry"
    __table_args__ = (UniqueConstraint("region", "code"), *search_indexes("industry"))

    name: str

"""Kinds of projects."""

from sqlalchemy import UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class ProjectKind(Searchable, Current, Table, table=True):
    """A kind of project (项目类型) with the graph of its life."""

    __tablename__ = "project_kind"
    __table_args__ = (UniqueConstraint("region", "code"), *search_indexes("project_kind"))

    name: str

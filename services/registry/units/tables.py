"""Units."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Ltree(UserDefinedType[str]):
    """A path of labels in a tree, root first: `government.jingxinju`."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
        """The type's name in Postgres."""
        return "ltree"


ischema_names["ltree"] = Ltree  # so that migrations recognise the column


class Unit(Searchable, Current, Table, table=True):
    """An organisation or office (责任单位) and its place in the tree."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(  # a file may name a unit before the one above it
            ["region", "parent"],
            ["registry.unit.region", "registry.unit.code"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ExcludeConstraint(  # unique among units that were not dissolved, once all is written: two may change names
            ("region", "="),
            ("name", "="),
            using="btree",
            where=text("ended_at IS NULL AND successors = '{}'"),
            deferrable=True,
            initially="DEFERRED",
            name="unit_current_name_ex",
        ),
        Index("unit_path_ix", "path", postgresql_using="gist"),
        Index("unit_names_ix", "names", postgresql_using="gin"),
        *search_indexes("unit"),
    )

    name: str
    kind: str
    parent: str | None = None
    path: str = Field(sa_type=Ltree)
    valid_from: date | None = None
    valid_to: date | None = None
    successors: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    """The units that took over its duties when a reorganisation dissolved it."""
    names: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    """Its name and those it had before."""

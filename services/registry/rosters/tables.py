"""Rosters and their items."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes

_STANDING = text("ended_at IS NULL AND state <> 'withdrawn'")


class Roster(Searchable, Current, Table, table=True):
    """A list of names that a count stands for (名册, 台账)."""

    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        *search_indexes("roster"),
    )

    name: str
    unit: str


class RosterItem(Searchable, Current, Table, table=True):
    """One named item of a roster, and whether it counts. Nothing stands twice in a roster for one subject."""

    __tablename__ = "roster_item"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "roster"], ["registry.roster.region", "registry.roster.code"]),
        Index("roster_item_thing_uq", "region", "roster", "subject", "thing", unique=True, postgresql_where=_STANDING),
        Index(
            "roster_item_folded_uq", "region", "roster", "subject", "folded", unique=True, postgresql_where=_STANDING
        ),
        *search_indexes("roster_item"),
    )

    roster: str
    subject: str
    state: str
    thing: str | None = None
    folded: str
    """The name as searches compare it."""
    recognised_on: date | None = None
    withdrawn_on: date | None = Field(default=None)

"""Leaders' contacts, visits, problems."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


def _leader() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["region", "leader"], ["registry.unit.region", "registry.unit.code"])


class LeaderContact(Current, Table, table=True):
    """That a leader is in contact with something from a day to a day (区领导联系)."""

    __tablename__ = "leader_contact"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        _leader(),
        Index("leader_contact_region_leader_ix", "region", "leader"),
        Index("leader_contact_region_subject_ix", "region", "subject"),
    )

    leader: str
    subject: str
    valid_from: date
    valid_to: date | None = None


class Visit(Searchable, Current, Table, table=True):
    """A leader's visit (走访)."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        _leader(),
        Index("visit_region_leader_ix", "region", "leader", "happened_on"),
        Index("visit_region_subject_ix", "region", "subject", "happened_on"),
        *search_indexes("visit"),
    )

    leader: str
    subject: str
    happened_on: date


class Problem(Searchable, Current, Table, table=True):
    """A problem that was raised upward (问题上报), as it stands today."""

    __tablename__ = "problem"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        ForeignKeyConstraint(["region", "unit"], ["registry.unit.region", "registry.unit.code"]),
        ForeignKeyConstraint(["region", "visit"], ["registry.visit.region", "registry.visit.code"]),
        _leader(),
        Index("problem_region_subject_ix", "region", "subject"),
        Index("problem_region_state_ix", "region", "state", "due"),
        Index("problem_units_ix", "units", postgresql_using="gin"),
        *search_indexes("problem"),
    )

    leader: str | None = None
    subject: str
    visit: str | None = None
    unit: str | None = None
    state: str
    due: date | None = None
    settled_on: date | None = None
    units: list[str] = Field(sa_type=ARRAY(Text))
    """Those whose people see it."""

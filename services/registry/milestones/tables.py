"""Milestones."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current, Searchable, search_indexes


class Milestone(Searchable, Current, Table, table=True):
    """A milestone (里程碑) and the day on which the state that counts was reached."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("region", "code"),
        Index("milestone_region_subject_ix", "region", "subject"),
        Index("milestone_region_due_ix", "region", "due"),
        *search_indexes("milestone"),
    )

    subject: str
    due: date
    done_on: date | None = None

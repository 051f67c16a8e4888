"""Working days, one versioned object per year."""

from sqlalchemy import UniqueConstraint

from services.registry.schema import Table
from services.registry.versions.tables import Current


class CalendarYear(Current, Table, table=True):
    """The days of a year that differ from the plain week (节假日及调休); the year is its code."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("region", "code"),)

    year: int
    published: bool

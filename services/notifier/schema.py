"""The notifier service's own Postgres schema: every table of it stands on this base."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime

from services.kit.db import table_base

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Table  # mypy takes no base class that is a variable
else:
    Table = table_base("notifier")

__all__ = ["Instant", "Table", "columns"]

Instant = DateTime(timezone=True)
"""Column type of an instant; naive datetimes are refused in the schemas."""


def columns(table: type[Table]) -> Any:  # noqa: ANN401 - columns of any type
    """The columns of a table by name, for selects that Postgres shapes itself."""
    return table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

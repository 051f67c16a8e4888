"""The indicators service's own Postgres schema: every table of it stands on this base."""

from typing import TYPE_CHECKING

from sqlalchemy import DateTime

from services.kit.db import table_base

__all__ = ["Instant", "Table"]

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Table  # mypy takes no base class that is a variable
else:
    Table = table_base("indicators")

Instant = DateTime(timezone=True)
"""Column type of an instant; a naive datetime does not get this far (ruff DTZ, schemas)."""

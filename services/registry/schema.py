"""The registry service's own Postgres schema: every table of it stands on this base."""

from typing import TYPE_CHECKING

from services.kit.db import table_base

if TYPE_CHECKING:
    from sqlmodel import SQLModel as Table  # mypy takes no base class that is a variable
else:
    Table = table_base("registry")

__all__ = ["Table"]

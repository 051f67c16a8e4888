"""How cases are kept: numbered, listed in the order in which they began."""

from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from services.kit.db import Session
from services.kit.reads import Page
from services.registry.versions.store import Shelf


class CaseShelf(Shelf):
    """Cases are listed in the order in which they began."""

    @cached_property
    def page(self) -> Page:
        """Today's cases, the one that began first before the others."""
        began = self.column("id")  # UUIDv7
        return Page(self.view(), sort=began, identity=began, sorts=self.keys(), filters=self.filters)


async def next_number(session: Session, shelf: Shelf, region: str, prefix: str) -> int:
    """The number after the last one whose code begins so. The caller holds the region's lock: see `versions.store.stamp`."""
    columns: Any = shelf.table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    taken = select(func.count()).where(columns.region == region, columns.code.startswith(prefix, autoescape=True))
    return int((await session.execute(taken)).scalar_one()) + 1

"""Who refers to an enterprise, and where one that was merged is to be found."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update

from services.kit.db import Session
from services.registry.enterprises.groups.store import GROUPS
from services.registry.enterprises.tables import Enterprise
from services.registry.plans.store import TASKS
from services.registry.projects.store import PROJECTS
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

_columns = Enterprise.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it


@dataclass(frozen=True)
class Referrer:
    """A kind of objects that name an enterprise in a field of their content, which is a column of their table too.

    By its code, or as a subject (`enterprise:e01`).
    """

    shelf: Shelf
    field: str

    def value(self, code: str) -> str:
        """What the field holds where it names the enterprise of this code."""
        return f"enterprise:{code}" if self.field == "subject" else code

    async def rows(self, session: Session, region: str, code: str) -> list[Current]:
        """The rows of today that name it."""
        table: Any = self.shelf.table
        found = select(table).where(
            self.shelf.column("region") == region,
            self.shelf.column(self.field) == self.value(code),
            self.shelf.column("ended_at").is_(None),
        )
        return list((await session.execute(found.order_by(self.shelf.column("code")))).scalars())


REFERRERS: Final = (
    Referrer(GROUPS, "enterprise"),
    Referrer(PROJECTS, "enterprise"),
    Referrer(TASKS, "subject"),
    Referrer(RESPONSIBILITIES, "subject"),
)
"""Everything that names an enterprise. A test holds this against the tables of the registry."""


async def point_to(session: Session, region: str, before: str, after: str) -> None:
    """One that was merged is found at `after`, and so is what had been merged into it."""
    await session.execute(
        update(Enterprise)
        .where(_columns.region == region, (_columns.code == before) | (_columns.merged_into == before))
        .values(merged_into=after)
    )

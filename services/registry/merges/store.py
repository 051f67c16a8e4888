"""Who refers to an enterprise, and where one that was merged is to be found."""

from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit.db import Session
from services.registry.carriers.store import CARRIERS
from services.registry.enterprises.groups.store import GROUPS
from services.registry.enterprises.rules import subject
from services.registry.enterprises.tables import Enterprise
from services.registry.leaders.store import CONTACTS, PROBLEMS, VISITS
from services.registry.milestones.store import MILESTONES
from services.registry.plans.store import TASKS
from services.registry.projects.requests.store import REQUESTS
from services.registry.projects.store import PROJECTS
from services.registry.prospects.store import PROSPECTS
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.rosters.rules import item_code
from services.registry.rosters.store import ITEMS
from services.registry.rosters.tables import RosterItem
from services.registry.versions.rules import Content, folded
from services.registry.versions.store import Shelf
from services.registry.versions.tables import Current

_columns = Enterprise.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_items = RosterItem.__table__.c  # type: ignore[attr-defined]  # as above


@dataclass(frozen=True)
class Referrer:
    """A kind of objects that name an enterprise, and the columns by which those that do are found.

    A column holds its code, a list of codes, or a subject (`enterprise:e01`).
    """

    shelf: Shelf
    columns: tuple[str, ...]

    async def rows(self, session: Session, region: str, code: str) -> list[Current]:
        """The rows of today that name it."""
        table: Any = self.shelf.table
        found = select(table).where(
            self.shelf.column("region") == region,
            self.shelf.column("ended_at").is_(None),
            or_(*(self._named(name, code) for name in self.columns)),
        )
        return list((await session.execute(found.order_by(self.shelf.column("code")))).scalars())

    def _named(self, name: str, code: str) -> ColumnElement[bool]:
        column = self.shelf.column(name)
        if isinstance(column.type, ARRAY):
            return cast("ColumnElement[bool]", column.contains([code]))
        return cast("ColumnElement[bool]", column.in_([code, subject(code)]))


REFERRERS: Final = (
    Referrer(CARRIERS, ("enterprises",)),
    Referrer(GROUPS, ("enterprise",)),
    Referrer(PROJECTS, ("enterprise",)),
    Referrer(ITEMS, ("subject", "thing")),
    Referrer(TASKS, ("subject",)),
    Referrer(RESPONSIBILITIES, ("subject",)),
    Referrer(MILESTONES, ("subject",)),
    Referrer(REQUESTS, ("subject",)),
    Referrer(CONTACTS, ("subject",)),
    Referrer(VISITS, ("subject",)),
    Referrer(PROBLEMS, ("subject",)),
    Referrer(PROSPECTS, ("enterprise",)),
)
"""Everything that names an enterprise. A test holds this against the tables of the registry.

What was paid is never written again: it is read as paid to the survivor.
"""


async def standing_beside(session: Session, region: str, item: Content) -> str | None:
    """The code of another item that stands in the roster for the same thing, or by the same name, and same subject."""
    row = await session.execute(
        select(_items.code).where(
            _items.region == region,
            _items.roster == item["roster"],
            _items.subject == item["subject"],
            _items.ended_at.is_(None),
            _items.state != "withdrawn",
            or_(_items.thing == item["thing"], _items.folded == folded(item["name"])),
            _items.code != item_code(item["roster"], item["code"]),
        )
    )
    return row.scalars().first()


async def point_to(session: Session, region: str, before: str, after: str) -> None:
    """One that was merged is found at `after`, and so is what had been merged into it."""
    await session.execute(
        update(Enterprise)
        .where(_columns.region == region, (_columns.code == before) | (_columns.merged_into == before))
        .values(merged_into=after)
    )

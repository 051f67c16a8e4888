"""Where rosters and their items are kept, and how they are counted."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Final

from sqlalchemy import Date, and_, any_, bindparam, or_, select
from sqlalchemy import String as Varchar

from services.kit.db import Driver, Session
from services.kit.reads import Page
from services.plan_file.things import Roster as RosterContent
from services.registry.rosters import rules
from services.registry.rosters.schemas import RosterItem as ItemContent
from services.registry.rosters.tables import Roster, RosterItem
from services.registry.units.store import units_named
from services.registry.versions.metrics import subject_standing
from services.registry.versions.rules import Content
from services.registry.versions.store import Shelf, among, search_filters
from services.registry.versions.tables import Current

_rosters = Roster.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_items = RosterItem.__table__.c  # type: ignore[attr-defined]  # as above

ROSTERS = Shelf(
    kind="roster",
    table=Roster,
    fields=tuple(RosterContent.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Roster),
        "unit": _rosters.unit == any_(units_named()),
        "lists": _rosters.content["lists"].astext == bindparam("lists", type_=Varchar),
    },
    sorts={"unit": _rosters.unit},
)


class ItemShelf(Shelf):
    """Items are listed roster by roster: the list takes `roster`."""

    @cached_property
    def page(self) -> Page:
        """Today's items of `:roster`, by their number."""
        of_roster = self.view().where(_items.roster == bindparam("roster", type_=Varchar))
        return Page(of_roster, sort=_items.code, identity=_items.id, sorts=self.keys(), filters=self.filters)


_day = bindparam("as_of", type_=Date)
ITEMS = ItemShelf(
    kind="roster_item",
    table=RosterItem,
    fields=tuple(ItemContent.model_fields),
    columns=rules.item_columns,
    filters={
        **search_filters(RosterItem),
        **{name: _items[name] == bindparam(name, type_=Varchar) for name in ("state", "subject")},
        "thing": _items.thing == subject_standing("thing"),
        "as_of": and_(_items.recognised_on <= _day, or_(_items.withdrawn_on.is_(None), _items.withdrawn_on > _day)),
    },
    sorts={name: _items[name] for name in ("subject", "state", "recognised_on", "withdrawn_on")},
)

_COUNTS: Final = """
SELECT coalesce(json_agg(json_build_object('subject', subject, 'count', items) ORDER BY subject COLLATE "C"), '[]')::text AS by_subject,
       coalesce(sum(items), 0)::int AS total
FROM (
    SELECT known.content ->> 'subject' AS subject, count(*) AS items
    FROM (
        SELECT DISTINCT ON (version.object_id) version.content
        FROM registry.version
        JOIN registry.roster_item AS item ON item.region = version.region AND item.id = version.object_id
        WHERE version.region = $1 AND item.roster = $2 AND version.recorded_at <= $4
        ORDER BY version.object_id, version.recorded_at DESC, version.version DESC
    ) AS known
    WHERE (known.content ->> 'recognised_on')::date <= $3
      AND ((known.content ->> 'withdrawn_on')::date > $3 OR known.content ->> 'withdrawn_on' IS NULL)
    GROUP BY 1
) AS counted"""


async def counts(driver: Driver, region: str, roster: str, as_of: date, known_at: datetime) -> tuple[str, int]:
    """How many items count on a day as an instant knew them: by subject, as JSON, and in all."""
    row = await driver.fetchrow(_COUNTS, region, roster, as_of, known_at)
    return row["by_subject"], row["total"]


async def standing_in(session: Session, region: str, rosters: Collection[str]) -> dict[str, Content]:
    """Of each item of some rosters that is not withdrawn, by its code: what tells it from others."""
    told = ("roster", "code", "name", "subject", "thing", "state")
    found = select(_items.code, *(_items.content[name].astext for name in told)).where(
        _items.region == region,
        among(_items.roster, rosters),
        _items.state != "withdrawn",
        _items.ended_at.is_(None),
    )
    rows = (await session.execute(found)).all()
    return {code: dict(zip(told, values, strict=True)) for code, *values in rows}


async def standing(session: Session, region: str, roster: str, subject: str) -> Sequence[Current]:
    """The items of a roster for one subject that are not withdrawn."""
    found = select(RosterItem).where(
        _items.region == region,
        _items.roster == roster,
        _items.subject == subject,
        _items.state != "withdrawn",
        _items.ended_at.is_(None),
    )
    return (await session.execute(found)).scalars().all()

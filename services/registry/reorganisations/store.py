"""Where reorganisations are kept, and what one works on."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Date, String, Text, bindparam, cast, select
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Session
from services.registry.instruments.store import INSTRUMENTS
from services.registry.leaders.store import CONTACTS as CONTACTS_OF_LEADERS
from services.registry.leaders.store import PROBLEMS
from services.registry.plans.tables import Plan
from services.registry.projects.requests.store import REQUESTS
from services.registry.projects.steps.store import STEPS
from services.registry.prospects.store import ACTIVITIES, PROSPECTS
from services.registry.reorganisations.outcome.rules import columns
from services.registry.reorganisations.rules import Key, State
from services.registry.reorganisations.tables import Reorganisation
from services.registry.responsibilities.rules import OF_ITS_OWN
from services.registry.responsibilities.tables import Responsibility
from services.registry.rosters.store import ROSTERS
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.store import UNITS
from services.registry.versions.store import Shelf, search_filters
from services.registry.versions.tables import Current

_columns = Reorganisation.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_matters: Any = Responsibility.__table__.c  # type: ignore[attr-defined]  # as above
_plans: Any = Plan.__table__.c  # type: ignore[attr-defined]  # as above

REORGANISATIONS = Shelf(
    kind="reorganisation",
    table=Reorganisation,
    fields=("code", "title", "document", "effective_on", "units", "acts", "effects"),
    columns=columns,
    filters={
        **search_filters(Reorganisation),
        "unit": _columns.units.contains(array([cast(bindparam("unit", type_=String), Text)])),
        "since": _columns.effective_on >= bindparam("since", type_=Date),
        "until": _columns.effective_on <= bindparam("until", type_=Date),
    },
    sorts={"title": _columns.content["title"].astext, "effective_on": _columns.effective_on},
)


SHELVES: Final[Mapping[str, Shelf]] = {
    shelf.kind: shelf
    for shelf in (ROSTERS, INSTRUMENTS, PROSPECTS, ACTIVITIES, CONTACTS_OF_LEADERS, PROBLEMS, REQUESTS, STEPS)
}
"""Where the duties of each kind are kept."""


class Rows:
    """The rows of what there is before: units, contacts, and of plans that are not closed responsibilities and duties."""

    def __init__(
        self,
        units: dict[str, Current],
        matters: dict[Key, Current],
        contacts: dict[str, Current],
        duties: dict[Key, Current],
    ) -> None:
        self.units, self.matters, self.contacts, self.duties = units, matters, contacts, duties

    def state(self) -> State:
        """The contents of what is current."""
        contacts = [row.content for row in self.contacts.values() if row.ended_at is None]
        return State(
            units={code: row.content for code, row in self.units.items() if row.ended_at is None},
            matters={key: {**OF_ITS_OWN, **row.content} for key, row in self.matters.items()},
            contacts={(contact["unit"], contact["role"]): contact for contact in contacts},
            duties={key: row.content for key, row in self.duties.items()},
        )


async def rows(session: Session, region: str) -> Rows:
    """What a reorganisation of the region works on."""
    open_plans = select(_plans.code).where(_plans.region == region, _plans.state != "closed")
    found = await session.execute(
        select(Responsibility).where(
            _matters.region == region, _matters.ended_at.is_(None), _matters.plan.in_(open_plans)
        )
    )
    return Rows(
        await UNITS.rows(session, region),
        {(row.plan, row.code): row for row in found.scalars()},
        await CONTACTS.rows(session, region),
        await _duties(session, region, set((await session.execute(open_plans)).scalars())),
    )


async def _duties(session: Session, region: str, open_plans: Collection[str]) -> dict[Key, Current]:
    """What else names units, by kind and code, whether it is open or not; not what is of a closed plan."""
    found: dict[Key, Current] = {}
    for kind, shelf in SHELVES.items():
        for row in await shelf.current(session, region):
            if not shelf.plan_scoped:
                found[kind, row.code] = row
            elif row.content["plan"] in open_plans:
                found[kind, f"{row.content['plan']}/{row.code}"] = row
    return found

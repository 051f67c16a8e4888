"""Where carriers are kept."""

from sqlalchemy import Text, bindparam, cast
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Session
from services.plan_file.things import Carrier as Content
from services.registry.carriers import rules
from services.registry.carriers.tables import Carrier
from services.registry.responsibilities.store import answered_by_unit
from services.registry.sharing.store import named_by_plan
from services.registry.versions.metrics import of_kind, standing
from services.registry.versions.rules import Content as Kept
from services.registry.versions.store import Shelf, search_filters

_columns = Carrier.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
CARRIERS = Shelf(
    kind="carrier",
    table=Carrier,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Carrier),
        **answered_by_unit(Carrier, "carrier"),
        **named_by_plan(Carrier, "carrier"),
        "industry": _columns.industries.contains(array([cast(bindparam("industry"), Text)])),
        "enterprise": _columns.enterprises.contains(array([cast(standing("enterprise"), Text)])),
        "parent": _columns.parent == bindparam("parent"),
    },
    names={"parent": of_kind("carrier")},
    absent={"members": [], "shares": []},
    sorts={name: _columns[name] for name in ("industry", "parent")},
)


async def contents(session: Session, region: str) -> dict[str, Kept]:
    """All carriers of today by code."""
    return {row.code: row.content for row in await CARRIERS.current(session, region)}

"""Where grants are listed and found; they are kept beside the callers and people who hold them."""

import uuid

from sqlalchemy import Boolean, and_, bindparam, exists, select

from services.kit.db import Session
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.registry.identity.tables import Client, Person, RoleGrant
from services.registry.units.store import named, visible_to

_grants = RoleGrant.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_people = Person.__table__.c  # type: ignore[attr-defined]  # as above
_clients = Client.__table__.c  # type: ignore[attr-defined]  # as above

# A caller of a unit sees the grants for it and those below.
_seen = visible_to(_grants.region, _grants.unit)
_VIEW = select(
    _grants.id,
    _grants.holder,
    _grants.role,
    _grants.unit,
    _grants.valid_from,
    _grants.valid_to,
    _grants.granted_at,
    _grants.granted_by,
    _grants.revoked_at,
    _grants.revoked_by,
).where(_grants.region == bindparam("region"), _seen)

GRANTS = Page(
    _VIEW,
    sort=_grants.granted_at,
    identity=_grants.id,
    sorts={name: _grants[name] for name in ("granted_at", "holder", "role", "unit", "valid_from", "valid_to")},
    filters={
        "sought": holds(_grants.holder, _grants.role, named(_grants.region, _grants.unit)),
        "holder": _grants.holder == bindparam("holder"),
        "role": _grants.role == bindparam("role"),
        "revoked": _grants.revoked_at.is_not(None) == bindparam("revoked", type_=Boolean),
    },
    descending=True,
)
GRANT = One(_VIEW.where(_grants.id == bindparam("grant")), what="grant")


async def seen(session: Session, region: str, grant: uuid.UUID, unit_path: str) -> RoleGrant | None:
    """A grant that a caller of `unit_path` sees."""
    found = await session.execute(
        select(RoleGrant).where(_grants.region == region, _grants.id == grant, _seen), {"unit_path": unit_path}
    )
    row: RoleGrant | None = found.scalar_one_or_none()
    return row


async def is_there(session: Session, region: str, holder: str) -> bool:
    """Whether there is such a person or client."""
    kind, _, name = holder.partition(":")
    named = (
        and_(_people.region == region, _people.name == name)
        if kind == "person"
        else and_(_clients.region == region, _clients.client_id == name)
    )
    return bool((await session.execute(select(exists().where(named)))).scalar_one())

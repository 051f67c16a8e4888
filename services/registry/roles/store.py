"""Where grants are listed and found; they are kept beside the callers and people who hold them."""

import uuid

from sqlalchemy import Boolean, and_, bindparam, exists, func, literal, select, union_all

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


_HOLDERS = union_all(
    select(
        _people.region,
        literal("person").label("kind"),
        ("person:" + _people.name).label("holder"),
        _people.display_name.label("name"),
        _people.unit,
        _people.disabled_at.is_not(None).label("disabled"),
    ),
    select(
        _clients.region,
        literal("client"),
        "client:" + _clients.client_id,
        _clients.client_id,
        _clients.unit,
        literal(value=False),
    ),
).subquery("holders")
_holders = _HOLDERS.c

HOLDERS = Page(
    select(
        _holders.holder,
        _holders.name,
        _holders.unit,
        _holders.disabled,
        func.array(
            select(_grants.role)
            .where(_grants.region == _holders.region, _grants.holder == _holders.holder, _grants.revoked_at.is_(None))
            .order_by(_grants.role)
            .scalar_subquery()
        ).label("roles"),
    ).where(_holders.region == bindparam("region"), visible_to(_holders.region, _holders.unit)),
    sort=_holders.holder,
    identity=_holders.holder,
    sorts={name: _holders[name] for name in ("holder", "name", "unit")},
    filters={"kind": _holders.kind == bindparam("kind"), "of_unit": _holders.unit == bindparam("of_unit")},
)
"""Everybody to whom a caller of `unit_path` may grant a role."""


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

"""Where callers and their keys are kept."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import String, and_, bindparam, cast, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import Session
from services.kit.reads import One, Page
from services.registry.identity.rules import Granted, Holder, Tie
from services.registry.identity.tables import ApiKey, Client, Person, RoleGrant
from services.registry.units.store import unit_named, visible_to
from services.registry.units.tables import Unit

_keys = ApiKey.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_clients = Client.__table__.c  # type: ignore[attr-defined]  # as above
_grants = RoleGrant.__table__.c  # type: ignore[attr-defined]  # as above
_people = Person.__table__.c  # type: ignore[attr-defined]  # as above
_units = Unit.__table__.c  # type: ignore[attr-defined]  # as above
_of_client = and_(_clients.region == _keys.region, _clients.client_id == _keys.client_id)
_of_unit = and_(_units.region == _clients.region, _units.code == _clients.unit, _units.ended_at.is_(None))
_seen = visible_to(_keys.region, _clients.unit)

_VIEW = (
    select(
        _keys.id,
        _keys.client_id,
        _keys.prefix,
        _keys.scopes,
        _clients.unit,
        _keys.created_at,
        _keys.created_by,
        _keys.expires_at,
        _keys.revoked_at,
        _keys.last_used_at,
    )
    .select_from(_keys.id.table.join(_clients.region.table, _of_client).outerjoin(_units.region.table, _of_unit))
    .where(_keys.region == bindparam("region"), _seen)
)

KEYS = Page(
    _VIEW,
    sort=_keys.created_at,
    identity=_keys.id,
    sorts={
        **{name: _keys[name] for name in ("created_at", "client_id", "expires_at", "last_used_at")},
        "unit": _clients.unit,
    },
    filters={"client_id": _keys.client_id == bindparam("client_id")},
    descending=True,
)
KEY = One(_VIEW.where(_keys.id == bindparam("key_id")), what="key")


async def database_now(session: Session) -> datetime:
    """The database's own time: keys and tokens live by it, not by the business clock."""
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def holders(session: Session, prefix: str) -> list[Holder]:
    """The keys that begin so. The one query without a region: the key says who calls, and so which region it is."""
    found = await session.execute(
        select(
            _keys.client_id,
            _keys.region,
            _keys.digest,
            _keys.scopes,
            _clients.unit,
            cast(_units.path, String),
            _keys.expires_at,
            _keys.revoked_at,
        )
        .select_from(_keys.id.table.join(_clients.region.table, _of_client).outerjoin(_units.region.table, _of_unit))
        .where(_keys.prefix == prefix)
    )
    return [
        Holder(client, region, digest, frozenset(scopes), unit, path, expires, revoked)
        for client, region, digest, scopes, unit, path, expires, revoked in found.all()
    ]


async def unit_and_path(session: Session, region: str, unit: str) -> tuple[str, str] | None:
    """Code and path of a unit by code or name."""
    found = await session.execute(
        select(_units.code, cast(_units.path, String)).where(
            _units.region == bindparam("region"), _units.code == unit_named()
        ),
        {"region": region, "unit": unit},
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def one_at_a_time(session: Session, region: str) -> None:
    """Hold, until the commit, the right to look who holds what and to change it."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"roles:{region}"})


async def key_by_digest(session: Session, digest: bytes, *, held: bool = False) -> ApiKey | None:
    """A stored key; `held`: nobody else replaces it meanwhile."""
    asked = select(ApiKey).where(_keys.digest == digest)
    row: ApiKey | None = (await session.execute(asked.with_for_update() if held else asked)).scalar_one_or_none()
    return row


async def key_seen_by(session: Session, region: str, key_id: uuid.UUID, unit_path: str) -> ApiKey | None:
    """A key of the region, if it belongs to a caller within `unit_path`."""
    found = await session.execute(
        select(ApiKey)
        .join(Client, _of_client)
        .outerjoin(Unit, _of_unit)
        .where(_keys.region == region, _keys.id == key_id, _seen),
        {"unit_path": unit_path},
    )
    row: ApiKey | None = found.scalar_one_or_none()
    return row


async def used(session: Session, region: str, digest: bytes, now: datetime) -> None:
    """Note that a key was used, once a minute."""
    stale = or_(_keys.last_used_at.is_(None), _keys.last_used_at < now - timedelta(minutes=1))
    await session.execute(
        update(ApiKey).where(_keys.region == region, _keys.digest == digest, stale).values(last_used_at=now)
    )


async def add_client(session: Session, region: str, client_id: str, unit: str | None, now: datetime) -> Client:
    """The caller of that name, made if it is new: by whoever comes first of several at once."""
    await session.execute(
        insert(Client).values(region=region, client_id=client_id, unit=unit, created_at=now).on_conflict_do_nothing()
    )
    return await session.get_one(Client, (region, client_id))


async def scopes_of_client(session: Session, region: str, client_id: str, now: datetime) -> frozenset[str]:
    """The scopes of all keys of a client that are neither revoked nor expired."""
    found = await session.execute(
        select(_keys.scopes).where(
            _keys.region == region,
            _keys.client_id == client_id,
            _keys.revoked_at.is_(None),
            or_(_keys.expires_at.is_(None), _keys.expires_at > now),
        )
    )
    return frozenset[str]().union(*found.scalars())


async def roles_of(session: Session, region: str, holder: str, today: date) -> list[Granted]:
    """The roles that somebody holds on a day, with where their units are."""
    found = await session.execute(
        select(_grants.role, _grants.unit, cast(_units.path, String))
        .select_from(
            _grants.id.table.outerjoin(
                _units.region.table,
                and_(_units.region == _grants.region, _units.code == _grants.unit, _units.ended_at.is_(None)),
            )
        )
        .where(
            _grants.region == region,
            _grants.holder == holder,
            _grants.revoked_at.is_(None),
            _grants.valid_from <= today,
            or_(_grants.valid_to.is_(None), _grants.valid_to >= today),
        )
        .order_by(_grants.granted_at)
    )
    return [each for each in (Granted(*row) for row in found.all()) if each.holds]


async def grants_of(session: Session, region: str, holder: str) -> list[RoleGrant]:
    """Every grant that somebody holds or will hold, as rows."""
    found = await session.execute(
        select(RoleGrant).where(_grants.region == region, _grants.holder == holder, _grants.revoked_at.is_(None))
    )
    return list(found.scalars())


async def person(session: Session, region: str, name: str) -> Person | None:
    """Somebody by the name they sign in with."""
    found: Person | None = (
        await session.execute(select(Person).where(_people.region == region, _people.name == name))
    ).scalar_one_or_none()
    return found


async def revoke_fixed_but(session: Session, region: str, digests: Collection[bytes], now: datetime) -> None:
    """Revoke the fixed keys that are no longer in the installation's list."""
    await session.execute(
        update(ApiKey)
        .where(_keys.region == region, _keys.fixed, _keys.revoked_at.is_(None), _keys.digest.not_in(list(digests)))
        .values(revoked_at=now)
    )


async def ties(session: Session, region: str, units: Collection[str], today: date) -> list[Tie]:
    """Who may act for one of these units from now on: people, who holds roles, clients with keys."""
    people = await session.execute(
        select(_people.unit, _people.name, _people.display_name).where(
            _people.region == region, _people.unit.in_(units), _people.disabled_at.is_(None)
        )
    )
    grants = await session.execute(
        select(_grants.unit, _grants.holder, _grants.role, func.coalesce(_people.display_name, _grants.holder))
        .outerjoin(Person, and_(_people.region == _grants.region, "person:" + _people.name == _grants.holder))
        .where(
            _grants.region == region,
            _grants.unit.in_(units),
            _grants.revoked_at.is_(None),
            or_(_grants.valid_to.is_(None), _grants.valid_to >= today),
            _people.disabled_at.is_(None),  # of a client there is none
        )
    )
    keys = await session.execute(
        select(_clients.unit, _clients.client_id)
        .join(ApiKey, and_(_keys.region == _clients.region, _keys.client_id == _clients.client_id))
        .where(
            _clients.region == region,
            _clients.unit.in_(units),
            _keys.revoked_at.is_(None),
            or_(_keys.expires_at.is_(None), _keys.expires_at > func.clock_timestamp()),
        )
    )
    return [
        *(Tie(unit, f"person:{name}", shown, account=True) for unit, name, shown in people),
        *(Tie(unit, holder, shown.removeprefix("client:"), role=role) for unit, holder, role, shown in grants),
        *(Tie(unit, f"client:{client}", client, account=True, key=True) for unit, client in keys),
    ]

"""Where outside accounts and sign-ins on their way are kept."""

import uuid
from datetime import datetime

from sqlalchemy import Boolean, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import Session, uuid7
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.registry.identity.tables import Person
from services.registry.providers.tables import LoginFlow, OutsideAccount
from services.registry.units.store import visible_to

_accounts = OutsideAccount.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_flows = LoginFlow.__table__.c  # type: ignore[attr-defined]  # as above
_people = Person.__table__.c  # type: ignore[attr-defined]  # as above

# An administrator of a unit sees the accounts of it, of its people, and of those below.
_seen = visible_to(_accounts.region, _accounts.unit, _people.unit)
_of_person = and_(_people.region == _accounts.region, _people.id == _accounts.person)
_VIEW = (
    select(
        _accounts.id,
        _accounts.provider,
        _accounts.outside_id,
        _accounts.shown_name,
        _people.name.label("person"),
        _accounts.unit,
        _accounts.seen_at,
        _accounts.linked_at,
        _accounts.linked_by,
    )
    .select_from(_accounts.id.table.outerjoin(_people.id.table, _of_person))
    .where(_accounts.region == bindparam("region"), _seen)
)

ACCOUNTS = Page(
    _VIEW,
    sort=_accounts.seen_at,
    identity=_accounts.id,
    sorts={
        **{name: _accounts[name] for name in ("seen_at", "provider", "shown_name", "unit", "linked_at")},
        "person": _people.name,
    },
    filters={
        "sought": holds(_accounts.outside_id, _accounts.shown_name, _people.name),
        "provider": _accounts.provider == bindparam("provider"),
        "linked": _accounts.linked_at.is_not(None) == bindparam("linked", type_=Boolean),
    },
    descending=True,
)
ACCOUNT = One(_VIEW.where(_accounts.id == bindparam("account")), what="outside account")


async def account(
    session: Session, region: str, provider: str, outside_id: str, now: datetime, *, shown_name: str | None = None
) -> OutsideAccount:
    """An outside account, entered if it is new; held until the commit."""
    await session.execute(
        insert(OutsideAccount)
        .values(
            region=region,
            id=uuid7(),
            provider=provider,
            outside_id=outside_id,
            shown_name=shown_name,
            seen_at=now,
        )
        .on_conflict_do_nothing()
    )
    found = await session.execute(
        select(OutsideAccount)
        .where(_accounts.region == region, _accounts.provider == provider, _accounts.outside_id == outside_id)
        .with_for_update()
    )
    row: OutsideAccount = found.scalar_one()
    return row


async def seen(session: Session, region: str, account_id: uuid.UUID, unit_path: str) -> OutsideAccount | None:
    """An account that a caller of `unit_path` sees."""
    found = await session.execute(
        select(OutsideAccount)
        .outerjoin(Person, _of_person)
        .where(_accounts.region == region, _accounts.id == account_id, _seen),
        {"unit_path": unit_path},
    )
    row: OutsideAccount | None = found.scalar_one_or_none()
    return row


async def flow(session: Session, region: str, digest: bytes) -> LoginFlow | None:
    """A sign-in on its way, held until the commit: it is finished once."""
    found = await session.execute(
        select(LoginFlow).where(_flows.region == region, _flows.id == digest).with_for_update()
    )
    row: LoginFlow | None = found.scalar_one_or_none()
    return row


async def forget_flows(session: Session, before: datetime) -> None:
    """Drop sign-ins that can be finished no more."""
    await session.execute(delete(LoginFlow).where(_flows.started_at < before))

"""Where people, their sessions and their failures are kept."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, bindparam, delete, select, text, update

from services.kit.db import Session
from services.kit.paging import holds
from services.kit.reads import One, Page
from services.registry.identity.tables import Person
from services.registry.people.rules import WINDOW
from services.registry.people.tables import LoginFailure, PersonSession, RefreshToken
from services.registry.units.store import named, visible_to

_people = Person.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_failures = LoginFailure.__table__.c  # type: ignore[attr-defined]  # as above
_sessions = PersonSession.__table__.c  # type: ignore[attr-defined]  # as above
_tokens = RefreshToken.__table__.c  # type: ignore[attr-defined]  # as above

# An administrator of a unit sees the people of it and those below.
_seen = visible_to(_people.region, _people.unit)
_VIEW = select(
    _people.id,
    _people.name,
    _people.display_name,
    _people.unit,
    _people.password.is_not(None).label("has_password"),
    _people.must_change,
    _people.password_at,
    _people.created_at,
    _people.created_by,
    _people.disabled_at,
).where(_people.region == bindparam("region"), _seen)

PEOPLE = Page(
    _VIEW,
    sort=_people.name,
    identity=_people.id,
    sorts={name: _people[name] for name in ("name", "display_name", "unit", "created_at")},
    filters={
        "sought": holds(_people.name, _people.display_name, named(_people.region, _people.unit)),
        "name": _people.name == bindparam("name"),
        "of_unit": _people.unit == bindparam("of_unit"),
        "disabled": _people.disabled_at.is_not(None) == bindparam("disabled", type_=Boolean),
    },
)
PERSON = One(_VIEW.where(_people.name == bindparam("name")), what="person")


async def seen(session: Session, region: str, name: str, unit_path: str) -> Person | None:
    """Somebody whom a caller of `unit_path` sees."""
    found = await session.execute(
        select(Person).where(_people.region == region, _people.name == name, _seen), {"unit_path": unit_path}
    )
    row: Person | None = found.scalar_one_or_none()
    return row


async def by_id(session: Session, region: str, person: uuid.UUID) -> Person:
    """Somebody by id."""
    return await session.get_one(Person, (region, person))


async def failures(session: Session, region: str, name: bytes, now: datetime) -> Sequence[datetime]:
    """The failures of a name within the window, while nobody else counts them."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"login:{region}:{name.hex()}"}
    )
    found = await session.execute(
        select(_failures.at).where(_failures.region == region, _failures.name == name, _failures.at > now - WINDOW)
    )
    return found.scalars().all()


async def forgive(session: Session, region: str, name: bytes) -> None:
    """Forget the failures of a name."""
    await session.execute(delete(LoginFailure).where(_failures.region == region, _failures.name == name))


async def forget_failures(session: Session, before: datetime) -> None:
    """Drop failures that count no more."""
    await session.execute(delete(LoginFailure).where(_failures.at < before))


async def refresh_token(session: Session, region: str, digest: bytes) -> tuple[RefreshToken, PersonSession] | None:
    """A refresh token and its session, held until the commit: it is used once, however many come with it."""
    found = await session.execute(
        select(RefreshToken, PersonSession)
        .join(PersonSession, (_sessions.region == _tokens.region) & (_sessions.id == _tokens.session))
        .where(_tokens.region == region, _tokens.digest == digest)
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def end_sessions(session: Session, region: str, person: uuid.UUID, now: datetime, reason: str) -> None:
    """End every running session of somebody."""
    await session.execute(
        update(PersonSession)
        .where(_sessions.region == region, _sessions.person == person, _sessions.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )


async def forget_sessions(session: Session, before: datetime) -> None:
    """Drop sessions that ran out long ago, with their tokens; the trail keeps that they were."""
    old = select(_sessions.id).where(_sessions.region == _tokens.region, _sessions.id == _tokens.session)
    await session.execute(delete(RefreshToken).where(old.where(_sessions.expires_at < before).exists()))
    await session.execute(delete(PersonSession).where(_sessions.expires_at < before))

"""Accounts of people, signing in and out. What fails must leave its trace, so these functions commit by themselves."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Database, Session, driver_of
from services.kit.errors import NotFound, check_match
from services.registry.identity import service as identity
from services.registry.identity import store as accounts
from services.registry.identity.rules import Granted, Subject, scopes_of
from services.registry.identity.schemas import Lapsed
from services.registry.identity.tables import Person
from services.registry.keyring import Keyring
from services.registry.passwords import Passwords
from services.registry.people import rules, store
from services.registry.people.rules import BadLogin, BadSession
from services.registry.people.schemas import (
    ChangedPerson,
    MadePerson,
    NewPerson,
    PasswordChange,
    PersonChange,
    SessionAnswer,
    SignIn,
)
from services.registry.people.tables import LoginFailure, PersonSession, RefreshToken
from services.registry.versions.rules import Unacceptable
from services.registry.versions.service import Exists
from services.registry.versions.tables import Audit

CLIENT = "duban-people"
"""The client by way of which people get their tokens."""


@dataclass(frozen=True)
class Desk:
    """What signing in needs: it is nobody's request yet, so the installation's region is meant."""

    db: Database
    keyring: Keyring
    passwords: Passwords
    region: str


def _somebody(region: str, name: str) -> Caller:
    return Caller(f"person:{name}", frozenset(), region)


async def create(session: Session, caller: Caller, passwords: Passwords, wanted: NewPerson) -> MadePerson:
    """A person with a first password, and without any role."""
    unit, faults = await identity.unit_of(session, caller, wanted.unit)
    if faults:
        raise Unacceptable(faults)
    first = _first_password() if wanted.with_password else None
    hashed = None if first is None else await passwords.hashed(first)
    await accounts.one_at_a_time(session, caller.region)
    if await accounts.person(session, caller.region, wanted.name) is not None:
        raise Exists("person", wanted.name)
    now = await accounts.database_now(session)
    session.add(
        Person(
            region=caller.region,
            name=wanted.name,
            display_name=wanted.display_name,
            unit=unit,
            password=hashed,
            password_at=now if hashed else None,
            created_at=now,
            created_by=caller.client_id,
        )
    )
    changes = audit.differences(None, {"display_name": wanted.display_name, "unit": unit})
    await audit.record(session, Audit, caller, "person.create", subject=f"person:{wanted.name}", changes=changes)
    await session.flush()
    return MadePerson(name=wanted.name, display_name=wanted.display_name, unit=unit, first_password=first)


async def replace(
    session: Session, caller: Caller, name: str, wanted: PersonChange, *, if_match: str | None
) -> ChangedPerson:
    """Another display name or unit. With another unit every role ends: whoever moves people carries no role anywhere."""
    await accounts.one_at_a_time(session, caller.region)
    person = await _seen(session, caller, name)
    key = {"region": caller.region, "name": name, "unit_path": caller.unit_path}
    check_match(if_match, await store.PERSON.tag(await driver_of(session), **key) or "")
    unit, faults = await identity.unit_of(session, caller, wanted.unit)
    moved = unit != person.unit
    if faults and (moved or unit is None):  # who stays where they are may stay in a unit that ended
        raise Unacceptable(faults)
    lapsed = await _moved(session, caller, person) if moved else []
    said = {"display_name": wanted.display_name, "unit": unit}
    changes = audit.differences({"display_name": person.display_name, "unit": person.unit}, said)
    person.display_name, person.unit = wanted.display_name, unit
    session.add(person)
    if changes:
        await audit.record(session, Audit, caller, "person.replace", subject=f"person:{name}", changes=changes)
    await session.flush()
    return ChangedPerson(name=name, display_name=person.display_name, unit=unit, lapsed=lapsed)


async def _moved(session: Session, caller: Caller, person: Person) -> list[Lapsed]:
    """End the roles and sessions of somebody who goes to another unit."""
    holder = f"person:{person.name}"
    await identity.check_within(session, caller, holder)
    await store.end_sessions(session, caller.region, person.id, await accounts.database_now(session), "moved")
    return await identity.end_grants(session, caller, holder)


def _first_password() -> str:
    return secrets.token_urlsafe(12)


def _digest(keyring: Keyring, name: str) -> bytes:
    """A name that somebody typed, as it is stored: it may be a password in the wrong field."""
    return keyring.digest(f"login\n{name}")


async def reset(session: Session, caller: Caller, keyring: Keyring, passwords: Passwords, name: str) -> MadePerson:
    """A new first password. Whoever knows it could act for the person: so roles that go beyond the caller's end with it.

    The security administrator grants them again to whom they belong; nobody alone can take another's place.
    """
    person = await _seen(session, caller, name)
    await identity.check_within(session, caller, f"person:{name}")
    first = _first_password()
    hashed = await passwords.hashed(first)
    await accounts.one_at_a_time(session, caller.region)
    now = await accounts.database_now(session)
    person.password, person.password_at, person.must_change = hashed, now, True
    session.add(person)
    await store.forgive(session, caller.region, _digest(keyring, name))
    await store.end_sessions(session, caller.region, person.id, now, "password")
    lapsed = await identity.lapse(session, caller, f"person:{name}")
    await audit.record(session, Audit, caller, "person.reset_password", subject=f"person:{name}")
    await session.flush()
    return MadePerson(
        name=name, display_name=person.display_name, unit=person.unit, first_password=first, lapsed=lapsed
    )


async def set_use(session: Session, caller: Caller, name: str, *, disabled: bool) -> None:
    """Take an account out of use, which ends its sessions, or into use again. Twice is once."""
    person = await _seen(session, caller, name)
    if (person.disabled_at is not None) == disabled:
        return
    now = await accounts.database_now(session)
    person.disabled_at = now if disabled else None
    session.add(person)
    if disabled:
        await store.end_sessions(session, caller.region, person.id, now, "disabled")
    act = "person.disable" if disabled else "person.enable"
    changes = {"disabled": [not disabled, disabled]}
    await audit.record(session, Audit, caller, act, subject=f"person:{name}", changes=changes)
    await session.flush()


async def _seen(session: Session, caller: Caller, name: str) -> Person:
    person = await store.seen(session, caller.region, name, caller.unit_path)
    if person is None:
        raise NotFound("person", name)
    return person


async def sign_in(desk: Desk, asked: SignIn) -> SessionAnswer:
    """A session for a name and its password. Whoever is not there is answered as late and with the same words."""
    person = await _known(desk, asked.name, asked.password)
    if person.must_change:
        raise rules.PasswordToChange
    async with desk.db.edge() as session:
        return await begin(session, desk.keyring, person, unit=asked.unit, way="password")


async def change_password(desk: Desk, asked: PasswordChange) -> None:
    """Replace a password by whoever knows it; every running session ends."""
    person = await _known(desk, asked.name, asked.password)
    faults = list(
        rules.password_faults(
            asked.new_password,
            name=person.name,
            display_name=person.display_name,
            old=asked.password,
            pointer="/body/new_password",
        )
    )
    if faults:
        raise Unacceptable(faults)
    hashed = await desk.passwords.hashed(asked.new_password)
    async with desk.db.edge() as session:
        row = await store.by_id(session, desk.region, person.id)
        now = await accounts.database_now(session)
        row.password, row.password_at, row.must_change = hashed, now, False
        session.add(row)
        await store.end_sessions(session, desk.region, row.id, now, "password")
        somebody = _somebody(desk.region, row.name)
        await audit.record(session, Audit, somebody, "person.change_password", subject=somebody.client_id)


async def _known(desk: Desk, name: str, password: str) -> Person:
    """The person whose password it is. An attempt counts as a failure until it succeeded: so many at once gain nothing."""
    digest = _digest(desk.keyring, name)
    async with desk.db.edge() as session:
        now = await accounts.database_now(session)
        seconds = rules.locked_for(await store.failures(session, desk.region, digest, now), now)
        if not seconds:
            session.add(LoginFailure(region=desk.region, name=digest, at=now))
            await session.flush()
        person = None if seconds else await accounts.person(session, desk.region, name)
    if seconds:
        raise rules.TooManyFailures(seconds)
    stored = None if person is None or person.disabled_at is not None else person.password
    right = await desk.passwords.fits(password, stored)
    if person is None or stored is None or not right:
        await _failed(desk, name, known=person is not None)
        raise BadLogin
    fresh = await desk.passwords.hashed(password) if desk.passwords.outdated(stored) else None
    async with desk.db.edge() as session:
        await store.forgive(session, desk.region, digest)
        if fresh is not None:
            row = await store.by_id(session, desk.region, person.id)
            row.password = fresh
            session.add(row)
    return person


async def _failed(desk: Desk, name: str, *, known: bool) -> None:
    """Note it in the trail; a name that nobody has may be a password typed into the wrong field, so it is not written."""
    async with desk.db.edge() as session:
        subject = f"person:{name}" if known else None
        await audit.record(session, Audit, Caller(CLIENT, frozenset(), desk.region), "session.refuse", subject=subject)


async def begin(session: Session, keyring: Keyring, person: Person, *, unit: str | None, way: str) -> SessionAnswer:
    """A session of somebody who was recognised, for the roles that they hold today."""
    grants = await accounts.roles_of(session, person.region, f"person:{person.name}", await identity.today(session))
    named = None if unit in {None, "-"} else await accounts.unit_and_path(session, person.region, str(unit))
    held = rules.acting(grants, unit if named is None else named[0])
    now = await accounts.database_now(session)
    row = PersonSession(
        region=person.region,
        person=person.id,
        unit=held[0].unit,
        way=way,
        started_at=now,
        expires_at=now + rules.SESSION,
    )
    session.add(row)
    await session.flush()
    somebody = _somebody(person.region, person.name)
    await audit.record(session, Audit, somebody, "session.begin", subject=somebody.client_id, of=str(row.id), way=way)
    return _answer(session, keyring, person, row, held=held, now=now)


def _answer(
    session: Session, keyring: Keyring, person: Person, row: PersonSession, *, held: list[Granted], now: datetime
) -> SessionAnswer:
    refresh = rules.REFRESH_MARK + secrets.token_urlsafe(32)
    session.add(RefreshToken(region=row.region, digest=keyring.digest(refresh), session=row.id, issued_at=now))
    subject = Subject(f"person:{person.name}", CLIENT, row.region, row.unit, held[0].path)
    token = identity.token_for(keyring, subject, scopes_of(grant.role for grant in held), now)
    left = int((row.expires_at - now).total_seconds())
    return SessionAnswer(**token.model_dump(), refresh_token=refresh, refresh_expires_in=left)


async def refresh(desk: Desk, token: str) -> SessionAnswer:
    """The next token of a session, with the roles that the person holds now, and the next refresh token.

    One that was used before is in two hands: the session ends for both (RFC 9700, 4.14.2).
    """
    async with desk.db.edge() as session:
        found = await store.refresh_token(session, desk.region, desk.keyring.digest(token))
        now = await accounts.database_now(session)
        if found is not None:
            used, row = found
            person = await store.by_id(session, desk.region, row.person)
            if used.used_at is not None:
                await _end(session, row, person, now, "reuse")
            elif row.ended_at is None and now < row.expires_at and person.disabled_at is None:
                held = await _held(session, row, person)
                if held:
                    used.used_at = now
                    session.add(used)
                    return _answer(session, desk.keyring, person, row, held=held, now=now)
    raise BadSession


async def _held(session: Session, row: PersonSession, person: Person) -> list[Granted]:
    today = await identity.today(session)
    grants = await accounts.roles_of(session, row.region, f"person:{person.name}", today)
    return [grant for grant in grants if grant.unit == row.unit]


async def sign_out(desk: Desk, token: str) -> None:
    """End the session of a refresh token; of one that is none, nothing."""
    async with desk.db.edge() as session:
        found = await store.refresh_token(session, desk.region, desk.keyring.digest(token))
        if found is not None:
            row = found[1]
            now = await accounts.database_now(session)
            await _end(session, row, await store.by_id(session, desk.region, row.person), now, "signed-out")


async def _end(session: Session, row: PersonSession, person: Person, now: datetime, reason: str) -> None:
    if row.ended_at is None:
        row.ended_at, row.end_reason = now, reason
        session.add(row)
        somebody = _somebody(row.region, person.name)
        await audit.record(
            session, Audit, somebody, "session.end", subject=somebody.client_id, of=str(row.id), reason=reason
        )


async def forget(db: Database) -> None:
    """Drop failures that count no more, and sessions that ran out a month ago."""
    async with db.edge() as session:
        now = await accounts.database_now(session)
        await store.forget_failures(session, now - timedelta(days=1))
        await store.forget_sessions(session, now - timedelta(days=30))

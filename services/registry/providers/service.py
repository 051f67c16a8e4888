"""Signing in by way of somebody else, and saying whose an outside account is."""

import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Database, Session
from services.kit.errors import Faulty, NotFound
from services.registry.clients.outside import Provider, Way
from services.registry.identity import service as identity
from services.registry.identity import store as accounts
from services.registry.identity.tables import Person
from services.registry.people import service as people
from services.registry.people import store as people_store
from services.registry.people.schemas import SessionAnswer
from services.registry.people.service import Desk
from services.registry.providers import rules, store
from services.registry.providers.schemas import Beginning, Begun, Finishing, NewLink
from services.registry.providers.tables import LoginFlow, OutsideAccount
from services.registry.versions.rules import Unacceptable
from services.registry.versions.tables import Audit

Known = Mapping[str, Provider]


@dataclass(frozen=True)
class _Back:
    """A sign-in whose browser is back."""

    provider: Provider
    way: Way


async def begin(desk: Desk, known: Known, asked: Beginning) -> Begun:
    """Send the browser to the provider. What finishes the sign-in never travels in an address."""
    provider = known.get(asked.provider)
    if provider is None:
        raise rules.UnknownProvider(asked.provider)
    redirect_uri = asked.redirect_uri or provider.redirect_uris[0]
    if redirect_uri not in provider.redirect_uris:
        raise rules.ForeignRedirect
    login = secrets.token_urlsafe(32)
    way = Way(redirect_uri, secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    url = await provider.begin(way)
    async with desk.db.edge() as session:
        session.add(
            LoginFlow(
                region=desk.region,
                id=desk.keyring.digest(login),
                provider=provider.name,
                state=desk.keyring.digest(way.state),
                nonce=way.nonce,
                verifier=way.verifier,
                redirect_uri=redirect_uri,
                started_at=await accounts.database_now(session),
            )
        )
    return Begun(authorization_url=url, login=login, expires_in=int(rules.FLOW.total_seconds()))


async def finish(desk: Desk, known: Known, asked: Finishing) -> SessionAnswer:
    """A session for who came back, if an administrator has said who that is; else the account waits to be linked."""
    back = await _back(desk, known, asked)
    outside = await back.provider.finish(back.way, asked.code)
    async with desk.db.edge() as session:
        now = await accounts.database_now(session)
        account = await store.account(
            session, desk.region, back.provider.name, outside.id, now, shown_name=outside.name
        )
        person = None
        if account.person is not None:
            person = await people_store.by_id(session, desk.region, account.person)
        if person is not None and person.disabled_at is None:
            return await people.begin(session, desk.keyring, person, unit=asked.unit, way=back.provider.name)
    raise rules.NotLinked(back.provider.label)


async def _back(desk: Desk, known: Known, asked: Finishing) -> _Back:
    """The sign-in, used from now on whatever comes of it."""
    async with desk.db.edge() as session:
        flow = await store.flow(session, desk.region, desk.keyring.digest(asked.login))
        now = await accounts.database_now(session)
        back = None
        if flow is not None and rules.holds(flow.started_at, flow.used_at, now):
            flow.used_at = now
            session.add(flow)
            provider = known.get(flow.provider)
            if provider is not None and hmac.compare_digest(flow.state, desk.keyring.digest(asked.state)):
                back = _Back(provider, Way(flow.redirect_uri, asked.state, flow.nonce, flow.verifier))
    if back is None:
        raise rules.BadFlow
    return back


async def link(session: Session, caller: Caller, known: Known, wanted: NewLink) -> uuid.UUID:
    """Say whose an outside account is. Whoever holds it acts for the person: so roles beyond the caller's end with it."""
    if (wanted.person is None) == (wanted.unit is None):
        raise rules.OneOfTwo
    if wanted.provider not in known:
        raise rules.UnknownProvider(wanted.provider)
    person, unit = await _owner(session, caller, wanted)
    await accounts.one_at_a_time(session, caller.region)
    now = await accounts.database_now(session)
    account = await store.account(session, caller.region, wanted.provider, wanted.outside_id, now)
    if account.linked_at is not None:
        raise rules.LinkedAlready(
            f"{wanted.outside_id} of {wanted.provider} is linked already; take that link away first",
            zh="该外部账号已关联，请先解除",
            pointer="/body/outside_id",
        )
    account.person, account.unit = None if person is None else person.id, unit
    account.linked_at, account.linked_by = now, caller.client_id
    session.add(account)
    if person is not None:
        await identity.check_within(session, caller, f"person:{person.name}")
        await identity.lapse(session, caller, f"person:{person.name}")
    await _record(session, caller, "outside.link", account, person=wanted.person, unit=unit)
    await session.flush()
    return account.id


async def _owner(session: Session, caller: Caller, wanted: NewLink) -> tuple[Person | None, str | None]:
    if wanted.person is not None:
        person = await people_store.seen(session, caller.region, wanted.person, caller.unit_path)
        if person is None:
            said, zh = f"there is no person {wanted.person} that you may see", f"没有可见的人员 {wanted.person}"
            raise Unacceptable([Faulty("/body/person", "unknown-person", said, zh)])
        return person, None
    unit, faults = await identity.unit_of(session, caller, wanted.unit)
    if faults:
        raise Unacceptable(faults)
    return None, unit


async def unlink(session: Session, caller: Caller, account_id: uuid.UUID) -> None:
    """From now on the account signs nobody in; it waits to be linked again. Sessions of the person end."""
    account = await store.seen(session, caller.region, account_id, caller.unit_path)
    if account is None:
        raise NotFound("outside account", account_id)
    if account.linked_at is None:
        return
    person = None
    if account.person is not None:
        person = await people_store.by_id(session, caller.region, account.person)
        now = await accounts.database_now(session)
        await people_store.end_sessions(session, caller.region, person.id, now, "unlinked")
    name = None if person is None else person.name
    await _record(session, caller, "outside.unlink", account, person=name, unit=account.unit)
    account.person = account.unit = account.linked_at = account.linked_by = None
    session.add(account)


async def _record(
    session: Session, caller: Caller, act: str, account: OutsideAccount, *, person: str | None, unit: str | None
) -> None:
    subject = f"unit:{unit}" if person is None else f"person:{person}"
    owner = {"person": person, "unit": unit}
    changes = audit.differences(owner, None) if act == "outside.unlink" else audit.differences(None, owner)
    await audit.record(
        session,
        Audit,
        caller,
        act,
        subject=subject,
        provider=account.provider,
        account=str(account.id),
        changes=changes,
    )


async def forget_flows(db: Database) -> None:
    """Drop sign-ins that can be finished no more."""
    async with db.edge() as session:
        await store.forget_flows(session, await accounts.database_now(session) - rules.FLOW)

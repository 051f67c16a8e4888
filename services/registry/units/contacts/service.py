"""Naming contacts, handing a role over, standing in; and their addresses, locked at rest and masked for most."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from services.kit.auth import Caller
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.keyring import Lock
from services.registry.units.contacts import rules
from services.registry.units.contacts.rules import OF_ITS_OWN, contact_code
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.rules import below
from services.registry.units.store import UNITS, ZONE
from services.registry.versions import rules as versions
from services.registry.versions import service, store, written
from services.registry.versions.rules import Content
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def put_contact(
    session: Session, caller: Caller, addresses: Lock, contact: Content, *, if_match: str | None
) -> bool:
    """Add a contact, or with `If-Match` its next version; says whether it is new. The address is locked here."""
    code = contact_code(contact["unit"], contact["role"])
    await _check_own(session, caller, contact["unit"], code)
    await store.stamp(session, caller.region, caller.client_id)
    row = await CONTACTS.row(session, caller.region, code)
    kept = {} if row is None or row.ended_at is not None else row.content
    content = locked(addresses, {**OF_ITS_OWN, **kept, **contact}, row)
    return await service.put(
        session,
        CONTACTS,
        caller,
        code,
        content,
        if_match=if_match,
        references=rules.references(contact),
        own=True,
        addresses=addresses,
    )


async def hand_over(
    session: Session, caller: Caller, addresses: Lock, act: Content, *, unit: str, role: str, if_match: str | None
) -> None:
    """Hand a role over to another person from a day on (交接)."""

    def change(contact: Content, today: date) -> Content:
        _refuse(rules.hand_over_faults(rules.settled(contact, today), act))
        return rules.handed_over(
            contact, {**act, "email": addresses.lock(act["email"], contact_code(unit, role))}, today
        )

    await _change(
        session, caller, "contact.hand_over", change, addresses=addresses, unit=unit, role=role, if_match=if_match
    )


async def stand_in(
    session: Session, caller: Caller, addresses: Lock, act: Content, *, unit: str, role: str, if_match: str | None
) -> None:
    """Let another person receive a contact's notices on some days (代理)."""

    def change(contact: Content, today: date) -> Content:
        _refuse(rules.stand_in_faults(contact, act))
        locked_act = {**act, "email": addresses.lock(act["email"], contact_code(unit, role))}
        return rules.stood_in(rules.settled(contact, today), locked_act)

    await _change(
        session, caller, "contact.stand_in", change, addresses=addresses, unit=unit, role=role, if_match=if_match
    )


async def end_stand_in(
    session: Session, caller: Caller, addresses: Lock, first: str, *, unit: str, role: str, if_match: str | None
) -> None:
    """End a stand-in with yesterday, or withdraw one that is yet to begin."""

    def change(contact: Content, today: date) -> Content:
        changed = rules.recalled(contact, first, date.fromordinal(today.toordinal() - 1).isoformat())
        if changed is None:
            raise NotFound("stand-in", first)
        return rules.settled(changed, today)

    await _change(
        session,
        caller,
        "contact.stand_in_end",
        change,
        addresses=addresses,
        unit=unit,
        role=role,
        if_match=if_match,
        check=versions.check_match,
    )


def _refuse(faults: Iterable[Faulty]) -> None:
    found = [*faults]
    if found:
        raise versions.Unacceptable(found)


async def _change(
    session: Session,
    caller: Caller,
    act: str,
    change: Callable[[Content, date], Content],
    *,
    addresses: Lock,
    unit: str,
    role: str,
    if_match: str | None,
    check: Callable[[str | None, int], None] = versions.check_seen,
) -> None:
    code = contact_code(unit, role)
    await _check_own(session, caller, unit, code)
    stamp = await store.stamp(session, caller.region, caller.client_id)
    row = await CONTACTS.row(session, caller.region, code)
    if row is None or row.ended_at is not None:
        raise NotFound("contact", code)
    check(if_match, row.version)
    content = change({**OF_ITS_OWN, **row.content}, today(stamp.recorded_at))
    CONTACTS.write(session, stamp, row, code, content)
    subject = f"contact:{code}"
    await written.record(session, caller, act, subject=subject, at=stamp.recorded_at, addresses=addresses)


async def _check_own(session: Session, caller: Caller, unit: str, code: str) -> None:
    """Refuse callers of a unit for contacts of others."""
    if caller.unit_path:
        row = await UNITS.row(session, caller.region, unit)
        if row is None or not below(row.content["path"], caller.unit_path):
            raise NotFound("contact", code)


def today(now: datetime) -> date:
    """The day on which units, contacts and their stand-ins are asked for at an instant."""
    return civil_date(now, ZONE)


def plain(addresses: Lock, contact: Content) -> Content:
    """A stored contact with its own address in clear and those of the persons before, as a plan file would say them."""
    code = contact_code(contact["unit"], contact["role"])
    superseded = dict(contact.get("superseded", {}))
    if superseded:
        superseded["email"] = [addresses.unlock(address, code) for address in superseded["email"]]
    return {**contact, "email": addresses.unlock(contact["email"], code), "superseded": superseded}


def locked(addresses: Lock, contact: Content, row: Current | None) -> Content:
    """The contact with its address locked; an address that did not change stays as it is stored."""
    code = contact_code(contact["unit"], contact["role"])
    if row is None:
        return {**OF_ITS_OWN, **contact, "email": addresses.lock(contact["email"], code)}
    kept = {**contact, "superseded": row.content.get("superseded", {})}
    if addresses.unlock(row.content["email"], code) == contact["email"]:
        return {**kept, "email": row.content["email"]}
    return {**kept, "email": addresses.lock(contact["email"], code)}


def taken_over(addresses: Lock, contact: Content, unit: str) -> Content:
    """The same person, stand-ins and followers as the contact of another unit, its addresses locked anew."""
    old, new = contact_code(contact["unit"], contact["role"]), contact_code(unit, contact["role"])
    relocked = rules.with_addresses(contact, lambda address: addresses.lock(addresses.unlock(address, old), new))
    return {**relocked, "unit": unit, "superseded": {}}


def moved(
    session: Session, addresses: Lock, stamp: Stamp, rows: dict[str, Current], *, to: str, contact: Content
) -> None:
    """Write a contact of one unit as another's."""
    code = contact_code(to, contact["role"])
    CONTACTS.write(session, stamp, rows.get(code), code, taken_over(addresses, {**OF_ITS_OWN, **contact}, to))


def shown(addresses: Lock, caller: Caller, contact: Content, *, day: date | None = None) -> Content:
    """A stored contact as `caller` may read it, as it is on `day`, or with all that is stored."""
    code, clear = contact_code(contact["unit"], contact["role"]), "contacts:deliver" in caller.scopes

    def address(stored: str) -> str:
        unlocked = addresses.unlock(stored, code)
        return unlocked if clear else rules.masked(unlocked)

    found = rules.with_addresses({**OF_ITS_OWN, **contact}, address)
    del found["superseded"]
    return found if day is None else rules.on(found, day)

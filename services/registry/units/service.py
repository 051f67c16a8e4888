"""Units keep a tree: whoever moves one moves those below it."""

from collections.abc import Mapping

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.keyring import Keyring
from services.registry.units import rules
from services.registry.units.store import CONTACTS, UNITS
from services.registry.versions import rules as versions
from services.registry.versions import service, store
from services.registry.versions.rules import Content
from services.registry.versions.service import Exists
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Audit, Current


async def create(session: Session, caller: Caller, unit: Content) -> None:
    """Add a unit under its parent."""
    service.check_sees_all(caller)
    code = unit["code"]
    stamp = await store.stamp(session, caller.region, caller.client_id)
    rows = await UNITS.rows(session, caller.region)
    if code in rows and rows[code].ended_at is None:
        raise Exists("unit", code)
    place(session, stamp, rows, {code: unit}, {code: "/body"})
    await _record(session, caller, stamp, "unit.create", code)


async def replace(session: Session, caller: Caller, unit: Content, *, if_match: str | None) -> None:
    """Add the next version of a unit, and of those below it where its place changes."""
    service.check_sees_all(caller)
    code = unit["code"]
    stamp = await store.stamp(session, caller.region, caller.client_id)
    rows = await UNITS.rows(session, caller.region)
    if code not in rows or rows[code].ended_at is not None:
        raise NotFound("unit", code)
    versions.check_match(if_match, rows[code].version)
    place(session, stamp, rows, {code: unit}, {code: "/body"})
    await _record(session, caller, stamp, "unit.replace", code)


def place(
    session: Session, stamp: Stamp, rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str]
) -> None:
    """Write units by code into the tree of `rows`, each where it changes, and those whose path changes with them.

    `at` holds the pointer of each in what was sent. Refuses circles, names that are taken and parents that are not there.
    """
    contents, faults = placed(rows, units, at)
    if faults:
        raise versions.Unacceptable(faults)
    for code, content in contents.items():
        row = rows.get(code)
        if row is None or row.ended_at is not None or row.content != content:
            UNITS.write(session, stamp, row, code, content)


def placed(
    rows: Mapping[str, Current], units: Mapping[str, Content], at: Mapping[str, str]
) -> tuple[dict[str, Content], list[Faulty]]:
    """All current units of the region with their paths as they shall be, and what is wrong with those sent."""
    merged = {code: row.content for code, row in rows.items() if row.ended_at is None} | dict(units)
    paths, circular = rules.paths({code: unit["parent"] for code, unit in merged.items()})
    known = {("unit", code) for code in merged}
    faults = [fault for code, unit in units.items() for fault in rules.faults(unit, at[code])]
    for code, unit in units.items():
        faults += versions.dangling(rules.references(unit, at[code]), known)
    faults += [rules.circle(code, at[code]) for code in units if code in circular]
    faults += rules.doubled({code: unit["name"] for code, unit in merged.items()}, at)
    return {code: {**merged[code], "path": path} for code, path in paths.items()}, faults


async def put_contact(
    session: Session, caller: Caller, keyring: Keyring, contact: Content, *, if_match: str | None
) -> bool:
    """Add a contact, or with `If-Match` its next version; says whether it is new. The address is locked here."""
    code = rules.contact_code(contact["unit"], contact["role"])
    if caller.unit_path:
        unit = await UNITS.row(session, caller.region, contact["unit"])
        if unit is None or not rules.below(unit.content["path"], caller.unit_path):
            raise NotFound("contact", code)
    row = await CONTACTS.row(session, caller.region, code)
    content, references = locked(keyring, contact, row), rules.contact_references(contact)
    return await service.put(
        session, CONTACTS, caller, code, content, if_match=if_match, references=references, own=True
    )


def locked(keyring: Keyring, contact: Content, row: Current | None) -> Content:
    """The contact with its address locked; an address that did not change stays as it is stored."""
    code = rules.contact_code(contact["unit"], contact["role"])
    if row is not None and keyring.unlock(row.content["email"], code) == contact["email"]:
        return {**contact, "email": row.content["email"]}
    return {**contact, "email": keyring.lock(contact["email"], code)}


def shown(keyring: Keyring, caller: Caller, contact: Content) -> Content:
    """A stored contact as `caller` may read it."""
    address = keyring.unlock(contact["email"], rules.contact_code(contact["unit"], contact["role"]))
    return {**contact, "email": address if "contacts:deliver" in caller.scopes else rules.masked(address)}


async def _record(session: Session, caller: Caller, stamp: Stamp, act: str, code: str) -> None:
    await audit.record(session, Audit, caller, act, subject=f"unit:{code}", at=stamp.recorded_at)
    await session.flush()

"""Beginning and moving cases: numbered, audited, their files referred to, each act a version."""

from collections.abc import Iterable

from services.kit.auth import Caller, Forbidden
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.cases import rules
from services.registry.cases.rules import Actor, Ways
from services.registry.files import service as files
from services.registry.units.rules import below
from services.registry.units.store import UNITS
from services.registry.versions import service, written
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Shelf, Stamp
from services.registry.versions.tables import Current


def actor(caller: Caller, stamp: Stamp) -> Actor:
    """Who acts now."""
    return Actor(caller.client_id, caller.unit, stamp.recorded_at.isoformat())


async def standing(session: Session, shelf: Shelf, region: str, code: str) -> Current:
    """The row of a case, or `NotFound`."""
    row = await shelf.row(session, region, code)
    if row is None or row.ended_at is not None:
        raise NotFound(shelf.kind, code)
    return row


async def keep(
    session: Session,
    shelf: Shelf,
    caller: Caller,
    stamp: Stamp,
    *,
    code: str,
    content: Content,
    act: str,
    row: Current | None = None,
    units: Iterable[str] | None = None,
) -> Current:
    """Write the next version of a case after an act, audit it, and let it refer to the files of its last act.

    `units` are those whose people see the case; without them all who read the registry do.
    """
    kept = shelf.write(session, stamp, row, code, content)
    subject = f"{shelf.kind}:{code}"
    at = stamp.recorded_at
    await session.flush()
    seen_by = [None] if units is None else sorted(set(units))
    for unit in seen_by:
        await files.refer(session, caller, subject, content["acts"][-1]["files"], at=at, unit=unit)
    await written.record(session, caller, f"{shelf.kind}.{act}", subject=subject, at=at, state=content["state"])
    return kept


async def check(
    session: Session,
    caller: Caller,
    *,
    references: Iterable[Reference] = (),
    faults: Iterable[Faulty] = (),
    evidence: Iterable[tuple[str, str]] = (),
) -> None:
    """Refuse what is wrong by itself, references to what is not there, files that are not there: all of it at once."""
    found = [*faults, *await files.faults(session, caller, evidence)]
    await service.check(session, caller.region, references, found)


async def act(
    session: Session,
    shelf: Shelf,
    caller: Caller,
    stamp: Stamp,
    *,
    row: Current,
    name: str,
    said: Content,
    ways: Ways = rules.PROPOSAL,
    units: Iterable[str] | None = None,
    changes: Content | None = None,
) -> Current:
    """One act of a case that is there, with what was said; `changes` are other fields that it changes."""
    content = {**rules.moved(name, ways, actor(caller, stamp), said, row.content), **(changes or {})}
    return await keep(session, shelf, caller, stamp, code=row.code, content=content, act=name, row=row, units=units)


async def names(session: Session, region: str, units: Iterable[str]) -> dict[str, str]:
    """What units are called, those that ended too, by code."""
    rows = await UNITS.rows(session, region, codes=list(units))
    return {code: row.content["name"] for code, row in rows.items()}


async def check_acts_for(session: Session, caller: Caller, units: Iterable[str], *, what: str, zh: str) -> None:
    """Refuse a caller of a unit unless it is at or above one of `units`; who sees the whole region acts for all."""
    if not caller.unit_path:
        return
    rows = await UNITS.rows(session, caller.region, codes=list(units))
    if not any(row.ended_at is None and below(row.content["path"], caller.unit_path) for row in rows.values()):
        raise Forbidden(what, zh=zh)


async def check_speaks_for(session: Session, caller: Caller, unit: str) -> None:
    """Refuse a caller of a unit who speaks for one that is neither its own nor below it."""
    what, zh = rules.others_speak(unit)
    await check_acts_for(session, caller, [unit], what=what, zh=zh)

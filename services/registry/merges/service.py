"""Merging two entries of one enterprise: one act, in one transaction, of which everything stays to be seen."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.enterprises.rules import MERGED, renamed, whole
from services.registry.enterprises.rules import Merged as GoneAlready
from services.registry.enterprises.store import ENTERPRISES, merged
from services.registry.merges import rules, store
from services.registry.merges.schemas import EnterpriseMerge
from services.registry.rosters.store import ITEMS
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, Unacceptable, check_match
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def merge(
    session: Session, caller: Caller, code: str, asked: EnterpriseMerge, *, if_match: str | None
) -> dict[str, Any]:
    """Merge a duplicate into the enterprise `code`.

    What named the duplicate names the survivor afterwards; the duplicate is ended, its names are the survivor's, its
    code and id lead there. Refuses while a field differs that nobody decided.
    """
    service.check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    survivor, duplicate = await _both(session, caller, code, asked, if_match)
    ours, theirs = whole(survivor.content), whole(duplicate.content)
    different = rules.differences(ours, theirs)
    if needless := list(rules.needless(different, asked.decisions)):
        raise Unacceptable(needless)
    undecided = list(rules.undecided(different, asked.decisions))
    if undecided and not asked.dry_run:
        raise rules.Undecided(undecided)
    content, taken = rules.merged(ours, theirs, asked.decisions)
    naming = [(one, row) for one in store.REFERRERS for row in await one.rows(session, caller.region, asked.duplicate)]
    entry = {
        "code": duplicate.code,
        "id": str(duplicate.id),
        "name": theirs["name"],
        "into": code,
        "at": stamp.recorded_at.isoformat(),
        "by": caller.client_id,
        "reason": asked.reason,
        "taken": taken,
        "moved": [_moved(one, row) for one, row in naming],
    }
    twice = [fault async for fault in _twice(session, caller.region, naming, code, asked.duplicate)]
    if twice and not asked.dry_run:
        raise rules.StandsTwice(twice)
    if not asked.dry_run:
        content[MERGED] = rules.record(ours, entry, theirs)
        await _write(session, stamp, (survivor, duplicate), content, naming)
        await _record(session, caller, stamp, entry, asked)
    return {**entry, "dry_run": asked.dry_run, "differs": [asdict(one) for one in different]}


async def _twice(
    session: Session, region: str, naming: list[tuple[store.Referrer, Current]], survivor: str, duplicate: str
) -> AsyncIterator[Faulty]:
    """A fault for each roster item of the duplicate beside which one of the survivor stands."""
    for one, row in naming:
        if one.shelf is ITEMS and row.content["state"] != "withdrawn":
            item = renamed(row.content, duplicate, survivor)
            beside = await store.standing_beside(session, region, item)
            if beside is not None:
                yield rules.standing_twice(row.code, beside)


async def _both(
    session: Session, caller: Caller, code: str, asked: EnterpriseMerge, if_match: str | None
) -> tuple[Current, Current]:
    """The survivor and the duplicate, each in the version that the caller saw."""
    survivor = await _row(session, caller, code)
    check_match(if_match, survivor.version)
    if asked.duplicate == code:
        raise Unacceptable([rules.same(code)])
    duplicate = await _row(session, caller, asked.duplicate)
    check_match(str(asked.duplicate_version), duplicate.version)
    return survivor, duplicate


def _moved(referrer: store.Referrer, row: Current) -> dict[str, Any]:
    plan = row.content["plan"] if referrer.shelf.plan_scoped else None
    return {"kind": referrer.shelf.kind, "code": row.code, "plan": plan}


async def _record(
    session: Session, caller: Caller, stamp: Stamp, entry: dict[str, Any], asked: EnterpriseMerge
) -> None:
    """One line of the audit for all of it."""
    done = {name: entry[name] for name in ("code", "id", "name", "reason", "taken", "moved")}
    subject, at = f"enterprise:{entry['into']}", stamp.recorded_at
    await written.record(
        session, caller, "enterprise.merge", subject=subject, at=at, decisions=dict(asked.decisions), **done
    )


async def _write(
    session: Session,
    stamp: Stamp,
    both: tuple[Current, Current],
    content: Content,
    naming: list[tuple[store.Referrer, Current]],
) -> None:
    """End the duplicate first: until then its credit code is its own."""
    survivor, duplicate = both
    ENTERPRISES.end(session, stamp, duplicate)
    await session.flush()
    ENTERPRISES.write(session, stamp, survivor, survivor.code, content)
    for one, row in naming:
        one.shelf.write(session, stamp, row, row.code, renamed(row.content, duplicate.code, survivor.code))
    await session.flush()
    await store.point_to(session, stamp.region, duplicate.code, survivor.code)


async def _row(session: Session, caller: Caller, code: str) -> Current:
    """The row of an enterprise that is there, or what became of it."""
    row = await ENTERPRISES.row(session, caller.region, code)
    into = (await merged(session, caller.region, [code])).get(code)
    if into is not None:
        raise GoneAlready(code, into)
    if row is None or row.ended_at is not None:
        raise NotFound("enterprise", code)
    return row


async def entries(session: Session, caller: Caller, code: str) -> dict[str, Any]:
    """All merges into an enterprise, also into one that was merged itself since."""
    row = await ENTERPRISES.row(session, caller.region, code)
    if row is None:
        raise NotFound("enterprise", code)
    return {"items": whole(row.content)[MERGED]}

"""Rosters: items are proposed, recognised with evidence, withdrawn. Who sees a roster's unit keeps the roster."""

import orjson

from services.kit.auth import Caller
from services.kit.clock import CHINA, civil_date
from services.kit.db import Database, Session
from services.kit.errors import NotFound
from services.registry.cases import service as cases
from services.registry.files import service as files
from services.registry.rosters import rules, store
from services.registry.rosters.schemas import CountAsked, ItemWithdrawal, Recognition
from services.registry.rosters.store import ITEMS, ROSTERS
from services.registry.versions import rules as versions
from services.registry.versions import service, written
from services.registry.versions import store as shelves
from services.registry.versions.rules import Content
from services.registry.versions.service import Exists
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def propose(session: Session, caller: Caller, roster: str, draft: Content) -> None:
    """Add an item that is not recognised yet, or take up the number of one that was ended."""
    stamp, whole = await _opened(session, caller, roster)
    code = rules.item_code(roster, draft["code"])
    row = await ITEMS.row(session, caller.region, code)
    if row is not None and row.ended_at is None:
        raise Exists("roster_item", code)
    await _check(session, caller, whole, draft, None)
    item = rules.proposed({**draft, "roster": roster}, civil_date(stamp.recorded_at, CHINA))
    await _write(session, caller, stamp, row, item, act="propose")


async def replace(session: Session, caller: Caller, roster: str, draft: Content, *, if_match: str | None) -> None:
    """Say an item anew: its name, its note; while it is only proposed also what it counts for and what it is."""
    stamp, whole = await _opened(session, caller, roster)
    row = await _row(session, caller, roster, draft["code"])
    versions.check_match(if_match, row.version)
    await _check(session, caller, whole, draft, row)
    item = rules.renamed(row.content, draft)
    if item != row.content:
        await _write(session, caller, stamp, row, item, act="replace")


async def recognise(
    session: Session, caller: Caller, roster: str, code: str, said: Recognition, *, if_match: str | None
) -> None:
    """Recognise an item: from that day on it counts. Whoever sees the item sees the files of its evidence."""
    stamp, _ = await _opened(session, caller, roster)
    row = await _row(session, caller, roster, code)
    versions.check_match(if_match, row.version)
    evidence = [each.model_dump(mode="json") for each in said.evidence]
    item = rules.recognised(row.content, said.on, evidence, today=civil_date(stamp.recorded_at, CHINA))
    kept = list(rules.evidence_files(item))
    await service.check(session, caller.region, (), await files.faults(session, caller, kept))
    await _write(session, caller, stamp, row, item, act="recognise")
    subject = f"roster_item:{rules.item_code(roster, code)}"
    await files.refer(session, caller, subject, [sha256 for _, sha256 in kept], at=stamp.recorded_at)


async def withdraw(
    session: Session, caller: Caller, roster: str, code: str, said: ItemWithdrawal, *, if_match: str | None
) -> None:
    """Withdraw an item: from that day on it counts no more."""
    stamp, _ = await _opened(session, caller, roster)
    row = await _row(session, caller, roster, code)
    versions.check_seen(if_match, row.version)
    item = rules.withdrawn(row.content, said.on, said.reason, today=civil_date(stamp.recorded_at, CHINA))
    await _write(session, caller, stamp, row, item, act="withdraw")


async def rewrite(session: Session, caller: Caller, roster: Content, *, if_match: str | None) -> None:
    """Say a roster anew, without its items. What a reorganisation replaced is kept: no plan file brings it back."""
    service.check_sees_all(caller)
    await shelves.stamp(session, caller.region, caller.client_id)
    row = await ROSTERS.row(session, caller.region, roster["code"])
    kept = {} if row is None else {name: row.content[name] for name in ("superseded",) if name in row.content}
    await service.replace(
        session,
        ROSTERS,
        caller,
        roster["code"],
        {**roster, **kept},
        if_match=if_match,
        references=rules.references(roster),
    )


async def counted(db: Database, region: str, roster: str, asked: CountAsked) -> bytes:
    """How many items count on a day, as JSON."""
    await ROSTERS.found(db, region=region, code=roster)
    async with db.driver() as driver, driver.transaction():
        known_at, provisional = await shelves.knowledge(driver, region, asked.known_at)
        by_subject, total = await store.counts(driver, region, roster, asked.as_of, known_at)
    return orjson.dumps(
        {
            "roster": roster,
            "as_of": asked.as_of,
            "known_at": known_at,
            "provisional": provisional,
            "total": total,
            "by_subject": orjson.Fragment(by_subject),
        }
    )


async def _opened(session: Session, caller: Caller, roster: str) -> tuple[Stamp, Content]:
    """The stamp of an act, and the roster, whose unit the caller must see to keep it."""
    stamp = await shelves.stamp(session, caller.region, caller.client_id)
    row = await ROSTERS.row(session, caller.region, roster)
    if row is None or row.ended_at is not None:
        raise NotFound("roster", roster)
    unit = row.content["unit"]
    await cases.check_acts_for(
        session,
        caller,
        [unit],
        what=f"the roster {roster} is kept by {unit}: its own callers write its items, and those of the units above it",
        zh=f"名册 {roster} 由 {unit} 维护，其条目应由该单位或其上级单位的账号办理",
    )
    return stamp, row.content


async def _row(session: Session, caller: Caller, roster: str, code: str) -> Current:
    row = await ITEMS.row(session, caller.region, rules.item_code(roster, code))
    if row is None or row.ended_at is not None:
        raise NotFound("roster_item", rules.item_code(roster, code))
    return row


async def _check(session: Session, caller: Caller, roster: Content, draft: Content, own: Current | None) -> None:
    """Refuse what is wrong by itself, what names nothing, and what stands in the roster already."""
    faults = list(rules.item_faults(draft, roster["lists"]))
    for other in await store.standing(session, caller.region, roster["code"], draft["subject"]):
        if own is None or other.id != own.id:
            faults += rules.doubled(draft, other.content)
    await service.check(session, caller.region, rules.item_references(draft), faults)


async def _write(
    session: Session, caller: Caller, stamp: Stamp, row: Current | None, item: Content, *, act: str
) -> None:
    code = rules.item_code(item["roster"], item["code"])
    ITEMS.write(session, stamp, row, code, item)
    subject = f"roster_item:{code}"
    await written.record(session, caller, f"roster_item.{act}", subject=subject, at=stamp.recorded_at)

"""Sheets of logs: rows that are there already are unchanged, all others are added, or none and every fault is told."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.kit.audit import NAMED, differences
from services.kit.auth import Caller
from services.kit.clock import CHINA, business_now, civil_date
from services.kit.db import Session, uuid7
from services.kit.office.upload import Upload
from services.registry.enterprises.store import merged
from services.registry.sheets.logs import rules, store
from services.registry.sheets.logs.objects import Log
from services.registry.sheets.naming.service import Naming
from services.registry.sheets.reading import FaultyCells, Reading, blocks, opened_as
from services.registry.sheets.schemas import EntriesImported, ImportedRow
from services.registry.units import service as unit_service
from services.registry.versions import store as versions
from services.registry.versions import written
from services.registry.versions.rules import Content, Reference, dangling, dissolved
from services.registry.versions.store import Stamp


@dataclass(frozen=True)
class Entry:
    """A row that could be read."""

    line: int
    content: Content
    id: uuid.UUID = field(default_factory=uuid7)
    """What it is known by in the log, where it is new."""


async def take(session: Session, caller: Caller, log: Log, upload: Upload, *, dry_run: bool) -> EntriesImported:
    """Add the rows of a file to a log, all or nothing; those that it has already are left."""
    opened, header = await opened_as(log, upload)
    day = civil_date(await business_now(session), CHINA).isoformat()
    naming = Naming(log.columns, caller.region, day)
    sheet = Reading(kind=log, opened=opened, header=header, naming=naming)
    entries = await _said(session, sheet)
    # The file is read. What is compared and judged from here on is what the log holds when the region is locked, and
    # nobody else of the region can write until the commit: every question is asked once for all rows.
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    new = await _new(session, sheet, entries, stamp)
    await _judge(session, sheet, caller, stamp, new)
    if sheet.total:
        raise FaultyCells(sheet.in_order(), sheet.total)
    findings = await _add(session, log, caller, stamp, new, keep=not dry_run)
    if new and not dry_run:
        await _record(session, log, caller, stamp, new, rows=len(entries), digest=upload.sha256)
    lines = {entry.line for entry in new}
    return EntriesImported(
        sheet=opened.name,
        rows=len(entries),
        created=len(new),
        changed=0,
        unchanged=len(entries) - len(new),
        dry_run=dry_run,
        recorded_at=None if dry_run else stamp.recorded_at,
        sheets_not_read=opened.others,
        columns_not_read=sheet.columns_not_read,
        items=[
            ImportedRow(
                row=entry.line,
                code=log.belongs(entry.content),
                change="created" if entry.line in lines else "unchanged",
            )
            for entry in entries
        ],
        findings=findings,
    )


async def _said(session: Session, sheet: Reading[Log]) -> list[Entry]:
    """The rows that say what the wire model takes."""
    found: list[Entry] = []
    read = 0
    async for block in blocks(sheet.opened.rows):
        rows = [row for line, cells in block if (row := sheet.read(line, cells)) is not None]
        read += len(rows)
        for wrong in await sheet.naming.resolve(session, [row.values for row in rows]):
            sheet.misnamed(rows[wrong.row], wrong.field, wrong.error)
        for row in rows:
            content = sheet.validated(row, row.values)
            if content is not None and not row.faulty:
                found.append(Entry(row.line, content))
    sheet.closed(empty=not read)
    return found


async def _new(session: Session, sheet: Reading[Log], entries: Sequence[Entry], stamp: Stamp) -> list[Entry]:
    """The rows that the log has not; those that repeat another are told."""
    fields = [name for name in sheet.kind.model.model_fields if name in sheet.places]
    survivors = await merged(session, stamp.region)
    plans = {entry.content["plan"] for entry in entries}
    kept = await store.entries(session, sheet.kind.name, stamp.region, fields, plans)
    there = Counter(rules.said_by(entry, fields, survivors) for entry in kept)
    said = ((entry.line, rules.said_by(entry.content, fields, survivors)) for entry in entries)
    found = rules.compared(said, there)
    sheet.add(*(rules.repeated(first, sheet.at(line, sheet.kind.key[-1])) for line, first in found.twice))
    new = set(found.new)
    return [entry for entry in entries if entry.line in new]


async def _judge(session: Session, sheet: Reading[Log], caller: Caller, stamp: Stamp, entries: Sequence[Entry]) -> None:
    """Note what is wrong with new entries: by themselves, and in what they refer to."""
    judge = await sheet.kind.judging(session, caller, stamp, [entry.content for entry in entries])
    named: list[Reference] = []
    for entry in entries:
        faults, references = judge(entry.content, f"#{entry.line}")
        sheet.pointed(faults)
        named += references
    once = {(one.kind, one.code): one for one in named}.values()
    there, into = (
        await versions.present(session, stamp.region, once),
        await versions.merged_into(session, stamp.region, once),
    )
    sheet.pointed(dangling(named, there, into))
    answering, today = await versions.answering(session, stamp.region, named), unit_service.day_of(stamp)
    sheet.pointed([*dissolved(named, answering, today)])


async def _add(
    session: Session, log: Log, caller: Caller, stamp: Stamp, entries: Sequence[Entry], *, keep: bool
) -> list[dict[str, Any]]:
    """Add entries, or only see that they could be; what does not add up since."""
    async with session.begin_nested() as point:
        rows = [{"id": entry.id, **log.model.model_validate(entry.content).model_dump()} for entry in entries]
        await store.add(session, log.name, stamp, rows)
        findings = await log.findings(session, caller, [entry.content for entry in entries])
        if not keep:
            await point.rollback()
    return findings


async def _record(
    session: Session, log: Log, caller: Caller, stamp: Stamp, new: Sequence[Entry], *, rows: int, digest: str
) -> None:
    named = [
        {
            "subject": log.subject(entry.content),
            "id": str(entry.id),
            "changes": differences(None, entry.content),
        }
        for entry in new[:NAMED]
    ]
    await written.record(
        session,
        caller,
        f"{log.name}.import",
        subject=f"file:{digest}",
        at=stamp.recorded_at,
        sha256=digest,
        rows=rows,
        created=len(new),
        unchanged=rows - len(new),
        imported=named,
    )

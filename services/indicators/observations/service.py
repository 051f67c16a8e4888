"""Taking figures in, all or nothing, and rejecting them."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, Protocol

from services.indicators.directory import store as directory
from services.indicators.directory.tables import Audit
from services.indicators.observations import lists
from services.indicators.observations.intake import milestones, rows, store
from services.indicators.observations.intake.filled import service as filled
from services.indicators.observations.intake.filled import table
from services.indicators.observations.intake.naming import store as naming
from services.indicators.observations.intake.rules import COLUMNS, Row, Wrong, read
from services.indicators.observations.intake.sentences import faulty, in_rows
from services.indicators.observations.intake.store import Recorded
from services.indicators.observations.schemas import Receipt, Rejected, Report
from services.kit import audit
from services.kit.audit import NAMED
from services.kit.auth import Caller
from services.kit.clock import business_now
from services.kit.db import Session
from services.kit.errors import Conflict, NotFound, Refused
from services.kit.office.upload import Turn
from services.kit.office.writing import CSV

FAULTS_TOLD: Final = 10_000
HEADER_FAULTS_TOLD: Final = 100
BATCH: Final = 5_000
IMPORT: Final = "observations.import"
"""The operation of jobs that import figures."""
TURN: Final = Turn()

Told = Callable[[int], Awaitable[None]]
"""Is told how many rows were read so far."""


async def _nobody(_rows: int) -> None:
    """Nobody wants to know."""


class Sent(Protocol):
    """What hashes the bytes of a file as they come."""

    def update(self, data: bytes, /) -> None:
        """Take in the next bytes."""

    def hexdigest(self) -> str:
        """The digest of all of them so far."""


def _in_batch(wrong: Wrong) -> str:
    return f"/body/reports/{wrong.line}/{wrong.field}"


class Faults(Refused):
    """Rows that cannot be taken; each is named with its field, and nothing was recorded."""

    code = "faulty-rows"

    def __init__(self, wrong: Iterable[Wrong], total: int, at: Callable[[Wrong], str]) -> None:
        told = sorted(wrong)
        more = f", the first {len(told)} are told" if total > len(told) else ""
        more_zh = f"，以下为前 {len(told)} 处" if total > len(told) else ""
        super().__init__(
            f"{total} fault(s){more}; nothing was recorded",
            zh=f"共 {total} 处错误{more_zh}；未录入任何数据",
            faults=[faulty(each, at) for each in told],
        )


class _Collected:
    """Faults as they are found, the first so many kept, all counted."""

    def __init__(self) -> None:
        self.kept: list[Wrong] = []
        self.total = 0

    def add(self, wrong: Iterable[Wrong]) -> None:
        for each in wrong:
            self.total += 1
            if len(self.kept) < FAULTS_TOLD:
                self.kept.append(each)


async def import_file(
    session: Session,
    caller: Caller,
    media: str,
    chunks: AsyncIterable[bytes],
    *,
    plan: str | None,
    dry_run: bool,
    told: Told = _nobody,
) -> Receipt:
    """Take a file of figures: streamed into a staging table, checked as a set, loaded whole or not at all.

    A workbook lies on disk first; one is read at a time.
    """
    sent = hashlib.sha256()
    passing = _hashed(chunks, sent)
    if media == CSV:
        fields: set[str] = set()
        parsed = filled.of_csv(passing, fields)

        def at(wrong: Wrong) -> str:  # without a column of its own a unit stands in the header or the cell of the value
            bare = wrong.field == "unit" and "unit" not in fields
            return in_rows(replace(wrong, field="value") if bare else wrong)

        try:
            return await _take(session, caller, parsed, plan=plan, dry_run=dry_run, at=at, told=told, sent=sent)
        except rows.BadHeaderError as bad:
            raise Faults(bad.wrong[:HEADER_FAULTS_TOLD], len(bad.wrong), in_rows) from bad
    async with filled.kept(passing) as file, TURN.taken():
        found = table.opened(file)
        parsed = filled.of_workbook(found)
        return await _take(session, caller, parsed, plan=plan, dry_run=dry_run, at=found.at, told=told, sent=sent)


async def submit(
    session: Session, caller: Caller, reports: list[Report], *, plan: str | None, dry_run: bool
) -> Receipt:
    """Take a batch of figures, by the same checks as a file. Pointers count the reports from 0."""

    async def parsed() -> filled.Parsed:
        for place, report in enumerate(reports):
            document = report.model_dump(by_alias=True)
            yield read(place, {name: document[name] for name in COLUMNS})

    return await _take(session, caller, parsed(), plan=plan, dry_run=dry_run, at=_in_batch)


async def _take(
    session: Session,
    caller: Caller,
    parsed: filled.Parsed,
    *,
    plan: str | None,
    dry_run: bool,
    at: Callable[[Wrong], str],
    told: Told = _nobody,
    sent: Sent | None = None,
) -> Receipt:
    """Stage, judge and load. A connection is held from the first full batch on, not while a small file trickles in."""
    collected, total, skipped, staging = _Collected(), 0, 0, False
    batch: list[Row] = []
    async for each in parsed:
        total += 1
        if each is None:
            skipped += 1
            continue
        if isinstance(each, Wrong):
            collected.add([each])
            continue
        collected.add(each.wrong)
        batch.append(each)
        if len(batch) == BATCH:
            if not staging:
                await store.open_staging(session)
                staging = True
            await store.stage(session, batch)
            batch.clear()
            await told(total)
    if not staging:
        await store.open_staging(session)
    if batch:
        await store.stage(session, batch)
    # Everything slow is done: from the stamp to the commit nobody else of the region can write.
    now = await business_now(session) if dry_run else await directory.stamp(session, caller.region)
    await naming.settle(session, caller.region, unit_path=caller.unit_path)
    found = await store.judge(session, caller, plan=plan, now=now, limit=FAULTS_TOLD)
    collected.add(found)
    if collected.total:
        raise Faults(collected.kept, collected.total, at)
    return await _load(session, caller, total, skipped, now=now, dry_run=dry_run, sent=sent)


async def _load(
    session: Session, caller: Caller, total: int, skipped: int, *, now: datetime, dry_run: bool, sent: Sent | None
) -> Receipt:
    if dry_run:
        recorded = await store.new_rows(session)
    else:
        recorded = await store.load(session, caller.region, client=caller.client_id)
        if recorded:
            await _record(
                session,
                caller,
                await store.told(session, limit=NAMED, digested=sent is None),
                rows=total,
                now=now,
                sent=sent,
            )
    return Receipt(
        rows=total,
        recorded=recorded,
        unchanged=total - skipped - recorded,
        skipped=skipped,
        recorded_at=None if dry_run else now,
        dry_run=dry_run,
    )


async def _record(
    session: Session, caller: Caller, told: Recorded, *, rows: int, now: datetime, sent: Sent | None
) -> None:
    """Write down which figures came, as they were and as they are; of many how many, and what says which those were."""
    digest = sent.hexdigest() if sent is not None else told.digest
    subject = f"indicator:{told.indicators[0]}" if len(told.indicators) == 1 else f"figures:{digest}"
    said = {**told.said, "sha256": digest}
    await audit.record(
        session, Audit, caller, "observations.submit", subject=subject, at=now, rows=rows, recorded=told.figures, **said
    )


async def _hashed(chunks: AsyncIterable[bytes], sent: Sent) -> AsyncIterator[bytes]:
    """The same chunks, each of them hashed on its way."""
    async for chunk in chunks:
        sent.update(chunk)
        yield chunk


async def import_milestones(
    session: Session, caller: Caller, chunks: AsyncIterable[bytes], *, plan: str | None, dry_run: bool
) -> Receipt:
    """Take a CSV of milestones reached, all or nothing."""
    try:
        reports, wrong = await milestones.read(*filled.milestones_of(chunks))
    except rows.BadHeaderError as bad:
        raise Faults(bad.wrong[:HEADER_FAULTS_TOLD], len(bad.wrong), in_rows) from bad
    now = await business_now(session) if dry_run else await directory.stamp(session, caller.region)
    fresh, more = await milestones.judge(session, caller, reports, plan=plan, now=now)
    wrong += more
    if wrong:
        raise Faults(wrong[:FAULTS_TOLD], len(wrong), in_rows)
    total = len(reports)
    if fresh and not dry_run:
        before = await milestones.load(session, caller.region, fresh, client=caller.client_id)
        told = audit.wrote([_reached(each, was) for each, was in zip(fresh, before, strict=True)])
        named = {each.plan for each in fresh}
        subject = f"plan:{named.pop()}" if len(named) == 1 else None
        act = "milestones.submit"
        await audit.record(
            session, Audit, caller, act, subject=subject, at=now, rows=total, recorded=len(fresh), **told
        )
    return Receipt(
        rows=total,
        recorded=len(fresh),
        unchanged=total - len(fresh),
        skipped=0,
        recorded_at=None if dry_run else now,
        dry_run=dry_run,
    )


def _reached(each: store.MilestoneRow, was: date | None) -> dict[str, Any]:
    """A milestone reached as the trail tells it."""
    changes = {"done_on": [None if was is None else was.isoformat(), each.done_on.isoformat()]}
    subject = f"milestone:{each.plan}/{each.target}"
    return {"subject": subject, "recorded_at": each.recorded_at.isoformat(), "changes": changes}


async def reject(session: Session, caller: Caller, key: str, *, note: str) -> Rejected:
    """From now on a figure does not count, nor what a survivor of a merge took over of it; what was answered stands.

    Where it was reported first and then verified, all of that is rejected: else it would count as reported.
    """
    found = lists.opened(key)
    now = await directory.stamp(session, caller.region)
    row = None if found is None else await lists.one(session, caller.region, *found, unit_path=caller.unit_path)
    if row is None:
        raise NotFound("observation", key)
    if row.rejected_at is not None:
        raise Conflict(f"{key} was rejected by {row.rejected_by} already", zh=f"{key} 已由 {row.rejected_by} 驳回")
    if row.recorded_at > now:
        raise Conflict(f"{key} is not recorded before {row.recorded_at}", zh=f"{key} 的录入时刻 {row.recorded_at} 未到")
    repeated = await lists.repeated(session, row)
    figures = [row, *repeated]
    for figure in figures:  # a survivor may have been merged itself
        figure.rejected_at, figure.rejected_by, figure.rejection_note = now, caller.client_id, note
        session.add(figure)
        figures += await lists.copies(session, figure)
    taken_over = [lists.key_of(figure) for figure in figures[1 + len(repeated) :]]
    said = {"repeated": [lists.key_of(figure) for figure in repeated], "taken_over": taken_over}
    more = {name: keys for name, keys in said.items() if keys}
    changes = {"rejected_at": [None, now.isoformat()], "rejection_note": [None, note]}
    subject = f"observation:{key}"
    await audit.record(session, Audit, caller, "observations.reject", subject=subject, at=now, changes=changes, **more)
    return Rejected(id=key, rejected_at=now, rejected_by=caller.client_id)

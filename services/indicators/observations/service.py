"""Taking figures in, all or nothing, and rejecting them."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final

from services.indicators.directory import store as directory
from services.indicators.directory.tables import Audit
from services.indicators.observations import lists
from services.indicators.observations.intake import milestones, rows, store
from services.indicators.observations.intake.filled import service as filled
from services.indicators.observations.intake.filled import table
from services.indicators.observations.intake.naming import store as naming
from services.indicators.observations.intake.rules import COLUMNS, Row, Wrong, read
from services.indicators.observations.intake.sentences import faulty, in_rows
from services.indicators.observations.schemas import Receipt, Rejected, Report
from services.kit import audit
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
    if media == CSV:
        parsed = filled.of_csv(chunks)
        try:
            return await _take(session, caller, parsed, plan=plan, dry_run=dry_run, at=in_rows, told=told)
        except rows.BadHeaderError as bad:
            raise Faults(bad.wrong[:HEADER_FAULTS_TOLD], len(bad.wrong), in_rows) from bad
    async with filled.kept(chunks) as file, TURN.taken():
        found = table.opened(file)
        parsed = filled.of_workbook(found)
        return await _take(session, caller, parsed, plan=plan, dry_run=dry_run, at=found.at, told=told)


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
    return await _load(session, caller, total, skipped, now=now, dry_run=dry_run)


async def _load(session: Session, caller: Caller, total: int, skipped: int, *, now: datetime, dry_run: bool) -> Receipt:
    if dry_run:
        recorded = await store.new_rows(session)
    else:
        recorded = await store.load(session, caller.region, client=caller.client_id)
        await audit.record(session, Audit, caller, "observations.submit", at=now, rows=total, recorded=recorded)
    return Receipt(
        rows=total,
        recorded=recorded,
        unchanged=total - skipped - recorded,
        skipped=skipped,
        recorded_at=None if dry_run else now,
        dry_run=dry_run,
    )


async def import_milestones(
    session: Session, caller: Caller, chunks: AsyncIterable[bytes], *, plan: str | None, dry_run: bool
) -> Receipt:
    """Take a CSV of milestones reached, all or nothing."""
    try:
        reports, wrong = await milestones.read(chunks)
    except rows.BadHeaderError as bad:
        raise Faults(bad.wrong[:HEADER_FAULTS_TOLD], len(bad.wrong), in_rows) from bad
    now = await business_now(session) if dry_run else await directory.stamp(session, caller.region)
    fresh, more = await milestones.judge(session, caller, reports, plan=plan, now=now)
    wrong += more
    if wrong:
        raise Faults(wrong[:FAULTS_TOLD], len(wrong), in_rows)
    total = len(reports)
    if not dry_run:
        await milestones.load(session, caller.region, fresh, client=caller.client_id)
        await audit.record(session, Audit, caller, "milestones.submit", at=now, rows=total, recorded=len(fresh))
    return Receipt(
        rows=total,
        recorded=len(fresh),
        unchanged=total - len(fresh),
        skipped=0,
        recorded_at=None if dry_run else now,
        dry_run=dry_run,
    )


async def reject(session: Session, caller: Caller, key: str, *, note: str) -> Rejected:
    """From now on a figure does not count; what was answered before stands."""
    found = lists.opened(key)
    now = await directory.stamp(session, caller.region)
    row = None if found is None else await lists.one(session, caller.region, *found, unit_path=caller.unit_path)
    if row is None:
        raise NotFound("observation", key)
    if row.rejected_at is not None:
        raise Conflict(f"{key} was rejected by {row.rejected_by} already", zh=f"{key} 已由 {row.rejected_by} 驳回")
    if row.recorded_at > now:
        raise Conflict(f"{key} is not recorded before {row.recorded_at}", zh=f"{key} 的录入时刻 {row.recorded_at} 未到")
    row.rejected_at, row.rejected_by, row.rejection_note = now, caller.client_id, note
    session.add(row)
    await audit.record(session, Audit, caller, "observations.reject", subject=key, at=now, note=note)
    return Rejected(id=key, rejected_at=now, rejected_by=caller.client_id)

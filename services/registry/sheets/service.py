"""Filled-in sheets: every row read, checked and compared, then all versions written, or none and every fault told."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from services.kit.audit import NAMED
from services.kit.auth import Caller
from services.kit.clock import CHINA, business_now, civil_date
from services.kit.db import Session
from services.kit.errors import Conflict
from services.kit.office.form import Entry, Form
from services.kit.office.upload import Turn, Upload
from services.registry.files import service as files
from services.registry.keyring import Lock
from services.registry.plans.service import follow
from services.registry.plans.store import TASKS
from services.registry.sheets import numbering, sentences, store
from services.registry.sheets.intake import Intake, Kind, Taken
from services.registry.sheets.logs.objects import logs
from services.registry.sheets.naming.service import Naming
from services.registry.sheets.objects import kinds
from services.registry.sheets.reading import BLOCK, FAULTS_TOLD, FaultyCells, Rows, Unkeyed, blocks, opened_as
from services.registry.sheets.rules import NUMERIC, WrongError
from services.registry.sheets.schemas import Change, Imported, ImportedRow, ImportedTotals
from services.registry.sheets.sentences import fault
from services.registry.units import service as unit_service
from services.registry.units.members.store import rebuild
from services.registry.units.store import UNITS
from services.registry.versions import service as versions
from services.registry.versions import store as shelves
from services.registry.versions import written
from services.registry.versions.bulk import Bulk, Clash, Staged, open_bulk
from services.registry.versions.rules import Reference, dangling, dissolved

HELD: Final = frozenset({"unit", "carrier", "task", "roster_item", "prospect", "leader_contact"})
"""Kinds whose rows are judged or followed together; there are not many of those, or little of them is held."""


class Sheets:
    """What can be imported, and whose turn it is."""

    def __init__(self, bodies: Mapping[str, type[BaseModel]], views: Mapping[str, type[BaseModel]]) -> None:
        self.kinds = kinds(bodies, views)
        self.logs = logs(views)
        self.forms: Mapping[str, Rows] = {**self.kinds, **self.logs}
        self.turn = Turn()


class Overtaken(Conflict):
    """Somebody wrote one of the objects while the file was read."""

    code = "overtaken"


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    totals: ImportedTotals
    rows: Sequence[tuple[int, str, Change]]
    """Line, code of the object, and what became of it."""

    def whole(self) -> Imported:
        """All of it as one answer."""
        items = [ImportedRow.model_construct(row=row, code=code, change=change) for row, code, change in self.rows]
        return Imported(**self.totals.model_dump(), items=items)


async def _nobody(_rows: int) -> None:
    """Nobody wants to know how many rows were read."""


async def take(
    session: Session,
    addresses: Lock,
    caller: Caller,
    kind: Kind,
    upload: Upload,
    *,
    dry_run: bool,
    told: Callable[[int], Awaitable[None]] = _nobody,
) -> Outcome:
    """Import a file of objects of one kind, upsert by business key, all or nothing.

    `told` hears now and then how many rows were read. Raises `FaultyCells` with every fault at its cell, or `Unsafe`
    for a file that is not read at all.
    """
    if kind.kept_by is None:
        versions.check_sees_all(caller)
    if kind.begun is not None:
        kind = await kind.begun(session, caller, kind)
    opened, header = await opened_as(kind, upload)
    by = kind.numbered
    intake = Intake(
        kind=kind,
        opened=opened,
        header=header,
        naming=Naming(kind.columns, caller.region, civil_date(await business_now(session), CHINA).isoformat()),
        caller=caller,
        addresses=addresses,
        paths=await _paths(session, caller),
        numbers=None if by is None else await numbering.begun(session, kind.shelf, caller.region, by),
    )
    held, bulk = await _stage(session, intake, told)
    # Everything slow is done: from the stamp to the commit nobody else of the region can write.
    stamp = await shelves.stamp(session, caller.region, caller.client_id)
    await _check_references(session, intake)
    await _check_beside(session, intake, held, stamp)
    if kind.shelf is UNITS:
        bulk = await _place(session, intake, held, stamp)
    if intake.total:
        raise FaultyCells(intake.in_order(), intake.total)
    if bulk is not None:
        await _write(session, intake, bulk, stamp, keep=not dry_run)
        if not dry_run:
            await follow(session, stamp, [row.content for row in held if kind.shelf is TASKS])
            if kind.begins is not None:
                await kind.begins(session, stamp, [row.content for row in held if row.there is None])
            uses = [(subject, sha256) for _, sha256, subject in intake.files]
            await files.refer_all(session, caller, uses, at=stamp.recorded_at)
    return Outcome(await _totals(session, intake, stamp, upload.sha256, dry_run=dry_run), intake.rows)


def operation(objects: str) -> str:
    """What a job that imports such objects does."""
    return f"{objects}.import"


async def keep_rows(session: Session, caller: Caller, job: uuid.UUID, done: Outcome) -> None:
    """Remember what became of each row of a job."""
    await store.keep_rows(session, caller.region, job, done.rows)


async def _stage(
    session: Session, intake: Intake, told: Callable[[int], Awaitable[None]]
) -> tuple[list[Taken], Bulk | None]:
    """Read every row, and stage what changes while no row is wrong; units are staged when all of them are known."""
    held: list[Taken] = []
    bulk: Bulk | None = None
    read = 0
    async for rows in _said(intake):
        taken = await _taken(session, intake, rows)
        read += len(rows)
        await told(read)
        if intake.kind.name in HELD:
            held += [row.held(intake.kind) for row in taken]
        if intake.kind.shelf is UNITS or intake.total:
            continue
        changed = [intake.staged(row) for row in taken if row.change != "unchanged"]
        if changed:
            bulk = bulk or await open_bulk(session, intake.kind.shelf, changed[0].content)
            await bulk.stage(session, changed)
    intake.closed(empty=not intake.lines)
    return held, bulk


async def _paths(session: Session, caller: Caller) -> dict[str, str]:
    if not caller.unit_path:
        return {}
    return {row.code: row.content["path"] for row in await UNITS.current(session, caller.region)}


async def _said(intake: Intake) -> AsyncIterator[list[Unkeyed]]:
    """Rows as their cells say them, block by block.

    Of a kind whose objects name one another all rows are read before the first is judged: each may name any.
    """
    kind, whole = intake.kind.name, list[Unkeyed]()
    names_itself = intake.naming.names(kind)
    async for block in blocks(intake.opened.rows):
        read = [row for line, cells in block if (row := intake.read(line, cells)) is not None]
        if names_itself:
            intake.naming.learn(kind, [row.values for row in read])
            whole += read
        else:
            yield read
    for start in range(0, len(whole), BLOCK):
        yield whole[start : start + BLOCK]


async def _taken(session: Session, intake: Intake, rows: list[Unkeyed]) -> list[Taken]:
    """Rows with codes for names, laid over what there is of their objects."""
    for wrong in await intake.naming.resolve(session, [row.values for row in rows]):
        intake.misnamed(rows[wrong.row], wrong.field, wrong.error)
    known = [row for row in rows if row.faulty.isdisjoint(intake.kind.key)]
    codes = await _codes_by_other(session, intake, known)
    keyed = [row for one in known if (row := intake.keyed(one, codes)) is not None]
    there = await store.present(session, intake.kind.shelf, intake.caller.region, {row.key for row in keyed})
    return [taken for row in keyed if (taken := intake.taken(row, there.get(row.key))) is not None]


async def _codes_by_other(session: Session, intake: Intake, rows: Sequence[Unkeyed]) -> Mapping[str, str]:
    """The codes of objects that rows without one name otherwise."""
    other = intake.kind.other
    wanted = {str(row.values[other]) for row in rows if other and row.lacks_code and row.values.get(other)}
    if not wanted or other is None:
        return {}
    return await store.codes_by(session, intake.kind.shelf, intake.caller.region, other, wanted)


async def _check_references(session: Session, intake: Intake) -> None:
    """What rows refer to must be there, or come with the same file."""
    own, kind = {code for _, code in intake.lines}, intake.kind.name
    named = [Reference("", of, code) for of, code in intake.references if of != kind or code not in own]
    for of, code in sorted(await store.missing(session, intake.caller.region, named)):
        intake.pointed(dangling(intake.references[of, code], ()))


async def _check_beside(session: Session, intake: Intake, held: Sequence[Taken], stamp: shelves.Stamp) -> None:
    """What rows say beside all other objects, and units that were dissolved, which take on nothing new."""
    region = intake.caller.region
    named = [reference for noted in intake.references.values() for reference in noted]
    answering, today = await shelves.answering(session, region, named), unit_service.day_of(stamp)
    intake.pointed([*dissolved(named, answering, today)])
    referred = dict.fromkeys((pointer, sha256) for pointer, sha256, _ in intake.files)
    intake.pointed(await files.faults(session, intake.caller, referred))
    if intake.kind.beside is not None:
        changed = {row.key[1]: row.content for row in held if row.change != "unchanged"}
        lines = {code: line for (_, code), line in intake.lines.items()}
        intake.pointed(await intake.kind.beside(session, region, changed, lines))


async def _place(session: Session, intake: Intake, rows: Sequence[Taken], stamp: shelves.Stamp) -> Bulk | None:
    """Put units into their tree; those below a unit that moves move with it."""
    there = await UNITS.rows(session, intake.caller.region)
    at = {row.key[1]: f"#{row.line}" for row in rows}
    wanted, faults = unit_service.as_kept(there, {row.key[1]: row.content for row in rows}, at)
    placed, more = unit_service.placed(there, wanted, at, today=unit_service.day_of(stamp))
    intake.pointed([*faults, *more])
    if intake.total:
        return None
    present = {code: row for code, row in there.items() if row.ended_at is None}
    changed = {code: unit for code, unit in placed.items() if code not in present or present[code].content != unit}
    lines = {row.key[1]: row.line for row in rows}
    intake.rows = [
        (line, code, "created" if code not in present else "changed" if code in changed else "unchanged")
        for line, code, _ in intake.rows
    ]
    staged = [
        Staged(lines.get(code, 0), code, unit, present[code].version if code in present else 0)
        for code, unit in changed.items()
    ]
    if not staged:
        return None
    bulk = await open_bulk(session, UNITS, staged[0].content)
    await bulk.stage(session, staged)
    return bulk


async def _write(session: Session, intake: Intake, bulk: Bulk, stamp: shelves.Stamp, *, keep: bool) -> None:
    moved = await bulk.moved(session, stamp.region)
    if moved:
        told = [fault(intake.at(line), WrongError("not-current")) for line in moved[:FAULTS_TOLD]]
        raise Overtaken("somebody wrote meanwhile", zh="导入期间数据被他人修改", faults=told)
    try:
        intake.written = await bulk.write(session, stamp, keep=keep)
        if keep and intake.kind.shelf is UNITS:
            await rebuild(session, stamp.region)
    except Clash as clash:
        told = [fault(intake.at(line, clash.name), WrongError("not-unique", given=clash.value)) for line in clash.lines]
        if not told:
            raise
        raise FaultyCells(told, len(told)) from clash


async def _totals(
    session: Session, intake: Intake, stamp: shelves.Stamp, digest: str, *, dry_run: bool
) -> ImportedTotals:
    counts = Counter(change for _, _, change in intake.rows)
    created, changed, unchanged = (counts[change] for change in ("created", "changed", "unchanged"))
    if not dry_run and intake.written:
        told: dict[str, Any] = {
            "rows": len(intake.rows),
            "created": created,
            "changed": changed,
            "unchanged": unchanged,
        }
        named = [{"subject": subject, "version": version} for subject, version in intake.written[:NAMED]]
        await written.record(
            session,
            intake.caller,
            f"{intake.kind.name}.import",
            subject=f"file:{digest}",
            at=stamp.recorded_at,
            sha256=digest,
            **told,
            imported=named,
        )
    return ImportedTotals(
        sheet=intake.opened.name,
        rows=len(intake.rows),
        created=created,
        changed=changed,
        unchanged=unchanged,
        dry_run=dry_run,
        recorded_at=None if dry_run else stamp.recorded_at,
        sheets_not_read=intake.opened.others,
        columns_not_read=intake.columns_not_read,
    )


def template(kind: Rows, *, language: str) -> Form:
    """The form of a kind or a log: a column for each field of its wire model; explained in `language`."""
    told = kind.columns
    english = language == "en"
    return Form(
        name=sentences.KINDS[kind.name],
        explained=sentences.EXPLAINED,
        headings=sentences.HEADINGS[english],
        entries=[
            Entry(
                header=column.header,
                text=column.kind not in NUMERIC,
                required=not column.optional,
                allowed=[*column.choices.values()],
                told=(
                    column.header,
                    column.meaning[english],
                    column.unit or "",
                    sentences.YES_NO[english][not column.optional],
                    sentences.form(column)[english],
                    column.example,
                    sentences.allowed(column),
                ),
                one_of=column.kind == "choice",
            )
            for column in told
        ],
        notes=sentences.NOTES[english],
    )

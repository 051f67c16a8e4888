"""Sheets over HTTP: templates to fill in, and what was filled in."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Final, get_args

import orjson
from fastapi import APIRouter, BackgroundTasks, Depends, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge, Session
from services.kit.errors import language_of, problems
from services.kit.exports import template
from services.kit.later.routes import AT_ONCE, JobInPath, Kept, Later, accepted, answered_later
from services.kit.later.service import accept, found
from services.kit.office.upload import Upload, body, received, streamed
from services.kit.office.writing import CSV, XLSX
from services.kit.paging import check_cursor
from services.registry.keyring import Lock
from services.registry.parts import Addresses, Db, Running
from services.registry.sheets import service
from services.registry.sheets.logs import service as logs
from services.registry.sheets.logs.objects import LOGS
from services.registry.sheets.schemas import (
    EntriesImported,
    Imported,
    ImportedRow,
    Importing,
    ImportJob,
    Objects,
    OfTheirOwn,
    RowFilter,
    Templating,
)
from services.registry.sheets.store import ROWS_OF_JOBS
from services.registry.versions.schemas import Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["sheets"])
ObjectsInPath = Annotated[Objects, Path(description="what the rows of the sheet are")]

TEMPLATE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the template",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (XLSX, CSV)},
    },
    **problems(),
}


def _sheets(request: Request) -> service.Sheets:
    sheets: service.Sheets = request.app.state.sheets
    return sheets


Known = Annotated[service.Sheets, Depends(_sheets)]


SCOPES: Final[Mapping[str, tuple[str, str]]] = {
    "visits": ("registry:read", "problems:raise"),
    "payments": ("registry:read", "tasks:report"),
    "publicity": ("registry:read", "tasks:report"),
    "prospects": ("prospects:read", "prospects:write"),
    "activities": ("prospects:read", "prospects:write"),
}
"""What reading the template and importing ask for: what reading and writing the same one by one do."""


def _of_its_own(objects: str) -> None:
    """Routes of its own, before those of all others: who keeps these need not keep the registry."""
    reads, writes = SCOPES[objects]
    answer = EntriesImported if objects in LOGS else Imported

    @router.get(
        f"/{objects}:template",
        operation_id=f"{objects}_template_read",
        summary=f"A sheet to fill in: {objects}",
        response_class=Response,
        responses=TEMPLATE,
    )
    async def read_template_of(
        request: Request,
        _caller: Annotated[Caller, may(reads)],
        asked: Annotated[Templating, Query()],
        sheets: Known,
    ) -> Response:
        """As `/{objects}:template`."""
        return _template(objects, sheets, request, asked)

    @router.post(
        f"/{objects}:import",
        operation_id=f"{objects}_import",
        summary=f"Import a filled-in sheet: {objects}",
        response_model=answer,
        responses=problems(409, 413, 415),
        openapi_extra=body((XLSX, CSV)),
    )
    async def import_of(
        *,
        caller: Annotated[Caller, may(writes)],
        session: Edge,
        addresses: Addresses,
        request: Request,
        asked: Annotated[Importing, Query()],
        sheets: Known,
    ) -> Response:
        """As `/{objects}:import`, at once and at most 20 MiB. A caller of a unit imports those of its unit and below."""
        upload = received(request, dict.fromkeys((XLSX, CSV), AT_ONCE))
        return await _imported(sheets, objects, upload, session, addresses, caller, dry_run=asked.dry_run)


for _objects in get_args(OfTheirOwn):
    _of_its_own(_objects)


@router.get(
    "/{objects}:template",
    operation_id="template_read",
    summary="A sheet to fill in",
    response_class=Response,
    responses=TEMPLATE,
)
async def read_template(
    objects: ObjectsInPath,
    request: Request,
    _caller: Annotated[Caller, may("registry:read")],
    asked: Annotated[Templating, Query()],
    sheets: Known,
) -> Response:
    """A column for each field, with its title and code; in xlsx with lists of what is allowed, codes as text, and a
    second sheet that explains each column in the language asked for.
    """
    return _template(objects, sheets, request, asked)


def _template(objects: str, sheets: service.Sheets, request: Request, asked: Templating) -> Response:
    form = service.template(sheets.forms[objects], language=language_of(request))
    return template(request, form, objects, asked.format)


@router.post(
    "/{objects}:import",
    operation_id="objects_import",
    summary="Import a filled-in sheet",
    response_model=Imported,
    responses={**answered_later(ImportJob), **problems(409, 413, 415)},
    openapi_extra=body((XLSX, CSV)),
)
async def import_objects(
    *,
    objects: ObjectsInPath,
    caller: Annotated[Caller, may("registry:write")],
    session: Edge,
    running: Running,
    request: Request,
    afterwards: BackgroundTasks,
    asked: Annotated[Importing, Query()],
    sheets: Known,
    is_later: Later,
    jobs: Kept,
) -> Response:
    """The file itself as the body, xlsx or CSV; objects are found by their code, created or changed, all rows or none.

    Every fault is named by sheet and cell (`企业!C7`), with what would be right. A row that says what is there already
    makes no version. A column that is left out leaves its field as it is, an empty cell empties it. A column `version`,
    as exports have it, is compared: a row that somebody else changed meanwhile is a fault. A CSV of more than 20 MiB,
    or any file with `Prefer: respond-async`, is answered 202 with a job.
    """
    largest = {XLSX: AT_ONCE, CSV: running.settings.import_bytes}
    if is_later:
        media, chunks = streamed(request, largest)
        operation, given = service.operation(objects), asked.model_dump()
        job = await accept(running.db, session, jobs, caller, chunks, operation=operation, arguments=given, media=media)
        afterwards.add_task(running.doorbell.ring, "jobs")
        return accepted(request, job, ImportJob)
    upload = received(request, dict.fromkeys(largest, AT_ONCE), later=largest[CSV])
    return await _imported(sheets, objects, upload, session, running.keyring.addresses, caller, dry_run=asked.dry_run)


async def _imported(  # noqa: PLR0917 - what both ways of importing have
    sheets: service.Sheets,
    objects: str,
    received_: AbstractAsyncContextManager[Upload],
    session: Session,
    addresses: Lock,
    caller: Caller,
    *,
    dry_run: bool,
) -> Response:
    async with received_ as upload, sheets.turn.taken():
        if objects in sheets.logs:
            whole: Imported = await logs.take(session, caller, sheets.logs[objects], upload, dry_run=dry_run)
        else:
            done = await service.take(session, addresses, caller, sheets.kinds[objects], upload, dry_run=dry_run)
            whole = done.whole()
    return Response(orjson.dumps(whole.model_dump()), media_type="application/json")


@router.get(
    "/jobs/{job}/rows",
    operation_id="job_rows_list",
    summary="What became of the rows of an import that was done later",
    response_model=Listed[ImportedRow],
    responses=problems(404),
)
async def list_rows(
    *,
    job: JobInPath,
    caller: Annotated[Caller, may("registry:write")],
    session: Edge,
    db: Db,
    jobs: Kept,
    asked: Annotated[RowFilter, Query()],
) -> Response:
    """In the file's order; none until the job is done."""
    check_cursor(asked.cursor)
    await found(session, jobs, caller, job)
    return await page_of(db, ROWS_OF_JOBS, asked, region=caller.region, job=job)

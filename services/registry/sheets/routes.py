"""Sheets over HTTP: templates to fill in, and what was filled in."""

from typing import Annotated

import orjson
from fastapi import APIRouter, BackgroundTasks, Depends, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import language_of, problems
from services.kit.later.routes import AT_ONCE, JobInPath, Kept, Later, accepted, answered_later
from services.kit.later.service import accept, found
from services.kit.office.form import as_csv, as_xlsx
from services.kit.office.upload import body, received, streamed
from services.kit.office.writing import CSV, XLSX
from services.registry.parts import Db, Running
from services.registry.sheets import service
from services.registry.sheets.schemas import (
    Imported,
    ImportedRow,
    Importing,
    ImportJob,
    Objects,
    RowFilter,
    Templating,
)
from services.registry.sheets.store import ROWS_OF_JOBS
from services.registry.versions.schemas import Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["sheets"])
ObjectsInPath = Annotated[Objects, Path(description="which objects")]


def _sheets(request: Request) -> service.Sheets:
    sheets: service.Sheets = request.app.state.sheets
    return sheets


Known = Annotated[service.Sheets, Depends(_sheets)]


@router.get(
    "/{objects}:template",
    operation_id="template_read",
    summary="A sheet to fill in",
    response_class=Response,
    responses={
        200: {
            "description": "the template",
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (XLSX, CSV)},
        },
        **problems(),
    },
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
    form = service.template(sheets.kinds[objects], language=language_of(request))
    wants_csv = asked.format == "csv" if asked.format else CSV in request.headers.get("accept", "")
    content, media, suffix = (as_csv(form), CSV, "csv") if wants_csv else (as_xlsx(form), XLSX, "xlsx")
    named = {"Content-Disposition": f'attachment; filename="{objects}.{suffix}"', "Vary": "Accept, Accept-Language"}
    return Response(content, media_type=media, headers=named)


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
    limits = dict.fromkeys(largest, AT_ONCE)
    async with received(request, limits, later=largest[CSV]) as upload, sheets.turn.taken():
        kind, addresses = sheets.kinds[objects], running.keyring.addresses
        done = await service.take(session, addresses, caller, kind, upload, dry_run=asked.dry_run)
    return Response(orjson.dumps(done.whole().model_dump()), media_type="application/json")


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
    await found(session, jobs, caller, job)
    return await page_of(db, ROWS_OF_JOBS, asked, region=caller.region, job=job)

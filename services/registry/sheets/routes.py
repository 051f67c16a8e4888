"""Sheets over HTTP: templates to fill in, and what was filled in."""

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import language_of, problems
from services.kit.office.form import as_csv, as_xlsx
from services.kit.office.upload import body, received
from services.kit.office.writing import CSV, XLSX
from services.registry.parts import Addresses
from services.registry.sheets import service
from services.registry.sheets.schemas import Imported, Importing, Objects, Templating

router = APIRouter(prefix="/v1", tags=["sheets"])
TAKEN: Final = {XLSX: 20 * 1024 * 1024, CSV: 256 * 1024 * 1024}
"""Bytes of a file by media type."""
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
    responses=problems(409, 413, 415),
    openapi_extra=body(TAKEN),
)
async def import_objects(
    *,
    objects: ObjectsInPath,
    caller: Annotated[Caller, may("registry:write")],
    session: Edge,
    addresses: Addresses,
    request: Request,
    asked: Annotated[Importing, Query()],
    sheets: Known,
) -> Response:
    """The file itself as the body, xlsx or CSV; objects are found by their code, created or changed, all rows or none.

    Every fault is named by sheet and cell (`企业!C7`), with what would be right. A row that says what is there already
    makes no version. A column that is left out leaves its field as it is, an empty cell empties it. A column `version`,
    as exports have it, is compared: a row that somebody else changed meanwhile is a fault.
    """
    async with received(request, TAKEN) as upload, sheets.turn.taken():
        done = await service.take(session, addresses, caller, sheets.kinds[objects], upload, dry_run=asked.dry_run)
    return Response(orjson.dumps(done.model_dump()), media_type="application/json")

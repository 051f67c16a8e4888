"""Evidence files over HTTP."""

from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from services.kit.auth import Caller, may
from services.kit.db import Edge, driver_of
from services.kit.errors import NotFound, problems
from services.kit.files import disposition
from services.kit.limits import FILE_BYTES
from services.kit.manners import HELD
from services.kit.reads import tagged
from services.registry.files import service, store
from services.registry.files.schemas import FileFilter, FileView, Sha256InPath
from services.registry.parts import Db
from services.registry.versions.schemas import Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1/files", tags=["files"])
Reader = Annotated[Caller, may("registry:read")]


@router.get(
    "",
    operation_id="files_list",
    summary="List evidence files",
    response_model=Listed[FileView],
    responses=problems(),
)
async def list_files(caller: Reader, db: Db, asked: Annotated[FileFilter, Query()]) -> Response:
    """The files that the caller sees, each under every name it was sent by, the latest first."""
    return await page_of(db, store.UPLOADS, asked, names={}, **store.seen_by(caller))


@router.post(
    "",
    operation_id="file_keep",
    summary="Keep an evidence file",
    status_code=201,
    response_model=FileView,
    responses=problems(400, 413, 415),
)
async def keep_file(
    caller: Annotated[Caller, may("files:submit")],
    session: Edge,
    request: Request,
    file: Annotated[
        UploadFile,
        File(description="pdf, png, jpeg, docx, xlsx, ofd or txt of at most 20 MiB, with its name (佐证材料)"),
    ],
) -> Response:
    """A form (multipart/form-data) with one file. It is recognised by its content, kept by its SHA-256 and never changes.

    Containers are unpacked within bounds to be checked: macros, passwords and zip bombs are refused.
    """
    kept = await service.keep(session, caller, file.filename, await file.read(FILE_BYTES + 1))
    found = await store.SENT_BY.fetch(
        await driver_of(session), **store.seen_by(caller), sha256=kept.sha256, name=kept.name
    )
    assert found is not None  # noqa: S101 - it was written just now
    answer = tagged(request, found[0].encode(), version=kept.sha256)
    answer.status_code = 201
    answer.headers["Location"] = f"{request.url.path}/{kept.sha256}"
    return answer


@router.get(
    "/{sha256}",
    operation_id="file_read",
    summary="Read an evidence file",
    response_class=Response,
    responses={
        **problems(404),
        200: {
            "description": "The bytes, to be saved and not shown",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
async def read_file(sha256: Sha256InPath, caller: Reader, db: Db, request: Request) -> Response:
    """The bytes under the name by which they were sent first. They never change: the hash is the ETag."""
    async with db.driver() as driver:
        found = await store.content(driver, caller, sha256)
    if found is None:
        raise NotFound("file", sha256)
    answer = tagged(request, found[0], version=sha256)
    if answer.status_code == 200:  # noqa: PLR2004 - 304 has no body to describe
        answer.headers["Content-Type"] = found[1]
        answer.headers["Content-Disposition"] = disposition(found[2])
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


@router.get(
    "/{sha256}/metadata",
    operation_id="file_describe",
    summary="What an evidence file is",
    response_model=FileView,
    responses=problems(404) | HELD,
)
async def describe_file(sha256: Sha256InPath, caller: Reader, db: Db, request: Request) -> Response:
    """Name, size, kind, sender and instant of the first time it was sent; the list shows the other times."""
    return await store.METADATA.answer(db, request, key=sha256, sha256=sha256, **store.seen_by(caller))

"""Jobs over HTTP, the same in every service, and what an import answers that will be done later."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Database, Edge
from services.kit.errors import Fault, Problem, described, language_of, problems
from services.kit.exports import paged
from services.kit.later import service, store
from services.kit.later.rows import JobRow, Jobs
from services.kit.later.schemas import Job, JobFilter, JobPage
from services.kit.reads import Page, as_json

AT_ONCE: Final = 20 * 1024 * 1024
"""A larger file is not answered at once."""
PREFERENCE: Final = "respond-async"
TAG: Final = {
    "name": "jobs",
    "description": "imports that are done later 后台任务: how far they are, what came of them",
}
JobInPath = Annotated[uuid.UUID, Path(description="the job's id")]


def _prefers(
    request: Request,
    prefer: Annotated[
        str | None,
        Header(
            description="`respond-async` (RFC 7240): the file is kept and answered 202 with a job, whatever its size; "
            f"without it a CSV whose Content-Length is more than {AT_ONCE} bytes is answered so",
            examples=["respond-async"],
        ),
    ] = None,
) -> bool:
    """Whether an import is to be done later."""
    asked = {part.partition(";")[0].strip().lower() for part in (prefer or "").split(",")}
    length = request.headers.get("content-length", "")
    return PREFERENCE in asked or (length.isascii() and length.isdigit() and int(length) > AT_ONCE)


Later = Annotated[bool, Depends(_prefers)]
"""Whether an import is answered with a job."""


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


Kept = Annotated[Jobs, Depends(_jobs)]
"""Where the app keeps its jobs."""


LOOK_AGAIN: Final = {
    "description": "seconds after which to look at the job, until it has ended",
    "schema": {"type": "string"},
}


def answered_later(view: type[Job]) -> dict[int | str, dict[str, Any]]:
    """The answer 202 of an import, for its OpenAPI entry."""
    text = {"schema": {"type": "string"}}
    return {
        202: {
            "model": view,
            "description": "The file is there and its turn will come: the job says how far it is",
            "headers": {
                "Location": {"description": "where the job is read", **text},
                "Retry-After": LOOK_AGAIN,
                "Preference-Applied": {"description": "`respond-async` where it was asked for", **text},
            },
        }
    }


def accepted(request: Request, job: JobRow, view: type[Job]) -> Response:
    """202 with the job."""
    root = request.scope.get("root_path", "")
    headers = {"Location": f"{root}/v1/jobs/{job.id}", "Retry-After": "1"}
    if PREFERENCE in request.headers.get("prefer", "").lower():
        headers["Preference-Applied"] = PREFERENCE
    return Response(
        _shown(job, view, language_of(request)), HTTPStatus.ACCEPTED, headers, media_type="application/json"
    )


def jobs_of(jobs: Jobs, view: type[Job], scope: str) -> APIRouter:
    """The routes of a service's jobs; `view` has the result of its imports, `scope` is what those need."""
    router = APIRouter(prefix="/v1", tags=["jobs"])
    importer = Annotated[Caller, may(scope)]
    _list_jobs(router, importer, store.page(jobs))
    _read_job(router, importer, jobs, view)
    _cancel_job(router, importer, jobs, view)
    return router


def _list_jobs(router: APIRouter, importer: Any, page: Page) -> None:  # noqa: ANN401 - FastAPI's own marker type
    @router.get(
        "/jobs",
        operation_id="jobs_list",
        summary="Jobs and how far they are",
        response_model=JobPage,
        responses=problems(),
    )
    async def list_jobs(
        caller: importer,
        request: Request,
        asked: Annotated[JobFilter, Query()],
    ) -> Response:
        """Those that were sent for the caller's unit or one below, the latest first. They are shown for 30 days."""
        return await paged(
            _db(request),
            page,
            limit=asked.limit,
            cursor=asked.cursor,
            total=asked.total,
            sort=asked.sort,
            given=asked.model_dump(include={"state", "operation"}, exclude_none=True),
            values=store.seen_by(caller),
        )


def _read_job(router: APIRouter, importer: Any, jobs: Jobs, view: type[Job]) -> None:  # noqa: ANN401 - as above
    @router.get(
        "/jobs/{job}",
        operation_id="job_read",
        summary="A job, how far it is and what came of it",
        response_model=view,
        responses=problems(404) | {200: {"headers": {"Retry-After": LOOK_AGAIN}}},
    )
    async def read_job(
        caller: importer,
        session: Edge,
        request: Request,
        job: JobInPath,
    ) -> Response:
        """`result` is what the import would have answered at once, `problem` why it failed: every fault is named."""
        row = await service.found(session, jobs, caller, job)
        headers = {} if row.ended_at else {"Retry-After": "1"}
        return Response(_shown(row, view, language_of(request)), headers=headers, media_type="application/json")


def _cancel_job(router: APIRouter, importer: Any, jobs: Jobs, view: type[Job]) -> None:  # noqa: ANN401 - as above
    @router.post(
        "/jobs/{job}:cancel",
        operation_id="job_cancel",
        summary="Cancel a job",
        response_model=view,
        responses=problems(404, 409),
    )
    async def cancel_job(
        caller: importer,
        session: Edge,
        request: Request,
        job: JobInPath,
    ) -> Response:
        """While it waits or runs; nothing of it is written."""
        row = await service.cancel(session, jobs, caller, job)
        return as_json(_shown(row, view, language_of(request)))


def _shown(row: JobRow, view: type[Job], language: str) -> bytes:
    told = {name: getattr(row, name) for name in view.model_fields.keys() - {"id", "problem"}}
    problem = None if row.problem is None else _told(row, row.problem, language)
    return view(id=str(row.id), problem=problem, **told).model_dump_json(by_alias=True).encode()


def _told(row: JobRow, said: Mapping[str, Any], language: str) -> Problem:
    chinese = language == "zh"
    faults = [
        Fault(pointer=pointer, code=code, detail=zh if chinese else en) for pointer, code, en, zh in said["faults"]
    ]
    return described(said["status"], said["code"], said[language], language=language, trace=row.id.hex, errors=faults)


def _db(request: Request) -> Database:
    db: Database = request.app.state.parts.db
    return db

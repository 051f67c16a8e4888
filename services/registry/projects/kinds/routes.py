"""Kinds of projects over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.parts import Db
from services.registry.projects.kinds import service
from services.registry.projects.kinds.schemas import ProjectKind, ProjectKindView
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, FirstMatch, Listed, Paging, PastVersion, Search

router = APIRouter(prefix="/v1/project-kinds", tags=["project kinds"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "",
    operation_id="project_kinds_list",
    summary="List kinds of projects",
    response_model=Listed[ProjectKindView],
    responses=problems(),
)
async def list_kinds(caller: Reader, db: Db, asked: Annotated[Search, Query()]) -> Response:
    """The kinds of projects of the region with the graph of their life, by code."""
    return await PROJECT_KINDS.listed(db, asked, region=caller.region)


@router.get(
    "/{code}",
    operation_id="project_kind_read",
    summary="Read a kind of project",
    response_model=ProjectKindView,
    responses=problems(404),
)
async def read_kind(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """Steps, criteria, commitments and usual durations, today or as an earlier instant knew them."""
    return await PROJECT_KINDS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
    operation_id="project_kind_history",
    summary="Every version of a kind of project",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_kind_history(code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await PROJECT_KINDS.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "/{code}",
    operation_id="project_kind_replace",
    summary="Define or replace a kind of project",
    response_model=ProjectKindView,
    responses=problems(412, 428),
)
async def replace_kind(
    *, code: CodeInPath, body: ProjectKind, caller: Writer, session: Edge, request: Request, if_match: FirstMatch = None
) -> Response:
    """The whole kind anew; `If-Match` names the version that is replaced, a first one needs none.

    Running projects go on by the new rules: from the stage that they are in, with the steps that now lead on from it.
    """
    check_code(code, body.code)
    await service.put(session, caller, body.model_dump(mode="json", by_alias=True), if_match=if_match)
    return await PROJECT_KINDS.written(session, request, region=caller.region, code=code)

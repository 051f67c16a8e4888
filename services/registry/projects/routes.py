"""Projects over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.parts import Db
from services.registry.projects import service
from services.registry.projects.schemas import Project, ProjectSearch, ProjectView
from services.registry.projects.store import PROJECTS
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeOfPlanInPath, IfMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1/projects", tags=["projects"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "",
    operation_id="projects_list",
    summary="List projects",
    response_model=Listed[ProjectView],
    responses=problems(),
)
async def list_projects(caller: Reader, db: Db, asked: Annotated[ProjectSearch, Query()]) -> Response:
    """The projects of the region, by code; `year` finds those whose years include it.

    `group` finds those of enterprises that belong to the group on the day `as_of`, listed or only named.
    """
    page = await PROJECTS.listed(db, asked, region=caller.region, **asked.of_group())
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/{code}",
    operation_id="project_read",
    summary="Read a project",
    response_model=ProjectView,
    responses=problems(404),
)
async def read_project(
    code: CodeOfPlanInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A project, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await PROJECTS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
    operation_id="project_history",
    summary="Every version of a project",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_project_history(
    code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await PROJECTS.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "",
    operation_id="project_create",
    summary="Create a project",
    status_code=201,
    response_model=ProjectView,
    responses=problems(409),
)
async def create_project(body: Project, caller: Writer, session: Edge, request: Request) -> Response:
    """A project of a code that is not in use. Its life begins with its first step."""
    await service.create(session, caller, body.model_dump(mode="json"))
    return await PROJECTS.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/{code}",
    operation_id="project_replace",
    summary="Replace a project",
    response_model=ProjectView,
    responses=problems(404, 412, 428),
)
async def replace_project(
    *, code: CodeOfPlanInPath, body: Project, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole project anew, as the next version; `If-Match` names the version that the caller saw.

    What the registry keeps beside the plan file (national code, kind, annual plans, phases) stays where the body leaves
    it out. Its life is moved by steps.
    """
    check_code(code, body.code)
    sent = body.model_dump(mode="json")
    await service.replace(session, caller, code, sent, named=body.model_fields_set, if_match=if_match)
    return await PROJECTS.written(session, request, region=caller.region, code=code)

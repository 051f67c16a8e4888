"""Plans that share projects and plans that continue others, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.manners import HELD
from services.registry.parts import Db
from services.registry.sharing.schemas import SharedProjectFilter, SharedProjectView, Sharing
from services.registry.sharing.store import SHARED_PROJECTS
from services.registry.successions import service, store
from services.registry.successions.schemas import (
    HandedOver,
    HandingOver,
    ProjectSums,
    SuccessionView,
    Successor,
    SumFilter,
)
from services.registry.successions.store import SUCCESSIONS
from services.registry.versions.schemas import (
    ActMatch,
    AsKnown,
    CodeOfPlanInPath,
    FirstMatch,
    IfMatch,
    Listed,
    Paging,
    PastVersion,
    PlanInPath,
)
from services.registry.versions.store import check_filters

router = APIRouter(prefix="/v1", tags=["plans"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
Planner = Annotated[Caller, may("plans:apply")]


@router.get(
    "/shared-projects",
    operation_id="shared_projects_list",
    summary="List projects that plans share",
    response_model=Listed[SharedProjectView],
    responses=problems(),
    tags=["projects"],
)
async def list_shared_projects(caller: Reader, db: Db, asked: Annotated[SharedProjectFilter, Query()]) -> Response:
    """Which plan shares which project with the plan that lists it, by project."""
    return await SHARED_PROJECTS.listed(db, asked, region=caller.region)


@router.get(
    "/plans/{plan}/shared-projects/{code}",
    operation_id="shared_project_read",
    summary="Read why a plan shares a project",
    response_model=SharedProjectView,
    responses=problems(404),
    tags=["projects"],
)
async def read_shared_project(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    caller: Reader,
    db: Db,
    request: Request,
    asked: Annotated[AsKnown, Query()],
) -> Response:
    """The reason, today or as an earlier instant knew it."""
    return await SHARED_PROJECTS.answer(
        db, request, known_at=asked.known_at, region=caller.region, plan=plan, code=code
    )


@router.get(
    "/plans/{plan}/shared-projects/{code}/history",
    operation_id="shared_project_history",
    summary="Since when a plan shares a project, and until when",
    response_model=Listed[PastVersion],
    responses=problems(404),
    tags=["projects"],
)
async def read_shared_project_history(
    plan: PlanInPath, code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await SHARED_PROJECTS.past_versions(db, asked, region=caller.region, plan=plan, code=code)


@router.put(
    "/plans/{plan}/shared-projects/{code}",
    operation_id="shared_project_replace",
    summary="Let a plan share a project of another plan",
    response_model=SharedProjectView,
    responses=problems(409, 412, 428),
    tags=["projects"],
)
async def replace_shared_project(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    body: Sharing,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """Lists of either plan find the project; sums of the region count it once, under the plan that lists it."""
    await service.share(session, caller, plan, code, body, if_match=if_match)
    return await SHARED_PROJECTS.written(session, request, region=caller.region, plan=plan, code=code)


@router.delete(
    "/plans/{plan}/shared-projects/{code}",
    operation_id="shared_project_end",
    summary="End what a plan shares",
    status_code=204,
    responses=problems(404, 412, 428),
    tags=["projects"],
)
async def end_shared_project(
    plan: PlanInPath, code: CodeOfPlanInPath, caller: Writer, session: Edge, if_match: IfMatch = None
) -> None:
    """The project stays with the plan that lists it; the history tells that it was shared."""
    await service.unshare(session, caller, plan, code, if_match=if_match)


@router.get(
    "/project-sums",
    operation_id="project_sums_read",
    summary="Sum projects and their investment, each once",
    responses=problems(),
    tags=["projects"],
)
async def read_project_sums(caller: Reader, session: Edge, asked: Annotated[SumFilter, Query()]) -> ProjectSums:
    """How many projects of how much planned investment (万元): in all, by industry, by plan."""
    given = asked.model_dump(exclude_none=True)
    await check_filters(session, given, region=caller.region)
    found = await store.project_sums(session, caller.region, given)
    return ProjectSums.model_validate(found)


@router.post(
    "/plans/{plan}/successor",
    operation_id="plan_hand_over",
    summary="Let a plan be continued by another",
    response_model=HandedOver,
    responses=problems(404, 409, 412),
)
async def hand_over_plan(
    *,
    plan: PlanInPath,
    body: Successor,
    caller: Planner,
    session: Edge,
    asked: Annotated[HandingOver, Query()],
    if_match: ActMatch = None,
) -> dict[str, Any]:
    """Open tasks go on in the successor with their units and state, projects are shared with it, unmet targets are named.

    One act, once, in one transaction; `dry_run` only says what it would do. The tasks of the plan name those that
    continue them and take no more reports.
    """
    return await service.hand_over(session, caller, plan, body, dry_run=asked.dry_run, if_match=if_match)


@router.get(
    "/plans/{plan}/successor",
    operation_id="succession_read",
    summary="Read what a plan handed over",
    response_model=SuccessionView,
    responses=problems(404) | HELD,
)
async def read_succession(
    plan: PlanInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """The plan that continues this one, and what was handed over to it."""
    return await SUCCESSIONS.answer(db, request, known_at=asked.known_at, region=caller.region, code=plan)

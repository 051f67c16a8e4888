"""Plans and tasks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.difference import Applied
from services.plan_file.parts import RegistryPart
from services.registry.parts import Addresses, Db
from services.registry.plans import service
from services.registry.plans.parts.service import part
from services.registry.plans.schemas import Applying, PlanState, PlanView, Task, TaskSearch, TaskView
from services.registry.plans.states import service as states
from services.registry.plans.store import PLANS, TASKS
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import (
    ActMatch,
    AsKnown,
    CodeOfPlanInPath,
    DecidedMatch,
    FirstMatch,
    Listed,
    Paging,
    PastVersion,
    PlanInPath,
    Search,
)

router = APIRouter(prefix="/v1", tags=["plans"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
Planner = Annotated[Caller, may("plans:apply")]


@router.get(
    "/plans",
    operation_id="plans_list",
    summary="List plans",
    response_model=Listed[PlanView],
    responses=problems(),
)
async def list_plans(caller: Reader, db: Db, asked: Annotated[Search, Query()]) -> Response:
    """The plans of the region, by code."""
    return await PLANS.listed(db, asked, region=caller.region)


@router.get(
    "/plans/{code}",
    operation_id="plan_read",
    summary="Read a plan",
    response_model=PlanView,
    responses=problems(404),
)
async def read_plan(
    code: PlanInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A plan with its state; `version` is that of the file applied last."""
    return await PLANS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/plans/{code}/history",
    operation_id="plan_history",
    summary="Every version of a plan",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_plan_history(code: PlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """Which files were applied, and when it was activated and closed."""
    return await PLANS.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "/plans/{code}",
    operation_id="plan_apply",
    summary="Apply the registry's part of a plan file",
    responses=problems(409, 412),
)
async def apply_plan(
    *,
    code: PlanInPath,
    body: RegistryPart,
    caller: Planner,
    session: Edge,
    addresses: Addresses,
    asked: Annotated[Applying, Query()],
    if_match: ActMatch = None,
) -> Applied:
    """What the file names is there afterwards as it says, in one transaction; applied twice it changes nothing.

    While the plan is in set-up this counts from the file's `known_from`, later from now. It needs no `If-Match`; one that is
    sent is the plan's `revision`, which tells whether the plan itself was changed, not what else the file names.

    Where the file says of a project something else than what an approved change request made of it, it is refused
    (`takes-back-approved`) unless `take_back` says that this is meant; a dry run marks each such field with the request,
    `takes_back`.
    """
    return await service.apply(session, addresses, caller, code, body, how=asked, if_match=if_match)


@router.get(
    "/plans/{code}/part",
    operation_id="plan_part_read",
    summary="The registry's part of a plan file, as it is today",
    responses=problems(404),
)
async def read_plan_part(code: PlanInPath, caller: Reader, session: Edge, addresses: Addresses) -> RegistryPart:
    """What `PUT` would have to be sent to change nothing. Contacts are in it for the scope contacts:deliver only."""
    return await part(session, addresses, caller, code)


@router.put(
    "/plans/{code}/state",
    operation_id="plan_set_state",
    summary="Activate or close a plan",
    response_model=PlanView,
    responses=problems(404, 409, 412, 428),
)
async def set_plan_state(
    *,
    code: PlanInPath,
    body: PlanState,
    caller: Planner,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """From set-up to active, from active to closed with the reason, never back; asking for the state it has changes nothing.

    `If-Match` names the `revision` that was read.
    """
    await states.set_state(session, caller, code, body.state, reason=body.reason, if_match=if_match)
    return await PLANS.written(session, request, region=caller.region, code=code)


@router.get(
    "/tasks",
    operation_id="tasks_list",
    summary="List tasks",
    response_model=Listed[TaskView],
    responses=problems(),
    tags=["tasks"],
)
async def list_tasks(caller: Reader, db: Db, asked: Annotated[TaskSearch, Query()]) -> Response:
    """The commitments without a number or a date, by code."""
    page = await TASKS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/plans/{plan}/tasks/{code}",
    operation_id="task_read",
    summary="Read a task",
    response_model=TaskView,
    responses=problems(404),
    tags=["tasks"],
)
async def read_task(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    caller: Reader,
    db: Db,
    request: Request,
    asked: Annotated[AsKnown, Query()],
) -> Response:
    """A task, today or as an earlier instant knew it."""
    return await TASKS.answer(db, request, known_at=asked.known_at, region=caller.region, plan=plan, code=code)


@router.get(
    "/plans/{plan}/tasks/{code}/history",
    operation_id="task_history",
    summary="Every version of a task",
    response_model=Listed[PastVersion],
    responses=problems(404),
    tags=["tasks"],
)
async def read_task_history(
    plan: PlanInPath, code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await TASKS.past_versions(db, asked, region=caller.region, plan=plan, code=code)


@router.put(
    "/plans/{plan}/tasks/{code}",
    operation_id="task_replace",
    summary="Set or replace a task",
    response_model=TaskView,
    responses=problems(412, 428),
    tags=["tasks"],
)
async def replace_task(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    body: Task,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """A task of a plan; `If-Match` names the version that is replaced, a first one needs none."""
    check_code(f"{plan}/{code}", f"{body.plan}/{body.code}")
    await service.put_task(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await TASKS.written(session, request, region=caller.region, plan=plan, code=code)

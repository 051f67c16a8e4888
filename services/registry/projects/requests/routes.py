"""Change requests over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.manners import TOLD_WHERE
from services.registry.cases.schemas import Word
from services.registry.parts import Db
from services.registry.projects.requests import service
from services.registry.projects.requests.schemas import (
    ChangeRequestFilter,
    ChangeRequestView,
    PlanOfRecord,
    ProjectRequest,
    RequestDecision,
    RequestInPath,
    RequestOpinion,
    TargetRequest,
)
from services.registry.projects.requests.store import REQUESTS
from services.registry.units.store import with_note
from services.registry.versions.schemas import (
    ActMatch,
    CodeOfPlanInPath,
    DecidedMatch,
    Listed,
    Paging,
    PastVersion,
    PlanInPath,
)

router = APIRouter(prefix="/v1", tags=["change requests"])
Reader = Annotated[Caller, may("registry:read")]
Proposer = Annotated[Caller, may("projects:propose")]
Decider = Annotated[Caller, may("projects:decide")]


@router.get(
    "/change-requests",
    operation_id="change_requests_list",
    summary="List change requests",
    response_model=Listed[ChangeRequestView],
    responses=problems(),
)
async def list_requests(caller: Reader, db: Db, asked: Annotated[ChangeRequestFilter, Query()]) -> Response:
    """Requests (变更申请) in the order in which they were made; `state=proposed` is what waits for a decision."""
    page = await REQUESTS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/change-requests/{code}",
    operation_id="change_request_read",
    summary="Read a change request",
    response_model=ChangeRequestView,
    responses=problems(404),
)
async def read_request(code: RequestInPath, caller: Reader, db: Db, request: Request) -> Response:
    """What is asked for, what was planned before, opinions, decision, and every act in order."""
    return await REQUESTS.answer(db, request, region=caller.region, code=code)


@router.get(
    "/change-requests/{code}/history",
    operation_id="change_request_history",
    summary="Every version of a change request",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_request_history(
    code: RequestInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """One version for each act."""
    return await REQUESTS.past_versions(db, asked, region=caller.region, code=code)


@router.get(
    "/projects/{code}/plan-of-record",
    operation_id="project_plan_read",
    summary="What was planned for a project at first, and each approved change",
    responses=problems(404),
)
async def read_plan_of_record(code: CodeOfPlanInPath, caller: Reader, session: Edge) -> PlanOfRecord:
    """The original (原计划) beside what is planned now, and every approved change in order with its approval number."""
    return PlanOfRecord.model_validate(await service.of_record(session, caller, code))


@router.post(
    "/projects/{code}/change-requests",
    operation_id="project_change_request",
    summary="Ask for a change of a project",
    status_code=201,
    response_model=ChangeRequestView,
    responses=problems(404) | TOLD_WHERE,
)
async def ask_for_project_change(
    *, code: CodeOfPlanInPath, body: ProjectRequest, caller: Proposer, session: Edge, request: Request
) -> Response:
    """The fields as they shall be, the reason and the papers; by a unit that answers for something about the project."""
    sent = {**body.model_dump(mode="json"), "changes": body.changes.said()}
    made = await service.ask_for_project(session, caller, code, sent)
    return await _made(session, request, caller, made)


@router.post(
    "/plans/{plan}/targets/{target}/change-requests",
    operation_id="target_change_request",
    summary="Ask for a change of a target",
    status_code=201,
    response_model=ChangeRequestView,
    responses=problems(404) | TOLD_WHERE,
)
async def ask_for_target_change(
    *,
    plan: PlanInPath,
    target: CodeOfPlanInPath,
    body: TargetRequest,
    caller: Proposer,
    session: Edge,
    request: Request,
) -> Response:
    """The fields as they are and as they shall be. Once approved, the indicators service is told to take it over.

    `POST /indicators/v1/plans/{plan}/targets/{target}/changes` does so; it refuses when the target is not what the
    request says.
    """
    sent = {**body.model_dump(mode="json"), "changes": body.changes.said(), "before": body.before.said()}
    made = await service.ask_for_target(session, caller, plan, target, sent)
    return await _made(session, request, caller, made)


async def _made(session: Edge, request: Request, caller: Caller, code: str) -> Response:
    answer = await REQUESTS.written(session, request, region=caller.region, code=code)
    answer.status_code = 201
    root = request.scope.get("root_path", "")
    answer.headers["Location"] = f"{root}/v1/change-requests/{code}"
    return answer


@router.post(
    "/change-requests/{code}/opinions",
    operation_id="change_request_review",
    summary="Give a unit's opinion on a change request",
    response_model=ChangeRequestView,
    responses=problems(404, 409, 412),
)
async def review_request(
    *,
    code: RequestInPath,
    body: RequestOpinion,
    caller: Proposer,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """The opinion of a unit, by a caller of that unit or one above it, before the decision."""
    await service.opine(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await REQUESTS.written(session, request, region=caller.region, code=code)


@router.post(
    "/change-requests/{code}/decision",
    operation_id="change_request_decide",
    summary="Approve or refuse a change request",
    response_model=ChangeRequestView,
    responses=problems(404, 409, 412, 428),
)
async def decide_request(
    *,
    code: RequestInPath,
    body: RequestDecision,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """The decision with its approval number (批准文号), by another caller than who asked.

    Approved, a project's change is its next version in the same transaction; what it was is kept in the request.
    """
    await service.decide(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await REQUESTS.written(session, request, region=caller.region, code=code)


@router.post(
    "/change-requests/{code}/withdrawal",
    operation_id="change_request_withdraw",
    summary="Withdraw a change request",
    response_model=ChangeRequestView,
    responses=problems(404, 409, 412),
)
async def withdraw_request(
    *, code: RequestInPath, body: Word, caller: Proposer, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """Take back a request that is not decided; it stays in the list."""
    await service.withdraw(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await REQUESTS.written(session, request, region=caller.region, code=code)

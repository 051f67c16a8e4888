"""Pauses of projects over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.paging import check_cursor
from services.registry.cases.schemas import NumberInPath, Word
from services.registry.parts import Db
from services.registry.projects.store import PROJECTS
from services.registry.projects.suspensions import service
from services.registry.projects.suspensions.schemas import (
    AllSuspensionsFilter,
    SuspensionDecision,
    SuspensionEnd,
    SuspensionFilter,
    SuspensionProposal,
    SuspensionView,
)
from services.registry.projects.suspensions.store import SUSPENSIONS
from services.registry.versions.schemas import ActMatch, CodeOfPlanInPath, DecidedMatch, Listed

router = APIRouter(prefix="/v1", tags=["suspensions"])
Reader = Annotated[Caller, may("registry:read")]
Proposer = Annotated[Caller, may("projects:propose")]
Decider = Annotated[Caller, may("projects:decide")]


@router.get(
    "/suspensions",
    operation_id="suspensions_list",
    summary="List the suspensions of all projects",
    response_model=Listed[SuspensionView],
    responses=problems(),
)
async def list_all_suspensions(caller: Reader, db: Db, asked: Annotated[AllSuspensionsFilter, Query()]) -> Response:
    """Pauses (中止计时) in the order in which they were proposed; `on` finds those to which a day belongs."""
    return await SUSPENSIONS.listed(db, asked, region=caller.region)


@router.get(
    "/projects/{code}/suspensions",
    operation_id="project_suspensions_list",
    summary="List the suspensions of a project",
    response_model=Listed[SuspensionView],
    responses=problems(404),
)
async def list_suspensions(
    code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[SuspensionFilter, Query()]
) -> Response:
    """Every pause that was ever proposed for it, the first one first."""
    check_cursor(asked.cursor)
    await PROJECTS.found(db, region=caller.region, code=code)
    asked_of_it = AllSuspensionsFilter(**asked.model_dump(), project=code)
    return await SUSPENSIONS.listed(db, asked_of_it, region=caller.region)


@router.post(
    "/projects/{code}/suspensions",
    operation_id="suspension_propose",
    summary="Propose to suspend a project",
    status_code=201,
    response_model=SuspensionView,
    responses=problems(404),
)
async def propose_suspension(
    *, code: CodeOfPlanInPath, body: SuspensionProposal, caller: Proposer, session: Edge, request: Request
) -> Response:
    """From which day to which, and why; by a unit that leads or supports something about the project."""
    number = await service.propose(session, caller, code, body.model_dump(mode="json"))
    answer = await SUSPENSIONS.written(session, request, region=caller.region, code=service.code_of(code, number))
    answer.status_code = 201
    answer.headers["Location"] = f"{request.url.path}/{number}"
    return answer


@router.get(
    "/projects/{code}/suspensions/{number}",
    operation_id="suspension_read",
    summary="Read a suspension",
    response_model=SuspensionView,
    responses=problems(404),
)
async def read_suspension(
    code: CodeOfPlanInPath, number: NumberInPath, caller: Reader, db: Db, request: Request
) -> Response:
    """A pause as it stands, with every act in order."""
    return await SUSPENSIONS.answer(db, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/suspensions/{number}/decision",
    operation_id="suspension_decide",
    summary="Approve or refuse a suspension",
    response_model=SuspensionView,
    responses=problems(404, 409, 412, 428),
)
async def decide_suspension(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: SuspensionDecision,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """Approved, it is part of the project's life: its days leave the schedule. No day belongs to two of them."""
    await service.decide(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await SUSPENSIONS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/suspensions/{number}/end",
    operation_id="suspension_end",
    summary="Let an approved suspension end on another day",
    response_model=SuspensionView,
    responses=problems(404, 409, 412),
)
async def end_suspension(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: SuspensionEnd,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """The project goes on earlier (恢复), or later; what was approved before stays in its versions."""
    await service.move_end(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await SUSPENSIONS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/suspensions/{number}/annulment",
    operation_id="suspension_annul",
    summary="Annul an approved suspension",
    response_model=SuspensionView,
    responses=problems(404, 409, 412),
)
async def annul_suspension(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: Word,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """Its days count again, as if there had been no pause."""
    await service.annul(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await SUSPENSIONS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/suspensions/{number}/withdrawal",
    operation_id="suspension_withdraw",
    summary="Withdraw a proposed suspension",
    response_model=SuspensionView,
    responses=problems(404, 409, 412),
)
async def withdraw_suspension(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: Word,
    caller: Proposer,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """Take back a pause that is not decided."""
    await service.withdraw(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await SUSPENSIONS.written(session, request, region=caller.region, code=service.code_of(code, number))

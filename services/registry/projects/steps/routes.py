"""Steps of projects over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.paging import check_cursor
from services.registry.cases.schemas import NumberInPath, Word
from services.registry.parts import Db
from services.registry.projects.steps import service
from services.registry.projects.steps.schemas import (
    AllStepsFilter,
    Decision,
    NextSteps,
    ProjectStepView,
    ReviewOpinion,
    StepFilter,
    StepProposal,
)
from services.registry.projects.steps.store import STEPS
from services.registry.projects.store import PROJECTS
from services.registry.versions.schemas import (
    ActMatch,
    CodeOfPlanInPath,
    DecidedMatch,
    IfMatch,
    Listed,
    Paging,
    PastVersion,
)

router = APIRouter(prefix="/v1", tags=["project steps"])
Reader = Annotated[Caller, may("registry:read")]
Proposer = Annotated[Caller, may("projects:propose")]
Decider = Annotated[Caller, may("projects:decide")]


@router.get(
    "/project-steps",
    operation_id="project_steps_list",
    summary="List the steps of all projects",
    response_model=Listed[ProjectStepView],
    responses=problems(),
)
async def list_all_steps(caller: Reader, db: Db, asked: Annotated[AllStepsFilter, Query()]) -> Response:
    """Steps in the order in which they were proposed; `state=proposed` is what waits for a decision (待审定)."""
    return await STEPS.listed(db, asked, region=caller.region)


@router.get(
    "/projects/{code}/next-steps",
    operation_id="project_next_steps",
    summary="What may come next, and what is missing for it",
    responses=problems(404),
)
async def read_next_steps(code: CodeOfPlanInPath, caller: Reader, session: Edge) -> NextSteps:
    """The steps that lead on from the project's stage, who proposes each, and what it lacks before it can be approved."""
    return NextSteps.model_validate(await service.next_steps(session, caller, code))


@router.get(
    "/projects/{code}/steps",
    operation_id="project_step_history",
    summary="List the steps of a project",
    response_model=Listed[ProjectStepView],
    responses=problems(404),
)
async def list_steps(code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[StepFilter, Query()]) -> Response:
    """Every step that was ever proposed for it, decided or not, the first one first."""
    check_cursor(asked.cursor)
    await PROJECTS.found(db, region=caller.region, code=code)
    return await STEPS.listed(db, AllStepsFilter(**asked.model_dump(), project=code), region=caller.region)


@router.post(
    "/projects/{code}/steps",
    operation_id="project_step_propose",
    summary="Propose a step of a project",
    status_code=201,
    response_model=ProjectStepView,
    responses=problems(404, 409),
)
async def propose_step(
    *, code: CodeOfPlanInPath, body: StepProposal, caller: Proposer, session: Edge, request: Request
) -> Response:
    """A step (提请) that leads on from the project's stage, by whom the kind of project lets propose it.

    What it needs and has not yet may follow by PUT; it is approved when nothing is missing.
    """
    number = await service.propose(session, caller, code, body.model_dump(mode="json"))
    answer = await STEPS.written(session, request, region=caller.region, code=service.code_of(code, number))
    answer.status_code = 201
    answer.headers["Location"] = f"{request.url.path}/{number}"
    return answer


@router.get(
    "/projects/{code}/steps/{number}",
    operation_id="project_step_read",
    summary="Read a step of a project",
    response_model=ProjectStepView,
    responses=problems(404),
)
async def read_step(code: CodeOfPlanInPath, number: NumberInPath, caller: Reader, db: Db, request: Request) -> Response:
    """A step as it stands, with its opinions and every act in order."""
    return await STEPS.answer(db, request, region=caller.region, code=service.code_of(code, number))


@router.get(
    "/projects/{code}/steps/{number}/history",
    operation_id="project_step_versions",
    summary="Every version of a step of a project",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_step_history(
    code: CodeOfPlanInPath, number: NumberInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """One version for each act; what was amended away is still there."""
    return await STEPS.past_versions(db, asked, region=caller.region, code=service.code_of(code, number))


@router.put(
    "/projects/{code}/steps/{number}",
    operation_id="project_step_amend",
    summary="Amend a proposal that is not decided",
    response_model=ProjectStepView,
    responses=problems(404, 409, 412, 428),
)
async def amend_step(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: StepProposal,
    caller: Proposer,
    session: Edge,
    request: Request,
    if_match: IfMatch = None,
) -> Response:
    """The whole proposal anew; the opinions on the one before are asked for again."""
    await service.amend(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await STEPS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/steps/{number}/opinions",
    operation_id="project_step_review",
    summary="Give a unit's opinion in the joint review",
    response_model=ProjectStepView,
    responses=problems(404, 409, 412),
)
async def review_step(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: ReviewOpinion,
    caller: Proposer,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """The opinion of a unit that the proposal asks (联合评审), by a caller of that unit or one above it."""
    await service.opine(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await STEPS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/steps/{number}/decision",
    operation_id="project_step_decide",
    summary="Approve or refuse a step",
    response_model=ProjectStepView,
    responses=problems(404, 409, 412, 428),
)
async def decide_step(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: Decision,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """The leading-group office's decision, by another caller than who proposed it.

    Approved, it moves the project to its next stage. While anything is missing it cannot be approved: 409 `incomplete`
    names all of it.
    """
    await service.decide(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await STEPS.written(session, request, region=caller.region, code=service.code_of(code, number))


@router.post(
    "/projects/{code}/steps/{number}/withdrawal",
    operation_id="project_step_withdraw",
    summary="Withdraw a proposal",
    response_model=ProjectStepView,
    responses=problems(404, 409, 412),
)
async def withdraw_step(
    *,
    code: CodeOfPlanInPath,
    number: NumberInPath,
    body: Word,
    caller: Proposer,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """Take back a proposal that is not decided; it stays in the list."""
    await service.withdraw(session, caller, code, number, body.model_dump(mode="json"), if_match=if_match)
    return await STEPS.written(session, request, region=caller.region, code=service.code_of(code, number))

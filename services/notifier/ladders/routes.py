"""Plans as the notifier supervises them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.notifier.ladders import service, store
from services.notifier.ladders.schemas import SupervisedPlan
from services.plan_file.difference import Applied
from services.plan_file.parts import NotifierPart

router = APIRouter(prefix="/v1/plans", tags=["ladders"])
PlanCode = Annotated[str, Path(description="code of the plan", examples=["xiaoshan-2017-2019"])]


@router.put(
    "/{code}",
    operation_id="plan_apply",
    summary="Apply a plan's ladder, hours of sending and digests",
    responses=problems(),
)
async def apply_plan(
    code: PlanCode,
    *,
    body: NotifierPart,
    session: Edge,
    caller: Annotated[Caller, may("plans:apply")],
    dry_run: Annotated[bool, Query(description="only say what would change")] = False,
    prune: Annotated[bool, Query(description="delete digests that the part does not name")] = False,
) -> Applied:
    """Declarative and idempotent: the same part again changes nothing.

    A change makes a new version of the ladder. Notices that run keep the version with which they began.
    """
    return await service.apply(session, caller, code, body, dry_run=dry_run, prune=prune)


@router.get(
    "/{code}/part",
    operation_id="plan_part_read",
    summary="The notifier's part of a plan file, as it is today",
    responses=problems(404),
)
async def read_plan_part(code: PlanCode, session: Edge, caller: Annotated[Caller, may("notices:read")]) -> NotifierPart:
    """What `PUT` would have to be sent to change nothing: ladder, hours of sending, digests."""
    return await service.part(session, caller, code)


@router.get(
    "/{code}",
    operation_id="plan_read",
    summary="How a plan is supervised",
    response_model=SupervisedPlan,
    responses=problems(404),
)
async def read_plan(code: PlanCode, request: Request, caller: Annotated[Caller, may("notices:read")]) -> Response:
    """The ladder in force for new notices, and the version of the plan file that was applied last."""
    return await store.supervised.answer(request.app.state.parts.db, request, key=code, region=caller.region, plan=code)

"""Who answers for what, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.parts import Db
from services.registry.responsibilities import service
from services.registry.responsibilities.schemas import Responsibility, ResponsibilityFilter, ResponsibilityView
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import (
    AsKnown,
    CodeOfPlanInPath,
    FirstMatch,
    Listed,
    Paging,
    PastVersion,
    PlanInPath,
)

router = APIRouter(prefix="/v1", tags=["responsibilities"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/responsibilities",
    operation_id="responsibilities_list",
    summary="List who answers for what",
    response_model=Listed[ResponsibilityView],
    responses=problems(),
)
async def list_responsibilities(caller: Reader, db: Db, asked: Annotated[ResponsibilityFilter, Query()]) -> Response:
    """Lead (牵头) and support (配合) units of targets and tasks, by matter; of a plan, of a unit, about a subject.

    A unit also answers for what names a collective name (各镇街场及平台) that stands for it.
    """
    page = await RESPONSIBILITIES.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/plans/{plan}/responsibilities/{matter}",
    operation_id="responsibility_read",
    summary="Read who answers for a matter",
    response_model=ResponsibilityView,
    responses=problems(404),
)
async def read_responsibility(
    *,
    plan: PlanInPath,
    matter: CodeOfPlanInPath,
    caller: Reader,
    db: Db,
    request: Request,
    asked: Annotated[AsKnown, Query()],
) -> Response:
    """The owners of a target or task, today or as an earlier instant knew them."""
    return await RESPONSIBILITIES.answer(
        db, request, known_at=asked.known_at, region=caller.region, plan=plan, code=matter
    )


@router.get(
    "/plans/{plan}/responsibilities/{matter}/history",
    operation_id="responsibility_history",
    summary="Everyone who ever answered for a matter",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_responsibility_history(
    plan: PlanInPath, matter: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await RESPONSIBILITIES.past_versions(db, asked, region=caller.region, plan=plan, code=matter)


@router.put(
    "/plans/{plan}/responsibilities/{matter}",
    operation_id="responsibility_replace",
    summary="Say who answers for a matter",
    response_model=ResponsibilityView,
    responses=problems(412, 428),
)
async def replace_responsibility(
    *,
    plan: PlanInPath,
    matter: CodeOfPlanInPath,
    body: Responsibility,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """One lead unit, any number in support; `If-Match` names the version that is replaced, a first one needs none."""
    check_code(f"{plan}/{matter}", f"{body.plan}/{body.matter}")
    await service.put_responsibility(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await RESPONSIBILITIES.written(session, request, region=caller.region, plan=plan, code=matter)

"""Plans and targets over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from services.indicators.clients.parts import parts_of
from services.indicators.directory.service import refresh
from services.indicators.targets import service
from services.indicators.targets.schemas import PlanAnswer
from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.difference import Applied
from services.plan_file.parts import IndicatorsPart

router = APIRouter(prefix="/v1", tags=["plans and targets"])
PlanCode = Annotated[str, Path(description="code of the plan", examples=["xiaoshan-2017-2019"])]


@router.put(
    "/plans/{code}",
    operation_id="plan_apply",
    summary="Apply the indicators' part of a plan file",
    responses=problems(409),
)
async def apply_plan(
    *,
    code: PlanCode,
    body: IndicatorsPart,
    request: Request,
    session: Edge,
    caller: Annotated[Caller, may("plans:apply")],
    dry_run: Annotated[bool, Query(description="tell the difference and store nothing")] = False,
    prune: Annotated[bool, Query(description="end what is not in the file")] = False,
) -> Applied:
    """Bring indicators, light policies and targets in force to what the file says; applying twice changes nothing.

    While the plan is in set-up what it brings counts from the file's `known_from`; afterwards from the instant of the
    call, as new versions. `dry_run` tells the difference before anything exists.
    """
    await refresh(parts_of(request), caller.region)
    return await service.apply(session, caller, code, body, dry_run=dry_run, prune=prune)


@router.get("/plans/{code}", operation_id="plan_read", summary="A plan as indicators has it", responses=problems(404))
async def read_plan(code: PlanCode, session: Edge, caller: Annotated[Caller, may("indicators:read")]) -> PlanAnswer:
    """The version that was applied last, the state as the registry says it, and how much the plan declares."""
    return await service.shown(session, caller, code)

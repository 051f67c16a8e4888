"""Checking plan files over HTTP."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request

from services.indicators.plan_checks import service
from services.indicators.plan_checks.schemas import PlanDocument
from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.plan_file.report import PlanCheck

router = APIRouter(prefix="/v1", tags=["plan check"])


@router.post(
    "/plan-checks",
    operation_id="plan_check",
    summary="Check a plan file without applying it",
    responses=problems(400),
)
async def check_plan(
    body: PlanDocument, request: Request, caller: Annotated[Caller, may("indicators:read")]
) -> PlanCheck:
    """Findings about the plan itself (方案校核), in Chinese and English, with clauses and arithmetic. Nothing is stored.

    The body is a whole plan file as JSON. One that is no plan file, or has faults that would block an apply, is refused
    with every fault and its pointer. Findings never block an apply.

    The published text of the plan does not come with the file, so a phrase that stands nowhere in it is no fault here.
    `duban plan check` reads the text that `source` names, where it lies beside the file, and holds every phrase against it.
    """
    del body, caller  # the body is read below, its numbers exactly as they were written
    return await asyncio.to_thread(service.checked, await request.body())

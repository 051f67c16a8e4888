"""Doing what is due, for whoever moves the clock."""

from typing import Annotated

from fastapi import APIRouter, Request

from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.notifier.schedules import service
from services.notifier.schedules.schemas import DoneTo, Until

router = APIRouter(prefix="/v1", tags=["schedules"])


@router.post(
    "/due:run",
    operation_id="due_run",
    summary="Decide, digest and send all that is due up to an instant",
    responses=problems(409),
)
async def run_due(body: Until, request: Request, caller: Annotated[Caller, may("notices:run")]) -> DoneTo:  # noqa: ARG001 - the scope is what is needed of the caller
    """What the worker does by itself every second. Doing it twice does nothing more."""
    done = await service.run_due(request.app.state.parts.works, body.until)
    return DoneTo(done_to=done.done_to, next=done.next)

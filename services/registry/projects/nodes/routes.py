"""Schedules of projects over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.manners import TAGGED
from services.registry.parts import Db
from services.registry.projects.nodes import service
from services.registry.projects.nodes.schemas import (
    ComparedAsked,
    DraftAsked,
    Schedule,
    ScheduleDraft,
    ScheduleView,
)
from services.registry.projects.nodes.store import SCHEDULES
from services.registry.versions.schemas import CodeOfPlanInPath, FirstMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1/projects/{code}/schedule", tags=["schedules"])
Reader = Annotated[Caller, may("registry:read")]
Planner = Annotated[Caller, may("projects:propose")]


@router.get(
    "",
    operation_id="schedule_read",
    summary="Read a project's schedule, planned and actual",
    responses=problems(404) | TAGGED,
)
async def read_schedule(
    *,
    code: CodeOfPlanInPath,
    caller: Reader,
    session: Edge,
    response: Response,
    asked: Annotated[ComparedAsked, Query()],
) -> ScheduleView:
    """Each node with its latest day, the day on which it was reached, and the days late, suspended days not counted."""
    shown = ScheduleView.model_validate(await service.compared(session, caller, code, asked.as_of))
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


@router.get(
    "/draft",
    operation_id="schedule_draft",
    summary="Draft a schedule backwards from the goal",
    responses=problems(404),
)
async def draft_schedule(
    code: CodeOfPlanInPath, caller: Reader, session: Edge, asked: Annotated[DraftAsked, Query()]
) -> ScheduleDraft:
    """The latest day of each node so that the goal holds (倒排工期), by the usual durations. Nothing is kept."""
    made = await service.draft(session, caller, code, asked.goal, node=asked.node, kind=asked.kind)
    return ScheduleDraft.model_validate(made)


@router.get(
    "/history",
    operation_id="schedule_history",
    summary="Every version of a project's schedule",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_schedule_history(
    code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """What was planned before, the first version first."""
    return await SCHEDULES.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "",
    operation_id="schedule_replace",
    summary="Keep a project's schedule",
    responses=problems(404, 412, 428),
)
async def replace_schedule(
    *,
    code: CodeOfPlanInPath,
    body: Schedule,
    caller: Planner,
    session: Edge,
    response: Response,
    if_match: FirstMatch = None,
) -> ScheduleView:
    """A draft, edited or as it is; `If-Match` names the version that is replaced, a first one needs none."""
    await service.put(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    shown = ScheduleView.model_validate(await service.compared(session, caller, code, None))
    response.headers["ETag"] = f'"{shown.version}"'
    return shown

"""Milestones over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.milestones import service
from services.registry.milestones.schemas import Milestone, MilestoneReport, MilestoneSearch, MilestoneView
from services.registry.milestones.store import MILESTONES
from services.registry.parts import Db
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import ActMatch, AsKnown, CodeInPath, FirstMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1/milestones", tags=["milestones"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
Reporter = Annotated[Caller, may("projects:propose")]


@router.get(
    "",
    operation_id="milestones_list",
    summary="List milestones",
    response_model=Listed[MilestoneView],
    responses=problems(),
)
async def list_milestones(caller: Reader, db: Db, asked: Annotated[MilestoneSearch, Query()]) -> Response:
    """Milestones by code; `overdue_on` finds those due before a day and not reached on it."""
    return await MILESTONES.listed(db, asked, region=caller.region)


@router.get(
    "/{code}",
    operation_id="milestone_read",
    summary="Read a milestone",
    response_model=MilestoneView,
    responses=problems(404),
)
async def read_milestone(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A milestone with every report on it, today or as an earlier instant knew it."""
    return await MILESTONES.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
    operation_id="milestone_history",
    summary="Every version of a milestone",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_milestone_history(
    code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await MILESTONES.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "/{code}",
    operation_id="milestone_replace",
    summary="Define or replace a milestone",
    response_model=MilestoneView,
    responses=problems(412, 428),
)
async def replace_milestone(
    *, code: CodeInPath, body: Milestone, caller: Writer, session: Edge, request: Request, if_match: FirstMatch = None
) -> Response:
    """Its states, which of them counts, and by when; `If-Match` names the version replaced, a first one needs none.

    What was reported of it stays; whether it is reached is said anew by the state that counts now.
    """
    check_code(code, body.code)
    await service.put(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await MILESTONES.written(session, request, region=caller.region, code=code)


@router.post(
    "/{code}/reports",
    operation_id="milestone_report",
    summary="Report a state of a milestone",
    response_model=MilestoneView,
    responses=problems(404, 412),
)
async def report_milestone(
    *,
    code: CodeInPath,
    body: MilestoneReport,
    caller: Reporter,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """That a state was reached on a day, with evidence; `"on": null` says that it was not after all."""
    await service.report(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await MILESTONES.written(session, request, region=caller.region, code=code)

"""Breakdowns of targets and letters of responsibility over HTTP."""

from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Header, Path, Query, Request, Response

from services.indicators.breakdowns import service, store
from services.indicators.breakdowns.schemas import Breakdown, BreakdownHistory, BreakdownPage, BreakdownView
from services.indicators.clients.parts import parts_of
from services.indicators.definitions.schemas import Cursor, Limit, OfPlan, Q, Total
from services.indicators.directory import store as directory
from services.indicators.directory.service import refresh
from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.exports import paged
from services.kit.manners import FIRST, TAGGED, first
from services.kit.paging import By, Sort, sought

router = APIRouter(prefix="/v1", tags=["breakdowns"])
Reader = Annotated[Caller, may("indicators:read")]
PlanInPath = Annotated[str, Path(description="code of the plan", examples=["xiaoshan-2017-2019"])]
TargetInPath = Annotated[str, Path(description="code of the target", examples=["T03"])]
UnitInPath = Annotated[str, Path(description="code of the unit", examples=["economy_information"])]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="ETag of the version that is replaced; a first one needs none",
        json_schema_extra={FIRST: True},
    ),
]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get(
    "/breakdowns",
    operation_id="breakdowns_list",
    summary="List how targets are divided",
    response_model=BreakdownPage,
    responses=problems(),
)
async def list_breakdowns(
    *,
    request: Request,
    caller: Reader,
    plan: OfPlan = None,
    target: Annotated[str | None, Query(description="code of the target", examples=["T03"])] = None,
    unit: Annotated[str | None, Query(description="code of a unit that has a part")] = None,
    q: Q = None,
    sort: Annotated[Sort, By("plan", "target", "recorded_at")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """The breakdowns in force, by plan and target; of a caller with a place in the tree, those of its units."""
    given = {"plan": plan, "target": target, "unit": unit, "sought": sought(q)}
    return await paged(
        parts_of(request).db,
        store.breakdowns,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given=given,
        values={"region": caller.region, "unit_path": caller.unit_path},
        names=directory.NAMES,
    )


@router.put(
    "/plans/{plan}/targets/{target}/breakdown",
    operation_id="breakdown_replace",
    summary="Divide a target over units and years",
    response_model=BreakdownView,
    responses=problems(404, 409, 412, 428) | first(BreakdownView),
)
async def replace_breakdown(
    *,
    plan: PlanInPath,
    target: TargetInPath,
    body: Breakdown,
    request: Request,
    session: Edge,
    caller: Annotated[Caller, may("plans:apply")],
    if_match: IfMatch = None,
) -> Response:
    """The parts must reach the whole exactly, along units, along years, and along both (任务分解).

    Cumulative counts and volumes are divided over units and years, levels and yearly volumes over units only; growth,
    multiples, ratios and milestones are refused with the reason. `If-Match` names the version that is replaced.
    """
    await refresh(parts_of(request), caller.region)
    await service.follow(parts_of(request).db, caller.region)
    created = await service.divide(session, caller, plan, target, body, if_match=if_match)
    return _answer(await service.shown(session, caller, plan, target), status=201 if created else 200)


@router.get(
    "/plans/{plan}/targets/{target}/breakdown",
    operation_id="breakdown_read",
    summary="Read how a target is divided",
    response_model=BreakdownView,
    responses=problems(404) | TAGGED,
)
async def read_breakdown(plan: PlanInPath, target: TargetInPath, session: Edge, caller: Reader) -> Response:
    """The parts, and whether they still reach the target as it is in force; the ETag is the version of the parts.

    After a reform the part of a unit that was dissolved is its successor's, in a version of its own; where a unit was
    split its part stays and is told under `dissolved`.
    """
    return _answer(await service.shown(session, caller, plan, target))


@router.get(
    "/plans/{plan}/targets/{target}/breakdown/history",
    operation_id="breakdown_history",
    summary="Every version of a breakdown",
    responses=problems(404),
)
async def read_breakdown_history(
    plan: PlanInPath, target: TargetInPath, session: Edge, caller: Reader
) -> BreakdownHistory:
    """All that was ever recorded of it, the first version first."""
    return BreakdownHistory.model_validate(await service.history(session, caller, plan, target))


@router.get(
    "/plans/{plan}/units/{unit}/responsibility-letter",
    operation_id="responsibility_letter_read",
    summary="A unit's letter of responsibility as a Word document",
    response_class=Response,
    responses={
        200: {
            "description": "the letter (docx)",
            "content": {DOCX: {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(404, 409),
    },
)
async def read_responsibility_letter(
    plan: PlanInPath, unit: UnitInPath, request: Request, session: Edge, caller: Reader
) -> Response:
    """目标责任书: the unit's parts of targets with clause and phrase, its tasks, the term, and where it is signed.

    As things stand now, on A4 and in the typefaces of official documents (GB/T 9704-2012), to be signed on paper. A
    unit that was dissolved signs nothing: the refusal names who took over from it; nor does one of which the plan asks
    nothing (`nothing-to-sign`). Tasks that a later plan continues stand in that plan's letter, beside the plan whose words
    they are; a target that was changed says the approval number.
    """
    parts = parts_of(request)
    await refresh(parts, caller.region)
    await service.follow(parts.db, caller.region)
    name, document = await service.letter(session, parts.registry, caller, plan, unit)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(document, media_type=DOCX, headers=headers)


def _answer(shown: dict[str, Any], status: int = 200) -> Response:
    headers = {"ETag": f'"{shown["version"]}"'}
    return Response(
        orjson.dumps(shown, default=str), status_code=status, media_type="application/json", headers=headers
    )

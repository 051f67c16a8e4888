"""Plans and targets over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from services.indicators.clients.parts import parts_of
from services.indicators.definitions.schemas import Cursor, Limit, OfIndicator, OfPlan, OfSubject, Q, Search, Total
from services.indicators.directory import store as directory
from services.indicators.directory.service import refresh
from services.indicators.targets import lists, service
from services.indicators.targets.parts.service import part
from services.indicators.targets.schemas import (
    Applying,
    PlanAnswer,
    PlanPage,
    TakeOver,
    Target,
    TargetChanged,
    TargetPage,
)
from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import NotFound, problems
from services.kit.exports import paged
from services.kit.paging import By, Sort, sought
from services.kit.reads import tagged
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
    take_back: Annotated[
        bool,
        Query(
            description="let the file take back what approved change requests made; else it is refused, "
            "`takes-back-approved`"
        ),
    ] = False,
) -> Applied:
    """Bring indicators, light policies and targets in force to what the file says; applying twice changes nothing.

    While the plan is in set-up what it brings counts from the file's `known_from`; afterwards from the instant of the
    call, as new versions. `dry_run` tells the difference before anything exists, and marks with `takes_back` what an
    approved change request made otherwise; to apply it needs `take_back`.
    """
    parts = parts_of(request)
    await refresh(parts, caller.region)
    approved = await parts.registry.approved_changes(code)
    how = Applying(dry_run=dry_run, prune=prune, take_back=take_back)
    return await service.apply(session, caller, code, body, how=how, approved=approved)


@router.get(
    "/plans",
    operation_id="plans_list",
    summary="The plans as indicators has them",
    response_model=PlanPage,
    responses=problems(),
)
async def list_plans(
    *,
    request: Request,
    caller: Annotated[Caller, may("indicators:read")],
    q: Q = None,
    state: Annotated[Literal["set-up", "active", "closed"] | None, Query(description="in this state")] = None,
    sort: Annotated[Sort, By("plan", "name", "state", "start", "end", "known_from")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """Each with the version that was applied last, its state, and how much it declares."""
    return await paged(
        parts_of(request).db,
        lists.plans,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given={"sought": sought(q), "state": state},
        values={"region": caller.region},
    )


@router.get(
    "/plans/{code}",
    operation_id="plan_read",
    summary="A plan as indicators has it",
    response_model=PlanAnswer,
    responses=problems(404),
)
async def read_plan(
    code: PlanCode, request: Request, session: Edge, caller: Annotated[Caller, may("indicators:read")]
) -> Response:
    """The version that was applied last, the state as the registry says it, and how much the plan declares."""
    return tagged(request, (await service.shown(session, caller, code)).model_dump_json(by_alias=True).encode())


@router.post(
    "/plans/{plan}/targets/{target}/changes",
    operation_id="target_change",
    summary="Take over an approved change of a target",
    responses=problems(404, 409),
)
async def change_target(
    *,
    plan: PlanCode,
    target: Annotated[str, Path(description="code of the target", examples=["T08"])],
    body: TakeOver,
    request: Request,
    session: Edge,
    caller: Annotated[Caller, may("plans:apply")],
) -> TargetChanged:
    """Make what the registry's change request says the target's next version (变更申请经批准后生效).

    The target must be what the request says that it was; taken over again it changes nothing. The plan file is to say it
    too: the next apply makes of the target what the file says.
    """
    parts = parts_of(request)
    await refresh(parts, caller.region)
    asked = await parts.registry.change_request(body.request)
    if asked is None:
        raise NotFound("change request", body.request)
    return await service.take_over(session, caller, plan, target, asked)


@router.get(
    "/plans/{code}/part",
    operation_id="plan_part_read",
    summary="The indicators' part of a plan file, as it is today",
    responses=problems(404),
)
async def read_plan_part(
    code: PlanCode, session: Edge, caller: Annotated[Caller, may("indicators:read")]
) -> IndicatorsPart:
    """What `PUT` would have to be sent to change nothing: indicators, light policies and targets in force."""
    return await part(session, caller, code)


@router.get(
    "/targets",
    operation_id="targets_list",
    summary="What was promised",
    response_model=TargetPage,
    responses=problems(),
)
async def list_targets(
    *,
    request: Request,
    caller: Annotated[Caller, may("indicators:read")],
    plan: OfPlan = None,
    indicator: OfIndicator = None,
    subject: OfSubject = None,
    measure: Annotated[str | None, Query(description="what is measured of the series", examples=["growth"])] = None,
    q: Q = None,
    search: Search = None,
    sort: Annotated[
        Sort, By("code", "name", "plan", "subject", "indicator", "measure", "goal", "goal_on", "lead", "recorded_at")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """The targets in force, in the order of their plan files, with the published words that they stand on.

    A caller with a place in the tree of units sees those that its unit or one below it leads or supports.
    """
    given = {
        "plan": plan,
        "indicator": indicator,
        "subject": subject,
        "measure": measure,
        "sought": sought(q or search),
    }
    return await paged(
        parts_of(request).db,
        lists.targets,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given=given,
        values={"region": caller.region, "unit_path": caller.unit_path},
        names=directory.NAMES,
    )


@router.get(
    "/plans/{plan}/targets/{target}",
    operation_id="target_read",
    summary="Read a target",
    response_model=Target,
    responses=problems(404),
)
async def read_target(
    plan: PlanCode,
    target: Annotated[str, Path(description="code of the target", examples=["T08"])],
    request: Request,
    caller: Annotated[Caller, may("indicators:read")],
) -> Response:
    """A target in force, as the list has it; `If-None-Match` gives 304."""
    return await lists.one_target.answer(
        parts_of(request).db,
        request,
        key=target,
        plan=plan,
        target=target,
        region=caller.region,
        unit_path=caller.unit_path,
    )

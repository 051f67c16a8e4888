"""Prospects and activities over HTTP."""

from functools import partial
from http import HTTPStatus
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.clock import Now
from services.kit.db import Edge, Session
from services.kit.errors import problems
from services.kit.manners import first
from services.kit.paging import check_cursor
from services.kit.reads import tagged
from services.registry.keyring import Lock
from services.registry.parts import Addresses, Db
from services.registry.prospects import rules, service, store
from services.registry.prospects.schemas import (
    ActivityFields,
    ActivitySearch,
    ActivityView,
    Funnel,
    FunnelFilter,
    Landing,
    Prospect,
    ProspectSearch,
    ProspectStep,
    ProspectView,
    StepFilter,
    StepView,
)
from services.registry.prospects.store import ACTIVITIES, PROSPECTS
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import ActMatch, CodeInPath, FirstMatch, Listed, Paging, PastVersion
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["prospects"])
Reader = Annotated[Caller, may("prospects:read")]
Writer = Annotated[Caller, may("prospects:write")]


@router.get(
    "/prospects",
    operation_id="prospects_list",
    summary="List prospects",
    response_model=Listed[ProspectView],
    responses=problems(),
)
async def list_prospects(
    caller: Reader, db: Db, addresses: Addresses, asked: Annotated[ProspectSearch, Query()]
) -> Response:
    """The list of prospects (招商引资对象库) of the caller's unit and those below it, by code.

    Contact persons are masked without the scope contacts:deliver.
    """
    shown = partial(service.shown, addresses, caller)
    page = await PROSPECTS.listed(db, asked, shown=shown, region=caller.region, unit_path=caller.unit_path)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/prospects/{code}",
    operation_id="prospect_read",
    summary="Read a prospect",
    response_model=ProspectView,
    responses=problems(404),
)
async def read_prospect(code: CodeInPath, caller: Reader, db: Db, addresses: Addresses, request: Request) -> Response:
    """A prospect of the caller's unit or one below it, as it is today.

    Who writes it for its own unit reads its contact person in clear, here only; the trail says who did.
    """
    body, version = await PROSPECTS.found(db, region=caller.region, unit_path=caller.unit_path, code=code)
    prospect = orjson.loads(body)
    clear = rules.keeps(caller.scopes, caller.unit, prospect)
    shown = service.shown(addresses, caller, prospect, clear=clear)
    answer = tagged(request, orjson.dumps(shown), version=version)
    if clear and prospect["contact"] is not None and answer.status_code == HTTPStatus.OK:
        async with db.edge() as session:
            await service.read_contact(session, caller, code)
    return answer


@router.get(
    "/prospects/{code}/history",
    operation_id="prospect_history",
    summary="Every version of a prospect",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_prospect_history(
    code: CodeInPath, caller: Reader, db: Db, addresses: Addresses, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    shown = partial(service.shown, addresses, caller)
    return await PROSPECTS.past_versions(
        db, asked, shown=shown, region=caller.region, unit_path=caller.unit_path, code=code
    )


@router.put(
    "/prospects/{code}",
    operation_id="prospect_replace",
    summary="Add or replace a prospect",
    response_model=ProspectView,
    responses=problems(404, 412, 428) | first(ProspectView),
)
async def replace_prospect(
    *,
    code: CodeInPath,
    body: Prospect,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """What is known of it; its stage is changed by steps. `If-Match` names the version replaced, a first one needs none."""
    check_code(code, body.code)
    created = await service.put(session, addresses, caller, body.model_dump(mode="json"), if_match=if_match)
    return await _written(session, addresses, caller, request, code, created=created)


@router.get(
    "/prospects/{code}/steps",
    operation_id="prospect_steps_list",
    summary="The way of a prospect",
    response_model=Listed[StepView],
    responses=problems(404),
)
async def list_prospect_steps(
    code: CodeInPath, caller: Reader, db: Db, asked: Annotated[StepFilter, Query()]
) -> Response:
    """Every step from the first lead on, in the order in which they were recorded; nothing is ever changed."""
    check_cursor(asked.cursor)
    await PROSPECTS.check_known(db, region=caller.region, unit_path=caller.unit_path, code=code)
    return await page_of(db, store.STEPS, asked, given={}, region=caller.region, code=code)


@router.post(
    "/prospects/{code}/steps",
    operation_id="prospect_step",
    summary="Take a prospect to another stage",
    status_code=201,
    response_model=ProspectView,
    responses=problems(404, 409, 412),
)
async def step_prospect(
    *,
    code: CodeInPath,
    body: ProspectStep,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """Lead → contact → talks → visit → signed, or lost with the reason; landing has a call of its own."""
    await service.step(session, caller, code, body, if_match=if_match)
    return await _written(session, addresses, caller, request, code, created=True)


@router.post(
    "/prospects/{code}/landing",
    operation_id="prospect_land",
    summary="Turn a signed prospect into an enterprise and a project",
    status_code=201,
    response_model=ProspectView,
    responses=problems(404, 409, 412),
)
async def land_prospect(
    *,
    code: CodeInPath,
    body: Landing,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """One act (落地): enterprise and project are created, or found by their codes; the prospect keeps both. Once only.

    Both are as `POST /v1/enterprises` and `POST /v1/projects` take them; whoever keeps the prospect makes them with it.
    """
    await service.land(session, caller, code, body, if_match=if_match)
    return await _written(session, addresses, caller, request, code, created=True)


@router.get(
    "/prospect-funnel",
    operation_id="prospect_funnel_read",
    summary="Count prospects by stage as of a day",
    responses=problems(),
)
async def read_funnel(caller: Reader, session: Edge, now: Now, asked: Annotated[FunnelFilter, Query()]) -> Funnel:
    """How many stood at which stage by the end of the day, and how many had come so far (招商漏斗)."""
    return Funnel.model_validate(await service.funnel(session, caller, asked, now=now))


@router.get(
    "/activities",
    operation_id="activities_list",
    summary="List activities",
    response_model=Listed[ActivityView],
    responses=problems(),
)
async def list_activities(caller: Reader, db: Db, asked: Annotated[ActivitySearch, Query()]) -> Response:
    """Promotions (推介会), visits (上门招商), summits (峰会) that the caller's unit or those below it held, by code."""
    page = await ACTIVITIES.listed(db, asked, region=caller.region, unit_path=caller.unit_path)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/activities/{code}",
    operation_id="activity_read",
    summary="Read an activity",
    response_model=ActivityView,
    responses=problems(404),
)
async def read_activity(code: CodeInPath, caller: Reader, db: Db, request: Request) -> Response:
    """An activity, as it is today."""
    return await ACTIVITIES.answer(db, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.get(
    "/activities/{code}/history",
    operation_id="activity_history",
    summary="Every version of an activity",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_activity_history(
    code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await ACTIVITIES.past_versions(db, asked, region=caller.region, unit_path=caller.unit_path, code=code)


@router.put(
    "/activities/{code}",
    operation_id="activity_replace",
    summary="Add or replace an activity",
    response_model=ActivityView,
    responses=problems(404, 412, 428) | first(ActivityView),
)
async def replace_activity(
    *,
    code: CodeInPath,
    body: ActivityFields,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """Day, place, units, who was met and what came of it; `If-Match` names the version that is replaced."""
    check_code(code, body.code)
    created = await service.put_activity(session, caller, body.model_dump(mode="json"), if_match=if_match)
    found = await ACTIVITIES.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)
    return Response(
        found.body,
        status_code=201 if created else 200,
        media_type="application/json",
        headers={"ETag": found.headers["ETag"]},
    )


async def _written(
    session: Session, addresses: Lock, caller: Caller, request: Request, code: str, *, created: bool
) -> Response:
    """A prospect after a write, as the caller may read it."""
    found = await PROSPECTS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)
    shown = service.shown(addresses, caller, orjson.loads(bytes(found.body)))
    headers = {"ETag": found.headers["ETag"]}
    status = 201 if created else 200
    return Response(orjson.dumps(shown), status_code=status, media_type="application/json", headers=headers)

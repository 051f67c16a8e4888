"""Carriers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.exports import whole
from services.plan_file.things import Carrier
from services.registry.carriers import service
from services.registry.carriers.schemas import CarrierCounts, CarrierSearch, CarrierView
from services.registry.carriers.store import CARRIERS
from services.registry.parts import Db
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, IfMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1", tags=["carriers"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/carriers",
    operation_id="carriers_list",
    summary="List carriers",
    response_model=Listed[CarrierView],
    responses=problems(),
)
async def list_carriers(caller: Reader, db: Db, asked: Annotated[CarrierSearch, Query()]) -> Response:
    """The carriers of the region, by code; of an industry also those that it only names as its own."""
    page = await CARRIERS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/carrier-counts",
    operation_id="carrier_counts_read",
    summary="Count carriers, areas and members, each thing once",
    response_model=CarrierCounts,
    responses=problems(),
)
async def read_carrier_counts(caller: Reader, session: Edge) -> Response:
    """By industry and in all: nothing that stands in two places is counted twice (一物两处只计一次)."""
    return await whole(await service.counted(session, caller))


@router.get(
    "/carriers/{code}",
    operation_id="carrier_read",
    summary="Read a carrier",
    response_model=CarrierView,
    responses=problems(404),
)
async def read_carrier(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A carrier, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await CARRIERS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/carriers/{code}/history",
    operation_id="carrier_history",
    summary="Every version of a carrier",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_carrier_history(code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await CARRIERS.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "/carriers",
    operation_id="carrier_create",
    summary="Create a carrier",
    status_code=201,
    response_model=CarrierView,
    responses=problems(409),
)
async def create_carrier(body: Carrier, caller: Writer, session: Edge, request: Request) -> Response:
    """A carrier of a code that is not in use. What another carrier counts already is sent with `counted` false."""
    await service.create(session, caller, body.model_dump(mode="json"))
    return await CARRIERS.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/carriers/{code}",
    operation_id="carrier_replace",
    summary="Replace a carrier",
    response_model=CarrierView,
    responses=problems(404, 412, 428),
)
async def replace_carrier(
    *, code: CodeInPath, body: Carrier, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole carrier anew, as the next version; `If-Match` names the version that the caller saw."""
    check_code(code, body.code)
    await service.replace(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await CARRIERS.written(session, request, region=caller.region, code=code)

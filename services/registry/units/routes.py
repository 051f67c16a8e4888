"""Units over HTTP: the tree, and what a collective name stands for."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.paging import check_cursor
from services.registry.parts import Db
from services.registry.units.members import service as members
from services.registry.units.members.store import MEMBERS
from services.registry.units.schemas import MembersAsked, MemberView, Unit, UnitSearch, UnitView
from services.registry.units.store import UNITS, today, with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, IfMatch, Listed, Paging, PastVersion, UnitInPath
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["units"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/units",
    operation_id="units_list",
    summary="List units",
    response_model=Listed[UnitView],
    responses=problems(),
)
async def list_units(caller: Reader, db: Db, asked: Annotated[UnitSearch, Query()]) -> Response:
    """The units of the region, by code; `unit` gives one and all below it.

    A name or code of before finds what became of the unit, and a note says so.
    """
    page = await UNITS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/units/{code}",
    operation_id="unit_read",
    summary="Read a unit",
    response_model=UnitView,
    responses=problems(404),
)
async def read_unit(
    code: UnitInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A unit, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await UNITS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/units/{code}/history",
    operation_id="unit_history",
    summary="Every version of a unit",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_unit_history(code: UnitInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await UNITS.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "/units",
    operation_id="unit_create",
    summary="Create a unit",
    status_code=201,
    response_model=UnitView,
    responses=problems(409),
)
async def create_unit(body: Unit, caller: Writer, session: Edge, request: Request) -> Response:
    """A unit of a code and a name that are not in use, below its parent."""
    await members.create(session, caller, body.model_dump(mode="json"))
    return await UNITS.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/units/{code}",
    operation_id="unit_replace",
    summary="Replace a unit",
    response_model=UnitView,
    responses=problems(404, 412, 428),
)
async def replace_unit(
    *, code: UnitInPath, body: Unit, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole unit anew, as the next version. With another parent it moves, and all below it with it."""
    check_code(code, body.code)
    await members.replace(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await UNITS.written(session, request, region=caller.region, code=code)


@router.get(
    "/units/{code}/members",
    operation_id="unit_members",
    summary="For which units a collective name stands",
    response_model=Listed[MemberView],
    responses=problems(404),
)
async def list_members(code: UnitInPath, caller: Reader, db: Db, asked: Annotated[MembersAsked, Query()]) -> Response:
    """The members of a collective name (各镇街场及平台) on a day, by code; a member that was dissolved by then is
    replaced by its successors. A unit of another kind has none.
    """
    check_cursor(asked.cursor)
    await UNITS.found(db, region=caller.region, code=code)
    day = asked.as_of or await today(db)
    return await page_of(db, MEMBERS, asked, given={}, region=caller.region, code=code, as_of=day)

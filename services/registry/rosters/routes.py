"""Rosters and their items over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.paging import check_cursor
from services.kit.reads import as_json
from services.plan_file.scalars import Code, PlanScopedCode
from services.plan_file.things import Roster
from services.registry.parts import Db
from services.registry.rosters import rules, service
from services.registry.rosters.schemas import (
    CountAsked,
    Counts,
    ItemWithdrawal,
    Recognition,
    RosterItemDraft,
    RosterItemSearch,
    RosterItemView,
    RosterSearch,
    RosterView,
)
from services.registry.rosters.store import ITEMS, ROSTERS
from services.registry.units.store import with_note
from services.registry.versions import service as versions
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import (
    ActMatch,
    AsKnown,
    CodeInPath,
    DecidedMatch,
    IfMatch,
    Listed,
    Paging,
    PastVersion,
)

router = APIRouter(prefix="/v1/rosters", tags=["rosters"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
RosterInPath = Annotated[Code, Path(description="code of the roster", examples=["leading"])]
ItemInPath = Annotated[PlanScopedCode, Path(description="number of the item in its roster", examples=["0001"])]


@router.get(
    "",
    operation_id="rosters_list",
    summary="List rosters",
    response_model=Listed[RosterView],
    responses=problems(),
)
async def list_rosters(caller: Reader, db: Db, asked: Annotated[RosterSearch, Query()]) -> Response:
    """The rosters of the region, by code."""
    page = await ROSTERS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/{roster}",
    operation_id="roster_read",
    summary="Read a roster",
    response_model=RosterView,
    responses=problems(404),
)
async def read_roster(
    roster: RosterInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A roster, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await ROSTERS.answer(db, request, known_at=asked.known_at, region=caller.region, code=roster)


@router.get(
    "/{roster}/history",
    operation_id="roster_history",
    summary="Every version of a roster",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_roster_history(
    roster: RosterInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await ROSTERS.past_versions(db, asked, region=caller.region, code=roster)


@router.post(
    "",
    operation_id="roster_create",
    summary="Create a roster",
    status_code=201,
    response_model=RosterView,
    responses=problems(409),
)
async def create_roster(body: Roster, caller: Writer, session: Edge, request: Request) -> Response:
    """A roster of a code that is not in use, kept by a unit."""
    content = body.model_dump(mode="json")
    await versions.create(session, ROSTERS, caller, body.code, content, references=rules.references(content))
    return await ROSTERS.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/{code}",
    operation_id="roster_replace",
    summary="Replace a roster",
    response_model=RosterView,
    responses=problems(404, 412, 428),
)
async def replace_roster(
    *, code: CodeInPath, body: Roster, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole roster anew, without its items; `If-Match` names the version that the caller saw."""
    check_code(code, body.code)
    await service.rewrite(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await ROSTERS.written(session, request, region=caller.region, code=code)


@router.get(
    "/{roster}/count",
    operation_id="roster_count",
    summary="Count a roster's items as of a day",
    response_model=Counts,
    responses=problems(404),
)
async def count_roster(roster: RosterInPath, caller: Reader, db: Db, asked: Annotated[CountAsked, Query()]) -> Response:
    """How many items count on a day, by what they count for: recognised by then, and not withdrawn by then."""
    return as_json(await service.counted(db, caller.region, roster, asked))


@router.get(
    "/{roster}/items",
    operation_id="roster_items_list",
    summary="List a roster's items",
    response_model=Listed[RosterItemView],
    responses=problems(404),
)
async def list_items(
    roster: RosterInPath, caller: Reader, db: Db, asked: Annotated[RosterItemSearch, Query()]
) -> Response:
    """The items of a roster, by number; `as_of` finds those that count on that day."""
    check_cursor(asked.cursor)
    await ROSTERS.found(db, region=caller.region, code=roster)
    return await ITEMS.listed(db, asked, region=caller.region, roster=roster)


@router.get(
    "/{roster}/items/{item}",
    operation_id="roster_item_read",
    summary="Read an item of a roster",
    response_model=RosterItemView,
    responses=problems(404),
)
async def read_item(
    *,
    roster: RosterInPath,
    item: ItemInPath,
    caller: Reader,
    db: Db,
    request: Request,
    asked: Annotated[AsKnown, Query()],
) -> Response:
    """An item, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    code = rules.item_code(roster, item)
    return await ITEMS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{roster}/items/{item}/history",
    operation_id="roster_item_history",
    summary="Every version of an item of a roster",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_item_history(
    *, roster: RosterInPath, item: ItemInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """Its proposal, recognition, withdrawal, and who recorded them."""
    return await ITEMS.past_versions(db, asked, region=caller.region, code=rules.item_code(roster, item))


@router.post(
    "/{roster}/items",
    operation_id="roster_item_propose",
    summary="Propose an item for a roster",
    status_code=201,
    response_model=RosterItemView,
    responses=problems(404, 409),
)
async def propose_item(
    roster: RosterInPath, body: RosterItemDraft, caller: Writer, session: Edge, request: Request
) -> Response:
    """An item that does not count yet. Nothing stands in a roster twice for one subject."""
    await service.propose(session, caller, roster, body.model_dump(mode="json"))
    return await _item(session, request, caller, roster, body.code, created=True)


@router.put(
    "/{roster}/items/{item}",
    operation_id="roster_item_replace",
    summary="Replace an item of a roster",
    response_model=RosterItemView,
    responses=problems(404, 409, 412, 428),
)
async def replace_item(
    *,
    roster: RosterInPath,
    item: ItemInPath,
    body: RosterItemDraft,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: IfMatch = None,
) -> Response:
    """Its name and note; what it counts for and what it is only while it is proposed."""
    check_code(item, body.code)
    await service.replace(session, caller, roster, body.model_dump(mode="json"), if_match=if_match)
    return await _item(session, request, caller, roster, item)


@router.post(
    "/{roster}/items/{item}:recognise",
    operation_id="roster_item_recognise",
    summary="Recognise an item of a roster",
    response_model=RosterItemView,
    responses=problems(404, 409, 412, 428),
)
async def recognise_item(
    *,
    roster: RosterInPath,
    item: ItemInPath,
    body: Recognition,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """With evidence, once; it counts from the day said on."""
    await service.recognise(session, caller, roster, item, body, if_match=if_match)
    return await _item(session, request, caller, roster, item)


@router.post(
    "/{roster}/items/{item}:withdraw",
    operation_id="roster_item_withdraw",
    summary="Withdraw an item of a roster",
    response_model=RosterItemView,
    responses=problems(404, 409, 412),
)
async def withdraw_item(
    *,
    roster: RosterInPath,
    item: ItemInPath,
    body: ItemWithdrawal,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """With a reason; it counts no more from the day said on. Turns down what was only proposed."""
    await service.withdraw(session, caller, roster, item, body, if_match=if_match)
    return await _item(session, request, caller, roster, item)


async def _item(
    session: Edge, request: Request, caller: Caller, roster: str, item: str, *, created: bool = False
) -> Response:
    answer = await ITEMS.written(session, request, region=caller.region, code=rules.item_code(roster, item))
    if created:
        answer.status_code = 201
        answer.headers["Location"] = f"{request.url.path}/{item}"
    return answer

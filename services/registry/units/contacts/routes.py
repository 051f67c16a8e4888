"""Contacts over HTTP: who holds a role, who stands in, who takes over."""

from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.clock import business_day
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.reads import tagged
from services.plan_file.scalars import Day
from services.plan_file.things import ContactRole, PlanContact
from services.registry.parts import Addresses, Db
from services.registry.units.contacts import rules, service
from services.registry.units.contacts.schemas import ContactFilter, ContactView, HandOver, OnDay, StandIn
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.store import today, with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import ActMatch, FirstMatch, IfMatch, Listed, Paging, PastVersion, UnitInPath

router = APIRouter(prefix="/v1", tags=["contacts"])
Reader = Annotated[Caller, may("registry:read")]
RoleInPath = Annotated[ContactRole, Path(description="what the person is to the unit")]
DayInPath = Annotated[Day, Path(description="its first day", examples=["2018-07-20"])]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/contacts",
    operation_id="contacts_list",
    summary="List contacts",
    response_model=Listed[ContactView],
    responses=problems(),
)
async def list_contacts(
    caller: Reader, db: Db, addresses: Addresses, asked: Annotated[ContactFilter, Query()]
) -> Response:
    """The contacts of the caller's unit and those below it. Addresses are masked without the scope contacts:deliver."""
    shown = partial(service.shown, addresses, caller, day=await today(db))
    page = await CONTACTS.listed(db, asked, shown=shown, region=caller.region, unit_path=caller.unit_path)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/units/{unit}/contacts/{role}",
    operation_id="contact_read",
    summary="Read a contact",
    response_model=ContactView,
    responses=problems(404),
)
async def read_contact(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    caller: Reader,
    db: Db,
    addresses: Addresses,
    request: Request,
    asked: Annotated[OnDay, Query()],
) -> Response:
    """A contact of the caller's unit or one below it, as it is today or on another day: who holds it, who stands in."""
    code = rules.contact_code(unit, role)
    body, version = await CONTACTS.found(db, region=caller.region, unit_path=caller.unit_path, code=code)
    found = service.shown(addresses, caller, orjson.loads(body), day=asked.on or await today(db))
    if (
        found["next"] or found["stand_ins"]
    ):  # what it says changes with the day: a version does not tell that it is the same
        return Response(orjson.dumps(found), media_type="application/json", headers={"ETag": f'"{version}"'})
    return tagged(request, orjson.dumps(found), version=version)


@router.get(
    "/units/{unit}/contacts/{role}/history",
    operation_id="contact_history",
    summary="Every version of a contact",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_contact_history(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    caller: Reader,
    db: Db,
    addresses: Addresses,
    asked: Annotated[Paging, Query()],
) -> Response:
    """Everyone who ever held the role or stood in, the first version first, also where nobody does any more; of a unit that
    the caller sees.
    """
    code = rules.contact_code(unit, role)
    shown = partial(service.shown, addresses, caller)
    return await CONTACTS.past_versions(
        db, asked, shown=shown, region=caller.region, unit_path=caller.unit_path, code=code
    )


@router.put(
    "/units/{unit}/contacts/{role}",
    operation_id="contact_replace",
    summary="Name or replace a contact",
    response_model=ContactView,
    responses=problems(404, 412, 428),
)
async def replace_contact(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    body: PlanContact,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """The person of a unit in this role; `If-Match` names the version that is replaced, a first one needs none.

    To correct an entry. Where one person hands over to another, or is away for a while, say so: there are routes for it.
    """
    code = rules.contact_code(unit, role)
    check_code(code, rules.contact_code(body.unit, body.role))
    await service.put_contact(session, caller, addresses, body.model_dump(mode="json"), if_match=if_match)
    return await _written(session, request, caller, addresses, code)


@router.post(
    "/units/{unit}/contacts/{role}/hand-overs",
    operation_id="contact_hand_over",
    summary="Hand a contact's role over to another person (交接)",
    response_model=ContactView,
    responses=problems(404, 412),
)
async def hand_over(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    body: HandOver,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """One act: who hands over, who takes over, from which day. From then on all messages, also about notices that are
    open, go to the new person. The day may be yet to come.
    """
    await service.hand_over(
        session, caller, addresses, body.model_dump(mode="json"), unit=unit, role=role, if_match=if_match
    )
    return await _written(session, request, caller, addresses, rules.contact_code(unit, role))


@router.post(
    "/units/{unit}/contacts/{role}/stand-ins",
    operation_id="contact_stand_in",
    summary="Let another person stand in for a contact (代理)",
    response_model=ContactView,
    responses=problems(404, 412),
)
async def stand_in(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    body: StandIn,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: ActMatch = None,
) -> Response:
    """From the first to the last day messages go to the stand-in, with a note that says so. Days do not overlap."""
    await service.stand_in(
        session, caller, addresses, body.model_dump(mode="json"), unit=unit, role=role, if_match=if_match
    )
    return await _written(session, request, caller, addresses, rules.contact_code(unit, role))


@router.delete(
    "/units/{unit}/contacts/{role}/stand-ins/{first}",
    operation_id="contact_stand_in_end",
    summary="End a stand-in early",
    response_model=ContactView,
    responses=problems(404, 412, 428),
)
async def end_stand_in(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    first: DayInPath,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    if_match: IfMatch = None,
) -> Response:
    """The contact is back: from today on messages go to it again. One that was yet to begin is withdrawn."""
    await service.end_stand_in(session, caller, addresses, first.isoformat(), unit=unit, role=role, if_match=if_match)
    return await _written(session, request, caller, addresses, rules.contact_code(unit, role))


async def _written(session: Edge, request: Request, caller: Caller, addresses: Addresses, code: str) -> Response:
    found = await CONTACTS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)
    stored: dict[str, Any] = orjson.loads(bytes(found.body))
    shown = service.shown(addresses, caller, stored, day=await business_day(session))
    return Response(orjson.dumps(shown), media_type="application/json", headers={"ETag": found.headers["ETag"]})

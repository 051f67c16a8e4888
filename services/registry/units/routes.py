"""Units and their contacts over HTTP."""

from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.reads import tagged
from services.plan_file.things import Contact, ContactRole
from services.registry.parts import Db, Secrets
from services.registry.units import rules, service
from services.registry.units.schemas import ContactFilter, ContactView, Unit, UnitSearch, UnitView
from services.registry.units.store import CONTACTS, UNITS
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, IfMatch, Listed, Paging, PastVersion, UnitInPath

router = APIRouter(prefix="/v1", tags=["units"])
Reader = Annotated[Caller, may("registry:read")]
RoleInPath = Annotated[ContactRole, Path(description="what the person is to the unit")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/units",
    operation_id="units_list",
    summary="List units",
    response_model=Listed[UnitView],
    responses=problems(),
)
async def list_units(caller: Reader, db: Db, asked: Annotated[UnitSearch, Query()]) -> Response:
    """The units of the region, by code; `unit` gives one and all below it."""
    return await UNITS.listed(db, asked, region=caller.region)


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
    await service.create(session, caller, body.model_dump(mode="json"))
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
    await service.replace(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await UNITS.written(session, request, region=caller.region, code=code)


@router.get(
    "/contacts",
    operation_id="contacts_list",
    summary="List contacts",
    response_model=Listed[ContactView],
    responses=problems(),
    tags=["contacts"],
)
async def list_contacts(caller: Reader, db: Db, keyring: Secrets, asked: Annotated[ContactFilter, Query()]) -> Response:
    """The contacts of the caller's unit and those below it. Addresses are masked without the scope contacts:deliver."""
    shown = partial(service.shown, keyring, caller)
    return await CONTACTS.listed(db, asked, shown=shown, region=caller.region, unit_path=caller.unit_path)


@router.get(
    "/units/{unit}/contacts/{role}",
    operation_id="contact_read",
    summary="Read a contact",
    response_model=ContactView,
    responses=problems(404),
    tags=["contacts"],
)
async def read_contact(
    *, unit: UnitInPath, role: RoleInPath, caller: Reader, db: Db, keyring: Secrets, request: Request
) -> Response:
    """A contact of the caller's unit or one below it."""
    code = rules.contact_code(unit, role)
    body, version = await CONTACTS.found(db, region=caller.region, unit_path=caller.unit_path, code=code)
    return tagged(request, orjson.dumps(service.shown(keyring, caller, orjson.loads(body))), version=version)


@router.put(
    "/units/{unit}/contacts/{role}",
    operation_id="contact_replace",
    summary="Name or replace a contact",
    response_model=ContactView,
    responses=problems(404, 412, 428),
    tags=["contacts"],
)
async def replace_contact(
    *,
    unit: UnitInPath,
    role: RoleInPath,
    body: Contact,
    caller: Writer,
    session: Edge,
    keyring: Secrets,
    request: Request,
    if_match: IfMatch = None,
) -> Response:
    """The person of a unit in this role; `If-Match` names the version that is replaced, a first one needs none."""
    code = rules.contact_code(unit, role)
    check_code(code, rules.contact_code(body.unit, body.role))
    await service.put_contact(session, caller, keyring, body.model_dump(mode="json"), if_match=if_match)
    found = await CONTACTS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)
    shown = service.shown(keyring, caller, orjson.loads(bytes(found.body)))
    return Response(orjson.dumps(shown), media_type="application/json", headers={"ETag": found.headers["ETag"]})

"""Roles and grants over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.claims import administrations
from services.kit.db import Edge, driver_of
from services.kit.errors import problems
from services.kit.exports import whole
from services.kit.reads import tagged
from services.registry.identity.rules import ROLES
from services.registry.parts import Db
from services.registry.roles import service
from services.registry.roles.schemas import (
    GrantFilter,
    GrantView,
    HolderFilter,
    HolderView,
    NewGrant,
    Roles,
    RoleView,
)
from services.registry.roles.store import GRANT, GRANTS, HOLDERS
from services.registry.versions.schemas import ActMatch, Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["roles"])
Security = Annotated[Caller, may("roles:grant")]
GrantId = Annotated[uuid.UUID, Path(description="id of the grant")]


@router.get(
    "/roles",
    operation_id="roles_list",
    summary="Every role and what it may do",
    response_model=Roles,
    responses=problems(),
)
async def list_roles(_caller: Annotated[Caller, may("registry:read")]) -> Response:
    """Roles are scopes under the name of an office. The three administrations are different people's."""
    every = Roles(
        items=[
            RoleView(
                code=role.code,
                name=role.zh,
                name_en=role.en,
                scopes=sorted(role.scopes),
                of_unit=role.of_unit,
                administration=next(iter(administrations(role.scopes)), None),
            )
            for role in ROLES.values()
        ]
    )
    return await whole(every)


@router.get(
    "/grants",
    operation_id="grants_list",
    summary="Who holds which role",
    response_model=Listed[GrantView],
    responses=problems(),
)
async def list_grants(caller: Security, db: Db, asked: Annotated[GrantFilter, Query()]) -> Response:
    """Every grant there ever was, the latest first."""
    return await page_of(db, GRANTS, asked, region=caller.region, unit_path=caller.unit_path)


@router.get(
    "/grants/{grant}",
    operation_id="grant_read",
    summary="Read a grant",
    response_model=GrantView,
    responses=problems(404),
)
async def read_grant(grant: GrantId, caller: Security, db: Db, request: Request) -> Response:
    """A grant, also one that was revoked."""
    return await GRANT.answer(db, request, key=grant, grant=grant, region=caller.region, unit_path=caller.unit_path)


@router.get(
    "/holders",
    operation_id="holders_list",
    summary="Who may be granted a role",
    response_model=Listed[HolderView],
    responses=problems(),
)
async def list_holders(caller: Security, db: Db, asked: Annotated[HolderFilter, Query()]) -> Response:
    """People and clients of the caller's unit and those below, with the roles that they hold; nothing to reach them by."""
    return await page_of(db, HOLDERS, asked, region=caller.region, unit_path=caller.unit_path)


@router.post(
    "/grants",
    operation_id="grant_create",
    summary="Grant a role",
    status_code=201,
    response_model=GrantView,
    responses=problems(409),
)
async def create_grant(body: NewGrant, caller: Security, session: Edge, request: Request) -> Response:
    """To a person or a client, for a unit or the whole region, from a day on. Nobody grants to themselves."""
    made = await service.grant(session, caller, body)
    answer = await _written(session, request, caller, made)
    answer.status_code = 201
    answer.headers["Location"] = f"{request.url.path}/{made}"
    return answer


@router.post(
    "/grants/{grant}:revoke",
    operation_id="grant_revoke",
    summary="Revoke a role",
    response_model=GrantView,
    responses=problems(404, 412),
)
async def revoke_grant(
    grant: GrantId, caller: Security, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """It holds at once for new tokens; one that was made before runs out within ten minutes."""
    driver, key = await driver_of(session), {"region": caller.region, "grant": grant, "unit_path": caller.unit_path}
    await GRANT.check_seen(driver, if_match, **key)
    await service.revoke(session, caller, grant)
    return await _written(session, request, caller, grant)


async def _written(session: Edge, request: Request, caller: Caller, grant: uuid.UUID) -> Response:
    found = await GRANT.fetch(await driver_of(session), region=caller.region, grant=grant, unit_path=caller.unit_path)
    return tagged(request, b"" if found is None else found[0].encode())

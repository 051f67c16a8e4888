"""Enterprises over HTTP."""

from contextlib import suppress
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import NotFound, problems
from services.kit.reads import as_json
from services.registry.enterprises import service, store
from services.registry.enterprises.schemas import (
    Asked,
    Duplicate,
    DuplicateFilter,
    Enterprise,
    EnterpriseSearch,
    EnterpriseView,
    Resolved,
)
from services.registry.enterprises.store import ENTERPRISES, SHARED
from services.registry.parts import Db
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, IfMatch, Listed, Paging, PastVersion
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["enterprises"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "/enterprises",
    operation_id="enterprises_list",
    summary="List enterprises",
    response_model=Listed[EnterpriseView],
    responses=problems(),
)
async def list_enterprises(caller: Reader, db: Db, asked: Annotated[EnterpriseSearch, Query()]) -> Response:
    """The enterprises of the region, by code. Role and group are those of the day `as_of`."""
    page = await ENTERPRISES.listed(db, asked, region=caller.region, **asked.values())
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/enterprises:resolve",
    operation_id="enterprise_resolve",
    summary="Find whom a name means",
    response_model=Resolved,
    responses=problems(),
)
async def resolve_enterprise(caller: Reader, session: Edge, asked: Annotated[Asked, Query()]) -> Response:
    """The enterprises that a name as documents write it may mean, the nearest first, and how each was met.

    先临三维 is 杭州先临三维科技股份有限公司. A name that means several says so and names none.
    """
    return as_json(await service.resolve(session, caller, asked))


@router.get(
    "/enterprises/duplicates",
    operation_id="enterprises_compare",
    summary="List enterprises that may be one",
    response_model=Listed[Duplicate],
    responses=problems(),
)
async def list_duplicates(caller: Reader, db: Db, asked: Annotated[DuplicateFilter, Query()]) -> Response:
    """Enterprises with the same name but for legal form, group, brackets and province, by that name.

    Two of one credit code cannot be. `POST /v1/enterprises/{code}/merge` makes one of two.
    """
    return await page_of(db, SHARED, asked, given={}, shown=service.duplicate, region=caller.region)


@router.get(
    "/enterprises/{code}",
    operation_id="enterprise_read",
    summary="Read an enterprise",
    response_model=EnterpriseView,
    responses={**problems(404), 301: {"description": "It was merged: where the enterprise is that stands for it"}},
)
async def read_enterprise(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """An enterprise by its code or its id, today or as an earlier instant knew it; `If-None-Match` gives 304.

    One that was merged answers 301 to the one that stands for it; an earlier `known_at` still shows it.
    """
    try:
        return await ENTERPRISES.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)
    except NotFound:
        async with db.driver() as driver:
            there = await store.whereabouts(driver, caller.region, code)
        if there is None:
            raise
    if there.code != code:  # it was asked for by its id
        with suppress(NotFound):
            return await ENTERPRISES.answer(db, request, known_at=asked.known_at, region=caller.region, code=there.code)
    if there.merged_into is None:
        raise NotFound("enterprise", code)
    query = f"?{request.url.query}" if request.url.query else ""
    where = f"{request.url.path.removesuffix(code)}{there.merged_into}{query}"
    return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": where})


@router.get(
    "/enterprises/{code}/history",
    operation_id="enterprise_history",
    summary="Every version of an enterprise",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_enterprise_history(
    code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await ENTERPRISES.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "/enterprises",
    operation_id="enterprise_create",
    summary="Create an enterprise",
    status_code=201,
    response_model=EnterpriseView,
    responses=problems(409),
)
async def create_enterprise(body: Enterprise, caller: Writer, session: Edge, request: Request) -> Response:
    """An enterprise of a code that is not in use."""
    await service.create(session, caller, body.model_dump(mode="json"))
    return await ENTERPRISES.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/enterprises/{code}",
    operation_id="enterprise_replace",
    summary="Replace an enterprise",
    response_model=EnterpriseView,
    responses=problems(404, 409, 412, 428),
)
async def replace_enterprise(
    *, code: CodeInPath, body: Enterprise, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole enterprise anew, as the next version; `If-Match` names the version that the caller saw.

    What is kept beside a plan file (credit code, names, roles, classes, memberships) stays where it is not sent.
    """
    check_code(code, body.code)
    await service.replace(session, caller, body.model_dump(mode="json"), body.model_fields_set, if_match=if_match)
    return await ENTERPRISES.written(session, request, region=caller.region, code=code)

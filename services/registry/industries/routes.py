"""Industries over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.things import Industry
from services.registry.industries.schemas import IndustryView
from services.registry.industries.store import INDUSTRIES
from services.registry.parts import Db
from services.registry.versions import service
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, IfMatch, Listed, Paging, PastVersion, Search

router = APIRouter(prefix="/v1/industries", tags=["industries"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "",
    operation_id="industries_list",
    summary="List industries",
    response_model=Listed[IndustryView],
    responses=problems(),
)
async def list_industries(caller: Reader, db: Db, asked: Annotated[Search, Query()]) -> Response:
    """The industries of the region, by code; found by part of a name or alias."""
    return await INDUSTRIES.listed(db, asked, region=caller.region)


@router.get(
    "/{code}",
    operation_id="industry_read",
    summary="Read an industry",
    response_model=IndustryView,
    responses=problems(404),
)
async def read_industry(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """An industry, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await INDUSTRIES.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
    operation_id="industry_history",
    summary="Every version of an industry",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_industry_history(
    code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await INDUSTRIES.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "",
    operation_id="industry_create",
    summary="Create an industry",
    status_code=201,
    response_model=IndustryView,
    responses=problems(409),
)
async def create_industry(body: Industry, caller: Writer, session: Edge, request: Request) -> Response:
    """An industry of a code that is not in use."""
    content = body.model_dump(mode="json")
    await service.create(session, INDUSTRIES, caller, body.code, content)
    return await INDUSTRIES.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/{code}",
    operation_id="industry_replace",
    summary="Replace an industry",
    response_model=IndustryView,
    responses=problems(404, 412, 428),
)
async def replace_industry(
    *, code: CodeInPath, body: Industry, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole industry anew, as the next version; `If-Match` names the version that the caller saw."""
    check_code(code, body.code)
    content = body.model_dump(mode="json")
    await service.replace(session, INDUSTRIES, caller, code, content, if_match=if_match)
    return await INDUSTRIES.written(session, request, region=caller.region, code=code)

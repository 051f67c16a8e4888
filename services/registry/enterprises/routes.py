"""Enterprises over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.things import Enterprise
from services.registry.enterprises import rules
from services.registry.enterprises.schemas import EnterpriseSearch, EnterpriseView
from services.registry.enterprises.store import ENTERPRISES
from services.registry.parts import Db
from services.registry.versions import service
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, IfMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1/enterprises", tags=["enterprises"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "",
    operation_id="enterprises_list",
    summary="List enterprises",
    response_model=Listed[EnterpriseView],
    responses=problems(),
)
async def list_enterprises(caller: Reader, db: Db, asked: Annotated[EnterpriseSearch, Query()]) -> Response:
    """The enterprises of the region, by code."""
    return await ENTERPRISES.listed(db, asked, region=caller.region)


@router.get(
    "/{code}",
    operation_id="enterprise_read",
    summary="Read an enterprise",
    response_model=EnterpriseView,
    responses=problems(404),
)
async def read_enterprise(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """An enterprise, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await ENTERPRISES.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
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
    "",
    operation_id="enterprise_create",
    summary="Create an enterprise",
    status_code=201,
    response_model=EnterpriseView,
    responses=problems(409),
)
async def create_enterprise(body: Enterprise, caller: Writer, session: Edge, request: Request) -> Response:
    """An enterprise of a code that is not in use."""
    content = body.model_dump(mode="json")
    await service.create(session, ENTERPRISES, caller, body.code, content, references=rules.references(content))
    return await ENTERPRISES.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/{code}",
    operation_id="enterprise_replace",
    summary="Replace an enterprise",
    response_model=EnterpriseView,
    responses=problems(404, 412, 428),
)
async def replace_enterprise(
    *, code: CodeInPath, body: Enterprise, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole enterprise anew, as the next version; `If-Match` names the version that the caller saw."""
    check_code(code, body.code)
    content = body.model_dump(mode="json")
    await service.replace(
        session, ENTERPRISES, caller, code, content, if_match=if_match, references=rules.references(content)
    )
    return await ENTERPRISES.written(session, request, region=caller.region, code=code)

"""Groups of enterprises over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.things import EnterpriseGroup
from services.registry.enterprises.groups import rules
from services.registry.enterprises.groups.schemas import EnterpriseGroupView
from services.registry.enterprises.groups.store import GROUPS
from services.registry.parts import Db
from services.registry.versions import service
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, CodeInPath, IfMatch, Listed, Paging, PastVersion, Search

router = APIRouter(prefix="/v1/enterprise-groups", tags=["enterprises"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]


@router.get(
    "",
    operation_id="enterprise_groups_list",
    summary="List groups of enterprises",
    response_model=Listed[EnterpriseGroupView],
    responses=problems(),
)
async def list_groups(caller: Reader, db: Db, asked: Annotated[Search, Query()]) -> Response:
    """The groups (集团) of the region, by code; found by part of a name or alias.

    Its members are listed by `GET /v1/enterprises?group=`, its projects by `GET /v1/projects?group=`.
    """
    return await GROUPS.listed(db, asked, region=caller.region)


@router.get(
    "/{code}",
    operation_id="enterprise_group_read",
    summary="Read a group of enterprises",
    response_model=EnterpriseGroupView,
    responses=problems(404),
)
async def read_group(
    code: CodeInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A group, today or as an earlier instant knew it; `If-None-Match` gives 304."""
    return await GROUPS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/{code}/history",
    operation_id="enterprise_group_history",
    summary="Every version of a group of enterprises",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_group_history(code: CodeInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await GROUPS.past_versions(db, asked, region=caller.region, code=code)


@router.post(
    "",
    operation_id="enterprise_group_create",
    summary="Create a group of enterprises",
    status_code=201,
    response_model=EnterpriseGroupView,
    responses=problems(409),
)
async def create_group(body: EnterpriseGroup, caller: Writer, session: Edge, request: Request) -> Response:
    """A group of a code that is not in use."""
    content = body.model_dump(mode="json")
    await service.create(session, GROUPS, caller, body.code, content, references=rules.references(content))
    return await GROUPS.written(session, request, created=True, region=caller.region, code=body.code)


@router.put(
    "/{code}",
    operation_id="enterprise_group_replace",
    summary="Replace a group of enterprises",
    response_model=EnterpriseGroupView,
    responses=problems(404, 412, 428),
)
async def replace_group(
    *,
    code: CodeInPath,
    body: EnterpriseGroup,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: IfMatch = None,
) -> Response:
    """The whole group anew, as the next version; `If-Match` names the version that the caller saw."""
    check_code(code, body.code)
    content = body.model_dump(mode="json")
    await service.replace(
        session, GROUPS, caller, code, content, if_match=if_match, references=rules.references(content)
    )
    return await GROUPS.written(session, request, region=caller.region, code=code)

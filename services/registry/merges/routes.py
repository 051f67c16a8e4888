"""Merges of enterprises over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.reads import as_json
from services.registry.merges import service
from services.registry.merges.schemas import EnterpriseMerge, Merged, Merges
from services.registry.versions.schemas import CodeInPath, IfMatch

router = APIRouter(prefix="/v1/enterprises", tags=["enterprises"])


@router.post(
    "/{code}/merge",
    operation_id="enterprise_merge",
    summary="Merge a duplicate into an enterprise",
    response_model=Merged,
    responses=problems(404, 409, 412, 428),
)
async def merge_enterprise(
    *,
    code: CodeInPath,
    body: EnterpriseMerge,
    caller: Annotated[Caller, may("registry:write")],
    session: Edge,
    if_match: IfMatch = None,
) -> Response:
    """One act: what named the duplicate names this enterprise, the duplicate's names become its aliases.

    Where both differ the caller decides; 409 names what is undecided, with both values. The duplicate's code and id
    answer 301 afterwards; an earlier `known_at` still shows it. `If-Match` names the version of this enterprise.
    """
    return as_json(await service.merge(session, caller, code, body, if_match=if_match))


@router.get(
    "/{code}/merges",
    operation_id="enterprise_merges_list",
    summary="What was merged into an enterprise",
    response_model=Merges,
    responses=problems(404),
)
async def list_merges(code: CodeInPath, caller: Annotated[Caller, may("registry:read")], session: Edge) -> Response:
    """Every merge with who did it, why, what changed by it and what was moved, the first one first."""
    return as_json(await service.entries(session, caller, code))

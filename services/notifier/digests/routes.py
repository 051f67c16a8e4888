"""Digests."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.exports import paged
from services.notifier.digests import store
from services.notifier.digests.schemas import DigestFilter, DigestList
from services.notifier.directory import store as directory

router = APIRouter(prefix="/v1/digests", tags=["digests"])


@router.get(
    "",
    operation_id="digests_list",
    summary="What units were told cycle by cycle, and to whom there was nothing to tell",
    response_model=DigestList,
    responses=problems(),
)
async def list_digests(
    request: Request, caller: Annotated[Caller, may("notices:read")], asked: Annotated[DigestFilter, Query()]
) -> Response:
    """In the order of their cycles."""
    given = asked.model_dump(exclude={"limit", "cursor", "total", "sort"}, exclude_none=True)
    return await paged(
        request.app.state.parts.db,
        store.digests,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=given,
        values={"region": caller.region, "unit_path": caller.unit_path},
        names=directory.NAMES,
    )

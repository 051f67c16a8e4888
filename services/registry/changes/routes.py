"""The registry's feed over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.reads import as_json
from services.registry.changes import service
from services.registry.changes.schemas import After, Changes
from services.registry.parts import Addresses, Db

router = APIRouter(prefix="/v1", tags=["changes"])


@router.get(
    "/changes",
    operation_id="changes_read",
    summary="What was recorded, in order",
    response_model=Changes,
    responses=problems(),
)
async def read_changes(
    caller: Annotated[Caller, may("registry:read")], db: Db, addresses: Addresses, asked: Annotated[After, Query()]
) -> Response:
    """Every version of every object once, by position. A reader that goes on from `next` misses nothing.

    Contacts are those of the caller's unit and below; their addresses are masked without the scope contacts:deliver.
    Prospects and activities, of the same units, are there with the scope prospects:read only.
    """
    return as_json(await service.read(db, addresses, caller, after=asked.after, limit=asked.limit))

"""Deliveries and their attempts."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.exports import paged
from services.kit.paging import sought
from services.notifier.deliveries import store
from services.notifier.deliveries.schemas import DeliveryDetail, DeliveryFilter, DeliveryList
from services.notifier.directory import store as directory

router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"])


@router.get(
    "",
    operation_id="deliveries_list",
    summary="Messages: due, on their way, gone, uncertain",
    response_model=DeliveryList,
    responses=problems(),
)
async def list_deliveries(
    request: Request, caller: Annotated[Caller, may("notices:read")], asked: Annotated[DeliveryFilter, Query()]
) -> Response:
    """In the order in which they are due. `state=unknown` is the operator's list: they may have arrived."""
    given = asked.model_dump(exclude={"limit", "cursor", "total", "sort", "q"}, exclude_none=True)
    given["sought"] = sought(asked.q)
    return await paged(
        request.app.state.parts.db,
        store.deliveries,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=given,
        values={"region": caller.region, "unit_path": caller.unit_path},
        names=directory.NAMES,
    )


@router.get(
    "/{delivery}",
    operation_id="delivery_read",
    summary="A message with its text and its attempts",
    response_model=DeliveryDetail,
    responses=problems(404),
)
async def read_delivery(
    delivery: Annotated[uuid.UUID, Path(description="id of the delivery")],
    request: Request,
    caller: Annotated[Caller, may("notices:read")],
) -> Response:
    """Each attempt was written down before the call that it stands for."""
    return await store.one.answer(
        request.app.state.parts.db,
        request,
        key=delivery,
        region=caller.region,
        unit_path=caller.unit_path,
        id=delivery,
    )

"""Indicators and series over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.indicators.clients.parts import parts_of
from services.indicators.definitions import lists
from services.indicators.definitions.schemas import (
    Cursor,
    IndicatorPage,
    Limit,
    OfIndicator,
    OfSubject,
    SeriesPage,
    Total,
)
from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.exports import paged
from services.kit.paging import By, Sort

router = APIRouter(prefix="/v1", tags=["indicators and series"])

Reads = Annotated[Caller, may("indicators:read")]


@router.get(
    "/indicators",
    operation_id="indicators_list",
    summary="What is measured",
    response_model=IndicatorPage,
    responses=problems(),
)
async def list_indicators(
    *,
    request: Request,
    caller: Reads,
    plan: Annotated[str | None, Query(description="those that this plan's file declares")] = None,
    search: Annotated[str | None, Query(min_length=1, description="in code and names, from one character")] = None,
    sort: Annotated[
        Sort, By("code", "name", "plan", "unit_of_measure", "frequency", "bureau", "due_day", "recorded_at")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """The indicators in force, with unit of measure, accumulation, who reports them and by when."""
    return await paged(
        parts_of(request).db,
        lists.indicators,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given={"plan": plan, "search": search},
        values={"region": caller.region},
    )


@router.get(
    "/series",
    operation_id="series_list",
    summary="What is measured on what",
    response_model=SeriesPage,
    responses=problems(),
)
async def list_series(
    *,
    request: Request,
    caller: Reads,
    indicator: OfIndicator = None,
    subject: OfSubject = None,
    sort: Annotated[Sort, By("indicator", "subject", "bureau", "unit_of_measure", "frequency")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """A series is an indicator on a subject; who reports it may differ from subject to subject."""
    return await paged(
        parts_of(request).db,
        lists.series,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given={"indicator": indicator, "subject": subject},
        values={"region": caller.region},
    )

"""Indicators and series over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.indicators.clients.parts import parts_of
from services.indicators.definitions import lists
from services.indicators.definitions.schemas import (
    Cursor,
    Indicator,
    IndicatorPage,
    Limit,
    OfIndicator,
    OfSubject,
    Q,
    Search,
    Series,
    SeriesPage,
    Total,
)
from services.indicators.directory import store as directory
from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.exports import paged
from services.kit.paging import By, Sort, sought

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
    q: Q = None,
    search: Search = None,
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
        given={"plan": plan, "sought": sought(q or search)},
        values={"region": caller.region},
        names=directory.NAMES,
    )


@router.get(
    "/indicators/{code}",
    operation_id="indicator_read",
    summary="Read an indicator",
    response_model=Indicator,
    responses=problems(404),
)
async def read_indicator(
    code: Annotated[str, Path(max_length=100, description="code of the indicator", examples=["va_growth"])],
    request: Request,
    caller: Reads,
) -> Response:
    """An indicator in force; `If-None-Match` gives 304."""
    db = parts_of(request).db
    return await lists.one_indicator.answer(db, request, key=code, code=code, region=caller.region)


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
    q: Q = None,
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
        given={"indicator": indicator, "subject": subject, "sought": sought(q)},
        values={"region": caller.region},
        names=directory.NAMES,
    )


@router.get(
    "/series/{series}",
    operation_id="series_read",
    summary="Read a series",
    response_model=Series,
    responses=problems(404),
)
async def read_series(
    series: Annotated[uuid.UUID, Path(description="id of the series")], request: Request, caller: Reads
) -> Response:
    """A series by its id; `If-None-Match` gives 304."""
    db = parts_of(request).db
    return await lists.one_series.answer(db, request, key=series, id=series, region=caller.region)

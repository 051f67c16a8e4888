"""Working days and the business clock over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.plan_file.scalars import Year
from services.registry.calendar import service
from services.registry.calendar.schemas import CalendarView, CalendarYear, Clock, Move
from services.registry.calendar.store import CALENDARS
from services.registry.parts import Db, Running
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import AsKnown, IfMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1", tags=["calendar"])
Reader = Annotated[Caller, may("registry:read")]
YearInPath = Annotated[Year, Path(description="calendar year", examples=[2018])]
Writer = Annotated[Caller, may("registry:write")]
Mover = Annotated[Caller, may("clock:move")]


@router.get(
    "/calendars",
    operation_id="calendars_list",
    summary="List calendars",
    response_model=Listed[CalendarView],
    responses=problems(),
)
async def list_calendars(caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """Working days (工作日) year by year; a year that is not there counts weekends only and is provisional."""
    return await CALENDARS.listed(db, asked, region=caller.region)


@router.get(
    "/calendars/{year}",
    operation_id="calendar_read",
    summary="Read a year's calendar",
    response_model=CalendarView,
    responses=problems(404),
)
async def read_calendar(
    year: YearInPath, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A year's working days, today or as an earlier instant knew them."""
    return await CALENDARS.answer(db, request, known_at=asked.known_at, region=caller.region, code=str(year))


@router.get(
    "/calendars/{year}/history",
    operation_id="calendar_history",
    summary="Every version of a year's calendar",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_calendar_history(
    year: YearInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await CALENDARS.past_versions(db, asked, region=caller.region, code=str(year))


@router.put(
    "/calendars/{year}",
    operation_id="calendar_replace",
    summary="Set or replace a year's calendar",
    response_model=CalendarView,
    responses=problems(412, 428),
)
async def replace_calendar(
    *, year: YearInPath, body: CalendarYear, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """When the yearly notice (国务院办公厅关于节假日安排的通知) comes out, or is changed."""
    check_code(str(year), str(body.year))
    await service.put_calendar(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await CALENDARS.written(session, request, region=caller.region, code=str(year))


@router.get("/clock", operation_id="clock_read", summary="Read the business clock", responses=problems())
async def read_clock(_caller: Reader, session: Edge, running: Running) -> Clock:
    """What time it is on this platform; `synthetic` where that is not the real time."""
    return await service.clock(session, movable=running.settings.embedded)


@router.put(
    "/clock",
    operation_id="clock_move",
    summary="Move the business clock forward",
    status_code=202,
    responses=problems(409),
)
async def move_clock(body: Move, caller: Mover, session: Edge, running: Running) -> Clock:
    """On an embedded platform only. The worker takes the clock there, visiting everything that is due on the way.

    Read the clock to see how far it is: it has arrived when `moving_to` is null.
    """
    clock = await service.move_clock(session, caller, body, movable=running.settings.embedded)
    running.doorbell.ring("clock")
    return clock

"""Working days and the business clock over HTTP."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import Faulty, Refused, problems
from services.plan_file.scalars import Year
from services.registry.calendar import service
from services.registry.calendar.rows import Rows
from services.registry.calendar.rules import Holiday, Notice, notice_faults
from services.registry.calendar.schemas import (
    CalendarDays,
    CalendarFilter,
    CalendarView,
    CalendarYear,
    Clock,
    ClockMove,
    DaysAsked,
    NoticeTaken,
    WorkingDay,
    WorkingDayAsked,
    YearlyNotice,
)
from services.registry.calendar.store import CALENDARS
from services.registry.parts import Db, Running
from services.registry.versions.rules import Unacceptable, check_code
from services.registry.versions.schemas import AsKnown, FirstMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1", tags=["calendar"])
Reader = Annotated[Caller, may("registry:read")]
DryRun = Annotated[bool, Query(description="check everything and say what would change; nothing is written")]
DOCUMENT_MISSING = Faulty(
    "/query/document", "missing", "say the number of the notice", "请以 document 参数填写通知文号"
)
NOTICE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    name: value
                    for name, value in YearlyNotice.model_json_schema(
                        ref_template="#/components/schemas/{model}"
                    ).items()
                    if name != "$defs"
                },
                "example": {
                    "document": "国办发明电〔2017〕12号",
                    "holidays": [{"name": "国庆节", "first": "2018-10-01", "last": "2018-10-07"}],
                    "workdays": ["2018-09-29", "2018-09-30"],
                },
            },
            "text/csv": {
                "schema": {"type": "string"},
                "example": "类别,名称,开始,结束\n放假,国庆节,2018-10-01,2018-10-07\n上班,国庆节,2018-09-29,\n",
            },
        },
    }
}


class NotANotice(Refused):
    """Something else than JSON or a CSV was sent."""

    code = "not-a-notice"
    status = 415

    def __init__(self, given: str) -> None:
        super().__init__(
            f"send the notice as application/json or text/csv, not {given}",
            zh=f"请以 application/json 或 text/csv 发送（收到 {given}）",
        )


YearInPath = Annotated[Year, Path(description="the calendar year", examples=[2018])]
Writer = Annotated[Caller, may("registry:write")]
Mover = Annotated[Caller, may("clock:move")]


@router.get(
    "/calendars",
    operation_id="calendars_list",
    summary="List calendars",
    response_model=Listed[CalendarView],
    responses=problems(),
)
async def list_calendars(caller: Reader, db: Db, asked: Annotated[CalendarFilter, Query()]) -> Response:
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
    *,
    year: YearInPath,
    body: CalendarYear,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """When the yearly notice (国务院办公厅关于节假日安排的通知) comes out, or is changed."""
    check_code(str(year), str(body.year))
    await service.put_calendar(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await CALENDARS.written(session, request, region=caller.region, code=str(year))


@router.put(
    "/calendars/{year}/notice",
    operation_id="calendar_notice_take",
    summary="Import a year's notice of holidays and worked weekends",
    responses=problems(412, 413, 415, 428),
    openapi_extra=NOTICE_BODY,
)
async def take_notice(
    *,
    year: YearInPath,
    request: Request,
    caller: Writer,
    session: Edge,
    document: Annotated[str | None, Query(max_length=500, description="number of the notice, for a CSV file")] = None,
    dry_run: DryRun = False,
    if_match: FirstMatch = None,
) -> NoticeTaken:
    """国务院办公厅关于部分节假日安排的通知, as JSON or as CSV (类别, 名称, 开始, 结束; 放假 or 上班).

    All or nothing, every fault by its row and cell. `If-Match` names the year's calendar that is replaced; a first one
    and a dry run need none. Limits of open notices that have not passed are worked out anew.
    """
    notice, faults = await _read(request, year, document)
    return await service.take_notice(session, caller, notice, faults, if_match=if_match, dry_run=dry_run)


async def _read(request: Request, year: int, document: str | None) -> tuple[Notice, Iterable[Faulty]]:
    """The notice that was sent and what is wrong with it."""
    content, kind = await request.body(), request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "text/csv":
        if not document:
            raise Unacceptable([DOCUMENT_MISSING])
        rows = Rows(year, document, content)
        return rows.notice, [*rows.faults, *notice_faults(rows.notice, rows.pointer)]
    if kind != "application/json":
        raise NotANotice(kind or "nothing")
    try:
        body = YearlyNotice.model_validate_json(content.decode(errors="replace"))
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
    holidays = tuple(Holiday(one.name, one.first, one.last) for one in body.holidays)
    notice = Notice(year, body.document, holidays, tuple(body.workdays))

    def at(of: str, place: int, field: str) -> str:
        return f"/body/{of}/{place}/{field}" if of == "holidays" else f"/body/{of}/{place}"

    return notice, notice_faults(notice, at)


@router.get(
    "/calendars/{year}/days",
    operation_id="calendar_days",
    summary="The days of a year, and which of them are worked",
    responses=problems(),
)
async def list_days(
    year: YearInPath, caller: Reader, session: Edge, asked: Annotated[DaysAsked, Query()]
) -> CalendarDays:
    """Every day, or those from a day to a day. A year whose notice is not out counts weekends only: `provisional`."""
    return await service.days(session, caller.region, year, asked.from_, asked.to)


@router.get(
    "/working-days",
    operation_id="working_day_find",
    summary="So many working days after a day",
    responses=problems(),
)
async def find_working_day(caller: Reader, session: Edge, asked: Annotated[WorkingDayAsked, Query()]) -> WorkingDay:
    """As limits are counted (办理期限): from the day after, to the end of the last of them."""
    return await service.working_day(session, caller.region, asked.after, asked.count)


@router.get("/clock", operation_id="clock_read", summary="Read the business clock", responses=problems())
async def read_clock(_caller: Reader, session: Edge, running: Running) -> Clock:
    """What time it is on this platform; `synthetic` where that is not the real time."""
    return await service.clock(session, movable=running.settings.embedded)


@router.put(
    "/clock",
    operation_id="clock_move",
    summary="Move the business clock forward",
    status_code=202,
    response_description="The worker will take the clock there: `moving_to` says where to, until it has arrived",
    responses=problems(409),
)
async def move_clock(body: ClockMove, caller: Mover, session: Edge, running: Running) -> Clock:
    """On an embedded platform only. The worker takes the clock there, visiting everything that is due on the way.

    Read the clock to see how far it is: it has arrived when `moving_to` is null.
    """
    clock = await service.move_clock(session, caller, body, movable=running.settings.embedded)
    running.doorbell.ring("clock")
    return clock

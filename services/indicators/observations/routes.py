"""Figures over HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Query, Request, Response

from services.indicators.clients.parts import parts_of, wake
from services.indicators.definitions.schemas import Cursor, Limit, OfIndicator, OfSubject, Q, Total
from services.indicators.directory import store as directory
from services.indicators.directory.service import refresh
from services.indicators.observations import lists, service
from services.indicators.observations.forms import service as forms
from services.indicators.observations.intake.rules import UnreadableError, period
from services.indicators.observations.schemas import (
    ImportJob,
    Observation,
    ObservationPage,
    Receipt,
    Rejected,
    Rejection,
    ReportBatch,
)
from services.indicators.observations.service import IMPORT
from services.kit.auth import Caller, may
from services.kit.clock import Instant
from services.kit.db import Edge
from services.kit.errors import NotFound, Refused, language_of, problems
from services.kit.exports import paged, template
from services.kit.later.routes import AT_ONCE, Kept, Later, accepted, answered_later
from services.kit.later.service import accept
from services.kit.manners import tried
from services.kit.office.form import FileFormat
from services.kit.office.upload import streamed
from services.kit.office.writing import CSV, XLSX
from services.kit.paging import By, Sort, sought

router = APIRouter(prefix="/v1", tags=["figures"])

DryRun = Annotated[bool, Query(description="check everything and record nothing; the answer is 200")]
PlanOf = Annotated[
    str | None, Query(description="the plan that a bare `plan` means; else that of the indicator or milestone")
]
Submits = Annotated[Caller, may("observations:submit")]
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            CSV: {
                "schema": {"type": "string"},
                "example": (
                    "indicator,subject,period,value,unit,recorded_at,status,reporter,note\n"
                    "va_growth,industry:information,2018-07,26.1,%,,published,区统计局,\n"
                ),
            },
        },
    }
}
MILESTONES_BYTES = 1024**2
"""Milestones are few and are read as a whole."""
MILESTONES_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "target,done_on,recorded_at,evidence\nT26,2018-09-15,,用地开工备案\n",
            }
        },
    }
}


class BadPeriod(Refused):
    """A period that is none."""

    code = "bad-period"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given} is no period; write 2018, 2018-H1, 2018-Q3 or 2018-09",
            zh=f"{given} 不是报告期；写法：2018、2018-H1、2018-Q3、2018-09",
            pointer="/query/period",
        )


@router.post(
    "/observations:batch",
    operation_id="observations_submit",
    summary="Report figures",
    status_code=201,
    responses=tried(Receipt) | problems(409),
)
async def submit_observations(
    *,
    body: ReportBatch,
    request: Request,
    response: Response,
    session: Edge,
    afterwards: BackgroundTasks,
    caller: Submits,
    plan: PlanOf = None,
    dry_run: DryRun = False,
) -> Receipt:
    """All of them or none. A figure for a series and period that has one is a correction: a new version beside it.

    A caller of a unit reports the series of its unit and those below: of which one of them is the bureau, and, but for
    statistics, those of projects that one of them leads or supports. Who reports is named: the caller's own unit or one
    below it; for a caller of the whole region the bureau of the series.
    """
    await refresh(parts_of(request), caller.region)
    afterwards.add_task(wake, parts_of(request))
    return _answered(await service.submit(session, caller, body.reports, plan=plan, dry_run=dry_run), response)


@router.post(
    "/observations:import",
    operation_id="observations_import",
    summary="Import figures from a workbook or a CSV",
    status_code=201,
    response_model=Receipt,
    responses={**tried(Receipt), **answered_later(ImportJob), **problems(409, 413, 415)},
    openapi_extra=FILE_BODY,
)
async def import_observations(
    *,
    request: Request,
    response: Response,
    session: Edge,
    afterwards: BackgroundTasks,
    caller: Submits,
    is_later: Later,
    jobs: Kept,
    plan: PlanOf = None,
    dry_run: DryRun = False,
) -> Receipt | Response:
    """The file itself as the body, xlsx or CSV, columns by title or code in any order, all rows or none.

    Every fault is named, with a stable code: of xlsx by sheet and cell (`报数!C7`), of CSV by line and column. Rows that
    are there already are no fault, rows of a form without a figure are passed over. A CSV that is headed by codes is read
    to the letter; xlsx, and a CSV with Chinese headers, as people write: names for codes, `2018年6月`, `1,234.5`, a unit
    in the cell. `recorded_at` is taken only while the plan is in set-up; left empty, the platform stamps it. A CSV of
    more than 20 MiB, or any file with `Prefer: respond-async`, is answered 202 with a job.
    """
    parts = parts_of(request)
    largest = parts.settings.import_bytes
    if is_later:
        media, chunks = streamed(request, {XLSX: AT_ONCE, CSV: largest})
        asked = {"plan": plan, "dry_run": dry_run}
        job = await accept(parts.db, session, jobs, caller, chunks, operation=IMPORT, arguments=asked, media=media)
        afterwards.add_task(parts.doorbell.ring, "jobs")
        return accepted(request, job, ImportJob)
    media, chunks = streamed(request, {XLSX: AT_ONCE, CSV: AT_ONCE}, later=largest)
    await refresh(parts, caller.region)
    afterwards.add_task(wake, parts)
    return _answered(await service.import_file(session, caller, media, chunks, plan=plan, dry_run=dry_run), response)


@router.get(
    "/observations:template",
    operation_id="observations_template",
    summary="A sheet of figures to fill in",
    response_class=Response,
    responses={
        200: {
            "description": "the form",
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (XLSX, CSV)},
        },
        **problems(404),
    },
)
async def read_template(
    *,
    request: Request,
    session: Edge,
    caller: Submits,
    plan: Annotated[str | None, Query(description="only indicators of this plan")] = None,
    of_period: Annotated[
        str | None,
        Query(alias="period", description="with the rows that are to be reported for it", examples=["2018-06"]),
    ] = None,
    unit: Annotated[
        str | None,
        Query(description="only what this unit reports, or one below it: one of the caller's, by code or name"),
    ] = None,
    form: Annotated[
        FileFormat | None, Query(alias="format", description="goes before `Accept`; xlsx unless said")
    ] = None,
) -> Response:
    """For a period with a row for each series that the caller's unit, or one below it, has to report: indicator,
    subject, period, unit of measure; the value is empty. What is filled in is sent to `/v1/observations:import`.
    """
    await refresh(parts_of(request), caller.region)
    language = language_of(request)
    try:
        sheet = await forms.form(session, caller, plan=plan, period=of_period, unit=unit, language=language)
    except UnreadableError as error:
        raise BadPeriod(of_period or "") from error
    return template(request, sheet, "reports", form)


@router.post(
    "/milestones:import",
    operation_id="milestones_import",
    summary="Import milestones reached from a CSV",
    status_code=201,
    responses=tried(Receipt) | problems(409, 413, 415),
    openapi_extra=MILESTONES_BODY,
)
async def import_milestones(
    *,
    request: Request,
    response: Response,
    session: Edge,
    afterwards: BackgroundTasks,
    caller: Submits,
    plan: PlanOf = None,
    dry_run: DryRun = False,
) -> Receipt:
    """By the same manners as figures. A milestone counts with its evidence only."""
    _, chunks = streamed(request, {CSV: MILESTONES_BYTES})
    await refresh(parts_of(request), caller.region)
    afterwards.add_task(wake, parts_of(request))
    return _answered(await service.import_milestones(session, caller, chunks, plan=plan, dry_run=dry_run), response)


@router.post(
    "/observations/{key}:reject",
    operation_id="observation_reject",
    summary="Reject a figure",
    responses=problems(404, 409),
)
async def reject_observation(
    key: Annotated[str, Path(description="the figure's `id`")],
    body: Rejection,
    session: Edge,
    caller: Annotated[Caller, may("observations:verify")],
) -> Rejected:
    """From now on it does not count, nor what a survivor of a merge took over of it. What was answered before stands."""
    return await service.reject(session, caller, key, note=body.note)


@router.get(
    "/observations/{key}",
    operation_id="observation_read",
    summary="Read a figure",
    response_model=Observation,
    responses=problems(404),
)
async def read_observation(
    key: Annotated[str, Path(description="the figure's `id`")],
    request: Request,
    caller: Annotated[Caller, may("indicators:read")],
) -> Response:
    """One version of a figure, as the list has it; `If-None-Match` gives 304."""
    found = lists.opened(key)
    if found is None:
        raise NotFound("observation", key)
    series, day, recorded = found
    return await lists.one_figure.answer(
        parts_of(request).db,
        request,
        key=key,
        series=series,
        day=day,
        recorded=recorded,
        region=caller.region,
        unit_path=caller.unit_path,
        known_to=datetime.max.replace(tzinfo=UTC),
    )


@router.get(
    "/observations",
    operation_id="observations_list",
    summary="Figures with all their versions",
    response_model=ObservationPage,
    responses=problems(),
)
async def list_observations(
    *,
    request: Request,
    caller: Annotated[Caller, may("indicators:read")],
    indicator: OfIndicator = None,
    subject: OfSubject = None,
    q: Q = None,
    of_period: Annotated[
        str | None, Query(alias="period", description="2018, 2018-H1, 2018-Q3 or 2018-09", examples=["2018-06"])
    ] = None,
    known_at: Annotated[
        Instant | None, Query(description="only versions and rejections recorded up to this instant")
    ] = None,
    sort: Annotated[
        Sort, By("indicator", "subject", "period_end", "value", "status", "reporter", "recorded_at")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    total: Total = False,
) -> Response:
    """Nothing is overwritten: corrections and rejected figures are there too. In force is the latest not rejected."""
    frequency = period_end = None
    if of_period is not None:
        try:
            frequency, period_end = period(of_period)
        except UnreadableError as error:
            raise BadPeriod(of_period) from error
    given = {
        "indicator": indicator,
        "subject": subject,
        "frequency": frequency,
        "period_end": period_end,
        "known_at": known_at,
        "sought": sought(q),
    }
    return await paged(
        parts_of(request).db,
        lists.observations,
        limit=limit,
        cursor=cursor,
        total=total,
        sort=sort,
        given=given,
        values={
            "region": caller.region,
            "unit_path": caller.unit_path,
            "known_to": known_at or datetime.max.replace(tzinfo=UTC),
        },
        names=directory.NAMES,
    )


def _answered(receipt: Receipt, response: Response) -> Receipt:
    """The receipt; of a dry run with 200, since nothing came to be."""
    if receipt.dry_run:
        response.status_code = 200
    return receipt

"""Notices, decisions and counts; acknowledgement."""

import csv
import io
import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from services.kit.auth import Caller, may
from services.kit.clock import Now
from services.kit.db import Database, Edge, driver_of
from services.kit.errors import NotFound, problems
from services.kit.exports import paged
from services.kit.names import check_names
from services.kit.office.writing import CSV, XLSX
from services.kit.paging import sought
from services.kit.reads import tagged
from services.notifier.directory import store as directory
from services.notifier.notices import service, store
from services.notifier.notices.schemas import (
    Acknowledgement,
    DecisionFilter,
    DecisionList,
    NoticeDetail,
    NoticeFilter,
    NoticeList,
)

router = APIRouter(prefix="/v1", tags=["notices"])
COLUMNS = ("unit", "matter", "light", "level", "to", "copy", "own_message", "digest")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NoticeId = Annotated[uuid.UUID, Path(description="id of the notice")]


class Summary(BaseModel):
    """How much was decided, is open, was sent and accepted; as far as the caller sees."""

    decided: int = Field(description="decisions, those that nothing is due included", examples=[65])
    decisions: dict[str, int] = Field(description="decisions by what they did", examples=[{"none": 36, "opened": 29}])
    matters: int = Field(description="notices that are open or acknowledged", examples=[29])
    levels: dict[str, int] = Field(
        description="notices that are open or acknowledged, by level", examples=[{"blue": 17, "orange": 12}]
    )
    awaiting_verification: int = Field(description="notices whose light has left red and that a person verifies")
    own_messages: int = Field(description="messages of their own, those that were cancelled left out", examples=[12])
    digests: int = Field(description="digests that were made, those that were cancelled left out", examples=[10])
    sent: int = Field(description="messages that left: accepted, confirmed, or unknown", examples=[22])
    accepted: int = Field(description="messages that the next system took", examples=[22])
    waiting: int = Field(description="messages due later, on their way, or to be tried again")
    deliveries: dict[str, int] = Field(description="messages by where they stand", examples=[{"accepted": 22}])


@router.get(
    "/notices",
    operation_id="notices_list",
    summary="Notices of the units that the caller sees",
    response_model=NoticeList,
    responses={
        200: {
            "content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}}
        },
        **problems(),
    },
)
async def list_notices(
    request: Request,
    caller: Annotated[Caller, may("notices:read")],
    asked: Annotated[NoticeFilter, Query()],
) -> Response:
    """In the order in which they were opened. `Accept: text/csv`: all that are open, by unit and matter; as xlsx all."""
    given = asked.model_dump(exclude={"limit", "cursor", "total", "sort", "at", "q"}, exclude_none=True)
    given["sought"] = sought(asked.q)
    db: Database = request.app.state.parts.db
    if CSV in request.headers.get("accept", ""):
        if asked.state is None:
            given["running"] = True
        async with db.driver() as driver:
            rows = await store.rows(driver, caller.region, unit_path=caller.unit_path, at=asked.at, given=given)
            if not rows:
                await check_names(driver, directory.NAMES, given, _seen(caller))
        return Response(_csv(rows), media_type=f"{CSV}; charset=utf-8")
    return await paged(
        db,
        store.notices,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=given,
        values={"region": caller.region, "unit_path": caller.unit_path, "at": asked.at},
        names=directory.NAMES,
    )


def _seen(caller: Caller) -> dict[str, str]:
    return {"region": caller.region, "unit_path": caller.unit_path}


def _csv(rows: list[dict[str, Any]]) -> str:
    """The notices as a table, by unit and matter by code point; lines end with a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (row["unit_name"], row["matter"])):
        cells = {
            **row,
            "unit": row["unit_name"],
            "to": "+".join(row["to"]),
            "copy": "+".join(row["copy"]),
            "own_message": "yes" if row["own_message"] else "no",
            "digest": "yes" if row["digest"] else "no",
        }
        writer.writerow([_plain(cells[name]) for name in COLUMNS])
    return out.getvalue()


def _plain(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@router.get(
    "/notices/{notice}",
    operation_id="notice_read",
    summary="A notice with its steps, decisions and deliveries",
    response_model=NoticeDetail,
    responses=problems(404),
)
async def read_notice(notice: NoticeId, request: Request, caller: Annotated[Caller, may("notices:read")]) -> Response:
    """Everything that happened to it, in order."""
    async with request.app.state.parts.db.driver() as driver:
        found = await store.detail(driver, caller.region, notice, unit_path=caller.unit_path, at=None)
    return tagged(request, _present(found, notice))


def _present(found: str | None, notice: uuid.UUID) -> bytes:
    if found is None:
        raise NotFound("notice", notice)
    return found.encode()


@router.post(
    "/notices/{notice}:acknowledge",
    operation_id="notice_acknowledge",
    summary="Acknowledge a notice (签收)",
    response_model=NoticeDetail,
    responses=problems(404, 409),
)
async def acknowledge_notice(
    *,
    notice: NoticeId,
    body: Acknowledgement,
    request: Request,
    session: Edge,
    caller: Annotated[Caller, may("notices:reply")],
    now: Now,
) -> Response:
    """Once, for an open notice of a unit that the caller sees. It answers a reminder; a supervised one needs a reply."""
    await service.acknowledge(session, caller, notice, person=body.person, reason=body.reason, now=now)
    return await _written(session, caller, request, notice, now)


async def _written(session: Edge, caller: Caller, request: Request, notice: uuid.UUID, now: datetime) -> Response:
    found = await store.detail(await driver_of(session), caller.region, notice, unit_path=caller.unit_path, at=now)
    return tagged(request, _present(found, notice))


@router.get(
    "/decisions",
    operation_id="decisions_list",
    summary="What was decided and why, also that nothing is due",
    response_model=DecisionList,
    responses=problems(),
)
async def list_decisions(
    request: Request, caller: Annotated[Caller, may("notices:read")], asked: Annotated[DecisionFilter, Query()]
) -> Response:
    """In order of instant. `inputs` hold all that the rules were given."""
    given = asked.model_dump(exclude={"limit", "cursor", "total", "sort", "q"}, exclude_none=True)
    given["sought"] = sought(asked.q)
    return await paged(
        request.app.state.parts.db,
        store.decisions,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=given,
        values=_seen(caller),
        names=directory.NAMES,
    )


@router.get(
    "/summary",
    operation_id="summary_read",
    summary="How much was decided, sent and accepted",
    response_model=Summary,
    responses=problems(),
)
async def read_summary(
    request: Request,
    caller: Annotated[Caller, may("notices:read")],
    plan: Annotated[str | None, Query(max_length=100, description="code of the plan")] = None,
) -> Response:
    """Counts over the units that the caller sees."""
    async with request.app.state.parts.db.driver() as driver:
        await check_names(driver, directory.NAMES, {} if plan is None else {"plan": plan}, _seen(caller))
        body = await store.summary(driver, caller.region, unit_path=caller.unit_path, plan=plan)
    return Response(body, media_type="application/json")

"""Gaps, their lights and the work behind them over HTTP."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from services.indicators.clients.parts import parts_of
from services.indicators.definitions.schemas import Cursor, Q, Search
from services.indicators.gaps import service
from services.indicators.gaps.due import service as work
from services.indicators.gaps.matters import store as matters
from services.indicators.gaps.schemas import Done, Due, Explanation, GapPage, LightFeed, LightHistory, Summary
from services.indicators.gaps.service import Asked, Pair, Row
from services.kit.auth import Caller, Forbidden, may
from services.kit.clock import Instant
from services.kit.db import Database
from services.kit.errors import problems
from services.kit.exports import Wanted, as_file, varied, wanted
from services.kit.office.writing import CSV, XLSX
from services.kit.paging import BadCursor, CursorOfAnother, opened, question, sealed
from services.kit.reads import BLOCK, as_json
from services.plan_file.measuring import Light
from services.plan_file.scalars import Day

router = APIRouter(prefix="/v1")

Reads = Annotated[Caller, may("indicators:read")]
PlanCode = Annotated[str | None, Query(description="code of the plan; may be left out where there is one plan")]


AsOf = Annotated[
    Day | None,
    Query(description="考核时点; else the civil date of known_at in the plan's zone", examples=["2018-06-30"]),
]
KnownAt = Annotated[
    Instant | None,
    Query(
        description="数据截止时点; else the last instant whose knowledge is complete",
        examples=["2018-07-15T18:00:00+08:00"],
    ),
]
Unit = Annotated[str | None, Query(description="lead unit by code or name, and those below it", examples=["区经信局"])]
Industry = Annotated[str | None, Query(description="code of the industry of the subject", examples=["information"])]
Carrier = Annotated[str | None, Query(description="code of the carrier of the subject", examples=["info-port"])]
CSV_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Gaps. CSV and xlsx have every row, CSV in the order of the plan file; the headers Duban-As-Of, "
        "Duban-Known-At and Duban-Provisional say what was answered.",
        "content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _headers(at: Pair) -> dict[str, str]:
    return {
        "Duban-As-Of": at.as_of.isoformat(),
        "Duban-Known-At": at.known_at.isoformat(),
        "Duban-Provisional": str(at.provisional).lower(),
    }


def _said(at: Pair) -> Row:
    return {
        "plan": at.plan.code,
        "as_of": at.as_of,
        "known_at": at.known_at,
        "provisional": at.provisional,
    }


def _json(at: Pair, content: Row) -> Response:
    answer = varied(as_json(orjson.dumps(_said(at) | content)))
    answer.headers.update(_headers(at))
    return answer


def _csv(at: Pair, rows: list[Row]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(service.CSV_COLUMNS)
    writer.writerows(["" if row[name] is None else row[name] for name in service.CSV_COLUMNS] for row in rows)
    return Response(out.getvalue(), media_type=CSV, headers=_headers(at))


@router.get(
    "/gaps",
    operation_id="gaps_list",
    tags=["gaps"],
    summary="Where the plan stands",
    response_model=GapPage,
    responses={**CSV_ANSWER, **problems(404)},
)
async def list_gaps(
    *,
    request: Request,
    caller: Reads,
    plan: PlanCode = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    light: Annotated[list[Light] | None, Query(description="one or more lights")] = None,
    unit: Unit = None,
    industry: Industry = None,
    carrier: Carrier = None,
    target: Annotated[list[str] | None, Query(description="codes of targets", examples=[["T08"]])] = None,
    q: Q = None,
    search: Search = None,
    sort: Annotated[
        str, Query(pattern="^(lag|plan)$", description="JSON: furthest behind first, or plan order")
    ] = "lag",
    limit: Annotated[int, Query(ge=1, le=1000, description="JSON: as many gaps as a page has at most")] = 200,
    cursor: Cursor = None,
) -> Response:
    """Computed at the pair that is asked for, from what was known then; nothing is stored.

    The same pair gives the same answer for ever, unless it says `provisional`. With `Accept: text/csv` every row comes
    in the order of the plan file.
    """
    before = _Before() if cursor is None else _continued(cursor)
    of_pair = before.pair(as_of, known_at)
    async with parts_of(request).db.driver() as driver:
        at = await service.pair(driver, caller.region, Asked(plan, *of_pair))
        filters: Row = {"unit": unit, "industry": industry, "carrier": carrier, "targets": target}
        filters["search"] = q or search
        asked = before.asked(question(f"gaps {at.plan.code}", sort, {**filters, "light": light}, {}))
        of = await service.wanted(driver, caller.region, **filters)
        rows = await service.gaps(driver, caller, at, of)
    rows = [row for row in rows if light is None or row["light"] in light]
    if CSV in request.headers.get("accept", ""):
        return _csv(at, rows)
    if sort == "lag":
        rows.sort(key=service.furthest_behind)
    file = wanted.get()
    if file is not None:
        return await _as_file(at, rows, file)
    page, further = rows[before.rows : before.rows + limit], None
    if before.rows + limit < len(rows):
        further = _Before(before.rows + limit, at.as_of, at.known_at, before.given or (as_of, known_at)).sealed(asked)
    return _json(at, {"items": page, "next": further, "total": len(rows)})


async def _as_file(at: Pair, rows: list[Row], file: Wanted) -> Response:
    answer = await as_file(file, _once(rows))
    answer.headers.update(_headers(at))
    return answer


async def _once(rows: list[Row]) -> AsyncIterator[list[Row]]:
    """Rows that are there already, as JSON would have them."""
    yield orjson.loads(orjson.dumps(rows))


@dataclass(frozen=True)
class _Before:
    """How many rows came before a page, and the pair they were answered at: figures that came in since do not mix in."""

    rows: int = 0
    as_of: date | None = None
    known_at: datetime | None = None
    given: tuple[date | None, datetime | None] | None = None
    """The pair as it was asked for, which may be given again."""
    made_for: str | None = None

    def pair(self, as_of: date | None, known_at: datetime | None) -> tuple[date | None, datetime | None]:
        """The pair to answer; who asks for another one than before has begun another list."""
        if self.given is None:
            return as_of, known_at
        if as_of not in {None, self.as_of, self.given[0]} or known_at not in {None, self.known_at, self.given[1]}:
            raise CursorOfAnother
        return self.as_of, self.known_at

    def asked(self, question: str) -> str:
        """The question, which must be that of the pages before."""
        if self.made_for not in {None, question}:
            raise CursorOfAnother
        return question

    def sealed(self, question: str) -> str:
        """The cursor."""
        told = (self.as_of, self.known_at, *(self.given or ()))
        return sealed(question, str(self.rows), " ".join("-" if each is None else each.isoformat() for each in told))


def _continued(cursor: str) -> _Before:
    """What a cursor says."""
    made_for, rows, told = opened(cursor)
    try:
        as_of, known_at, *given = told.split(" ")
        before = _Before(int(rows or ""), date.fromisoformat(as_of), datetime.fromisoformat(known_at), None, made_for)
        day, instant = (None if each == "-" else each for each in given)
        asked = (day and date.fromisoformat(day), instant and datetime.fromisoformat(instant))
    except ValueError as error:
        raise BadCursor from error
    if before.rows < 0 or any(at and at.tzinfo is None for at in (before.known_at, asked[1])):
        raise BadCursor
    return replace(before, given=(asked[0] or None, asked[1] or None))


@router.get(
    "/gaps/summary",
    operation_id="gaps_summarize",
    tags=["gaps"],
    summary="Lagging matters by unit",
    response_model=Summary,
    responses=problems(404),
)
async def summarize_gaps(
    *,
    request: Request,
    caller: Reads,
    plan: PlanCode = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: Annotated[str, Query(pattern="^unit$", description="the lead unit (牵头单位)")] = "unit",
) -> Response:
    """How many targets of each lead unit show which light, and which are red or yellow."""
    async with parts_of(request).db.driver() as driver:
        at = await service.pair(driver, caller.region, Asked(plan, as_of, known_at))
        rows = await service.gaps(driver, caller, at, matters.Wanted())
    return _json(at, {"by": by, "items": service.summary(rows)})


@router.get(
    "/gaps/{target}/explanation",
    operation_id="gap_explain",
    tags=["gaps"],
    summary="Why a target stands where it stands",
    response_model=Explanation,
    responses=problems(404),
)
async def explain_gap(
    *,
    target: Annotated[str, Path(description="code of the target", examples=["T08"])],
    request: Request,
    caller: Reads,
    plan: PlanCode = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """Inputs with their versions, checkpoints, policy, the rule that decided, the plan's own words, what would be green."""
    async with parts_of(request).db.driver() as driver:
        at = await service.pair(driver, caller.region, Asked(plan, as_of, known_at))
        return _json(at, await service.explain(driver, caller, at, target))


@router.get(
    "/lights/history",
    operation_id="lights_history",
    tags=["gaps"],
    summary="Every change of a target's light",
    response_model=LightHistory,
    responses=problems(404),
)
async def read_light_history(
    *,
    request: Request,
    caller: Reads,
    target: Annotated[str, Query(description="code of the target", examples=["T08"])],
    plan: PlanCode = None,
) -> Response:
    """From the plan's activation on, each at the instant of what changed it."""
    async with parts_of(request).db.driver() as driver:
        at = await service.pair(driver, caller.region, Asked(plan, None, None))
        await service.visible(driver, caller, at, target)
        items = await matters.light_history(driver, caller.region, at.plan.code, target)
    return as_json({"plan": at.plan.code, "target": target, "items": items})


@router.get(
    "/light-changes",
    operation_id="light_changes_read",
    tags=["gaps"],
    summary="The feed of lights",
    response_model=LightFeed,
    responses=problems(),
)
async def read_light_changes(
    *,
    request: Request,
    caller: Reads,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="`next` of the answer before; 0 at first")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="as many changes as a page has at most")] = 500,
) -> Response:
    """Every change once, by position; a reader that goes on from `next` misses nothing. For systems that see all.

    As a file all that come after `after`.
    """
    if caller.unit_path != "":
        raise Forbidden("the feed is for callers that see every unit", zh="该数据流仅供可见全部单位的系统使用")
    asked = wanted.get()
    if asked is not None:
        return await as_file(asked, _changes(parts_of(request).db, caller.region, after))
    async with parts_of(request).db.driver() as driver:
        # Before the rows: what they promise is then in these.
        complete_to = await matters.done_to(driver, caller.region)
        plans = await matters.plans_done_to(driver, caller.region)
        items = await matters.light_changes(driver, caller.region, after=after, limit=limit)
    reached = items[-1]["position"] if items else after
    return as_json({"items": items, "next": reached, "complete_to": complete_to, "plans": plans})


async def _changes(db: Database, region: str, after: int) -> AsyncIterator[list[Row]]:
    """All changes after a position, some at a time."""
    async with db.driver() as driver:
        while items := await matters.light_changes(driver, region, after=after, limit=BLOCK):
            told: list[Row] = orjson.loads(orjson.dumps(items))
            after = told[-1]["position"]
            yield told


@router.post("/due:run", operation_id="due_run", tags=["work"], summary="Work off what is due", responses=problems(409))
async def run_due(body: Due, request: Request, caller: Annotated[Caller, may("notices:run")]) -> Done:
    """Every event up to `until`, in order, each at its own instant; doing it again changes nothing."""
    return await work.run_due(parts_of(request), caller.region, body.until)

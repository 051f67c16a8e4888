"""Any list as a file: what `Accept` asks for is known to whoever answers a page, which then writes all of them.

A file holds everything that the filters find, in the list's order, of one moment; `limit` and `cursor` are a page's. It
is read over a database cursor into a file on disk, and sent from there: a slow reader holds no connection.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import quote

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute

from services.kit.db import Database
from services.kit.errors import Refused
from services.kit.office.writing import CSV, LONGEST, ROWS, XLSX, CsvWriter, Value, Writer, XlsxWriter
from services.kit.reads import Page, as_json

IN_MEMORY: Final = 1024 * 1024
CHUNK: Final = 64 * 1024
JSON: Final = "application/json"

Item = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """How the items of a list look as rows."""

    title: str
    """What they are called; the sheet's and the file's name."""
    head: Mapping[str, str]
    """The header of each field, in order."""
    cell: Callable[[str, Any, bool], Value]
    """The cell of a field's value; the last says whether it is for people (xlsx) or for programs (CSV)."""


@dataclass(frozen=True)
class Wanted:
    """A list that is asked for as a file."""

    media: str
    offer: Offer


wanted: ContextVar[Wanted | None] = ContextVar("wanted", default=None)
"""What the request at hand asks for; set by `asking` before any route runs."""


class TooLong(Refused):
    """Excel cannot hold it."""

    code = "too-long-for-xlsx"

    def __init__(self) -> None:
        super().__init__(
            f"a sheet holds {ROWS - 1} rows of {LONGEST} characters a cell: ask for text/csv",
            zh=f"工作表最多 {ROWS - 1} 行、每格 {LONGEST} 字符：请改用 text/csv",
        )


def asking(offers: Callable[[Any], Offer | None]) -> Callable[[Request], Any]:
    """The dependency that notes what a request asks for; `offers` says how the items of a response model look as rows."""

    async def note(request: Request) -> AsyncIterator[None]:
        outer = wanted.get()  # of a request in whose course this one is answered, in one process
        route = request.scope.get("route")
        offer = offers(route.response_model) if isinstance(route, APIRoute) and request.method == "GET" else None
        media = JSON if offer is None else preferred(request.headers.get("accept", ""))
        wanted.set(Wanted(media, offer) if offer is not None and media != JSON else None)
        try:
            yield
        finally:
            wanted.set(outer)

    return note


def document(route: APIRoute) -> None:
    """Say in OpenAPI that a list comes as a file too."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    told = {
        "description": "One page; by `Accept` all that the filters find, as a file",
        "content": {XLSX: binary, CSV: {"schema": {"type": "string"}}},
    }
    route.responses = {200: told, **route.responses}


def preferred(accept: str) -> str:
    """Which of JSON, CSV and xlsx a caller likes best, the first of those that it likes equally."""
    best, liking = JSON, 0.0
    for part in accept.split(","):
        media, *options = (piece.strip().lower() for piece in part.split(";"))
        given = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            quality = float(given)
        except ValueError:
            quality = 0.0
        if media in {JSON, CSV, XLSX} and quality > liking:
            best, liking = media, quality
    return best


async def paged(
    db: Database,
    page: Page,
    *,
    limit: int,
    cursor: str | None,
    total: bool,
    sort: str | None = None,
    given: Mapping[str, object],
    values: Mapping[str, Any],
    shown: Callable[[Item], Item] | None = None,
) -> Response:
    """One page as JSON, or all pages as the file that is asked for. `shown` makes of each item what the caller may see."""
    asked = wanted.get()
    if asked is not None:
        return await as_file(asked, _blocks(db, page, sort, given, values), shown)
    async with db.driver() as driver:
        found = await page.fetch(driver, limit=limit, cursor=cursor, total=total, sort=sort, given=given, **values)
    if shown is None:
        return as_json(found)
    answer = orjson.loads(found)
    return as_json(orjson.dumps({**answer, "items": [shown(item) for item in answer["items"]]}))


async def as_file(
    asked: Wanted, blocks: AsyncIterator[Sequence[Item]], shown: Callable[[Item], Item] | None = None
) -> Response:
    """The file that is asked for, of items that come some at a time."""
    offer, for_people = asked.offer, asked.media == XLSX
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        writer: Writer = XlsxWriter(file, offer.title) if for_people else CsvWriter(file)
        writer.row([*offer.head.values()])
        rows = 1
        async for block in blocks:
            for item in block:
                told = item if shown is None else shown(item)
                cells = [offer.cell(name, told.get(name), for_people) for name in offer.head]
                rows += 1
                if for_people and (rows > ROWS or any(isinstance(cell, str) and len(cell) > LONGEST for cell in cells)):
                    raise TooLong  # noqa: TRY301 - the file is closed below
                writer.row(cells)
        await asyncio.to_thread(writer.close)
        size = file.seek(0, 2)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    suffix = "xlsx" if for_people else "csv"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(offer.title)}.{suffix}",
        "Content-Length": str(size),
        "Vary": "Accept",
    }
    media = asked.media if for_people else f"{CSV}; charset=utf-8"
    return StreamingResponse(_sent(file), media_type=media, headers=headers)


async def _blocks(
    db: Database, page: Page, sort: str | None, given: Mapping[str, object], values: Mapping[str, Any]
) -> AsyncIterator[Sequence[Item]]:
    async with db.driver() as driver, driver.transaction(readonly=True):
        async for block in page.every(driver, sort=sort, given=given, **values):
            yield [orjson.loads(item) for item in block]


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk

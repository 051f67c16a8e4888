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
from pydantic import BaseModel

from services.kit.db import Database, Driver
from services.kit.errors import Refused
from services.kit.names import Named, check_names
from services.kit.office.form import FileFormat, Form, as_csv, as_xlsx
from services.kit.office.writing import CSV, LONGEST, ROWS, XLSX, CsvWriter, Value, Writer, XlsxWriter
from services.kit.reads import Page, as_json

IN_MEMORY: Final = 1024 * 1024
CHUNK: Final = 64 * 1024
JSON: Final = "application/json"
NOTHING: Final = b'{"items":[]'
NO_NAMES: Final[Mapping[str, Named]] = {}
VARY: Final = "Accept, Accept-Language"

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


class NotAcceptable(Refused):
    """`Accept` allows only forms in which the answer does not come."""

    code = "not-acceptable"
    status = 406

    def __init__(self, media: Sequence[str]) -> None:
        listed = ", ".join(media)
        super().__init__(
            f"this answer comes as {listed}: send one of these in Accept, or */*",
            zh=f"本接口提供 {listed}：请在 Accept 中注明其一，或使用 */*",
        )


def asking(offers: Callable[[Any], Offer | None]) -> Callable[[Request], Any]:
    """The dependency that notes what a request asks for; `offers` says how the items of a response model look as rows."""

    async def note(request: Request) -> AsyncIterator[None]:
        outer = wanted.get()  # of a request in whose course this one is answered, in one process
        route = request.scope.get("route")
        offer = offers(route.response_model) if isinstance(route, APIRoute) and request.method == "GET" else None
        accept = request.headers.get("accept", "")
        if isinstance(route, APIRoute) and request.method == "GET" and route.response_model is not None:
            _check(accept, _comes_as(route, offer))
        media = JSON if offer is None else preferred(accept)
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
        "description": "By `Accept` JSON, a page of it where it comes in pages, or all that the filters find as a file",
        "content": {XLSX: binary, CSV: {"schema": {"type": "string"}}},
    }
    route.responses = {200: told, **route.responses}


def preferred(accept: str) -> str:
    """Which of JSON, CSV and xlsx a caller likes best, the first of those that it likes equally."""
    best, liking = JSON, 0.0
    for media, quality in _liked(accept):
        if media in {JSON, CSV, XLSX} and quality > liking:
            best, liking = media, quality
    return best


def _liked(accept: str) -> Iterator[tuple[str, float]]:
    """The kinds that a caller names, and how much it likes them."""
    for part in accept.split(","):
        media, *options = (piece.strip().lower() for piece in part.split(";"))
        given = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            yield media, float(given)
        except ValueError:
            yield media, 0.0


def _comes_as(route: APIRoute, offer: Offer | None) -> tuple[str, ...]:
    """The kinds in which a route answers."""
    told = route.responses.get(200, {}).get("content", {})
    return tuple(dict.fromkeys([JSON, *([] if offer is None else [CSV, XLSX]), *told]))


def _check(accept: str, media: Sequence[str]) -> None:
    """Refuse what allows none of these kinds. Who names a problem takes JSON."""
    wanted = [each for each, quality in _liked(accept) if each and quality > 0]
    allowed = {"*/*", "application/problem+json", *media, *(f"{each.partition('/')[0]}/*" for each in media)}
    if wanted and allowed.isdisjoint(wanted):
        raise NotAcceptable(media)


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
    names: Mapping[str, Named] = NO_NAMES,
) -> Response:
    """One page as JSON, or all pages as the file that is asked for. `shown` makes of each item what the caller may see.

    `names` are filters that name an object; where nothing is found, one that names none is refused.
    """
    asked = wanted.get()
    if asked is not None:
        if not names.keys().isdisjoint(given):
            async with db.driver() as driver:
                first = await page.fetch(driver, limit=1, given=given, **values)
                await _check_found(driver, first, names, given, values)
        return await as_file(asked, _blocks(db, page, sort, given, values), shown)
    async with db.driver() as driver:
        found = await page.fetch(driver, limit=limit, cursor=cursor, total=total, sort=sort, given=given, **values)
        await _check_found(driver, found, names, given, values)
    if shown is not None:
        answer = orjson.loads(found)
        found = orjson.dumps({**answer, "items": [shown(item) for item in answer["items"]]})
    return varied(as_json(found))


def varied(answer: Response) -> Response:
    """An answer that comes in other kinds at the same address too: what keeps it must look what was asked for."""
    answer.headers["Vary"] = VARY
    return answer


async def whole(answer: BaseModel | Mapping[str, Any]) -> Response:
    """A short list that comes without pages: as JSON, or its items as the file that is asked for."""
    told = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer
    asked = wanted.get()
    if asked is None:
        return varied(as_json(told))
    return await as_file(asked, _at_once(told["items"]))


async def _at_once(items: Sequence[Item]) -> AsyncIterator[Sequence[Item]]:
    yield items


async def _check_found(
    driver: Driver, page: bytes, names: Mapping[str, Named], given: Mapping[str, object], values: Mapping[str, Any]
) -> None:
    if page.startswith(NOTHING):
        await check_names(driver, names, given, values)


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
        "Vary": VARY,
    }
    media = asked.media if for_people else f"{CSV}; charset=utf-8"
    return StreamingResponse(_sent(file), media_type=media, headers=headers)


def template(request: Request, form: Form, name: str, asked: FileFormat | None) -> Response:
    """A form to fill in, called `name`, in the format that is asked for, else as `Accept` says; xlsx unless CSV is."""
    wants_csv = asked == "csv" if asked else CSV in request.headers.get("accept", "")
    content, media, suffix = (as_csv(form), CSV, "csv") if wants_csv else (as_xlsx(form), XLSX, "xlsx")
    named = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Vary": VARY}
    return Response(content, media_type=media, headers=named)


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

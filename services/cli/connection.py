"""Where the platform is, and calls to it: answers as they came, refusals as one line with their faults."""

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import httpx
import orjson

from services.cli.credentials import ApiKey
from services.cli.language import language
from services.cli.stopped import WRONGLY_TYPED, Stopped
from services.embedded import whereabouts
from services.embedded.whereabouts import Whereabouts

DEFAULT_DATA_DIR = Path(".duban")
CSV, JSON, PROBLEM = "text/csv", "application/json", "application/problem+json"
FAULTS_SHOWN = 100
LONGEST_WAIT = 120  # seconds that a command waits where its caller has asked too often
PATIENCE = httpx.Timeout(300, connect=5)  # seconds; an import of a large file is answered at its end


class Api:
    """The three services, as a caller with an API key sees them. Paths begin with the service: `/registry/v1/…`."""

    def __init__(self, url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            auth=ApiKey(self.url, key),
            headers={"Accept-Language": language()},
            timeout=PATIENCE,
            transport=transport,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._http.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        size: int | None = None,
        kind: str = JSON,
        accept: str = JSON,
        if_match: str | None = None,
    ) -> httpx.Response:
        """One call, answered. Raises Stopped with the problem's own sentence and one line for every fault."""
        headers = {"Accept": f"{accept}, {PROBLEM}"} | ({"Content-Type": kind} if content is not None else {})
        if size is not None:
            headers["Content-Length"] = str(size)
        headers |= {"If-Match": if_match} if if_match is not None else {}
        given = {name: _plain(value) for name, value in (params or {}).items() if value is not None}
        request = self._http.build_request(method, self.url + path, params=given, content=content, headers=headers)
        try:
            answer = await self._http.send(request)
            while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:  # nothing was done for it: it is sent again
                await asyncio.sleep(_said_wait(answer))
                answer = await self._http.send(request)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Stopped(f"no platform answers at {self.url} ({reason}); `duban up` starts one") from error
        if answer.is_error:
            raise _refused(answer)
        return answer

    async def get(self, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """GET, as JSON."""
        return (await self.ask("GET", path, params=params)).json()

    async def send(self, method: str, path: str, body: object, **params: object) -> Any:  # noqa: ANN401 - JSON
        """PUT or POST a JSON body; the answer as JSON, None where there is none."""
        answer = await self.ask(method, path, params=params, content=orjson.dumps(body, default=str))
        return answer.json() if answer.content else None

    async def every(self, path: str, **params: object) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, **params, limit=200, cursor=cursor)
            for item in page["items"]:
                yield item
            cursor = page.get("next")
            if cursor is None:
                return


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _said_wait(answer: httpx.Response) -> int:
    """Seconds until a quota has room again; a refusal where it says none, or more than anybody waits for."""
    said = answer.headers.get("Retry-After", "")
    if not said.isdigit() or int(said) > LONGEST_WAIT:
        raise _refused(answer)
    return int(said)


def _refused(answer: httpx.Response) -> Stopped:
    try:
        return refusal(answer.json())
    except (ValueError, KeyError, AttributeError, TypeError):
        return Stopped(f"{answer.request.method} {answer.request.url.path} was answered {answer.status_code}")


def refusal(problem: Mapping[str, Any]) -> Stopped:
    """A problem as one sentence with its faults."""
    faults, sentence = problem.get("errors", []), problem["detail"]
    lines = [f"{_place(fault['pointer'])}: {fault['detail']}" for fault in faults if fault["detail"] != sentence]
    if len(lines) > FAULTS_SHOWN:
        lines[FAULTS_SHOWN:] = [f"… and {len(lines) - FAULTS_SHOWN} more"]
    if problem["status"] >= httpx.codes.INTERNAL_SERVER_ERROR:
        sentence = f"{sentence} (trace {problem.get('trace_id', '-')})"
    return Stopped(sentence, details=lines)


def _place(pointer: str) -> str:
    """A row and field of a file as people count them; any other pointer as it is."""
    match pointer.split("/"):
        case ["", "rows", row, *field]:
            return ", ".join((f"row {row}", *field))
    return pointer


def find(data_dir: Path | None) -> Whereabouts:
    """Address and API key: of the data directory that was named, else of the environment, else of `.duban`."""
    url, key = os.environ.get("DUBAN_URL"), os.environ.get("DUBAN_API_KEY")
    if data_dir is None and url:
        if not key:
            raise Stopped("DUBAN_URL is set and DUBAN_API_KEY is not: both are needed", status=WRONGLY_TYPED)
        return Whereabouts(url, key)
    place = data_dir or DEFAULT_DATA_DIR
    try:
        found = whereabouts.find(place)
    except OSError as error:
        raise Stopped(f"{place / whereabouts.FILE} cannot be read by this user: {error.strerror}") from error
    except ValueError as error:
        raise Stopped(f"{place / whereabouts.FILE} is damaged; `duban up` writes it anew") from error
    if found is None:
        raise Stopped(
            f"no platform is running on {place}: start one with `duban up`, name its --data-dir, "
            "or set DUBAN_URL and DUBAN_API_KEY"
        )
    return found


@asynccontextmanager
async def connected(data_dir: Path | None) -> AsyncIterator[Api]:
    """The platform that `find` finds."""
    found = find(data_dir)
    async with Api(found.url, found.api_key) as api:
        yield api

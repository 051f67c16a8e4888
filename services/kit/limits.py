"""How much a request may bring, and how long it may take, whoever is in front of the service."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.errors import language_of, problem
from services.kit.framework import BodyTooLarge
from services.kit.office.writing import CSV, XLSX

BODY_BYTES = 1024 * 1024
FILES = ":import"
"""How paths end that take a file: they stream it, and bound it themselves."""
FILE_BYTES = 20 * 1024 * 1024
UPLOADS = "/v1/files"
"""How the path ends that takes one evidence file in a form: of `FILE_BYTES`, and the form around it."""
WORK = ":run"
"""How paths end behind which workers work: as long as there is work."""
PLANS = "/v1/plans/"
"""Where a PUT applies a whole plan."""


class BodyLimit:
    """Refuses a body as soon as more of it came than its path takes, also one that does not say its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].endswith(FILES):
            await self.app(scope, receive, send)
            return
        taken, limit = 0, BODY_BYTES
        if scope["path"].endswith(UPLOADS):
            limit += FILE_BYTES

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLarge(limit)
            return message

        await self.app(scope, bounded, send)


class Deadline:
    """Answers 503 where an answer has not begun in time, 408 where the request itself did not come.

    What was under way is undone: nothing is written by a request that is not answered. Files, whole plans and the work
    of workers take what they take; their statements have limits of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or _takes_its_time(scope):
            await self.app(scope, receive, send)
            return
        seconds: float = scope["app"].state.parts.settings.request_seconds
        came = begun = False

        async def heard() -> Message:
            nonlocal came
            message = await receive()
            came = came or not message.get("more_body", False)
            return message

        async def said(message: Message) -> None:
            nonlocal begun
            begun = True
            until.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout(seconds) as until:
                await self.app(scope, heard, said)
        except TimeoutError:
            if begun or not until.expired():
                raise
            await _too_late(Request(scope), seconds, came=came)(scope, receive, send)


def _takes_its_time(scope: Scope) -> bool:
    path: str = scope["path"]
    if path.endswith((FILES, UPLOADS, WORK)) or (scope["method"] == "PUT" and PLANS in path):
        return True
    accepted = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept"), "")
    return CSV in accepted or XLSX in accepted


def _too_late(request: Request, seconds: float, *, came: bool) -> Response:
    language = language_of(request)
    if not came and request.headers.get("content-length", "0") != "0":
        said = ("the body did not come within", "请求内容未在时限内送达：")
        return problem(408, "request-too-slow", _within(said, seconds, language), language=language)
    said = ("there is no answer within", "未能在时限内完成：")
    again = {"Retry-After": "2"}
    return problem(503, "too-slow", _within(said, seconds, language), language=language, headers=again)


def _within(said: tuple[str, str], seconds: float, language: str) -> str:
    en, zh = said
    return f"{zh}{seconds:g} 秒；未写入任何数据" if language == "zh" else f"{en} {seconds:g} s; nothing was written"

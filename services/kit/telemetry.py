"""Logs one JSON line each, with the trace of the request that they belong to."""

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

trace_id: ContextVar[str] = ContextVar("trace_id", default="-")


class Lines(logging.Formatter):
    """A record as one line of JSON. Never the headers or the body of a request: they hold tokens and addresses."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, trace, message; the trace of an error if there is one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "trace_id": trace_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def configure(level: str = "INFO") -> None:
    """Send every log of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "uvicorn.access", "arq.worker"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class Trace:
    """Gives each request a trace id, the caller's own where it sent a usable one, and answers with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        trace = given.decode("ascii") if given.isalnum() and len(given) <= 64 else uuid7().hex  # noqa: PLR2004 - a bound
        trace_id.set(trace)

        async def traced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if all(name != b"x-request-id" for name, _ in headers):  # an app mounted in this one may have answered
                    message["headers"] = [*headers, (b"x-request-id", trace.encode())]
            await send(message)

        await self.app(scope, receive, traced)

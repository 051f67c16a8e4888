"""Repeated requests (幂等): who sends the same POST again with the same `Idempotency-Key` gets the first answer again.

The answer is kept in the transaction of the effect: there is never one without the other. `keyed` puts this in front of
every POST that has a caller; a route neither knows nor does anything for it. A refusal is not kept, as nothing happened:
the same key may be tried again.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import SecurityScopes
from sqlalchemy import DateTime, Index, LargeBinary, delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from starlette.types import Message

from services.kit.auth import Caller, current_caller, scheme, scopes_of
from services.kit.db import HELD, Database, Session
from services.kit.errors import Conflict, Refused, Unavailable
from services.kit.limits import FILES, UPLOADS
from services.kit.queue import Look

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LENGTH = 255
PATTERN = rf"^[!-~]{{1,{LENGTH}}}$"
KEPT_HOURS = 24
FORGOTTEN_EVERY = 3600.0
"""Seconds between two looks for answers that need not be kept any longer."""
WAIT = 2.0
"""Seconds that a request waits for its turn, as for a connection."""

Handler = Callable[[Request], Awaitable[Response]]


class StillRunning(Conflict):
    """The first request with this Idempotency-Key is not answered yet."""

    code = "idempotency-key-running"

    def __init__(self) -> None:
        super().__init__(
            f"the first request with this {HEADER} is still running; ask again in a moment",
            zh=f"使用此 {HEADER} 的首个请求仍在处理，请稍后重试",
            pointer=f"/header/{HEADER}",
        )


class KeyReused(Refused):
    """The Idempotency-Key was sent with another request before."""

    code = "idempotency-key-reused"

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"this {HEADER} was sent with another {operation}; a new request needs a new key",
            zh=f"此 {HEADER} 已用于另一请求（{operation}），新请求请使用新的键",
            pointer=f"/header/{HEADER}",
        )


class AnswerRow(SQLModel):
    """The columns of a service's own table of kept answers."""

    region: str = Field(primary_key=True)
    client_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    operation: str
    """Method, path and query."""
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the body that was sent."""
    status: int
    headers: dict[str, str] = Field(sa_type=JSONB)
    body: bytes = Field(sa_type=LargeBinary)
    """As it was answered; locked where the service has a vault, since some answers are shown only once."""
    answered_at: datetime = Field(sa_type=DateTime(timezone=True))
    """By the database's own time."""


def answer_constraints() -> tuple[Index]:
    """What a table of kept answers has beside its columns."""
    return (Index("answer_answered_at_ix", "answered_at"),)


class Vault(Protocol):
    """Keeps texts unreadable; what is locked for one purpose opens for that one only."""

    def lock(self, text: str, of: str, /) -> str:
        """The text, locked."""

    def unlock(self, locked: str, of: str, /) -> str:
        """The text that was locked."""


@dataclass(frozen=True)
class Keeping:
    """Where a running app keeps its answers."""

    db: Database
    table: type[AnswerRow]
    vault: Vault | None


def _key_header(
    _key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            pattern=PATTERN,
            description="chosen by the caller, new for each request, such as a UUID: the same request with the same key "
            "within 24 hours is answered as the first time, without a second effect",
            examples=["0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"],
        ),
    ] = None,
) -> None:
    """The header in the document; a key that is none is refused by this."""


def keyed(router: APIRouter) -> None:
    """Let every POST of a router that has a caller take an `Idempotency-Key`."""
    for route in (context.original_route for context in iter_route_contexts(router.routes)):
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()) and not getattr(route, "keyed", False):
            scopes = scopes_of(route.dependant)
            if scopes is not None:
                route.keyed = True  # type: ignore[attr-defined]  # routers are composed anew for every app
                route.dependencies.append(Depends(_key_header))
                # FastAPI's documented place for what stands around a route: asked for whenever an app includes it.
                route.get_route_handler = _around(route.get_route_handler, scopes)  # type: ignore[method-assign]  # as above


def _around(inner: Callable[[], Any], scopes: SecurityScopes) -> Callable[[], Any]:
    def handler() -> Handler:
        original: Handler = inner()

        async def handle(request: Request) -> Response:
            key = request.headers.get(HEADER, "")
            keeping: Keeping | None = getattr(request.app.state, "answers", None)
            if keeping is None or not (0 < len(key) <= LENGTH and all("!" <= each <= "~" for each in key)):
                return await original(request)  # which refuses a key that is none
            caller = await current_caller(scopes, request, await scheme(request))
            return await _once(keeping, caller, key, request, original)

        return handle

    return handler


async def _once(keeping: Keeping, caller: Caller, key: str, request: Request, original: Handler) -> Response:
    """The first answer, or this one, kept with its effect."""
    operation = f"{request.method} {request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    sent = Sent(request)
    await sent.read_what_is_small()
    async with _turn(keeping.db), keeping.db.edge() as session:
        await _claim(session, keeping.table, caller, key)
        kept = await session.get(keeping.table, (caller.region, caller.client_id, key))
        if kept is not None:
            if (kept.operation, kept.digest) != (operation, await sent.digest()):
                raise KeyReused(kept.operation)
            return _again(keeping, kept)
        request.scope[HELD] = session
        response = await original(sent.request)
        body = bytes(response.body)
        session.add(
            keeping.table(
                region=caller.region,
                client_id=caller.client_id,
                key=key,
                operation=operation,
                digest=await sent.digest(),
                status=response.status_code,
                headers={name: value for name, value in response.headers.items() if name != "content-length"},
                body=body if keeping.vault is None else _locked(keeping.vault, body, caller, key),
                answered_at=await _database_now(session),
            )
        )
        return response


@asynccontextmanager
async def _turn(db: Database) -> AsyncIterator[None]:
    """Some routes take a second connection beside the one held here: the last one of the pool stays for those."""
    try:
        await asyncio.wait_for(db.turns.acquire(), WAIT)
    except TimeoutError as error:
        raise Unavailable("too much is running now; ask again in a moment", zh="当前请求过多，请稍后重试") from error
    try:
        yield
    finally:
        db.turns.release()


async def _claim(session: Session, table: type[AnswerRow], caller: Caller, key: str) -> None:
    """Hold the key until the commit, or `StillRunning`."""
    named = "\n".join((str(table.__table__), caller.region, caller.client_id, key))  # type: ignore[attr-defined]  # SQLAlchemy adds it
    number = int.from_bytes(hashlib.blake2b(named.encode(), digest_size=8).digest(), signed=True)
    if not (await session.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": number})).scalar_one():
        raise StillRunning


async def _database_now(session: Session) -> datetime:
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


def _of(caller_region: str, client_id: str, key: str) -> str:
    return f"answer\n{caller_region}\n{client_id}\n{key}"


def _locked(vault: Vault, body: bytes, caller: Caller, key: str) -> bytes:
    return vault.lock(body.decode("latin-1"), _of(caller.region, caller.client_id, key)).encode()


def _again(keeping: Keeping, kept: AnswerRow) -> Response:
    body = kept.body
    if keeping.vault is not None:
        opened = keeping.vault.unlock(body.decode(), _of(kept.region, kept.client_id, kept.key))
        body = opened.encode("latin-1")
    return Response(body, kept.status, {**kept.headers, REPLAYED: "true"})


class Sent:
    """What was sent, and its digest. A file passes by as it comes in; anything else is small and read first.

    So a connection waits for a file only, as it does without a key once the file is larger than a batch.
    """

    def __init__(self, request: Request) -> None:
        self._hash = hashlib.sha256()
        self._ended = False
        self._receive = request.receive
        self._streamed = request.scope["path"].endswith((FILES, UPLOADS))
        self.request = Request(request.scope, self._passing) if self._streamed else request

    async def read_what_is_small(self) -> None:
        """Read the body now, unless it is a file."""
        if not self._streamed:
            self._hash.update(await self.request.body())
            self._ended = True

    async def digest(self) -> bytes:
        """The digest of the whole body, whatever of it was read before."""
        while not self._ended:
            await self._passing()
        return self._hash.digest()

    async def _passing(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._hash.update(message.get("body", b""))
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message


def forgetting(db: Database, table: type[AnswerRow]) -> Look:
    """The worker's part: now and then, drop answers that were kept for longer than was promised."""
    last = float("-inf")

    async def look() -> int:
        nonlocal last
        if time.monotonic() - last < FORGOTTEN_EVERY:
            return 0
        async with db.edge() as session:
            column = table.__table__.c.answered_at  # type: ignore[attr-defined]  # SQLAlchemy adds it
            promised = func.clock_timestamp() - timedelta(hours=KEPT_HOURS)
            count = len((await session.execute(delete(table).where(column < promised).returning(column))).all())
        last = time.monotonic()
        return count

    return look

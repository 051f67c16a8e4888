"""The worker's part: jobs one after the other, each in one transaction with what is said of its end.

A job that is done is done once, whatever happens to the worker: what it writes and `done` are committed together. A
worker that dies leaves the turn free, and the next look begins the job again; so often, and it is given up.
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from services.kit.auth import Caller
from services.kit.db import Database, Session, give_time
from services.kit.errors import Refused
from services.kit.later import store
from services.kit.later.rows import JobRow, Jobs, caller_of
from services.kit.queue import Look
from services.kit.telemetry import trace_id

log = logging.getLogger(__name__)
ATTEMPTS: Final = 5
SECONDS: Final = 3600
"""How long a statement of a job may take."""
TOLD_EVERY: Final = 1.0
"""Seconds between two words about how far a job is."""
FORGOTTEN_EVERY: Final = 3600.0


class Cancelled(Exception):  # noqa: N818 - no error: somebody wanted it
    """Somebody ended the job meanwhile."""


class GivenUp(Refused):
    """It was tried often enough."""

    code = "given-up"
    status = 500

    def __init__(self) -> None:
        super().__init__(
            f"the job broke off {ATTEMPTS} times and was given up; nothing was written, the log says why",
            zh=f"任务连续 {ATTEMPTS} 次中断，已停止；未写入任何数据，原因见日志",
        )


class File:
    """The file of a job. Whoever reads it says by that how far the job is."""

    def __init__(self, db: Database, jobs: Jobs, row: JobRow) -> None:
        self.job, self.media, self.bytes, self.sha256 = row.id, row.media, row.bytes, row.sha256
        self._db, self._jobs, self._row = db, jobs, row
        self._read_bytes, self._told = 0, time.monotonic()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its content, piece by piece."""
        async for content in store.parts(self._db, self._jobs, self._row):
            yield content
            self._read_bytes += len(content)

    async def told(self, rows: int) -> None:
        """Say how many rows were read so far, now and then; `Cancelled` where nobody wants them any more."""
        if time.monotonic() - self._told >= TOLD_EVERY:
            read_bytes = self._read_bytes
            if not await store.advance(self._db, self._jobs, self._row, read_bytes=read_bytes, read_rows=rows):
                raise Cancelled
            self._told = time.monotonic()


Handler = Callable[[Session, Caller, File, Mapping[str, Any]], Awaitable[BaseModel]]
"""Does the work of an operation in a transaction and says what came of it."""


def running(db: Database, jobs: Jobs, handlers: Mapping[str, Handler]) -> Look:
    """The look for jobs, one a look; `handlers` by operation."""
    forgotten = float("-inf")

    async def look() -> int:
        nonlocal forgotten
        ended = int(await _next(db, jobs, handlers))
        if time.monotonic() - forgotten >= FORGOTTEN_EVERY:
            await store.forget(db, jobs)
            forgotten = time.monotonic()
        return ended

    return look


async def _next(db: Database, jobs: Jobs, handlers: Mapping[str, Handler]) -> bool:
    """Do the next job; False where there is none, or another worker is at it."""
    async with db.edge() as session:
        if not await store.turn(session, jobs):
            return False
        row = await store.first(session, jobs)
        if row is None:
            return False
        if row.attempts >= ATTEMPTS:
            await store.end(session, jobs, row, "failed", problem=_said(GivenUp()))
            return True
        await store.start(db, jobs, row)
        trace_id.set(row.id.hex)  # of what is logged from here on, also that it broke off
        try:
            async with session.begin_nested():
                await give_time(session, SECONDS)
                result = await handlers[row.operation](session, caller_of(row), File(db, jobs, row), row.arguments)
                await session.flush()
                if not await store.end(session, jobs, row, "done", result=_plain(result)):
                    raise Cancelled  # noqa: TRY301 - all of it is undone
        except Cancelled:
            log.info("job %s was cancelled", row.id)
        except Refused as refusal:
            await store.end(session, jobs, row, "failed", problem=_said(refusal))
        return True


def _plain(result: BaseModel) -> dict[str, Any]:
    return result.model_dump(mode="json", by_alias=True)


def _said(refusal: Refused) -> dict[str, Any]:
    faults = [[fault.pointer, fault.code, fault.en, fault.zh] for fault in refusal.faults]
    if refusal.pointer is not None:
        faults.insert(0, [refusal.pointer, refusal.code, refusal.in_language("en"), refusal.in_language("zh")])
    return {
        "status": refusal.status,
        "code": refusal.code,
        "en": refusal.in_language("en"),
        "zh": refusal.in_language("zh"),
        "faults": faults,
    }

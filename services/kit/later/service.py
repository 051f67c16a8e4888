"""Taking a file for later, telling of it, and cancelling."""

import hashlib
import uuid
from collections.abc import AsyncIterable, Mapping
from contextlib import suppress
from typing import Any, Final

from services.kit.auth import Caller
from services.kit.db import NOT_WRITTEN, Database, Session
from services.kit.errors import Conflict, NotFound, Refused
from services.kit.later import store
from services.kit.later.rows import JobRow, Jobs

PART: Final = 1024 * 1024
"""Bytes of a piece of a file."""


class EmptyFile(Refused):
    """Nothing was sent."""

    code = "no-file"

    def __init__(self) -> None:
        super().__init__("the file is empty; send it as the body", zh="文件为空；请将文件本身作为请求体发送")


async def accept(
    db: Database,
    session: Session,
    jobs: Jobs,
    caller: Caller,
    chunks: AsyncIterable[bytes],
    *,
    operation: str,
    arguments: Mapping[str, Any],
    media: str,
) -> JobRow:
    """Keep a file as it comes in; the job is there with the commit of `session`, and not before."""
    job = await store.begin(db, jobs, caller, operation=operation, arguments=arguments, media=media)
    try:
        size, sha256 = await _kept(db, jobs, caller.region, job, chunks)
    except BaseException:
        with suppress(*NOT_WRITTEN):  # else the worker forgets it
            await store.drop(db, jobs, caller.region, job)
        raise
    return await store.submit(session, jobs, caller.region, job, size=size, sha256=sha256)


async def _kept(db: Database, jobs: Jobs, region: str, job: uuid.UUID, chunks: AsyncIterable[bytes]) -> tuple[int, str]:
    """Bytes and SHA-256 of a file that is kept piece by piece."""
    digest, size, number, held = hashlib.sha256(), 0, 0, bytearray()
    async for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        held += chunk
        while len(held) >= PART:
            await store.keep_part(db, jobs, region, job, number=number, content=bytes(held[:PART]))
            del held[:PART]
            number += 1
    if held:
        await store.keep_part(db, jobs, region, job, number=number, content=bytes(held))
    if not size:
        raise EmptyFile
    return size, digest.hexdigest()


async def found(session: Session, jobs: Jobs, caller: Caller, job: uuid.UUID, *, lock: bool = False) -> JobRow:
    """A job that the caller may see, or `NotFound`."""
    row = await store.one(session, jobs, caller, job, lock=lock)
    if row is None:
        raise NotFound("job", job)
    return row


async def cancel(session: Session, jobs: Jobs, caller: Caller, job: uuid.UUID) -> JobRow:
    """End a job before its end; what ran of it is undone."""
    row = await found(session, jobs, caller, job, lock=True)
    if not await store.end(session, jobs, row, "cancelled"):
        raise Conflict(
            f"the job is {row.state} already; what was imported is corrected by another import",
            zh="任务已结束，无法取消；已导入的数据请通过再次导入更正",
        )
    await session.refresh(row)
    return row

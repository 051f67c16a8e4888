"""Files on their way to an import: small ones are answered at once; of large ones the job is waited for."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from services.cli.connection import Api, refusal
from services.cli.stopped import Stopped

AT_ONCE: Final = 20 * 1024 * 1024
"""A larger file is sent as it is read."""
CHUNK: Final = 1024 * 1024
MEBIBYTE: Final = 1024 * 1024
EVERY: Final = 1.0
"""Seconds between two looks at a job."""


class Streamed:
    """The bytes of a file as they are read; as often as they are asked for, since a call may be repeated."""

    def __init__(self, file: Path) -> None:
        self.file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with await asyncio.to_thread(self.file.open, "rb") as opened:
            while chunk := await asyncio.to_thread(opened.read, CHUNK):
                yield chunk


async def sent(
    api: Api, path: str, file: Path, *, kind: str, params: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Send a file; what became of it. Raises Stopped with one line for every fault."""
    size = (await asyncio.to_thread(file.stat)).st_size
    small = size <= AT_ONCE
    content = await asyncio.to_thread(file.read_bytes) if small else Streamed(file)
    answer = await api.ask("POST", path, params=params, content=content, size=size, kind=kind)
    done: dict[str, Any] = answer.json()
    if answer.status_code == httpx.codes.ACCEPTED:
        return await _finished(api, answer.headers["location"], done)
    return done


async def _finished(api: Api, where: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a job when it has ended; what it says of its way meanwhile."""
    said = None
    while job["ended_at"] is None:
        line = _way(job)
        if line != said:
            print(f"duban: {line}", file=sys.stderr)
            said = line
        await asyncio.sleep(EVERY)
        job = await api.get(where)
    if job["problem"] is not None:
        raise refusal(job["problem"])
    if job["result"] is None:
        raise Stopped("the import was cancelled; nothing was written")
    result: dict[str, Any] = job["result"]
    return result


def _way(job: Mapping[str, Any]) -> str:
    if job["state"] == "waiting":
        return f"the file is there ({job['bytes'] // MEBIBYTE} MiB) and waits for its turn: {job['id']}"
    return f"{job['read_rows']} rows read"

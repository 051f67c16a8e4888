"""A file as the body of a request: on disk from the first MiB on, bounded, its kind known by what was declared."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request

from services.kit.errors import Refused, Unavailable
from services.kit.office.cells import ROWS

IN_MEMORY = 1024 * 1024
WAIT_SECONDS = 8


class TooLarge(Refused):
    """The file is larger than is taken."""

    code = "too-large"
    status = 413

    def __init__(self, most: int, later: int) -> None:
        more = f", with Prefer: respond-async at most {later}" if later > most else ""
        more_zh = f"；以 Prefer: respond-async 提交时不得超过 {later} 字节" if later > most else ""
        super().__init__(
            f"at most {most} bytes are taken{' at once' if more else ''}{more}",
            zh=f"{'即时处理的' if more else ''}文件不得超过 {most} 字节{more_zh}",
        )


class OtherMedia(Refused):
    """The body is not declared to be one of the files that are taken."""

    code = "unsupported-media-type"
    status = 415

    def __init__(self, given: str, known: str) -> None:
        super().__init__(
            f"send the file itself as the body, with Content-Type {known}; not {given}",
            zh=f"请将文件本身作为请求体发送，Content-Type 为 {known}（收到 {given}）",
        )


@dataclass(frozen=True)
class Upload:
    """A file that was received."""

    file: IO[bytes]
    media: str
    sha256: str
    rows: int = ROWS
    """So many rows of it are read; of a CSV that is done later there may be more."""


def streamed(request: Request, limits: Mapping[str, int], *, later: int = 0) -> tuple[str, AsyncIterator[bytes]]:
    """Which kind of file the body is, and its bytes as they come in, never whole.

    `limits` are bytes by media type; `later` so many bytes are taken where it is done later.
    """
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in limits:
        raise OtherMedia(media or "-", " / ".join(limits))
    most = limits[media]
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > most:
        raise TooLarge(most, later)

    async def chunks() -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > most:
                raise TooLarge(most, later)
            yield chunk

    return media, chunks()


@asynccontextmanager
async def received(request: Request, limits: Mapping[str, int], *, later: int = 0) -> AsyncIterator[Upload]:
    """The body as a file, gone afterwards; as `streamed`."""
    media, chunks = streamed(request, limits, later=later)
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        file.seek(0)
        yield Upload(file, media, digest.hexdigest())


def body(media_types: Iterable[str]) -> dict[str, Any]:
    """The request body of such an operation, for its OpenAPI entry."""
    content = {media: {"schema": {"type": "string", "format": "binary"}} for media in media_types}
    return {"requestBody": {"required": True, "content": content}}


class Turn:
    """One import at a time in a process, so that its memory has a bound."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for the turn, or `Unavailable`."""
        try:
            await asyncio.wait_for(self._lock.acquire(), WAIT_SECONDS)
        except TimeoutError as error:
            raise Unavailable(
                "another import is running; send it again", zh="另一个导入正在进行，请稍后重试"
            ) from error
        try:
            yield
        finally:
            self._lock.release()

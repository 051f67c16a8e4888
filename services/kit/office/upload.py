"""A file as the body of a request: on disk from the first MiB on, bounded, its kind known by what was declared."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request

from services.kit.errors import Refused

IN_MEMORY = 1024 * 1024


class TooLarge(Refused):
    """The file is larger than is taken."""

    code = "too-large"
    status = 413

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes are taken at once", zh=f"文件不得超过 {most} 字节")


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


@asynccontextmanager
async def received(request: Request, limits: Mapping[str, int]) -> AsyncIterator[Upload]:
    """The body as a file, gone afterwards. `limits` are bytes by media type."""
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in limits:
        raise OtherMedia(media or "-", " / ".join(limits))
    digest, taken = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > limits[media]:
                raise TooLarge(limits[media])
            digest.update(chunk)
            file.write(chunk)
        file.seek(0)
        yield Upload(file, media, digest.hexdigest())


def body(limits: Mapping[str, int]) -> dict[str, Any]:
    """The request body of such an operation, for its OpenAPI entry."""
    content = {media: {"schema": {"type": "string", "format": "binary"}} for media in limits}
    return {"requestBody": {"required": True, "content": content}}

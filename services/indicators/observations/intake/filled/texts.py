"""Text of whatever encoding Excel writes, as UTF-8 while it streams in."""

import codecs
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

PEEKED: Final = 64 * 1024
"""By so much of a file its encoding is judged."""
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


async def as_utf8(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """UTF-16 by its mark; GB 18030 where no line is Chinese in UTF-8 and some are not ASCII; all else as it is.

    A byte that is none of the encoding stays as it is (half a character of UTF-16 becomes U+FFFD), so that its row is a
    fault and not the file.
    """
    decoder: codecs.IncrementalDecoder | None = None
    peeked, judged = b"", False
    async for chunk in chunks:
        if not judged:
            peeked += chunk
            if len(peeked) < PEEKED:
                continue
            judged, decoder, chunk = True, _decoder(peeked), peeked  # noqa: PLW2901 - what was held back goes first
        yield chunk if decoder is None else _again(decoder.decode(chunk))
    if not judged:
        decoder = _decoder(peeked)
        yield peeked if decoder is None else _again(decoder.decode(peeked))
    if decoder is not None:
        yield _again(decoder.decode(b"", final=True))


def _again(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _decoder(start: bytes) -> codecs.IncrementalDecoder | None:
    if start.startswith(UTF_16):
        return codecs.getincrementaldecoder("utf-16")("replace")
    lines = [line for line in start[:PEEKED].split(b"\n") if not line.isascii()]
    if len(start) >= PEEKED:
        lines = lines[:-1] or lines  # the last one may be cut within a character
    if not lines or any(_is_utf8(line) for line in lines):
        return None
    return codecs.getincrementaldecoder("gb18030")("surrogateescape")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True

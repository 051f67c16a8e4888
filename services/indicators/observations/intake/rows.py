"""A CSV as it streams in: bytes become rows, and a row that cannot be read is one fault, not the end."""

import csv
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from services.indicators.observations.intake.rules import Wrong, missing_columns

LONGEST_ROW: Final = 65_536
BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Cells:
    """One row: its first line in the file, from 1, and its cells by column; or what is wrong with the whole of it."""

    line: int
    cells: dict[str, str]
    wrong: Wrong | None = None


Heading = Callable[[int, list[str]], list[str]]
"""Takes the line and the cells of a header and gives the columns' names, empty where a column is not read. Raises
BadHeaderError.
"""


class BadHeaderError(ValueError):
    """The first row does not name the columns that are needed."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__("header")
        self.wrong = wrong


async def records(chunks: AsyncIterable[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    """Rows with the line on which each begins. A line end within quotes belongs to the row.

    A row that grows longer than LONGEST_ROW is given up as it is, so that a quote without its end costs one row's
    memory.
    """
    buffer, line, begins = b"", 0, 1
    held: list[bytes] = []
    quotes = size = 0
    async for chunk in chunks:
        *lines, buffer = (buffer + chunk).split(b"\n")
        for text in lines:
            line += 1
            held.append(text)
            quotes, size = quotes + text.count(b'"'), size + len(text) + 1
            if quotes % 2 == 0 or size > LONGEST_ROW + 1:
                yield begins, b"\n".join(held)
                held.clear()
                quotes, size, begins = 0, 0, line + 1
        if len(buffer) > LONGEST_ROW:
            buffer = buffer[: LONGEST_ROW + 1]  # too long already; what follows up to the line's end does not matter
    rest = b"\n".join([*held, buffer] if buffer else held)
    if rest:
        yield begins, rest


def exact(required: tuple[str, ...], optional: tuple[str, ...]) -> Heading:
    """A header that has the columns' own names."""

    def heading(_line: int, cells: list[str]) -> list[str]:
        header = [name.strip() for name in cells]
        wrong = missing_columns(header, required, optional)
        if wrong:
            raise BadHeaderError(wrong)
        return header

    return heading


async def read(chunks: AsyncIterable[bytes], heading: Heading) -> AsyncIterator[Cells]:
    """The rows below the header by their columns' names, empty rows left out. Raises BadHeaderError."""
    header: list[str] | None = None
    delimiter = ","
    async for line, record in records(chunks):
        raw = record.removeprefix(BOM) if header is None else record
        raw = raw.removesuffix(b"\r")
        if not raw.strip():
            continue
        if header is None:
            delimiter = max(",;\t", key=lambda sign: (raw.count(sign.encode()), sign == ","))
        for at, cells in _split(line, raw, delimiter):
            if header is None:
                if isinstance(cells, Wrong):
                    raise BadHeaderError([cells])
                header = heading(at, cells)
            elif isinstance(cells, Wrong):
                yield Cells(at, {}, cells)
            else:
                yield _named(at, cells, header)
    if header is None:
        heading(1, [])


def _split(line: int, raw: bytes, delimiter: str) -> list[tuple[int, list[str] | Wrong]]:
    """The cells of a row; several lines that are no row together are rows of their own, so that none is swallowed."""
    cells = _cells(line, raw, delimiter)
    if not isinstance(cells, Wrong) or b"\n" not in raw:
        return [(line, cells)]
    lines = (each.removesuffix(b"\r") for each in raw.split(b"\n"))
    return [(line + n, _cells(line + n, each, delimiter)) for n, each in enumerate(lines) if each.strip()]


def _cells(line: int, raw: bytes, delimiter: str) -> list[str] | Wrong:
    if len(raw) > LONGEST_ROW:
        return Wrong(line, "row", "row-too-long", "", str(LONGEST_ROW))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return Wrong(line, "row", "not-utf8")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return Wrong(line, "row", "bad-quotes")


def _named(line: int, cells: list[str], header: list[str]) -> Cells:
    if len(cells) != len(header):
        code = "too-few-cells" if len(cells) < len(header) else "too-many-cells"
        return Cells(line, {}, Wrong(line, "row", code, str(len(cells)), str(len(header))))
    return Cells(line, {name: cell for name, cell in zip(header, cells, strict=True) if name})

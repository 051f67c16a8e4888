"""docx: its paragraphs and tables in order, merged cells resolved; nothing of how it looks."""

from dataclasses import dataclass, field
from typing import IO, Final

from services.kit.office import markup
from services.kit.office.archive import Archive

PART: Final = "word/document.xml"
PARAGRAPHS: Final = 100_000


@dataclass
class Paragraph:
    """A paragraph outside of tables."""

    text: str
    number: int
    """Of all paragraphs and tables, from 1."""


@dataclass
class Table:
    """A table: for each row its cells from the left, a merged cell's text in each place that it covers."""

    number: int
    """Of the tables, from 1."""
    rows: list[list[str]] = field(default_factory=list)


def blocks(file: IO[bytes]) -> list[Paragraph | Table]:
    """The document's paragraphs and tables. Raises `Unsafe` for what is no docx, or one that must not be read."""
    archive = Archive(file, wanted="docx")
    if PART not in archive.names:
        raise archive.unsafe("other-format")
    reading = _Reading()
    for _ in markup.fed(archive, PART, start=reading.start, end=reading.end, text=reading.text):
        if len(reading.found) > PARAGRAPHS:
            raise archive.unsafe("grows-too-large")
    return reading.found


class _Reading:
    """Where in the document we are. A table within a cell is read as the cell's text."""

    def __init__(self) -> None:
        self.found: list[Paragraph | Table] = []
        self._depth = 0
        self._tables = 0
        self._said: list[str] = []
        self._taking = False
        self._cells: list[str] = []
        self._span, self._continues = 1, False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        match tag:
            case "tbl":
                self._depth += 1
                if self._depth == 1:
                    self._tables += 1
                    self.found.append(Table(self._tables))
            case "tr" if self._depth == 1:
                self._cells = []
            case "tc" if self._depth == 1:
                self._said.clear()
                self._span, self._continues = 1, False
            case "gridSpan" if self._depth == 1:
                span = markup.local(given, "val") or "1"
                self._span = min(int(span), 64) if span.isdigit() else 1
            case "vMerge" if self._depth == 1:
                self._continues = markup.local(given, "val") != "restart"
            case "t":
                self._taking = True
            case "tab" | "br" | "cr":
                self._said.append(" ")

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._taking:
            self._said.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        match tag:
            case "t":
                self._taking = False
            case "p" if self._depth == 0:
                self.found.append(Paragraph("".join(self._said), len(self.found) + 1))
                self._said.clear()
            case "tc" if self._depth == 1:
                self._end_cell()
            case "tr" if self._depth == 1:
                self._table().rows.append(self._cells)
            case "tbl":
                self._depth -= 1

    def _end_cell(self) -> None:
        text, rows, place = "".join(self._said).strip(), self._table().rows, len(self._cells)
        if self._continues and rows and place < len(rows[-1]):
            text = rows[-1][place]
        self._cells += [text] * self._span
        self._said.clear()

    def _table(self) -> Table:
        table = self.found[-1]
        if not isinstance(table, Table):  # pragma: no cover - nothing else is found while one is open
            raise TypeError("no table is open")
        return table

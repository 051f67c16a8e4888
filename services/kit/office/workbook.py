"""xlsx as people fill it in: what stands in each cell and how it is meant, row by row, without holding the sheet.

A sheet is gone through twice. The first time finds what a reader must know before the first row, though the file says
it after the last (merged cells), and what nobody sees who opens it (formulas, hidden rows). The second gives the rows.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from services.kit.office import markup
from services.kit.office.archive import Archive, Unsafe
from services.kit.office.cells import (
    COLUMNS,
    PLACE,
    ROWS,
    Pieces,
    Row,
    Rows,
    column_of,
    kind_of_format,
    kind_of_number,
    letters,
    whole,
)

NAMED: Final = 50
"""So many cells of one kind are named; their number is told."""


@dataclass(frozen=True)
class Block:
    """Merged cells: first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """As Excel writes it: `A1:C2`."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass
class Sheet:
    """One sheet: its name, whether it is shown, and what the first going-through found."""

    name: str
    part: str
    hidden: bool
    formulas: list[str] = field(default_factory=list)
    """The first `NAMED` cells that hold a formula."""
    formula_count: int = 0
    merged: list[Block] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, row: int, column: int) -> bool:
        """Whether a cell cannot be seen by who opens the sheet."""
        return row in self.hidden_rows or any(first <= column <= last for first, last in self.hidden_columns)


class Workbook:
    """An xlsx file, opened and found harmless. Raises `Unsafe` for one that is not."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = Archive(file)
        self._part = self._related("_rels/.rels", "", "officeDocument").get("", "xl/workbook.xml")
        if self._part not in self._archive.names or not self._part.endswith(".xml"):
            raise self._archive.unsafe("other-format")
        self._after_1904 = False
        self.sheets = self._sheets()
        self._strings = self._shared()
        self._styles = self._kinds()

    def _related(self, part: str, base: str, kind: str | None = None) -> dict[str, str]:
        """Targets of a part's relations by id; of one kind, under the empty id."""
        found: dict[str, str] = {}

        def start(tag: str, given: dict[str, str]) -> None:
            if tag != "Relationship" or given.get("TargetMode") == "External":
                return
            target = posixpath.normpath(posixpath.join("/", base, given.get("Target", ""))).lstrip("/")
            if kind is None:
                found[given.get("Id", "")] = target
            elif given.get("Type", "").endswith(f"/{kind}"):
                found[""] = target

        if part in self._archive.names:
            markup.read(self._archive, part, start=start)
        return found

    def _beside(self, kind: str) -> str | None:
        folder, _, name = self._part.rpartition("/")
        part = self._related(f"{folder}/_rels/{name}.rels".lstrip("/"), folder, kind).get("")
        return part if part in self._archive.names else None

    def _sheets(self) -> list[Sheet]:
        folder, _, name = self._part.rpartition("/")
        targets = self._related(f"{folder}/_rels/{name}.rels".lstrip("/"), folder)
        sheets: list[Sheet] = []

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "sheet":
                part = targets.get(markup.local(given, "id") or "", "")
                if part in self._archive.names:
                    sheets.append(Sheet(given.get("name", ""), part, given.get("state", "visible") != "visible"))
            elif tag == "workbookPr":
                self._after_1904 = given.get("date1904") in {"1", "true"}

        markup.read(self._archive, self._part, start=start)
        if not sheets:
            raise self._archive.unsafe("other-format")
        return sheets

    def _shared(self) -> list[str]:
        strings: list[str] = []
        part = self._beside("sharedStrings")
        if part is not None:
            pieces = Pieces()

            def start(tag: str, _given: dict[str, str]) -> None:
                if tag == "si":
                    pieces.begin()
                pieces.opened(tag)

            def end(tag: str) -> None:
                pieces.closed(tag)
                if tag == "si":
                    strings.append(pieces.said())

            markup.read(self._archive, part, start=start, end=end, text=pieces.text)
        return strings

    def _kinds(self) -> list[str]:
        """What numbers of each style are: `number`, `date`, `percent`."""
        own: dict[str, str] = {}
        kinds: list[str] = []
        inside = False

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal inside
            if tag == "numFmt":
                own[given.get("numFmtId", "")] = kind_of_format(given.get("formatCode", ""))
            elif tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                number = given.get("numFmtId", "0")
                kinds.append(own.get(number) or kind_of_number(number))

        def end(tag: str) -> None:
            nonlocal inside
            inside = inside and tag != "cellXfs"

        part = self._beside("styles")
        if part is not None:
            markup.read(self._archive, part, start=start, end=end)
        return kinds

    def survey(self, sheet: Sheet) -> None:
        """Go through a sheet the first time."""
        at = row = ""

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal at, row
            if tag == "c":
                at = given.get("r", "?")
            elif tag == "f":
                sheet.formula_count += 1
                if len(sheet.formulas) < NAMED:
                    sheet.formulas.append(at)
            elif tag == "row":
                row = given.get("r", "0")
                if given.get("hidden") in {"1", "true"} and row.isdigit():
                    sheet.hidden_rows.add(int(row))
            elif tag == "col" and given.get("hidden") in {"1", "true"}:
                sheet.hidden_columns.append((whole(given.get("min")), whole(given.get("max"))))
            elif tag == "mergeCell":
                block = _block(given.get("ref", ""))
                if block is not None:
                    sheet.merged.append(block)

        markup.read(self._archive, sheet.part, start=start)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows that hold something, in order. Raises `TooMany` beyond what is read at once."""
        reading = Rows(self._strings, self._styles, after_1904=self._after_1904)
        for _ in markup.fed(self._archive, sheet.part, start=reading.start, end=reading.end, text=reading.text):
            yield from reading.done
            reading.done.clear()
            if reading.beyond:
                raise TooMany(sheet.name)


class TooMany(Unsafe):
    """More rows or columns than are taken at once."""

    def __init__(self, sheet: str) -> None:
        super().__init__("grows-too-large")
        self.code = "too-many-rows"
        self.detail = f"{sheet} has more than {ROWS} rows or {COLUMNS} columns: send it in parts"
        self.zh = f"工作表 {sheet} 超过 {ROWS} 行或 {COLUMNS} 列：请拆分后分批导入"


def _block(ref: str) -> Block | None:
    first, _, last = ref.partition(":")
    start, stop = PLACE.fullmatch(first), PLACE.fullmatch(last)
    if start is None or stop is None:
        return None
    return Block(int(start[2]), column_of(start[1]), int(stop[2]), column_of(stop[1]))

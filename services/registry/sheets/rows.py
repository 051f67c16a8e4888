"""The table in a file of people: which sheet, where its header is, and its rows as cells by place, merged ones filled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Final

from services.kit.office import delimited
from services.kit.office.cells import Cell, Row, letters
from services.kit.office.workbook import NAMED, Block, Sheet, Workbook
from services.kit.office.writing import unguarded
from services.registry.sheets.headers.rules import HEADER_ROWS, Headed, headed
from services.registry.sheets.rules import Column, WrongError

Cells = Mapping[int, tuple[str, str]]
"""Kind and text by place."""
FAULTS_OF_A_SHEET: Final = 1_000


@dataclass
class Opened:
    """A table that was found."""

    name: str
    """Of the sheet; empty for a CSV."""
    rows: Iterator[tuple[int, Cells]]
    header: Headed | None
    others: list[str] = field(default_factory=list)
    """Sheets that are not read."""
    wrong: list[tuple[str, WrongError]] = field(default_factory=list)
    """What is wrong with the sheet as such, by place."""

    def at(self, row: int, place: int) -> str:
        """A cell's name: `企业!C7`; of a CSV `C7`."""
        return self.named(f"{letters(place)}{row}")

    def named(self, cell: str) -> str:
        """A cell or block of this sheet."""
        return f"{self.name}!{cell}" if self.name else cell


def opened_csv(file: IO[bytes], columns: Sequence[Column], passed: Mapping[str, str], most: int) -> Opened:
    """The table of a CSV, of `most` rows at most."""
    return _headed(Opened("", iter(()), None), delimited.rows(file, most), columns, passed, ())


def opened_xlsx(
    file: IO[bytes], columns: Sequence[Column], passed: Mapping[str, str], *, title: str, explained: str
) -> Opened:
    """The table of a workbook: on the sheet called `title`, else on the first one that is shown."""
    book = Workbook(file)
    shown = [sheet for sheet in book.sheets if not sheet.hidden and sheet.name != explained]
    chosen = next((sheet for sheet in shown if sheet.name == title), (shown or book.sheets)[0])
    opened = Opened(chosen.name, iter(()), None, [sheet.name for sheet in shown if sheet is not chosen])
    opened.wrong += [
        (sheet.name, WrongError("hidden-sheet", given=sheet.name)) for sheet in book.sheets if sheet.hidden
    ]
    book.survey(chosen)
    opened.wrong += [(opened.named(cell), WrongError("formula")) for cell in chosen.formulas]
    if chosen.formula_count > NAMED:
        opened.wrong.append((chosen.name, WrongError("more-formulas", count=chosen.formula_count)))
    filled = _filled(opened, chosen, book.rows(chosen))
    return _headed(opened, filled, columns, passed, chosen.merged)


def _headed(
    opened: Opened,
    rows: Iterator[Row],
    columns: Sequence[Column],
    passed: Mapping[str, str],
    merged: Sequence[Block],
) -> Opened:
    first: list[tuple[int, Cells]] = []
    given = ((number, _by_place(cells)) for number, cells in rows)
    for row in given:
        first.append(row)
        if row[0] >= HEADER_ROWS:
            break
    texts = [(number, {place: text for place, (_, text) in cells.items()}) for number, cells in first]
    opened.header = headed(texts, columns, passed)
    if opened.header is not None:
        below = opened.header.row
        opened.wrong += _merged_over_columns(opened, opened.header, merged)
        opened.rows = chain((row for row in first if row[0] > below), given)
    return opened


def _by_place(cells: Iterable[Cell]) -> Cells:
    return {
        cell.column: (cell.kind, unguarded(cell.text) if cell.kind == "text" and cell.text[0] == "'" else cell.text)
        for cell in cells
    }


def _filled(opened: Opened, sheet: Sheet, rows: Iterator[Row]) -> Iterator[Row]:
    """Each row with what merged cells say of it; what is hidden is named."""
    tall = sorted((block for block in sheet.merged), key=lambda block: block.top)
    values: dict[Block, Cell] = {}
    for number, cells in rows:
        if sheet.hidden_rows or sheet.hidden_columns:
            hidden = [cell for cell in cells if sheet.hides(number, cell.column)]
            if len(opened.wrong) < FAULTS_OF_A_SHEET:
                opened.wrong += [(opened.at(number, cell.column), WrongError("hidden")) for cell in hidden]
        if not tall:
            yield number, cells
            continue
        tall = [block for block in tall if block.bottom >= number]
        yield number, _with_blocks(number, cells, tall, values)


def _with_blocks(number: int, cells: list[Cell], blocks: Sequence[Block], values: dict[Block, Cell]) -> list[Cell]:
    there = {cell.column: cell for cell in cells}
    for block in blocks:
        if block.top > number:
            break
        if block.top == number and block.left in there:
            values[block] = there[block.left]
        if block in values:
            for place in range(block.left, block.right + 1):
                there.setdefault(place, values[block]._replace(column=place))
    return [there[place] for place in sorted(there)]


def _merged_over_columns(opened: Opened, header: Headed, merged: Iterable[Block]) -> Iterator[tuple[str, WrongError]]:
    """Below the header a block may stand in one column only: over several, what it says of each is a guess."""
    for block in merged:
        if block.top > header.row and block.left != block.right:
            yield opened.named(block.name), WrongError("merged")

"""The table in a workbook of figures: which sheet, where its header is, its rows by field, and the cell of each fault."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Final

from services.indicators.observations.intake.filled.rules import Given, Headed, headed
from services.indicators.observations.intake.rules import Wrong
from services.kit.amounts import compact, stated, unit_in
from services.kit.office.cells import PLACE, Row, letters
from services.kit.office.workbook import Block, Sheet, Workbook

SHEET: Final = "报数"
EXPLAINED: Final = "填写说明"
HEADER_ROWS: Final = 20
"""A header is looked for in so many rows."""
SHOWN: Final = 50
"""So many characters of a cell are shown where it is a fault."""


@dataclass
class Table:
    """A table that was found."""

    sheet: str
    rows: Iterator[tuple[int, Given | Wrong]]
    headed: Headed
    wrong: list[Wrong] = field(default_factory=list)
    """What is wrong with the sheet as such. A field that begins with @ is a column by its letters."""
    speaks: dict[int, str] = field(default_factory=dict)
    """The field that says the unit of a row, where that is not its own 计量单位."""

    def at(self, wrong: Wrong) -> str:
        """Where a fault is: `报数!C7`."""
        if wrong.line == 0:
            return wrong.given
        if wrong.field.startswith("@"):
            return f"{self.sheet}!{wrong.field[1:]}{wrong.line}"
        places = {name: place for place, name in self.headed.columns.items()}
        first = min(places.values(), default=1)
        name = self.speaks.get(wrong.line, "unit") if wrong.field == "unit" else wrong.field
        return f"{self.sheet}!{letters(places.get(name) or places.get(f'{name}_name', first))}{wrong.line}"


def opened(file: IO[bytes]) -> Table:
    """The table of a workbook: on the sheet 报数, else on the first one that is shown. Raises `Unsafe`."""
    book = Workbook(file)
    shown = [sheet for sheet in book.sheets if not sheet.hidden and sheet.name != EXPLAINED]
    sheet = next((sheet for sheet in shown if sheet.name == SHEET), (shown or book.sheets)[0])
    book.survey(sheet)
    rows = iter(book.rows(sheet))
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if row[0] >= HEADER_ROWS:
            break
    line, heading = _header(first, sheet.merged)
    below = chain((row for row in first if row[0] > line), rows)
    table = Table(sheet.name, _given(below, heading, sheet), heading)
    table.wrong += [Wrong(0, "@", "hidden-sheet", other.name) for other in book.sheets if other.hidden]
    table.wrong += [
        Wrong(int(found[2]), f"@{found[1]}", "formula-cell")
        for found in (PLACE.fullmatch(cell) for cell in sheet.formulas)
        if found
    ]
    table.wrong += [
        Wrong(block.top, f"@{letters(block.left)}", "merged-cells", block.name)
        for block in sheet.merged
        if _within(block, line)
    ]
    for place, wrong in heading.wrong:
        table.wrong.append(Wrong(line, f"@{letters(place)}", wrong.code, wrong.given, wrong.right) if place else wrong)
    return table


def _within(block: Block, header: int) -> bool:
    return block.bottom > header and block.bottom > block.top


def _header(rows: list[Row], merged: Iterable[Block]) -> tuple[int, Headed]:
    """The row among the first that names the most fields."""
    best: tuple[int, Headed] = (1, headed(1, {}))
    above: dict[int, str] = {}
    groups: dict[int, str] = {}
    said: tuple[str, ...] = ()
    blocks = [block for block in merged if block.top == block.bottom <= HEADER_ROWS]
    for line, cells in rows:
        texts = {cell.column: cell.text for cell in cells}
        found = headed(line, texts, {**groups, **above}, said, groups)
        if len(found.columns) > len(best[1].columns):
            best = (line, found)
        units = stated(texts.values())
        said = units or said
        above = {} if units and len({*texts.values()}) == 1 else _over_columns(line, texts, blocks)
        groups |= {place: text for place, text in above.items() if "单位" in compact(text) and unit_in(text)}
    return best


def _over_columns(line: int, texts: Mapping[int, str], blocks: Iterable[Block]) -> dict[int, str]:
    """The texts of a row, those of cells merged over columns at each of these."""
    blocks = [block for block in blocks if block.top == line and block.left in texts]
    return {place: texts[block.left] for block in blocks for place in range(block.left, block.right + 1)} | dict(texts)


def _given(rows: Iterator[Row], heading: Headed, sheet: Sheet) -> Iterator[tuple[int, Given | Wrong]]:
    for line, cells in rows:
        hidden = next((cell for cell in cells if sheet.hides(line, cell.column)), None)
        beyond = next((cell for cell in cells if not {cell.column} & {*heading.columns, *heading.passed}), None)
        if hidden is not None:
            yield line, Wrong(line, f"@{letters(hidden.column)}", "hidden-cell")
        elif beyond is not None:
            yield line, Wrong(line, f"@{letters(beyond.column)}", "beyond-columns", beyond.text[:SHOWN])
        else:
            given: Mapping[str, tuple[str, str]] = {
                heading.columns[cell.column]: (cell.kind, cell.text) for cell in cells if cell.column in heading.columns
            }
            yield line, given

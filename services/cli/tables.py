"""Tables for a terminal, in which a Chinese character takes two columns."""

import unicodedata
from collections.abc import Iterable, Sequence

GAP = "  "


def width(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled up with spaces to so many columns."""
    space = " " * max(columns - width(text), 0)
    return space + text if right else text + space


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()) -> list[str]:
    """The lines of a table: heads, a rule, rows. Columns named in `numbers` stand to the right; None is empty."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        parts = (
            padded(cell, columns, right=head in numbers) for head, cell, columns in zip(heads, row, widths, strict=True)
        )
        return GAP.join(parts).rstrip()

    return [line(heads), GAP.join("-" * columns for columns in widths), *(line(row) for row in cells)]

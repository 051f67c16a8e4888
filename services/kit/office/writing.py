"""Tables for people and their spreadsheets, row by row: nothing in them is taken for a formula, no code loses digits."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final, Protocol

import xlsxwriter

from services.kit.office.cells import PRECISE_DIGITS

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
ROWS: Final = 1_048_576
"""A sheet of Excel holds no more."""
LONGEST: Final = 32_767
"""Characters in a cell of Excel."""
FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet takes for a formula, or an apostrophe before one that was put there by us."""
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""A number below 0 begins like a formula and is none."""
SHORTENED: Final = re.compile(r"'*(0[0-9]+|[0-9]{12,})")
"""A code of digits of which a spreadsheet would keep some only: zeros in front, or more than it shows."""
EARLIEST: Final = (1900, 3)
"""Year and month from which on Excel counts days rightly; earlier ones are texts."""

Value = str | int | Decimal | date | datetime | None
"""What a cell holds; an instant without its zone is one of the zone that the table is written for."""


class Writer(Protocol):
    """Takes the rows of one table."""

    def row(self, values: Sequence[Value]) -> None:
        """The next row."""

    def close(self) -> None:
        """The table is complete."""


def guarded(text: str) -> str:
    """A text for a CSV cell: with an apostrophe before what a spreadsheet would compute, or a code that it would cut.

    Days and numbers stay as they are: programs read them.
    """
    computed = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if computed or SHORTENED.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` guarded."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


class CsvWriter:
    """UTF-8 with a mark, so that Excel knows it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        self._csv = csv.writer(self._text, lineterminator="\r\n")

    def row(self, values: Sequence[Value]) -> None:
        """The next row."""
        self._csv.writerow([_in_csv(value) for value in values])

    def close(self) -> None:
        """What is written is in the file; the file stays open."""
        self._text.flush()
        self._text.detach()


def _in_csv(value: Value) -> Value:
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat() if isinstance(value, date) else value


class XlsxWriter:
    """One sheet with a bold first row that stays in sight; rows go to disk as they come."""

    def __init__(self, file: IO[bytes], name: str, *, widths: Sequence[int] = ()) -> None:
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet: Any = self._book.add_worksheet(name)
        self._text = self._book.add_format({"num_format": "@"})
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._bold = self._book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)
        self._sheet.freeze_panes(1, 0)
        self._row = 0

    def row(self, values: Sequence[Value]) -> None:
        """The next row."""
        for place, value in enumerate(values):
            if isinstance(value, str):
                self._string(place, value)
            elif isinstance(value, date) and (value.year, value.month) < EARLIEST:
                self._string(place, value.isoformat())
            elif isinstance(value, date):
                form = self._instant if isinstance(value, datetime) else self._day
                self._sheet.write_datetime(self._row, place, value, form)
            elif value is not None and precise(value):
                self._sheet.write_number(self._row, place, value)
            elif value is not None:
                self._sheet.write_string(self._row, place, f"{value}", self._text)
        self._row += 1

    def _string(self, place: int, text: str) -> None:
        form = self._bold if self._row == 0 else self._quoted if FORMULA.match(text) else self._text
        self._sheet.write_string(self._row, place, text[:LONGEST], form)

    def close(self) -> None:
        """Put the file together; the file stays open."""
        self._book.close()


def precise(number: int | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number."""
    digits = Decimal(number).normalize().as_tuple()
    return (
        isinstance(digits.exponent, int)
        and max(len(digits.digits), len(digits.digits) + digits.exponent) <= PRECISE_DIGITS
    )

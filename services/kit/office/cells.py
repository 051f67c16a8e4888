"""What stands in the cells of a sheet: texts, numbers as Excel shows them, days, shares, from the XML as it streams in."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

ROWS: Final = 200_000
COLUMNS: Final = 256
PRECISE_DIGITS: Final = 15
"""Excel keeps no more digits of a number."""
DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in formats of dates and times, the East Asian ones too (ECMA-376, 18.8.30)."""
PERCENTS: Final = frozenset((9, 10))
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
SURROGATES: Final = range(0xD800, 0xE000)


class Cell(NamedTuple):
    """What stands in a cell."""

    column: int
    """From 1."""
    kind: str
    """`text`, `number`, `date` (ISO), `percent` (its fraction), `yes-no` (true, false), `error` (#N/A)."""
    text: str


Row = tuple[int, list[Cell]]
"""Its number from 1, and its cells that hold something, from the left."""


def letters(column: int) -> str:
    """A column's name: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(name: str) -> int:
    """The number of a column by its letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


class Pieces:
    """The text of a string item: its runs one after the other, without what only says how it is read aloud."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._in_text = self._in_phonetic = False

    def begin(self) -> None:
        """A string item begins."""
        self._said = []

    def opened(self, tag: str) -> None:
        """An element of it begins."""
        if tag == "t":
            self._in_text = not self._in_phonetic
        elif tag == "rPh":
            self._in_phonetic = True

    def closed(self, tag: str) -> None:
        """An element of it ends."""
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_phonetic = False

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._in_text:
            self._said.append(text)

    def said(self) -> str:
        """The whole text."""
        return _unescaped("".join(self._said))


class Rows:
    """The second going-through: `done` fills with rows as they end."""

    def __init__(self, strings: list[str], styles: list[str], *, after_1904: bool) -> None:
        self.done: list[Row] = []
        self.beyond = False
        self._strings, self._styles = strings, styles
        self._epoch = datetime(1904, 1, 1) if after_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
        self._row = self._column = 0
        self._cells: list[Cell] = []
        self._type = self._style = ""
        self._value: list[str] = []
        self._taking = False
        self._pieces = Pieces()
        self._inline = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            found = PLACE.fullmatch(given.get("r", ""))
            self._column = column_of(found[1]) if found else self._column + 1
            self._type, self._style = given.get("t", "n"), given.get("s", "0")
            self._value.clear()
        elif tag == "v":
            self._taking = True
        elif tag == "row":
            number = given.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._column, self._cells = 0, []
        elif tag == "is":
            self._inline = True
            self._pieces.begin()
        elif self._inline:
            self._pieces.opened(tag)

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._taking:
            self._value.append(text)
        elif self._inline:
            self._pieces.text(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "v":
            self._taking = False
        elif tag == "c":
            if self._value:
                self._keep("".join(self._value))
        elif tag == "is":
            self._inline = False
            self._add("text", self._pieces.said())
        elif tag == "row":
            if self._cells:
                self.done.append((self._row, self._cells))
            self.beyond = self.beyond or self._row > ROWS
        elif self._inline:
            self._pieces.closed(tag)

    def _keep(self, value: str) -> None:
        match self._type:
            case "s":
                place = int(value) if value.strip().isdigit() else -1
                self._add("text", self._strings[place] if 0 <= place < len(self._strings) else "")
            case "n":
                self._number(value)
            case "b":
                self._add("yes-no", "true" if value.strip() == "1" else "false")
            case "e":
                self._add("error", value)
            case "d":
                self._add("date", value)
            case _:
                self._add("text", _unescaped(value))

    def _number(self, value: str) -> None:
        kind = self._styles[int(self._style)] if self._style.isdigit() and int(self._style) < len(self._styles) else ""
        number = _decimal(value)
        if number is None:
            self._add("error", value)
        elif kind == "date":
            self._add(*_dated(number, self._epoch))
        else:
            self._add(kind or "number", number)

    def _add(self, kind: str, text: str) -> None:
        if text.strip():
            self._cells.append(Cell(self._column, kind, text))
            self.beyond = self.beyond or self._column > COLUMNS


def _decimal(value: str) -> str | None:
    """A number as Excel shows it: of what binary floating point left, the 15 digits that it keeps."""
    if value.isdigit() and value.isascii() and len(value) <= PRECISE_DIGITS:
        return str(int(value))
    try:
        number = float(value)
    except ValueError:
        return None
    if number != number or abs(number) > 1e30:  # noqa: PLR0124, PLR2004 - what is not a number is not equal to itself
        return None
    text = f"{Decimal(f'{number:.{PRECISE_DIGITS}g}'):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _dated(serial: str, epoch: datetime) -> tuple[str, str]:
    """The day, or day and time, of a serial number of days."""
    try:
        instant = epoch + timedelta(seconds=round(float(serial) * 86400))
    except OverflowError:
        return ("error", serial)
    if instant.year < 1900:  # noqa: PLR2004 - a time of day alone
        return ("text", f"{instant:%H:%M}")
    at_midnight = instant.hour == instant.minute == instant.second == 0
    return ("date", instant.date().isoformat() if at_midnight else instant.isoformat(sep=" ", timespec="minutes"))


def kind_of_format(code: str) -> str:
    """What a format of one's own shows: quoted text, colours and conditions of it say nothing."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code.split(";", maxsplit=1)[0]).lower()
    if "general" in bare or "通用" in bare:
        return "number"
    if re.search(r"[ymdhs年月日]", bare):
        return "date"
    return "percent" if "%" in bare else "number"


def kind_of_number(number: str) -> str:
    """What a built-in format shows."""
    given = whole(number)
    if given in DATES:
        return "date"
    return "percent" if given in PERCENTS else "number"


def whole(text: str | None) -> int:
    """A whole number; 0 where there is none."""
    return int(text) if text and text.isdigit() else 0


def _unescaped(text: str) -> str:
    """`_x000D_` as the character that it stands for."""
    return ESCAPED.sub(_meant, text) if "_x" in text else text


def _meant(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return escaped[0] if code in SURROGATES else chr(code)

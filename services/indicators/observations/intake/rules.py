"""What one row of figures says, and what is wrong with it by itself. Pure: what needs other rows or tables is the store's."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from services.kit import days

REQUIRED: Final = ("indicator", "subject", "period", "value", "unit")
OPTIONAL: Final = ("recorded_at", "status", "reporter", "note", "comparable_base", "class")
COLUMNS: Final = (*REQUIRED, *OPTIONAL)

MILESTONE_REQUIRED: Final = ("target", "done_on", "evidence")
MILESTONE_OPTIONAL: Final = ("recorded_at", "plan", "reporter", "note")

STATUSES: Final[Mapping[str, str]] = {
    "": "reported",
    "reported": "reported",
    "verified": "verified",
    "approved": "approved",
    "published": "approved",
    "rejected": "reported",
}
"""Written status → stored status. `rejected` is recorded and rejected at the same instant."""

CLASSES: Final = frozenset({"flash", "annual", "audited"})
LONGEST_TEXT: Final = 500
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,12})?")
_TOO_LONG: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[+-]?(?:s?nan|inf(?:inity)?|∞)", re.IGNORECASE)
_PERIOD: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)

_UNFIT: Final = re.compile("[\x00-\x1f\ud800-\udfff]")
"""Control characters, and halves of characters: no database keeps them."""

Cells = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Wrong:
    """One fault of one row: `line` as an editor counts them from 1, the field, the kind, what was given, what is right."""

    line: int
    field: str
    code: str
    given: str = ""
    right: str = ""


class UnreadableError(ValueError):
    """A cell says nothing that it could say; carries the kind of fault and what would be right."""

    def __init__(self, code: str, right: str = "") -> None:
        super().__init__(code)
        self.code, self.right = code, right


@dataclass
class Row:
    """One row as far as it could be read; what could not is empty and stands in `wrong`."""

    line: int
    indicator: str
    subject: str
    frequency: str | None = None
    period_end: date | None = None
    value: Decimal | None = None
    comparable_base: Decimal | None = None
    unit: str = ""
    stated: bool = False
    """A line above the table alone says that unit of money: it is none of what is kept in no money."""
    recorded_at: datetime | None = None
    """Empty: the platform stamps it."""
    shown: datetime | None = None
    """The version of which an export made the row."""
    dated: bool = True
    """Whether `recorded_at` could be read."""
    class_: str = ""
    """Empty: that of the figure that is there, else `flash`."""
    status: str = "reported"
    rejected: bool = False
    reporter: str = ""
    note: str = ""
    wrong: list[Wrong] = field(default_factory=list)


def read(line: int, cells: Cells) -> Row | Wrong:
    """Read the cells of one row by their columns' names; of a row that no database would keep only this is told."""
    given = {name: cells.get(name, "").strip() for name in COLUMNS}
    spoiled = unfit(line, given)
    if spoiled is not None:
        return spoiled
    row = Row(line, given["indicator"], given["subject"], unit=given["unit"])
    status = given["status"]
    row.rejected = status == "rejected"
    row.status = STATUSES.get(status, "reported")
    row.reporter, row.note, row.class_ = given["reporter"], given["note"], given["class"]
    if status not in STATUSES:
        row.wrong.append(Wrong(line, "status", "unknown-status", status, ", ".join(filter(None, STATUSES))))
    if row.class_ and row.class_ not in CLASSES:
        row.wrong.append(Wrong(line, "class", "unknown-class", row.class_, ", ".join(sorted(CLASSES))))
    row.value = _tried(row, "value", given["value"], number)
    if given["comparable_base"]:
        row.comparable_base = _tried(row, "comparable_base", given["comparable_base"], number)
    if given["recorded_at"]:
        row.recorded_at = _tried(row, "recorded_at", given["recorded_at"], instant)
        row.dated = row.recorded_at is not None
    found = _tried(row, "period", given["period"], period)
    if found is not None:
        row.frequency, row.period_end = found
    return row


def unfit(line: int, given: Cells) -> Wrong | None:
    """The first cell that no database would keep; looked for one by one only where the row as a whole is suspect.

    It is not repeated: it may be as long as a row, or no text at all.
    """
    whole = "".join(given.values())
    if len(whole) <= LONGEST_TEXT and not _UNFIT.search(whole):
        return None
    for name, text in given.items():
        if len(text) > LONGEST_TEXT or _UNFIT.search(text):
            return Wrong(line, name, "not-a-text", right=str(LONGEST_TEXT))
    return None


def _tried(row: Row, name: str, text: str, reader: Callable[[str], T]) -> T | None:
    try:
        return reader(text)
    except UnreadableError as fault:
        row.wrong.append(Wrong(row.line, name, fault.code, text, fault.right))
        return None


def number(text: str) -> Decimal:
    """An exact number: at most 18 digits before the point and 12 after it, no exponent, no thousands separator."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _NOT_FINITE.fullmatch(text):
        raise UnreadableError("not-finite")
    if text[:1] in {"=", "+", "@"} or re.match(r"-\s*[^0-9\s.]", text):
        raise UnreadableError("formula-text")
    if _TOO_LONG.fullmatch(text):
        raise UnreadableError("too-many-digits")
    raise UnreadableError("not-a-number")


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """An instant with its zone."""
    try:
        if _INSTANT.fullmatch(text):
            found = datetime.fromisoformat(text)
            if 1900 <= found.year <= 2200:  # noqa: PLR2004 - Postgres and Python hold more; no plan does
                return found
    except ValueError:
        pass
    raise UnreadableError("bad-instant")


def day(text: str) -> date:
    """A day, as people write it."""
    found = days.day(text)
    if found is None:
        raise UnreadableError("bad-day")
    return found


@lru_cache(maxsize=4096)
def period(text: str) -> tuple[str, date]:
    """Frequency and last day of a period: `2018`, `2018-H1`, `2018-Q3`, `2018-09`."""
    found = _PERIOD.fullmatch(text)
    if found is None or not 1900 <= int(found["year"]) <= 2200:  # noqa: PLR2004 - as above
        raise UnreadableError("bad-period")
    for name, months in (("month", 1), ("quarter", 3), ("half", 6)):
        if found[name]:
            return name, last_day(int(found["year"]), int(found[name]) * months)
    return "year", last_day(int(found["year"]), 12)


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def missing_columns(header: list[str], required: tuple[str, ...], optional: tuple[str, ...]) -> list[Wrong]:
    """What is wrong with a header row: columns that are missing, unknown or named twice."""
    known = (*required, *optional)
    wrong = [Wrong(1, name, "missing-column", name, ", ".join(required)) for name in required if name not in header]
    wrong += [Wrong(1, name, "unknown-column", name, ", ".join(known)) for name in header if name not in known]
    wrong += [Wrong(1, name, "column-twice", name) for name, times in sorted(Counter(header).items()) if times > 1]
    return wrong

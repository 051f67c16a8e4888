"""Which rows of a sheet a log has already, and which are new. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.kit.errors import Faulty
from services.plan_file.scalars import plain
from services.registry.versions.rules import Content

Said = tuple[object, ...]
"""What a row says, in the order of the sheet's fields."""


@dataclass
class Compared:
    """The rows of a sheet beside a log, by their lines."""

    new: list[int] = field(default_factory=list)
    twice: list[tuple[int, int]] = field(default_factory=list)
    """Rows that say what another one says, and the line of that one."""


def compared(rows: Iterable[tuple[int, Said]], there: Mapping[Said, int]) -> Compared:
    """Tell rows that are there from new ones; `there` counts the entries of the log that say the same.

    As many rows may say one thing as entries do: a ledger that went out comes in again. One more is no second entry but
    a slip: two payments differ in receiver, day, amount or document, and who means two can say so in a note.
    """
    left, first, found = dict(there), dict[Said, int](), Compared()
    for line, said in rows:
        start = first.setdefault(said, line)
        if left.get(said, 0) > 0:
            left[said] -= 1
        elif start == line:
            found.new.append(line)
        else:
            found.twice.append((line, start))
    return found


def repeated(first: int, at: str) -> Faulty:
    """That a row says what an earlier one says."""
    return Faulty(
        at,
        "twice",
        f"it says the same as row {first}: delete one, or say in what they differ",
        f"与第 {first} 行完全相同：请删除其中一行；确为两条的，请写明不同之处",
    )


def said_by(entry: Content, fields: Sequence[str], survivors: Mapping[str, str]) -> Said:
    """What an entry or a row says in some fields, as they are compared.

    An enterprise that was merged is the one that stands for it.
    """
    return tuple(
        survivors.get(entry[name], entry[name]) if name == "enterprise" else _plain(entry[name]) for name in fields
    )


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value

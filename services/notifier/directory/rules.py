"""What the copies mean here: places in the tree of units, owners, working days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kit.workdays import Calendar


@dataclass(frozen=True)
class Owner:
    """Who answers for a matter at an instant, and what the matter is called."""

    recorded_at: datetime
    lead: str | None
    support: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Instead:
    """A person who receives messages instead of a contact, from a day on or between two days; the address is sealed."""

    person: str
    address: bytes
    stands_in: bool
    first: date
    last: date | None = None


@dataclass(frozen=True)
class Reached:
    """Who receives messages in a unit's role on a day; `for_` is the contact, where somebody stands in."""

    unit: str
    role: str
    person: str
    address: bytes
    for_: str | None = None


def reached(contact: Reached, others: Iterable[Instead], day: date) -> Reached:
    """Who of a contact, those who take over and those who stand in receives messages on a day."""
    known = sorted(others, key=lambda one: one.first)
    for one in known:
        if not one.stands_in and one.first <= day:
            contact = Reached(contact.unit, contact.role, one.person, one.address)
    for one in known:
        if one.stands_in and one.first <= day and (one.last is None or day <= one.last):
            return Reached(contact.unit, contact.role, one.person, one.address, for_=contact.person)
    return contact


def heirs(unit: str, successors: Mapping[str, Sequence[str]]) -> set[str]:
    """Everyone who took over from a unit, and from those who did."""
    found: set[str] = set()
    waiting = [*successors.get(unit, ())]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += successors.get(one, ())
    return found


def stands_for(unit: str, successors: Mapping[str, Sequence[str]]) -> str:
    """The unit that stands where `unit` did: its only successor, and so on; itself where there are none or several."""
    while len(successors.get(unit, ())) == 1:
        unit = successors[unit][0]
    return unit


@dataclass(frozen=True)
class Year:
    """The days of a year that differ from the plain week, by ISO date, and whether its notice is out."""

    year: int
    published: bool
    exceptions: Mapping[str, bool]


def unit_path(code: str, parent: str | None, paths: Mapping[str, str]) -> str:
    """The unit's codes from the root down to it, joined by dots; a parent not known yet is taken for a root."""
    return code if parent is None else f"{paths.get(parent, parent)}.{code}"


def calendar(years: Iterable[Year]) -> Calendar:
    """The calendar of these years; later ones count weekends only."""
    known = list(years)
    return Calendar(
        exceptions={date.fromisoformat(day): works for year in known for day, works in year.exceptions.items()},
        published_through=max((date(year.year, 12, 31) for year in known if year.published), default=None),
    )

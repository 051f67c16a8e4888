"""What the copies mean here: places in the tree of units, owners, working days."""

from collections.abc import Iterable, Mapping
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

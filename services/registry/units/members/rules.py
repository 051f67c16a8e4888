"""Which units a collective name stands for, from when to when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.registry.units.rules import COLLECTIVE, below
from services.registry.versions.rules import Content

FIRST: Final = date.min
LAST: Final = date.max


@dataclass(frozen=True, order=True)
class Membership:
    """A unit is meant by a collective name from `first` to `last`, both included."""

    unit: str
    first: date = FIRST
    last: date = LAST

    def within(self, first: date, last: date) -> "Membership | None":
        """The part of it between two days, or None."""
        begins, ends = max(self.first, first), min(self.last, last)
        return Membership(self.unit, begins, ends) if begins <= ends else None


def expanded(units: Mapping[str, Content]) -> dict[str, list[Membership]]:
    """The members of every collective name among `units`, in the order of their codes.

    A member counts while it exists. One that was dissolved is followed by its successors from the day after; one that
    is a collective name itself stands for its own members, and a circle of such names adds nothing.
    """
    return {
        code: _merged(_members(units, code, FIRST, LAST, frozenset()))
        for code, unit in sorted(units.items())
        if unit["kind"] == COLLECTIVE
    }


def _members(
    units: Mapping[str, Content], code: str, first: date, last: date, seen: frozenset[str]
) -> Iterable[Membership]:
    members = units[code]["members"]
    if members is None or code in seen:
        return
    for listed in members["units"]:
        begins, ends = _span(listed)
        yield from _followed(units, listed["unit"], max(first, begins), min(last, ends), seen | {code})
    if members["kinds"]:
        top = "" if members["below"] is None else units[_heir(units, members["below"])]["path"]
        for other, unit in units.items():
            if unit["kind"] in members["kinds"] and unit["kind"] != COLLECTIVE and below(unit["path"], top):
                yield from _existing(units, other, first, last)


def _followed(
    units: Mapping[str, Content], code: str, first: date, last: date, seen: frozenset[str]
) -> Iterable[Membership]:
    """A listed member while it exists, and its successors afterwards."""
    if units[code]["kind"] == COLLECTIVE:
        yield from _members(units, code, first, last, seen)
        return
    yield from _existing(units, code, first, last)
    for heir in units[code]["successors"]:
        if heir not in seen:
            after = _span(units[code])[1] + timedelta(days=1)
            yield from _followed(units, heir, max(first, after), last, seen | {code})


def _existing(units: Mapping[str, Content], code: str, first: date, last: date) -> Iterable[Membership]:
    found = Membership(code, *_span(units[code])).within(first, last)
    if found is not None:
        yield found


def _heir(units: Mapping[str, Content], code: str) -> str:
    """The unit that stands where `code` did: its only successor's, as long as there is one."""
    while len(units[code]["successors"]) == 1:
        code = units[code]["successors"][0]
    return code


def _span(dated: Content) -> tuple[date, date]:
    first, last = dated["valid_from"], dated["valid_to"]
    return (
        FIRST if first is None else date.fromisoformat(first),
        LAST if last is None else date.fromisoformat(last),
    )


def _merged(found: Iterable[Membership]) -> list[Membership]:
    """The same with overlapping and adjoining spans of a unit as one."""
    merged: list[Membership] = []
    for one in sorted(found):
        before = merged[-1] if merged else None
        if before is not None and before.unit == one.unit and (before.last == LAST or one.first <= _next(before.last)):
            merged[-1] = Membership(one.unit, before.first, max(before.last, one.last))
        else:
            merged.append(one)
    return merged


def _next(day: date) -> date:
    return day + timedelta(days=1)

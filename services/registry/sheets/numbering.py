"""Codes that the registry gives: a row without one is what people know it by, else it is new and gets the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.kit.db import Session
from services.registry.cases.store import next_number
from services.registry.enterprises.store import merged
from services.registry.sheets import store
from services.registry.sheets.rules import WrongError
from services.registry.versions.store import Shelf

What = tuple[str, ...]
"""The values of the fields by which people know something."""


@dataclass(frozen=True)
class Numbered:
    """How codes of a kind are given, and what a row is known by that has none."""

    letter: str
    by: What
    """Fields; `subject` may name an enterprise that was merged since."""


@dataclass
class Numbers:
    """The codes of one file's rows.

    They are given before the region is locked: where somebody else took one meanwhile, the import is overtaken.
    """

    numbered: Numbered
    known: Mapping[What, list[str]]
    survivors: Mapping[str, str]
    """Subjects that are enterprises that were merged, and what stands for them."""
    next: int
    told: dict[What, tuple[int, bool]] = field(default_factory=dict)
    """The line in which each stands first, and whether that has a code."""

    def __post_init__(self) -> None:
        self.codes = {code for codes in self.known.values() for code in codes}

    def code(self, line: int, values: Mapping[str, Any]) -> str | None:
        """The code of a row; None where the row does not say what it is about. Raises WrongError."""
        given, what = values.get("code"), self._what(values)
        if given is not None and given not in self.codes:
            raise WrongError("unknown-number", given=given)
        if what is not None:
            first, has_code = self.told.setdefault(what, (line, given is not None))
            if first != line and not (has_code and given is not None):  # two that are there may well be told alike
                raise WrongError("twice", given="、".join(what), first=first)
        return str(given) if given is not None else None if what is None else self._found(what)

    def _found(self, what: What) -> str:
        among = self.known.get(what, [])
        if len(among) > 1:
            raise WrongError("ambiguous-name", given="、".join(what), near="、".join(among))
        if among:
            return among[0]
        self.next += 1
        return f"{self.numbered.letter}{self.next - 1:04}"

    def standing(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a row says of the fields it is known by, with what stands today for an enterprise that was merged."""
        return {
            name: self.survivors.get(said, said) if isinstance(said := values[name], str) else said
            for name in self.numbered.by
            if name in values
        }

    def _what(self, values: Mapping[str, Any]) -> What | None:
        said = [values.get(name) for name in self.numbered.by]
        return standing(tuple(map(str, said)), self.survivors) if all(said) else None


def standing(what: What, survivors: Mapping[str, str]) -> What:
    """What people know something by, with what stands today for an enterprise that was merged."""
    return tuple(survivors.get(value, value) for value in what)


async def begun(session: Session, shelf: Shelf, region: str, numbered: Numbered) -> Numbers:
    """The codes that there are, by what people know their objects by."""
    survivors = {f"enterprise:{code}": f"enterprise:{into}" for code, into in (await merged(session, region)).items()}
    known: dict[What, list[str]] = {}
    for code, what in await store.known_by(session, shelf, region, numbered.by):
        known.setdefault(standing(what, survivors), []).append(code)
    return Numbers(numbered, known, survivors, await next_number(session, shelf, region, numbered.letter))

"""Which object a cell means: the one with this code, else the one that is called so, today or before. Pure.

An object that another one could be meant beside is not chosen: both are named.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from services.kit.amounts import compact
from services.registry.enterprises.names import rules as enterprise_names
from services.registry.sheets.rules import Column
from services.registry.versions.rules import Content

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "plan": ("计划", "行动计划"),
    "industry": ("产业",),
    "carrier": ("载体",),
    "project": ("项目",),
    "enterprise": ("企业",),
    "unit": ("单位",),
    "enterprise_group": ("企业集团", "集团"),
    "project_kind": ("项目类型",),
    "roster": ("名册",),
    "instrument": ("政策工具",),
    "task": ("任务",),
}
"""What people call them; the first is said to them."""
MANY: Final = "enterprise"
"""The kind of which there are too many to read the names of all: those are asked for."""
SUBJECTS: Final = ("plan", "industry", "carrier", "project", "enterprise", "unit")
IN_CONTACT: Final = ("carrier", "project", "enterprise")
"""What leaders are in contact with."""
REFERS: Final[Mapping[str, tuple[str, ...]]] = {
    "plan": ("plan",),
    "industry": ("industry",),
    "also": ("industry",),
    "carrier": ("carrier",),
    "enterprise": ("enterprise",),
    "unit": ("unit",),
    "unit.parent": ("unit",),
    "carrier.parent": ("carrier",),
    "successor": ("unit",),
    "below": ("unit",),
    "lead": ("unit",),
    "support": ("unit",),
    "roster": ("roster",),
    "memberships.group": ("enterprise_group",),
    "project.kind": ("project_kind",),
    "activity.units": ("unit",),
    "payment.instrument": ("instrument",),
    "payment.project": ("project",),
    "publicity.task": ("task",),
    "leader": ("unit",),
    "liaison": ("unit",),
    "leader_contact.subject": IN_CONTACT,
    "visit.subject": IN_CONTACT,
    "subject": SUBJECTS,
    "thing": ("enterprise", "project"),
}
"""The kinds that a field of codes names, by the field, or by what it is a field of and the field."""
TYPED: Final = frozenset({"subject", "thing"})
"""Fields that say the kind before the code."""
KEPT_AS_THEY_ARE: Final = frozenset({"region", "地区"})
"""Kinds of subjects of which nothing is kept here."""

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
NEAR: Final = 5
"""As many candidates as are named."""
SIMILAR: Final = 0.6

_WORDS: Final = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}
Rank = tuple[int, ...]


class Asked(NamedTuple):
    """What a cell says, and of which kinds it may speak."""

    kinds: tuple[str, ...]
    typed: bool
    text: str


class Called(NamedTuple):
    """An object under one of its names; of several the one of the smallest rank is meant."""

    rank: Rank
    kind: str
    code: str
    name: str

    @property
    def shown(self) -> str:
        """Name and code."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True)
class Unclear:
    """A cell that means nobody, or any of several."""

    asked: Asked
    among: tuple[Called, ...] = ()


@dataclass
class Directory:
    """What objects are called, as far as it was asked."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, dict[str, list[Called]]] = field(default_factory=dict)
    """By kind and name, as names are compared."""

    def learn(self, kind: str, code: str, content: Content) -> None:
        """Note an object with all its names."""
        self.codes.setdefault(kind, set()).add(code)
        shown = str(content["name"])
        for name, rank in names_of(kind, content):
            self.note(Called(rank, kind, code, shown), name)

    def note(self, called: Called, name: str) -> None:
        """Note one name of an object."""
        self.names.setdefault(called.kind, {}).setdefault(_compared(name), []).append(called)

    def found(self, asked: Asked) -> str | Unclear:
        """What stands for a cell's text: the code, with its kind where the field says it; or why there is none.

        What looks like a code and is none stays as it is: whoever checks references says that there is no such object.
        """
        bare = compact(asked.text)
        of_code = [(kind, bare) for kind in asked.kinds if bare in self.codes.get(kind, ())]
        nearest = of_code or [*dict.fromkeys((one.kind, one.code) for one in self._nearest(asked))]
        if len(nearest) == 1:
            kind, code = nearest[0]
            return f"{kind}:{code}" if asked.typed else code
        if nearest:
            return Unclear(asked, tuple(_once(self._named(nearest))))
        if CODE.fullmatch(bare):
            return f"{asked.kinds[0]}:{bare}" if asked.typed and len(asked.kinds) == 1 else bare
        return Unclear(asked)

    def near(self, asked: Asked) -> list[Called]:
        """Objects whose names are like the one that nobody has."""
        wanted = _compared(asked.text)
        found: list[Called] = []
        for kind in asked.kinds:
            names = self.names.get(kind, {})
            part = [name for name in names if wanted in name or name in wanted]
            alike = difflib.get_close_matches(wanted, names, NEAR, SIMILAR)
            found += [one for name in dict.fromkeys([*part, *alike]) for one in names[name]]
        return _once(found)[:NEAR]

    def _nearest(self, asked: Asked) -> Iterator[Called]:
        for kind in asked.kinds:
            found = self.names.get(kind, {}).get(_compared(asked.text), ())
            yield from (one for one in found if one.rank == min(other.rank for other in found))

    def _named(self, wanted: Iterable[tuple[str, str]]) -> Iterator[Called]:
        among = set(wanted)
        for kind in {kind for kind, _ in among}:
            for names in self.names.get(kind, {}).values():
                yield from (one for one in names if (one.kind, one.code) in among)


def asked(column: Column, text: str) -> Asked | str:
    """What a cell of a column asks for; its text where it is to be taken as it stands."""
    if not compact(text).isprintable():
        return text  # no name, and nothing to ask a database for
    return _subject(column, text) if column.typed else Asked(column.refers, typed=False, text=text)


def _subject(column: Column, text: str) -> Asked | str:
    word, sign, rest = unicodedata.normalize("NFKC", text).partition(":")
    kind = _WORDS.get(word.strip().lower())
    if kind in column.refers:  # `plan` alone asks for one without a name: a sheet is of no plan
        return Asked((kind,), typed=True, text=rest.strip())
    if sign and word.strip().lower() in KEPT_AS_THEY_ARE:
        return f"region:{compact(rest)}"
    return compact(text) if sign else Asked(column.refers, typed=True, text=text)


def names_of(kind: str, content: Content) -> Iterator[tuple[str, Rank]]:
    """All names of an object, with how near each is: a name counts before an alias, a unit that is before one that was."""
    if kind == "unit":
        was = bool(content.get("successors"))
        yield content["name"], (2 * was,)
        yield from ((one["name"], (2 * was + 1,)) for one in content.get("former_names") or ())
    else:
        yield content["name"], (0,)
    if content.get("name_en"):
        yield content["name_en"], (1,)
    yield from ((alias, (1,)) for alias in content.get("aliases") or () if isinstance(alias, str))


def enterprises_meant(text: str, enterprises: Sequence[Content], day: str) -> Iterator[Called]:
    """The enterprises that a name means on a day, as the search for one by its name has it; not by a part of it."""
    for enterprise in enterprises:
        match = enterprise_names.match(enterprise, text, day)
        if match is not None and match.how != "contained":
            yield Called((*map(int, match.rank),), MANY, enterprise["code"], enterprise["name"])


def places(column: Column, holder: Any, key: str | int) -> Iterator[tuple[Any, Any, Column, str]]:  # noqa: ANN401 - JSON values
    """Where the value of a column, or the things in it, name objects: holder, key, column and text of each."""
    value = holder[key]
    if column.refers:
        of = enumerate(value) if isinstance(value, list) else [(key, value)]
        yield from (
            (value if isinstance(value, list) else holder, place, column, text)
            for place, text in of
            if isinstance(text, str)
        )
        return
    for thing in value if isinstance(value, list) else [value]:
        for part in column.parts if isinstance(thing, dict) else ():
            if part.name in thing:
                yield from places(part, thing, part.name)


def names_objects(column: Column) -> bool:
    """Whether a column, or a thing in it, names objects."""
    return bool(column.refers) or any(names_objects(part) for part in column.parts)


def _compared(name: str) -> str:
    return compact(name).casefold()


def _once(called: Iterable[Called]) -> list[Called]:
    """Each object once, under its first name here."""
    return [*{(one.kind, one.code): one for one in reversed([*called])}.values()][::-1]

"""The rows of a sheet as objects: each laid over what there is, checked as over HTTP, every fault at its cell."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.keyring import Lock
from services.registry.plans.rules import code_of
from services.registry.sheets.columns import columns
from services.registry.sheets.numbering import Numbered, Numbers
from services.registry.sheets.reading import FAULTS_TOLD, Reading, Unkeyed
from services.registry.sheets.rows import Cells
from services.registry.sheets.rules import Column, WrongError
from services.registry.sheets.schemas import Change
from services.registry.sheets.sentences import fault
from services.registry.sheets.store import Key, Present
from services.registry.units import rules as units
from services.registry.versions.bulk import Staged
from services.registry.versions.rules import Content, Reference, dangling
from services.registry.versions.store import Shelf, Stamp


def _as_it_is(_addresses: Lock, content: Content, _present: Content | None = None) -> Content:
    return content


def _none(_content: Content, _at: str) -> Iterator[Any]:
    return iter(())


def _same(content: Content) -> Content:
    return content


def _nothing(_there: Content, _said: Content) -> Content:
    return {}


def _nothing_else(_content: Content) -> Iterator[str]:
    return iter(())


def _no_files(_content: Content, _at: str) -> Iterator[tuple[str, str]]:
    return iter(())


Beside = Callable[[Session, str, Mapping[str, Content], Mapping[str, int]], Awaitable[Sequence[Faulty]]]
"""Takes the session, the region, what changes by code, and the lines of all rows by code; gives faults at `#LINE/field`."""


@dataclass(frozen=True)
class Kind:
    """One kind of objects as it is imported, or what of it one file needs (`begun`)."""

    shelf: Shelf
    model: type[BaseModel]
    key: tuple[str, ...]
    """The fields that say which object a row is."""
    other: str | None = None
    """A field that is unique besides, by which a row without a code finds its object."""
    numbered: Numbered | None = None
    """How codes are given, where the registry gives them."""
    references: Callable[[Content, str], Iterator[Reference]] = _none
    faults: Callable[[Content, str], Iterator[Faulty]] = _none
    shown: Callable[[Lock, Content], Content] = _as_it_is
    """A stored object as a row would say it."""
    stored: Callable[[Lock, Content, Content | None], Content] = _as_it_is
    """An object as its version holds it; the last is what is stored of it now."""
    unmasked: Callable[[Content, Content], Content] = _nothing
    """What a row says by repeating what is shown masked; takes the object as it is, and what the row says."""
    normalised: Callable[[Content], Content] = _same
    """An object with its codes as they are kept."""
    passed: Mapping[str, str] = field(default_factory=dict)
    """Titles of what an export shows and an import does not write, by field."""
    own: Content = field(default_factory=dict)
    """What the registry keeps of an object beside what a file says of it, at first."""
    beside: "Beside | None" = None
    """What is wrong with rows beside all other objects."""
    kept_by: Literal["unit", "units", "roster", "leader"] | None = None
    """By whose unit a caller of a unit may import some: those of its unit and below, or in which one of those took part.
    None: it may import nothing.
    """
    coded: Callable[[Content], str] | None = None
    """The code of what a row says, where it is none of its fields."""
    laid: "Laid | None" = None
    """How a row is laid over what there is, where that has steps; else field by field."""
    files: Callable[[Content, str], Iterator[tuple[str, str]]] = _no_files
    """Where an object rests on evidence files, and their hashes."""
    about: Callable[[Content], Iterator[str]] = _nothing_else
    """What else its files are about: who sees that sees them."""
    held: Callable[[Content], Content] = _same
    """What of an object `beside` looks at."""
    begun: "Begun | None" = None
    """The kind as it is for one file, with what there is at that time."""
    begins: Callable[[Session, Stamp, Sequence[Content]], Awaitable[None]] | None = None
    """What is recorded beside objects that are new; takes what is `held` of them."""

    @property
    def name(self) -> str:
        """As versions call it."""
        return self.shelf.kind

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of the wire model that a row may say."""
        return tuple(column for column in columns(self.model, self.name) if column.name not in self.passed)

    @property
    def finds_codes(self) -> bool:
        """Whether a row may leave out its code."""
        return self.other is not None or self.numbered is not None

    def lacking(self, there: set[str]) -> list[str]:
        """The fields without whose columns nobody knows which object a row is."""
        if self.numbered is not None and "code" not in there:
            return [name for name in self.numbered.by if name not in there]
        return [name for name in self.key if name not in there and not (name == "code" and self.other in there)]


Begun = Callable[[Session, Caller, Kind], Awaitable[Kind]]
"""Takes the session, the caller and the kind; gives the kind as it is for one file."""
Laid = Callable[[Content | None, Content, str], tuple[Content, Sequence[Faulty]]]
"""Takes the object as it is, what the row says, and where that stands; gives the object as it shall be and its faults."""


@dataclass
class Keyed(Unkeyed):
    """A row whose object is known."""

    key: Key


@dataclass
class Taken:
    """A row that could be read: the object as it shall be, and as it is."""

    line: int
    key: Key
    content: Content
    there: Content | None
    present: Present | None

    @property
    def change(self) -> Change:
        """What becomes of the object."""
        if self.there is None:
            return "created"
        return "unchanged" if self.there == self.content else "changed"

    def held(self, kind: Kind) -> "Taken":
        """What is kept of it until the whole file was read."""
        there = None if self.there is None else kind.held(self.there)
        return replace(self, content=kind.held(self.content), there=there, present=None)


@dataclass(kw_only=True)
class Intake(Reading[Kind]):
    """One import under way."""

    caller: Caller
    addresses: Lock
    paths: Mapping[str, str]
    """Places of units in the tree, for a caller of one."""
    numbers: Numbers | None
    rows: list[tuple[int, str, Change]] = field(default_factory=list)
    """Line, code and change of each row."""
    lines: dict[Key, int] = field(default_factory=dict)
    references: dict[tuple[str, str], list[Reference]] = field(default_factory=dict)
    """Places that refer to something, by its kind and code; the first so many."""
    files: list[tuple[str, str, str]] = field(default_factory=list)
    """Evidence files that rows newly rest on: pointer, hash, and what is seen with them."""
    written: list[tuple[str, int]] = field(default_factory=list)
    """What was written, as the trail names it, with its version."""

    def read(self, line: int, cells: Cells) -> Unkeyed | None:
        """The fields that a row's cells give; None where its key cannot be read."""
        row = super().read(line, cells)
        return row if row is not None and row.faulty.isdisjoint(self.kind.key) else None

    def keyed(self, row: Unkeyed, codes: Mapping[str, str]) -> Keyed | None:
        """The row with its key, by its code or by `codes` of its other key; None where another row has it, or nobody."""
        if self.numbers is not None:
            try:
                found = self.numbers.code(row.line, row.values)
            except WrongError as error:
                self.add(fault(self.at(row.line, "code"), error))
                return None
            if found is None:  # what is missing or cannot be read is told all the same
                return Keyed(row.line, row.values, row.faulty, row.cells, row.lacks_code, ("", f"#{row.line}"))
            row.values |= {"code": found} | self.numbers.standing(row.values)
        elif row.lacks_code:
            other = str(row.values.get(self.kind.other or "") or "")
            if other not in codes:
                self.add(fault(self.at(row.line, "code"), WrongError("no-code", given=other or "-")))
                return None
            row.values["code"] = codes[other]
        code = self.kind.coded(row.values) if self.kind.coded else code_of(self.kind.name, row.values)
        key = (row.values["plan"] if self.kind.shelf.plan_scoped else "", code)
        first = self.lines.setdefault(key, row.line)
        if first != row.line:
            named = WrongError("twice", given=code, first=first)
            self.add(fault(self.at(row.line, self.kind.key[-1]), named))
            return None
        return Keyed(row.line, row.values, row.faulty, row.cells, row.lacks_code, key)

    def taken(self, row: Keyed, present: Present | None) -> Taken | None:
        """The object that a row makes of what there is: fields without a column stay as they are."""
        before, kind = self.total, self.kind
        there = None if present is None else {**kind.own, **kind.shown(self.addresses, present.content)}
        self._check_version(row.line, row.cells, present)
        if there is not None:
            row.values |= kind.unmasked(there, row.values)
        kept = {name: there[name] for name in kind.model.model_fields if name in there} if there else {}
        whole, at = (
            {name: value for name, value in kept.items() if name not in kind.passed} | row.values,
            f"#{row.line}",
        )
        said = self.validated(row, whole)
        if said is None or row.faulty:
            self._note_what_can_be(whole, at)
            return None
        said = {name: value for name, value in said.items() if name not in kind.passed}
        content, faults = self._laid(there, said, at)
        self.pointed(faults)
        if content != there:
            for reference in kind.references(content, at):
                self._note(reference)
            before_it = {use[1:] for use in self._uses(there, at, row.key[1])} if there else set()
            self.files += [use for use in self._uses(content, at, row.key[1]) if use[1:] not in before_it]
        if self.total != before:
            return None
        taken = Taken(row.line, row.key, content, there, present)
        self.rows.append((row.line, row.key[1], taken.change))
        return taken

    def _laid(self, there: Content | None, said: Content, at: str) -> tuple[Content, Sequence[Faulty]]:
        kind = self.kind
        if kind.laid is not None:
            return kind.laid(there, said, at)
        content = kind.normalised({**kind.own, **(there or {}), **said})
        return content, [*kind.faults(content, at)]

    def _uses(self, content: Content, at: str, code: str) -> list[tuple[str, str, str]]:
        subjects = (f"{self.kind.name}:{code}", *self.kind.about(content))
        return [(pointer, sha256, each) for pointer, sha256 in self.kind.files(content, at) for each in subjects]

    def staged(self, row: Taken) -> Staged:
        """A row as it is to be written."""
        present = row.present
        stored = self.kind.stored(self.addresses, row.content, None if present is None else present.content)
        plan = row.key[0] if self.kind.shelf.plan_scoped else None
        return Staged(row.line, row.key[1], stored, 0 if present is None else present.version, plan)

    def _check_version(self, line: int, cells: Cells, present: Present | None) -> None:
        """A version in the row is the one that its writer saw."""
        place, now = self.header.version, 0 if present is None else present.version
        given = cells.get(place, ("", ""))[1].strip() if place is not None else ""
        if place is not None and given and given != str(now):
            self.add(fault(self.opened.at(line, place), WrongError("stale", given=given, now=now or "-")))

    def _note_what_can_be(self, whole: Content, at: str) -> None:
        """References of a row that is wrong elsewhere: it may lack what they are made of."""
        content = {name: whole.get(name) for name in self.kind.model.model_fields}
        with suppress(KeyError, TypeError, AttributeError):
            for reference in self.kind.references(content, at):
                if isinstance(reference.code, str):
                    self._note(reference)

    def _note(self, reference: Reference) -> None:
        noted = self.references.setdefault((reference.kind, reference.code), [])
        if len(noted) < FAULTS_TOLD:
            noted.append(reference)
        top = self.caller.unit_path
        if (
            reference.kind == self.kind.kept_by == "unit"
            and top
            and not units.below(self.paths.get(reference.code, "-"), top)
        ):
            self.pointed(dangling([reference], ()))

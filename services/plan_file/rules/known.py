"""Which codes exist, and what somebody may have meant by one that does not."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from services.plan_file.faults import Fault, Path

SHOWN: Final = 6
"""As many codes as a remedy names."""

SECTION_OF_KIND: Final = {
    "industry": "industries",
    "carrier": "carriers",
    "project": "projects",
    "enterprise": "enterprises",
    "unit": "units",
}
"""Where the code of a subject is to be found; a region has a code of its own."""


class Known:
    """Codes by section. A section that is not there is not known at all, and nothing is said about its codes."""

    def __init__(self, codes: Mapping[str, Collection[str]], plan: str) -> None:
        self._codes = codes
        self._plan = plan

    def reference(self, section: str, code: str | None, path: Path) -> Iterator[Fault]:
        """A code must exist in its section; an empty reference is none."""
        codes = self._codes.get(section)
        if code is None or codes is None or code in codes:
            return
        yield unknown(section, code, codes, path)

    def references(self, section: str, codes: Iterable[str], path: Path) -> Iterator[Fault]:
        """Every code of a list must exist in its section."""
        for index, code in enumerate(codes):
            yield from self.reference(section, code, (*path, index))

    def subject(self, subject: str, path: Path) -> Iterator[Fault]:
        """What a subject names must exist; `plan` is the plan in question, and no other plan can be."""
        kind, _, code = subject.partition(":")
        if kind == "plan" and code not in {"", self._plan}:
            yield unknown("plan", code, [self._plan], path)
        elif kind in SECTION_OF_KIND:
            yield from self.reference(SECTION_OF_KIND[kind], code, path)


def unknown(section: str, code: str, codes: Collection[str], path: Path) -> Fault:
    """Name the codes that come nearest, or the first ones."""
    near = difflib.get_close_matches(code, sorted(codes), n=SHOWN) or sorted(codes)[:SHOWN]
    return Fault("unknown_reference", path, {"section": section, "given": code, "known": ", ".join(near) or "—"})


def duplicates(codes: Iterable[tuple[str, Path]]) -> Iterator[Fault]:
    """A code may stand once."""
    first: dict[str, Path] = {}
    for code, path in codes:
        if code in first:
            yield Fault("duplicate_code", path, {"given": code, "first": first[code]})
        first.setdefault(code, path)

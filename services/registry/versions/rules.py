"""What holds for every versioned object: how it is searched, referred to, and replaced without losing an update."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.kit import errors
from services.kit.errors import Faulty, Refused
from services.kit.terms import term

Content = dict[str, Any]
"""An object as its version holds it: JSON values."""

MatchMissing, Stale, check_match, check_seen = errors.MatchMissing, errors.Stale, errors.check_match, errors.check_seen
"""How a replacement, a decision and any other act say which version they are about: the same in every service."""

HENCEFORTH: Final = "9999-12-31"
"""The last day of what has none: whoever answers from now on."""

SHORT = 2
"""Trigrams do not help a search for so many characters or fewer: those are kept one by one and in pairs."""


class Unacceptable(Refused):
    """What was sent cannot be taken; every fault is named, not the first."""

    code = "invalid"

    def __init__(self, faults: Collection[Faulty]) -> None:
        super().__init__(f"{len(faults)} thing(s) cannot be taken", zh=f"{len(faults)} 处不符合要求", faults=[*faults])


@dataclass(frozen=True)
class Reference:
    """A place in what was sent that names another object."""

    pointer: str
    kind: str
    code: str
    on: str | None = None
    """Of a unit that shall answer for something: until which day (ISO) it shall. None where it is only spoken of."""


def subject_reference(subject: str, pointer: str) -> Iterator[Reference]:
    """The object that a subject (`project:P01`) names; regions are not kept here."""
    kind, _, code = subject.partition(":")
    if kind != "region":
        yield Reference(pointer, kind, code)


def check_code(path: str, body: str) -> None:
    """Refuse a body whose code is not the one in the path: an object's code does not change."""
    if path != body:
        raise Unacceptable(
            [
                Faulty(
                    "/body/code",
                    "other-code",
                    f"the path says {path}, the body {body}: a code does not change",
                    f"路径中的代码为 {path}，内容中为 {body}：代码不可更改",
                )
            ]
        )


def dangling(
    references: Iterable[Reference], known: Collection[tuple[str, str]], merged: Mapping[str, str] | None = None
) -> list[Faulty]:
    """A fault for every reference to an object that is not there; `merged` are enterprises and what stands for them."""
    return [
        _merged(reference, merged[reference.code])
        if merged and reference.kind == "enterprise" and reference.code in merged
        else _unknown(reference)
        for reference in references
        if (reference.kind, reference.code) not in known
    ]


def _unknown(reference: Reference) -> Faulty:
    return Faulty(
        reference.pointer,
        "unknown-reference",
        f"there is no {reference.kind} {reference.code}",
        f"没有代码为 {reference.code} 的{term(reference.kind)}",
    )


def _merged(reference: Reference, into: str) -> Faulty:
    return Faulty(
        reference.pointer,
        "merged",
        f"{reference.code} was merged into {into}: write {into}",
        f"{reference.code} 已合并到 {into}，请改写 {into}",
    )


def dissolved(references: Iterable[Reference], units: Mapping[str, Content], today: str) -> Iterator[Faulty]:
    """A fault for each unit that shall answer for something on a day by which it had ended, whatever ended it.

    `units` are those that are named and those that took over from them. Of one that ends only after `today` nothing is
    refused: it answers until then, and a reorganisation says who does afterwards.
    """
    for reference in references:
        unit = units.get(reference.code)
        if reference.kind != "unit" or reference.on is None or unit is None:
            continue
        last = unit.get("valid_to")
        if last is not None and last < min(reference.on, today):
            heirs = [(code, units[code]["name"]) for code in line_end(reference.code, units) if code in units]
            en, zh = _instead(heirs if unit["successors"] else [])
            yield Faulty(
                reference.pointer,
                "unit-dissolved",
                f"{unit['name']} ({reference.code}) ended on {last}; {en}",
                f"{unit['name']}（{reference.code}）已于 {last} 撤销，{zh}",
            )


def _instead(heirs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Who has the duties of a unit that ended, by code and name; of nobody, that a unit that stands is to be named."""
    heirs = list(heirs)
    if not heirs:
        return "name a unit that stands", "请改填存续的单位"
    return (
        f"its duties are with {', '.join(f'{name} ({code})' for code, name in heirs)}",
        f"职责由 {'、'.join(f'{name}（{code}）' for code, name in heirs)} 承接",
    )


def line_end(code: str, units: Mapping[str, Content]) -> list[str]:
    """The units that stand today for one: itself, or at the end of the line those that took over from it."""
    found: list[str] = []
    waiting, seen = [code], set[str]()
    for one in waiting:
        successors = units[one]["successors"] if one in units else []
        if not successors and one not in found:
            found.append(one)
        waiting += [heir for heir in successors if heir not in seen]
        seen.update(successors)
    return found


def folded(text: str) -> str:
    """Text as searches compare it: full-width as half-width, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def searched(*texts: str | None) -> dict[str, object]:
    """The search columns of an object with these names: one text, and what of it is one or two characters long."""
    lines = [folded(text) for text in texts if text]
    letters = {line[start : start + length] for line in lines for length in (1, SHORT) for start in range(len(line))}
    return {"search": "\n".join(lines), "letters": sorted(letters)}


def wanted(q: str | None) -> Mapping[str, object]:
    """The filters of a search: a LIKE pattern with its wildcards escaped, and for a short one what is kept of it."""
    if q is None:
        return {}
    needle = folded(q)
    escaped = needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found: dict[str, object] = {"q": f"%{escaped}%"}
    return {**found, "letters": [needle]} if len(needle) <= SHORT else found

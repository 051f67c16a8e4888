"""The tree of units, what became of them, and by which names they are found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, Reference, searched

OF_ITS_OWN: Final[Content] = {
    "valid_from": None,
    "valid_to": None,
    "successor": None,
    "members": None,
    "successors": [],
    "former_names": [],
    "superseded": {},
}
"""What the registry keeps of a unit beside what a plan file says of it, as it is at first."""

BY_REORGANISATIONS: Final = ("successors", "former_names", "superseded")
"""What only a reorganisation writes: who replaces a unit does not say it."""

ITS_END: Final = ("valid_to", "successor")
"""What a reorganisation writes of a unit that it dissolves."""

COLLECTIVE: Final = "collective"


def columns(unit: Content) -> dict[str, object]:
    """The columns of the row of today."""
    former = [one["name"] for one in unit["former_names"]]
    return {
        **{name: unit[name] for name in ("name", "kind", "parent", "path", "successors")},
        **{name: unit[name] and date.fromisoformat(unit[name]) for name in ("valid_from", "valid_to")},
        "names": [unit["name"], *former],
        **searched(unit["name"], unit["name_en"], unit["code"], *former),
    }


def references(unit: Content, at: str = "/body") -> Iterator[Reference]:
    """The units that a unit names, which must be there."""
    for name in ("parent", "successor"):
        if unit.get(name) is not None:
            yield Reference(f"{at}/{name}", "unit", unit[name])
    members = unit.get("members") or {}
    for place, member in enumerate(members.get("units", ())):
        yield Reference(f"{at}/members/units/{place}/unit", "unit", member["unit"])
    if members.get("below") is not None:
        yield Reference(f"{at}/members/below", "unit", members["below"])


def faults(unit: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a unit by itself."""
    yield from _dates(unit, at)
    members = unit.get("members")
    if members is None:
        return
    if unit["kind"] != COLLECTIVE:
        yield Faulty(
            f"{at}/members",
            "no-collective",
            f"a {unit['kind']} has no members; a unit of the kind {COLLECTIVE} has",
            f"单位类型 {unit['kind']} 没有成员；只有集合单位（{COLLECTIVE}）才有成员",
        )
    if members["below"] is not None and not members["kinds"]:
        yield Faulty(
            f"{at}/members/kinds",
            "kinds-missing",
            "say of which kinds the members below that unit are",
            "请说明该单位之下哪些类型的单位为成员",
        )
    seen: set[str] = set()
    for place, member in enumerate(members["units"]):
        yield from _dates(member, f"{at}/members/units/{place}")
        if member["unit"] in seen:
            yield Faulty(
                f"{at}/members/units/{place}/unit",
                "twice",
                f"{member['unit']} is listed already",
                f"{member['unit']} 已列出",
            )
        seen.add(member["unit"])


def _dates(dated: Content, at: str) -> Iterator[Faulty]:
    first, last = dated.get("valid_from"), dated.get("valid_to")
    if first is not None and last is not None and last < first:
        yield Faulty(
            f"{at}/valid_to",
            "dates-reversed",
            f"it ends on {last}, before it begins on {first}",
            f"终止日期 {last} 早于起始日期 {first}",
        )


def above(unit: Content) -> str | None:
    """The unit under which another hangs in the tree: its parent.

    A unit that was dissolved into one successor hangs under that: whoever sees the successor sees what was its. One
    that was split stays where it was: what one part took over is not for the other parts to see.
    """
    successors: list[str] = unit["successors"]
    return successors[0] if len(successors) == 1 else unit["parent"]


def paths(parents: Mapping[str, str | None]) -> tuple[dict[str, str], set[str]]:
    """Each unit's path, root first, by its parent; and the units that hang in a circle or under one.

    A parent that is not among the units counts as the top: references say that it is missing.
    """
    found: dict[str, str] = {}
    circular: set[str] = set()
    for start in parents:
        way: list[str] = []
        code: str | None = start
        while code is not None and code in parents and code not in found and code not in circular and code not in way:
            way.append(code)
            code = parents[code]
        if code in circular or code in way:
            circular.update(way)
            continue
        above_it = found.get(code) if code is not None else None
        for label in reversed(way):
            above_it = label if above_it is None else f"{above_it}.{label}"
            found[label] = above_it
    return found, circular


def below(path: str, top: str) -> bool:
    """Whether a unit's path lies at or below another's; at or below the empty one lies everything."""
    return not top or path == top or path.startswith(f"{top}.")


def circle(code: str, at: str = "/body") -> Faulty:
    """The fault of a unit that would be above itself."""
    return Faulty(f"{at}/parent", "circle", f"{code} would be above itself", f"{code} 将成为自身的上级")


def doubled(units: Mapping[str, Content], pointers: Mapping[str, str]) -> Iterator[Faulty]:
    """A fault for each unit with a pointer whose name another one has too.

    Names are unique among the units that no reorganisation dissolved: a new bureau may bear the name of an old one.
    """
    first: dict[str, str] = {}
    names = {code: unit["name"] for code, unit in units.items() if not unit["successors"]}
    for code in sorted(names, key=lambda code: code in pointers):
        other = first.setdefault(names[code], code)
        if other != code and code in pointers:
            yield Faulty(
                f"{pointers[code]}/name",
                "name-taken",
                f"{names[code]} is the name of the unit {other}",
                f"名称 {names[code]} 已由单位 {other} 使用",
            )


def kept(present: Content | None) -> Content:
    """What stays of a unit whoever replaces it: what reorganisations wrote, also its end where one dissolved it."""
    held = {**OF_ITS_OWN, **(present or {})}
    names = (*BY_REORGANISATIONS, *ITS_END) if held["successors"] else BY_REORGANISATIONS
    return {name: held[name] for name in names}


def of_reorganisations(unit: Content, held: Content, at: str = "/body") -> Iterator[Faulty]:
    """A fault for each field that only reorganisations write and that was sent as something else than it is."""
    for name in held:
        if unit.get(name) is not None and unit[name] != held[name]:
            yield Faulty(
                f"{at}/{name}",
                "by-reorganisation",
                "only a reorganisation changes this: leave it out, or send it as it is",
                "该项只由机构调整产生：请省略，或按现状填写",
            )


def ended_by_hand(unit: Content, present: Content, at: str = "/body") -> Iterator[Faulty]:
    """A fault where whoever replaces a unit would end it: what it answers for would be nobody's.

    What came with an end, as history that is loaded, may get a later one or another successor; an end that a
    reorganisation wrote is kept.
    """
    held = {**OF_ITS_OWN, **present}
    if held["successors"]:
        return
    last, was = unit.get("valid_to"), held["valid_to"]
    if last is not None and (was is None or last < was):
        yield _by_an_act(f"{at}/valid_to")
    if was is None and unit.get("successor") not in {None, held["successor"]}:
        yield _by_an_act(f"{at}/successor")


def _by_an_act(at: str) -> Faulty:
    return Faulty(
        at,
        "by-reorganisation",
        "a unit that stands is ended by a reorganisation, which says who takes over from it: "
        "POST /registry/v1/reorganisations with an act merge or split; leave this out",
        "存续的单位只能通过机构调整撤销，并须明确由谁承接：请用 POST /registry/v1/reorganisations（merge 或 split）办理；"
        "此处请省略",
    )


@dataclass(frozen=True)
class Before:
    """That a code or name is one of before, and which units it stands for now."""

    asked: str
    units: tuple[tuple[str, str], ...]
    """Code and name of each."""
    zh: str
    en: str


def before(asked: str, unit: Content, heirs: Sequence[tuple[str, str]]) -> Before | None:
    """What became of the unit that was asked for; None where it is still called so."""
    zh_names = "、".join(name for _, name in heirs)
    en_names = ", ".join(name for _, name in heirs)
    if unit["successors"]:
        return Before(
            asked,
            tuple(heirs),
            f"{unit['name']} 已于 {unit['valid_to']} 撤销，职责由 {zh_names} 承接",
            f"{unit['name']} ended on {unit['valid_to']}; its duties are with {en_names}",
        )
    former = next((one for one in reversed(unit["former_names"]) if one["name"] == asked), None)
    if former is None or asked in {unit["code"], unit["name"]}:
        return None
    return Before(
        asked,
        tuple(heirs),
        f"{asked} 自 {former['valid_to']} 次日起更名为 {zh_names}（{former['document']}）",
        f"{asked} was its name until {former['valid_to']}; it is called {en_names} ({former['document']})",
    )

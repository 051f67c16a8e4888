"""The tree of units, and how much of a contact's address is shown."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.kit.errors import Faulty
from services.registry.versions.rules import Content, Reference, searched


def columns(unit: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        **{name: unit[name] for name in ("name", "kind", "parent", "path")},
        **{name: unit[name] and date.fromisoformat(unit[name]) for name in ("valid_from", "valid_to")},
        **searched(unit["name"], unit["name_en"], unit["code"]),
    }


def contact_columns(contact: Content) -> dict[str, object]:
    """The columns of a contact's row of today."""
    return {"unit": contact["unit"], "role": contact["role"]}


def contact_code(unit: str, role: str) -> str:
    """A contact's code: `jingxin/liaison`."""
    return f"{unit}/{role}"


def contact_references(contact: Content, at: str = "/body") -> Iterator[Reference]:
    """The unit of a contact, which must be there."""
    yield Reference(f"{at}/unit", "unit", contact["unit"])


def references(unit: Content, at: str = "/body") -> Iterator[Reference]:
    """The units that a unit names, which must be there."""
    for name in ("parent", "successor"):
        if unit.get(name) is not None:
            yield Reference(f"{at}/{name}", "unit", unit[name])


def faults(unit: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a unit by itself."""
    first, last = unit.get("valid_from"), unit.get("valid_to")
    if first is not None and last is not None and last < first:
        yield Faulty(
            f"{at}/valid_to",
            "dates-reversed",
            f"it ends on {last}, before it begins on {first}",
            f"终止日期 {last} 早于起始日期 {first}",
        )


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
        above = found.get(code) if code is not None else None
        for label in reversed(way):
            above = label if above is None else f"{above}.{label}"
            found[label] = above
    return found, circular


def below(path: str, top: str) -> bool:
    """Whether a unit's path lies at or below another's; at or below the empty one lies everything."""
    return not top or path == top or path.startswith(f"{top}.")


def circle(code: str, at: str = "/body") -> Faulty:
    """The fault of a unit that would be above itself."""
    return Faulty(f"{at}/parent", "circle", f"{code} would be above itself", f"{code} 将成为自身的上级")


def doubled(names: Mapping[str, str], pointers: Mapping[str, str]) -> Iterator[Faulty]:
    """A fault for each unit with a pointer whose name (by code) another one has too: names are unique among units."""
    first: dict[str, str] = {}
    for code in sorted(names, key=lambda code: code in pointers):
        other = first.setdefault(names[code], code)
        if other != code and code in pointers:
            yield Faulty(
                f"{pointers[code]}/name",
                "name-taken",
                f"{names[code]} is the name of the unit {other}",
                f"名称 {names[code]} 已由单位 {other} 使用",
            )


def masked(address: str) -> str:
    """An address of which no more is shown than that there is one: `l***@***`."""
    return f"{address[:1]}***@***"

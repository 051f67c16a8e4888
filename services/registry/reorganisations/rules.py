"""The acts of a reorganisation, read once: which units end, who takes over, what is said of each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from services.registry.reorganisations.duties.rules import DUTIES, handed_over, matters_of, named
from services.registry.responsibilities.rules import in_force
from services.registry.versions.rules import Content

Key = tuple[str, str]
"""Plan and code of a matter; kind and code of a duty."""

ENDING: Final = frozenset({"merge", "split"})


@dataclass(frozen=True)
class State:
    """What there is before: current units, responsibilities of plans that are not closed, current contacts, duties."""

    units: Mapping[str, Content]
    matters: Mapping[Key, Content]
    contacts: Mapping[Key, Content]
    """By unit and role."""
    duties: Mapping[Key, Content] = field(default_factory=dict)
    """By kind and code: what else names units, open or not."""

    def contacts_of(self, unit: str) -> Iterator[str]:
        """The roles that a unit has a contact for."""
        return (role for of, role in self.contacts if of == unit)


@dataclass(frozen=True)
class Subject:
    """A unit that an act changes, and where it is named."""

    unit: str
    act: Content
    pointer: str

    @property
    def ends(self) -> bool:
        """Whether it is dissolved."""
        return self.act["act"] in ENDING


def subjects(document: Content) -> Iterator[Subject]:
    """Every unit that an act changes, in the order in which they are named."""
    for place, act in enumerate(document["acts"]):
        at = f"/body/acts/{place}"
        if act["act"] == "merge":
            for nth, unit in enumerate(act["units"]):
                yield Subject(unit, act, f"{at}/units/{nth}")
        else:
            yield Subject(act["unit"], act, f"{at}/unit")


def successors(act: Content) -> list[str]:
    """Who takes over from what an act ends."""
    return [act["into"]] if act["act"] == "merge" else [share["unit"] for share in act["into"]]


def heirs(document: Content) -> dict[str, list[str]]:
    """Who takes over from each unit that ends."""
    return {subject.unit: successors(subject.act) for subject in subjects(document) if subject.ends}


def day_before(day: str) -> str:
    """The last day on which it was not so yet."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def children(state: State, unit: str, document: Content) -> list[str]:
    """The units directly below one of which no other act says where they go."""
    told = {subject.unit for subject in subjects(document) if subject.ends or "parent" in subject.act}
    return [
        code
        for code, other in state.units.items()
        if other["parent"] == unit and not other["successors"] and code not in told
    ]


def open_matters(state: State, unit: str, day: str) -> list[Key]:
    """The matters in force on a day that a unit leads or supports."""
    return [
        key
        for key, matter in state.matters.items()
        if in_force(matter, day) and unit in {matter["lead"], *matter["support"]}
    ]


def named_matters(share: Content) -> list[Key]:
    """The matters that a share names."""
    return [(one["plan"], one["matter"]) for one in share["matters"]]


def share_of(act: Content, key: Key) -> str | None:
    """Which part of a split takes a matter over; None where nothing says it."""
    for share in act["into"]:
        if key in named_matters(share):
            return str(share["unit"])
    return next((str(share["unit"]) for share in act["into"] if share["rest"]), None)


def named_duties(share: Content) -> list[Key]:
    """The duties that a share names, by kind and code."""
    return [(one["kind"], one["code"]) for one in share["duties"]]


def open_duties(state: State, unit: str, day: str) -> list[Key]:
    """The duties open on a day for which a unit has something to do."""
    return [
        key for key, duty in state.duties.items() if DUTIES[key[0]].is_open(duty, day) and unit in named(key[0], duty)
    ]


def taker_of(state: State, act: Content, key: Key) -> str | None:
    """Which part of a split takes a duty over; None where nothing says it.

    The one that names it; else the one that takes what it is about, where that is one only; else who takes the rest.
    """
    for share in act["into"]:
        if key in named_duties(share):
            return str(share["unit"])
    about = matters_of(state.duties[key], state.matters)
    parts = {str(share["unit"]) for share in act["into"] if about & {*named_matters(share)}}
    if len(parts) == 1:
        return parts.pop()
    return next((str(share["unit"]) for share in act["into"] if share["rest"]), None)


def heir_of(acts: Mapping[str, Content], unit: str, part: Callable[[Content], str | None]) -> str:
    """Who stands for a unit afterwards: itself, its successor, or the part of a split that `part` finds."""
    act = acts.get(unit)
    if act is None:
        return unit
    return str(act["into"]) if act["act"] == "merge" else part(act) or unit


def duties_afterwards(state: State, document: Content) -> dict[Key, Content]:
    """The open duties of units that end, with who takes each over."""
    acts = {subject.unit: subject.act for subject in subjects(document) if subject.ends}
    found = {}
    for key, duty in state.duties.items():

        def heir(unit: str, key: Key = key) -> str:
            return heir_of(acts, unit, lambda act: taker_of(state, act, key))

        if DUTIES[key[0]].is_open(duty, document["effective_on"]):
            after = handed_over(key[0], duty, heir)
            if after != duty:
                found[key] = after
    return found


def offers(state: State, document: Content) -> dict[Key, list[str]]:
    """By unit and role afterwards: the ended units whose contact it could be."""
    found: dict[Key, list[str]] = {}
    for subject in subjects(document):
        if subject.act["act"] == "merge":
            for role in state.contacts_of(subject.unit):
                found.setdefault((subject.act["into"], role), []).append(subject.unit)
        elif subject.act["act"] == "split":
            for share in subject.act["into"]:
                for role in share["contacts"]:
                    found.setdefault((share["unit"], role), []).append(subject.unit)
    return found


def named_contacts(document: Content) -> Collection[Key]:
    """The contacts that are named anew, by unit and role."""
    return {(contact["unit"], contact["role"]) for contact in document["contacts"]}

"""What a reorganisation without a fault makes of units, responsibilities, contacts and duties."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.registry.identity.rules import Tie
from services.registry.reorganisations.duties.rules import moves, replaced, title
from services.registry.reorganisations.rules import (
    Key,
    State,
    children,
    day_before,
    duties_afterwards,
    heir_of,
    heirs,
    named_contacts,
    offers,
    share_of,
    subjects,
)
from services.registry.responsibilities.rules import handed_over, in_force
from services.registry.units.rules import OF_ITS_OWN
from services.registry.versions.rules import Content, searched

LIAISON: Final = "liaison"


@dataclass(frozen=True)
class ContactChange:
    """What becomes of a contact: handed over from another unit, named anew, or ended."""

    unit: str
    role: str
    change: str
    before: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What is so afterwards: the contents that differ, by code."""

    units: dict[str, Content]
    matters: dict[Key, Content]
    contacts: list[ContactChange]
    duties: dict[Key, Content]


def columns(reorganisation: Content) -> dict[str, object]:
    """The columns of a reorganisation's row of today."""
    return {
        "effective_on": date.fromisoformat(reorganisation["effective_on"]),
        "units": sorted({effect["unit"] for effect in reorganisation["effects"]["units"]}),
        **searched(reorganisation["title"], reorganisation["document"], reorganisation["code"]),
    }


def outcome(state: State, document: Content) -> Outcome:
    """Carry out a reorganisation in which nothing is unclear."""
    return Outcome(
        units=_units(state, document),
        matters=_matters(state, document),
        contacts=list(_contacts(state, document)),
        duties=duties_afterwards(state, document),
    )


def _units(state: State, document: Content) -> dict[str, Content]:
    day, ended = document["effective_on"], day_before(document["effective_on"])
    changed: dict[str, Content] = {
        unit["code"]: {**OF_ITS_OWN, **unit, "valid_from": day} for unit in document["units"]
    }
    parents: dict[str, str | None] = {}
    for subject in subjects(document):
        unit, act = state.units[subject.unit], subject.act
        match act["act"]:
            case "rename":
                former = {
                    **{name: unit[name] for name in ("name", "name_en")},
                    "valid_to": ended,
                    "document": document["document"],
                    "reorganisation": document["code"],
                }
                said = replaced(unit, {name: act[name] for name in ("name", "name_en")})
                changed[subject.unit] = {**said, "former_names": [*unit["former_names"], former]}
            case "move":
                changed[subject.unit] = replaced(unit, {"parent": act["parent"]})
            case "merge":
                parents |= dict.fromkeys(children(state, subject.unit, document), act["into"])
            case _:
                for share in act["into"]:
                    parents |= dict.fromkeys(share["children"], share["unit"])
    for code, to in heirs(document).items():
        alone = to[0] if len(to) == 1 else None
        changed[code] = {**state.units[code], "valid_to": ended, "successor": alone, "successors": to}
    for code, parent in parents.items():
        changed[code] = replaced(changed.get(code, state.units[code]), {"parent": parent})
    return changed


def _matters(state: State, document: Content) -> dict[Key, Content]:
    acts = {subject.unit: subject.act for subject in subjects(document) if subject.ends}
    changed: dict[Key, Content] = {}
    for key, matter in state.matters.items():

        def heir(unit: str, key: Key = key) -> str:
            return heir_of(acts, unit, lambda act: share_of(act, key))

        after = handed_over(matter, heir) if in_force(matter, document["effective_on"]) else matter
        if after != matter:
            changed[key] = after
    return changed


def _contacts(state: State, document: Content) -> Iterator[ContactChange]:
    named = named_contacts(document)
    for unit in heirs(document):
        for role in state.contacts_of(unit):
            yield ContactChange(unit, role, "ended", unit)
    for (unit, role), of in sorted(offers(state, document).items()):
        if (unit, role) not in named and (unit, role) not in state.contacts:
            yield ContactChange(unit, role, "handed_over", of[0])
    for unit, role in sorted(named):
        yield ContactChange(unit, role, "named")


def effects(state: State, after: Outcome, document: Content) -> Content:
    """Exactly what changes, as JSON."""
    return {
        "units": [effect for code, unit in after.units.items() for effect in _unit_effects(state, code, unit)],
        "matters": [
            {
                "plan": plan,
                "matter": code,
                "name": matter["name"],
                "before": _owners(state.matters[plan, code]),
                "after": _owners(matter),
            }
            for (plan, code), matter in sorted(after.matters.items())
        ],
        "duties": [
            {
                "kind": kind,
                "code": code,
                "name": title(duty),
                "field": name,
                "before": old,
                "after": new,
            }
            for (kind, code), duty in sorted(after.duties.items())
            for name, (old, new) in moves(kind, state.duties[kind, code], duty).items()
        ],
        "contacts": [
            {"unit": one.unit, "role": one.role, "change": one.change, "before": one.before} for one in after.contacts
        ],
        "warnings": [*_warnings(state, after, document)],
    }


def access(ties: Iterable[Tie]) -> list[Content]:
    """By unit and holder, what stays with units that end: a reorganisation gives nobody the successor's view."""
    found: dict[Key, Content] = {}
    for tie in ties:
        new = {"unit": tie.unit, "holder": tie.holder, "name": tie.name, "account": False, "roles": [], "keys": 0}
        left = found.setdefault((tie.unit, tie.holder), new)
        left["account"] |= tie.account
        left["roles"] += [tie.role] if tie.role is not None and tie.role not in left["roles"] else []
        left["keys"] += tie.key
    return [{**left, "roles": sorted(left["roles"])} for _, left in sorted(found.items())]


def access_warnings(left: Iterable[Content], units: Mapping[str, Content]) -> Iterator[Content]:
    """For each unit that ends how much access stays with it and what to do; who that is, only the answer says."""
    by_unit: dict[str, list[Content]] = {}
    for one in left:
        by_unit.setdefault(one["unit"], []).append(one)
    for unit, its in sorted(by_unit.items()):
        accounts = sum(one["account"] and one["holder"].startswith("person:") for one in its)
        roles, keys = (sum(len(one["roles"]) for one in its), sum(one["keys"] for one in its))
        counted = [
            (accounts, "account(s)", "个账号", "correct the unit of the accounts", "调整账号单位"),
            (roles, "role(s)", "项角色", "grant the roles for the successor", "为承接单位重新授权"),
            (keys, "key(s)", "个密钥", "make keys for the successor", "为承接单位发放密钥"),
        ]
        said = [(f"{many} {en}", f"{many} {zh}", *to_do) for many, en, zh, *to_do in counted if many]
        stays_en, stays_zh, to_do_en, to_do_zh = zip(*said, strict=True)
        name = units[unit]["name"]
        yield {
            "code": "access-left",
            "unit": unit,
            "zh": f"{name}（{unit}）撤销后，仍有 {'、'.join(stays_zh)}属于该单位，看不到承接单位的内容；请{'，'.join(to_do_zh)}",
            "en": f"{', '.join(stays_en)} stay with {name} ({unit}) and do not see what is the successor's: "
            f"{', '.join(to_do_en)}",
        }


def _owners(matter: Content) -> list[str]:
    return [matter["lead"], *matter["support"]]


def _unit_effects(state: State, code: str, unit: Content) -> Iterator[Content]:
    def effect(change: str, before: Any, after: Any) -> Content:  # noqa: ANN401 - JSON
        ended = unit["successors"] if change == "ended" else []
        return {"unit": code, "change": change, "before": before, "after": after, "successors": ended}

    old = state.units.get(code)
    if old is None:
        yield effect("founded", None, unit["name"])
        return
    if unit["successors"] != old["successors"]:
        yield effect("ended", old["name"], None)
    if unit["name"] != old["name"]:
        yield effect("renamed", old["name"], unit["name"])
    if unit["parent"] != old["parent"]:
        yield effect("moved", old["parent"], unit["parent"])


def _warnings(state: State, after: Outcome, document: Content) -> Iterator[Content]:
    """Units that lead something after the reorganisation and have nobody who receives their notices."""
    there = {key for key in state.contacts if key[0] not in heirs(document)}
    there |= {(one.unit, one.role) for one in after.contacts if one.change != "ended"}
    for unit in sorted({matter["lead"] for matter in after.matters.values()}):
        if (unit, LIAISON) not in there:
            yield {
                "code": "no-liaison",
                "unit": unit,
                "zh": f"{unit} 牵头有关事项，但没有联络员，督办件将无人接收",
                "en": f"{unit} leads matters and has no liaison: nobody receives its notices",
            }

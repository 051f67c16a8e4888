"""What has templates and imports, and what each kind asks for beyond its columns: as the JSON interface would judge it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.carriers import rules as carriers
from services.registry.carriers.store import CARRIERS
from services.registry.carriers.store import contents as all_carriers
from services.registry.enterprises import rules as enterprises
from services.registry.enterprises.groups.store import GROUPS
from services.registry.enterprises.store import ENTERPRISES, merged
from services.registry.industries.store import INDUSTRIES
from services.registry.instruments import rules as instruments
from services.registry.instruments.store import INSTRUMENTS
from services.registry.keyring import Lock
from services.registry.leaders.schemas import LeaderContactRow, VisitRow
from services.registry.leaders.store import CONTACTS as LEADER_CONTACTS
from services.registry.leaders.store import VISITS
from services.registry.milestones import rules as milestones
from services.registry.milestones.store import MILESTONES
from services.registry.plans.service import FAULTS, OF_ITS_OWN, REFERENCES, plain
from services.registry.plans.store import TASKS
from services.registry.projects.store import PROJECTS
from services.registry.prospects import rules as prospect_rules
from services.registry.prospects import service as prospect_service
from services.registry.prospects.store import ACTIVITIES, PROSPECTS
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.rosters.rules import evidence_files
from services.registry.rosters.schemas import RosterItemRow
from services.registry.rosters.store import ITEMS, ROSTERS
from services.registry.sheets import items, leaders, prospects
from services.registry.sheets.columns import columns
from services.registry.sheets.intake import Beside, Kind
from services.registry.tasks.rules import no_such_task
from services.registry.units import rules as units
from services.registry.units.contacts import service as contact_service
from services.registry.units.contacts.rules import masked
from services.registry.units.contacts.store import CONTACTS
from services.registry.units.store import UNITS
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Shelf


class Declared(NamedTuple):
    """A kind, and the fields that say which object a row is."""

    shelf: Shelf
    key: tuple[str, ...]
    model: type[BaseModel] | None = None
    """Of a row, where the JSON interface takes what it says in several calls, or its code in the path."""


DECLARED: Final[Mapping[str, Declared]] = {
    "units": Declared(UNITS, ("code",)),
    "contacts": Declared(CONTACTS, ("unit", "role")),
    "industries": Declared(INDUSTRIES, ("code",)),
    "carriers": Declared(CARRIERS, ("code",)),
    "enterprises": Declared(ENTERPRISES, ("code",)),
    "enterprise-groups": Declared(GROUPS, ("code",)),
    "rosters": Declared(ROSTERS, ("code",)),
    "roster-items": Declared(ITEMS, ("roster", "code"), RosterItemRow),
    "projects": Declared(PROJECTS, ("code",)),
    "tasks": Declared(TASKS, ("plan", "code")),
    "responsibilities": Declared(RESPONSIBILITIES, ("plan", "matter")),
    "milestones": Declared(MILESTONES, ("code",)),
    "instruments": Declared(INSTRUMENTS, ("plan", "code")),
    "leader-contacts": Declared(LEADER_CONTACTS, ("code",), LeaderContactRow),
    "visits": Declared(VISITS, ("code",), VisitRow),
    "prospects": Declared(PROSPECTS, ("code",)),
    "activities": Declared(ACTIVITIES, ("code",)),
}
OTHER_KEYS: Final[Mapping[str, str]] = {"unit": "name", "enterprise": "credit_code"}
"""Fields that are unique besides, by which a row without a code finds its object."""
MOVED_BY_ACTS: Final[Mapping[str, frozenset[str]]] = {
    "unit": frozenset(units.BY_REORGANISATIONS),
    "project": frozenset({"life"}),
}
"""Fields that the wire models show and only acts of their own change: reorganisations, steps of a project's life."""


def kinds(bodies: Mapping[str, type[BaseModel]], views: Mapping[str, type[BaseModel]]) -> dict[str, Kind]:
    """What can be imported, by the models that the JSON interface takes (by kind) and lists (by the list's name)."""
    return {
        name: _kind(declared, declared.model or bodies[declared.shelf.kind], views.get(name.replace("-", "_")))
        for name, declared in DECLARED.items()
    }


def _kind(declared: Declared, model: type[BaseModel], view: type[BaseModel] | None) -> Kind:
    kind = declared.shelf.kind
    other, passed = OTHER_KEYS.get(kind), MOVED_BY_ACTS.get(kind, frozenset())
    taken = {column.name for column in columns(model, kind)} - passed
    shown = {column.name: column.title for column in columns(view, kind)} if view else {}
    made = Kind(
        declared.shelf,
        model,
        declared.key,
        other=other if other in model.model_fields else None,
        passed={name: title for name, title in shown.items() if name not in taken},
        own=_OWN.get(kind, {}),
        references=_REFERENCES.get(kind, Kind.references),
        faults=_FAULTS.get(kind, Kind.faults),
        normalised=_NORMALISED.get(kind, Kind.normalised),
        beside=_BESIDE.get(kind),
    )
    return replace(made, **_MORE.get(kind, {}))


def _none_of_units(_unit: Content, _at: str) -> Iterator[Reference]:
    """Units keep a tree: what they refer to is judged where they are put into it."""
    return iter(())


def _plain_contact(addresses: Lock, contact: Content) -> Content:
    return plain(addresses, "contact", contact)


def _locked_contact(addresses: Lock, contact: Content, present: Content | None) -> Content:
    row = None if present is None else CONTACTS.table.model_construct(code="", content=present)
    return contact_service.locked(addresses, contact, row)


def _unmasked_email(there: Content, said: Content) -> Content:
    """An address as an export shows it to those who may not see it is the one that is there."""
    return {"email": there["email"]} if said.get("email") == masked(there["email"]) else {}


def _no_faults(_unit: Content, _at: str) -> Iterator[Faulty]:
    return iter(())


def _judged_anew(milestone: Content) -> Content:
    """A milestone with the day on which it was done by the states that it has now; what was reported stays."""
    return {**milestone, "done_on": milestones.done_on(milestone)}


async def _carriers_beside(
    session: Session, region: str, contents: Mapping[str, Content], lines: Mapping[str, int]
) -> Sequence[Faulty]:
    """What stands in two carriers is counted by one, and none lies within itself."""
    others = await all_carriers(session, region)
    return [*carriers.among_faults({**others, **contents}, {code: f"#{lines[code]}" for code in contents})]


async def _enterprises_beside(
    session: Session, region: str, contents: Mapping[str, Content], lines: Mapping[str, int]
) -> Sequence[Faulty]:
    """The code of an enterprise that was merged is not given again."""
    del contents
    return [
        Faulty(f"#{lines[code]}/code", enterprises.Merged.code, refused.detail, refused.zh)
        for code, into in (await merged(session, region, [*lines])).items()
        for refused in [enterprises.Merged(code, into)]
    ]


async def _instruments_begun(session: Session, caller: Caller, kind: Kind) -> Kind:
    """An instrument carries out a task of its own plan."""
    tasks = {(row.content["plan"], row.code) for row in await TASKS.current(session, caller.region)}

    def faults(instrument: Content, at: str) -> Iterator[Faulty]:
        yield from instruments.faults(instrument, at)
        if instrument["task"] is not None and (instrument["plan"], instrument["task"]) not in tasks:
            yield no_such_task(instrument, at)

    return replace(kind, faults=faults)


_OWN: Final[Mapping[str, Content]] = {**OF_ITS_OWN, "milestone": {"reports": [], "done_on": None}}
_REFERENCES: Final[Mapping[str, Callable[[Content, str], Iterator[Reference]]]] = {
    **REFERENCES,
    "unit": _none_of_units,
    "milestone": milestones.references,
    "instrument": instruments.references,
}
_FAULTS: Final[Mapping[str, Callable[[Content, str], Iterator[Faulty]]]] = {
    **FAULTS,
    "enterprise": enterprises.faults,
    "unit": _no_faults,
    "milestone": milestones.faults,
    "instrument": instruments.faults,
}
_NORMALISED: Final[Mapping[str, Callable[[Content], Content]]] = {
    "enterprise": enterprises.normalised,
    "milestone": _judged_anew,
}
_BESIDE: Final[Mapping[str, Beside]] = {"carrier": _carriers_beside, "enterprise": _enterprises_beside}
_MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "contact": {
        "shown": _plain_contact,
        "stored": _locked_contact,
        "unmasked": _unmasked_email,
        "kept_by": "unit",
    },
    "instrument": {"begun": _instruments_begun},
    "leader_contact": {
        "numbered": leaders.OF_CONTACTS,
        "references": leaders.contact_references,
        "begun": leaders.contacts_begun,
        "beside": leaders.contacts_beside,
    },
    "visit": {
        "numbered": leaders.OF_VISITS,
        "kept_by": "leader",
        "references": leaders.visit_references,
        "files": leaders.visit_files,
        "about": leaders.visited,
        "begun": leaders.visits_begun,
    },
    "prospect": {
        "shown": prospect_service.plain,
        "stored": prospects.stored,
        "unmasked": prospects.unmasked,
        "kept_by": "unit",
        "references": prospect_rules.references,
        "held": prospects.shortened,
        "begun": prospects.prospects_begun,
        "begins": prospect_service.begin,
    },
    "activity": {
        "kept_by": "units",
        "references": prospect_rules.activity_references,
        "begun": prospects.activities_begun,
    },
    "roster_item": {
        "kept_by": "roster",
        "coded": items.coded,
        "references": items.references,
        "files": evidence_files,
        "held": items.shortened,
        "begun": items.begun,
        "beside": items.beside,
    },
}
"""What kinds have beside that, by the fields of `Kind`."""

"""The way back: what the registry holds of a plan, as the part of a plan file that applies without any difference."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import orjson
from pydantic import BaseModel

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import NotFound
from services.plan_file.parts import Header, RegistryPart
from services.plan_file.things import Plan
from services.registry.keyring import Lock
from services.registry.plans import store
from services.registry.plans.rules import OF_PLAN, SECTIONS
from services.registry.plans.service import REFERENCES, SHELVES, plain
from services.registry.plans.store import PLANS, Key
from services.registry.units.contacts.store import CONTACTS
from services.registry.versions import service
from services.registry.versions.tables import Current


async def part(session: Session, addresses: Lock, caller: Caller, code: str) -> RegistryPart:
    """What files of the plan named, what is the plan's own, and all that these refer to; in the order of the file.

    Contacts are those of the units in it, and only for a caller who may see their addresses.
    """
    service.check_sees_all(caller)
    row = await PLANS.row(session, caller.region, code)
    if row is None or row.ended_at is not None:
        raise NotFound("plan", code)
    applied, listed = await store.file_noted(session, caller.region, code)
    found = await _found(session, caller.region, code)
    if "contacts:deliver" in caller.scopes:
        units = {code for kind, code in found if kind == "unit"}
        contacts = await CONTACTS.current(session, caller.region)
        found |= {("contact", contact.code): contact for contact in contacts if contact.content["unit"] in units}
    plan = _fields(Plan, row.content)
    header = {name: plan[name] for name in Header.model_fields if name in plan}
    sections: dict[str, Any] = {
        section: [
            _fields(_model(section), plain(addresses, kind, row.content))
            for row in _in_order((row for (of, _), row in found.items() if of == kind), listed.get(kind, ()))
        ]
        for section, kind in SECTIONS.items()
    }
    document = {"header": {**header, "plan": code, "version": applied or "-"}, "plan": plan, **sections}
    return RegistryPart.model_validate_json(orjson.dumps(document))


async def _found(session: Session, region: str, plan: str) -> dict[Key, Current]:
    """Everything of the plan, and what it refers to, and what that refers to."""
    found: dict[Key, Current] = {}
    for kind in SECTIONS.values():
        if kind in OF_PLAN:
            rows = await SHELVES[kind].rows(session, region, plan=plan)
            found |= {(kind, code): row for code, row in rows.items() if row.ended_at is None}
    named = {key for key in await store.items(session, region, plan) if key[0] != "contact"}
    named |= _referred(found)
    while named:
        fresh: dict[Key, Current] = {}
        for kind in {kind for kind, _ in named}:
            rows = await SHELVES[kind].rows(session, region, codes={code for of, code in named if of == kind})
            fresh |= {(kind, code): row for code, row in rows.items() if row.ended_at is None}
        found |= fresh
        named = _referred(fresh) - {*found}
    return found


def _referred(rows: Mapping[Key, Current]) -> set[Key]:
    """What these refer to, of the kinds that a file has and several plans may share."""
    shared = {*SECTIONS.values()} - OF_PLAN
    return {
        (reference.kind, reference.code)
        for (kind, _), row in rows.items()
        if kind in REFERENCES
        for reference in REFERENCES[kind](row.content, "")
        if reference.kind in shared
    }


def _in_order(rows: Iterable[Current], listed: Iterable[str]) -> list[Current]:
    """As the file lists them; what came otherwise afterwards, as it came."""
    places = {code: place for place, code in enumerate(listed)}
    return sorted(rows, key=lambda row: (places.get(row.code, len(places)), row.id))


def _model(section: str) -> type[BaseModel]:
    model: type[BaseModel] = get_args(RegistryPart.model_fields[section].annotation)[0]
    return model


def _fields(model: type[BaseModel], content: Mapping[str, Any]) -> dict[str, Any]:
    """Of an object what a file says; its life is the registry's own."""
    return {name: content[name] for name in model.model_fields if name in content}

"""Carriers are judged beside each other: what stands in two of them is counted by one."""

from typing import Any

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.carriers import rules, store
from services.registry.carriers.store import CARRIERS
from services.registry.versions import service
from services.registry.versions import store as versions
from services.registry.versions.rules import Content


async def create(session: Session, caller: Caller, carrier: Content) -> None:
    """Add a carrier."""
    found = await _faults(session, caller, carrier)
    await service.create(
        session, CARRIERS, caller, carrier["code"], carrier, references=rules.references(carrier), faults=found
    )


async def replace(session: Session, caller: Caller, carrier: Content, *, if_match: str | None) -> None:
    """Add the next version of a carrier."""
    found = await _faults(session, caller, carrier)
    await service.replace(
        session,
        CARRIERS,
        caller,
        carrier["code"],
        carrier,
        if_match=if_match,
        references=rules.references(carrier),
        faults=found,
    )


async def counted(session: Session, caller: Caller) -> dict[str, Any]:
    """The carriers of the region by industry, each thing once."""
    return rules.counts((await store.contents(session, caller.region)).values())


async def _faults(session: Session, caller: Caller, carrier: Content) -> list[Faulty]:
    service.check_sees_all(caller)
    await versions.stamp(session, caller.region, caller.client_id)  # nobody else writes meanwhile
    others = await store.contents(session, caller.region)
    code = carrier["code"]
    return [*rules.faults(carrier), *rules.among_faults({**others, code: carrier}, {code: "/body"})]

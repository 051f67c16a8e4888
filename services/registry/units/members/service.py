"""Writing units so that collective names always stand for their members, and reading those."""

from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.units import service
from services.registry.units.members import store
from services.registry.versions.rules import Content


async def create(session: Session, caller: Caller, unit: Content) -> None:
    """Add a unit under its parent."""
    await service.create(session, caller, unit)
    await store.rebuild(session, caller.region)


async def replace(session: Session, caller: Caller, unit: Content, *, if_match: str | None) -> None:
    """Add the next version of a unit."""
    await service.replace(session, caller, unit, if_match=if_match)
    await store.rebuild(session, caller.region)

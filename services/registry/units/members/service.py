"""Writing units so that collective names always stand for their members, and reading those."""

from datetime import date

from services.kit.auth import Caller
from services.kit.db import Database, Session
from services.registry.units import service
from services.registry.units.members import store
from services.registry.units.schemas import MembersAsked
from services.registry.units.store import UNITS
from services.registry.versions.rules import Content


async def create(session: Session, caller: Caller, unit: Content) -> None:
    """Add a unit under its parent."""
    await service.create(session, caller, unit)
    await store.rebuild(session, caller.region)


async def replace(session: Session, caller: Caller, unit: Content, *, if_match: str | None) -> None:
    """Add the next version of a unit."""
    await service.replace(session, caller, unit, if_match=if_match)
    await store.rebuild(session, caller.region)


async def listed(db: Database, region: str, code: str, asked: MembersAsked, day: date) -> bytes:
    """One page of the members of a collective name on a day, as JSON, or `NotFound`."""
    async with db.driver() as driver:
        page = await store.MEMBERS.fetch(
            driver, limit=asked.limit, cursor=asked.cursor, total=asked.total, region=region, code=code, as_of=day
        )
    if page.startswith(b'{"items":[]'):
        await UNITS.found(db, region=region, code=code)
    return page

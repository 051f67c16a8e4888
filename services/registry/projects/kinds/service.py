"""Kinds of projects: those that come with the software, and a district's own."""

from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.projects.kinds import rules
from services.registry.projects.kinds.store import PROJECT_KINDS, changed_by_people
from services.registry.versions import service, store
from services.registry.versions.rules import Content
from services.registry.versions.store import Stamp

BUILT_IN = "built-in"


async def ensure_kinds(session: Session, region: str) -> None:
    """Let the region have the built-in kinds as this release has them; what people wrote since stays as it is."""
    stamp = await store.stamp(session, region, BUILT_IN)
    rows, changed = await PROJECT_KINDS.rows(session, region), await changed_by_people(session, region, BUILT_IN)
    for kind in rules.BUILT_IN:
        row = rows.get(kind["code"])
        if row is None or (row.content != kind and row.code not in changed):
            PROJECT_KINDS.write(session, Stamp(region, BUILT_IN, stamp.recorded_at), row, kind["code"], kind)
    await session.flush()


async def put(session: Session, caller: Caller, kind: Content, *, if_match: str | None) -> bool:
    """A kind of project for the first time, or anew; says whether it is the first time."""
    return await service.put(
        session, PROJECT_KINDS, caller, kind["code"], kind, if_match=if_match, faults=rules.faults(kind)
    )

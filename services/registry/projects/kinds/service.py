"""Kinds of projects: those that come with the software, and a district's own."""

from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.projects.kinds import rules
from services.registry.projects.kinds.store import PROJECT_KINDS
from services.registry.versions import service, store
from services.registry.versions.rules import Content
from services.registry.versions.store import Stamp

BUILT_IN = "built-in"


async def ensure_kinds(session: Session, region: str) -> None:
    """Let the region have the built-in kinds; those that are there stay as they are."""
    stamp = await store.stamp(session, region, BUILT_IN)
    rows = await PROJECT_KINDS.rows(session, region)
    for kind in rules.BUILT_IN:
        if kind["code"] not in rows:
            PROJECT_KINDS.write(session, Stamp(region, BUILT_IN, stamp.recorded_at), None, kind["code"], kind)
    await session.flush()


async def put(session: Session, caller: Caller, kind: Content, *, if_match: str | None) -> bool:
    """A kind of project for the first time, or anew; says whether it is the first time."""
    return await service.put(
        session, PROJECT_KINDS, caller, kind["code"], kind, if_match=if_match, faults=rules.faults(kind)
    )

"""Saying who answers for a matter."""

from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.responsibilities import rules
from services.registry.responsibilities.rules import OF_ITS_OWN
from services.registry.responsibilities.store import RESPONSIBILITIES
from services.registry.versions import service, store
from services.registry.versions.rules import Content


async def put_responsibility(session: Session, caller: Caller, content: Content, *, if_match: str | None) -> None:
    """Who answers for a matter, for the first time or anew; a unit that was dissolved takes on nothing."""
    plan, matter, region = content["plan"], content["matter"], caller.region
    service.check_sees_all(caller)
    await store.stamp(session, region, caller.client_id)
    row = await RESPONSIBILITIES.row(session, region, matter, plan=plan)
    kept = OF_ITS_OWN if row is None or row.ended_at is not None else {**OF_ITS_OWN, **row.content}
    await service.put(
        session,
        RESPONSIBILITIES,
        caller,
        matter,
        {**content, "superseded": kept["superseded"]},
        if_match=if_match,
        references=rules.references(content),
        faults=rules.faults(content),
        plan=plan,
    )

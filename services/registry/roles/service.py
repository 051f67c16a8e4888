"""Granting and revoking roles."""

import uuid

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.identity import service as identity
from services.registry.identity import store as accounts
from services.registry.identity.tables import RoleGrant
from services.registry.roles import rules, store
from services.registry.roles.rules import Held, Term
from services.registry.roles.schemas import NewGrant
from services.registry.versions.rules import HENCEFORTH, Unacceptable
from services.registry.versions.tables import Audit


async def grant(session: Session, caller: Caller, wanted: NewGrant) -> uuid.UUID:
    """Give a role to somebody else. Who holds what is looked at and changed by one caller at a time."""
    if wanted.holder == rules.holder_of(caller.client_id):
        raise rules.OwnRoles
    await accounts.one_at_a_time(session, caller.region)
    now = await accounts.database_now(session)
    last = HENCEFORTH if wanted.valid_to is None else wanted.valid_to.isoformat()
    unit, found = await identity.unit_of(session, caller, wanted.unit, until=last)
    if not await store.is_there(session, caller.region, wanted.holder):
        found.append(Faulty("/body/holder", "unknown-holder", f"there is no {wanted.holder}", f"没有 {wanted.holder}"))
    first = wanted.valid_from or await identity.today(session)
    new = Held(wanted.role, unit, Term(first, wanted.valid_to))
    others = [
        Held(each.role, each.unit, Term(each.valid_from, each.valid_to))
        for each in await accounts.grants_of(session, caller.region, wanted.holder)
    ]
    kind, _, name = wanted.holder.partition(":")
    keys = await accounts.scopes_of_client(session, caller.region, name, now) if kind == "client" else ()
    found += rules.faults(new, others, keys)
    if found:
        raise Unacceptable(found)
    rules.check_new(new, others)
    row = RoleGrant(
        region=caller.region,
        holder=wanted.holder,
        role=wanted.role,
        unit=unit,
        valid_from=first,
        valid_to=wanted.valid_to,
        granted_at=now,
        granted_by=caller.client_id,
    )
    session.add(row)
    await audit.record(
        session,
        Audit,
        caller,
        "role.grant",
        subject=wanted.holder,
        grant=str(row.id),
        role=row.role,
        changes=audit.differences(
            None, row.model_dump(mode="json", include={"role", "unit", "valid_from", "valid_to"})
        ),
    )
    await session.flush()
    return row.id


async def revoke(session: Session, caller: Caller, grant_id: uuid.UUID) -> None:
    """From now on no token has the role's scopes; those made before run out within ten minutes. Twice is once."""
    row = await store.seen(session, caller.region, grant_id, caller.unit_path)
    if row is None:
        raise NotFound("grant", grant_id)
    if row.holder == rules.holder_of(caller.client_id):
        raise rules.OwnRoles
    if row.revoked_at is None:
        await identity.end_grant(session, caller, row)
        await session.flush()

"""Making keys, exchanging them for tokens, revoking them."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from services.kit import audit
from services.kit.auth import Caller
from services.kit.claims import LIFETIME_SECONDS
from services.kit.db import Session, knowledge_lock
from services.kit.errors import Conflict, Faulty, NotFound
from services.registry.identity import rules, store
from services.registry.identity.rules import MARK, PREFIX
from services.registry.identity.schemas import MadeKey, NewKey, TokenAnswer
from services.registry.identity.tables import ApiKey, Client
from services.registry.keyring import Keyring
from services.registry.units.rules import below
from services.registry.versions.rules import Unacceptable
from services.registry.versions.tables import Audit


class OtherUnit(Conflict):
    """The caller is there already, for another unit."""

    code = "other-unit"


@dataclass(frozen=True)
class Fixed:
    """A caller whose key the installation chose itself."""

    client_id: str
    key: str
    scopes: tuple[str, ...]
    unit: str | None = None


async def issue(
    session: Session, keyring: Keyring, key: str, *, client_id: str | None = None, scope: str | None = None
) -> TokenAnswer:
    """A token of ten minutes for an API key; `client_id`, where given, must be the key's."""
    if not key.isprintable():
        raise rules.BadKey
    now = await store.database_now(session)
    holder = rules.holder_of(keyring.digest(key), await store.holders(session, key[:PREFIX]), now)
    if client_id and client_id != holder.client_id:
        raise rules.BadKey
    scopes = rules.granted(holder, scope)
    token = keyring.sign(rules.claims(holder, scopes, now=now, jti=str(uuid.uuid4())))
    return TokenAnswer(access_token=token, expires_in=LIFETIME_SECONDS, scope=" ".join(sorted(scopes)))


async def make_key(session: Session, keyring: Keyring, caller: Caller, wanted: NewKey) -> MadeKey:
    """A new key of a caller, who is made if new. Nobody gives away more than they have: scopes, part of the tree."""
    faults = list(rules.scope_faults(wanted.scopes, caller.scopes))
    unit = await _unit(session, caller, wanted.unit, faults)
    if faults:
        raise Unacceptable(faults)
    now = await store.database_now(session)
    client = await store.client(session, caller.region, wanted.client_id)
    if client is None:
        session.add(Client(region=caller.region, client_id=wanted.client_id, unit=unit, created_at=now))
        await session.flush()
    elif client.unit != unit:
        raise OtherUnit(
            f"{wanted.client_id} is a caller of {client.unit or 'the whole region'}; take another client_id",
            zh=f"{wanted.client_id} 已属于 {client.unit or '全区'}，请使用其他 client_id",
            pointer="/body/unit",
        )
    key = MARK + secrets.token_urlsafe(32)
    row = ApiKey(
        region=caller.region,
        client_id=wanted.client_id,
        prefix=key[:PREFIX],
        digest=keyring.digest(key),
        scopes=sorted(set(wanted.scopes)),
        created_at=now,
        created_by=caller.client_id,
        expires_at=rules.expiry(now, wanted.days),
    )
    session.add(row)
    await audit.record(
        session, Audit, caller, "key.make", subject=f"client:{row.client_id}", key=str(row.id), scopes=row.scopes
    )
    return MadeKey(
        id=row.id,
        client_id=row.client_id,
        key=key,
        scopes=row.scopes,
        unit=unit,
        expires_at=rules.expiry(now, wanted.days),
    )


async def _unit(session: Session, caller: Caller, named: str | None, faults: list[Faulty]) -> str | None:
    """The code of the unit named; a caller who sees a part of the tree only must name one within it."""
    found = None if named is None else await store.unit_and_path(session, caller.region, named)
    if named is None and not caller.unit_path:
        return None
    if found is None or not below(found[1], caller.unit_path):
        faults.append(
            Faulty(
                "/body/unit",
                "unknown-unit",
                f"there is no unit {named} that you may see" if named else "name your unit or one below it",
                f"没有可见的单位 {named}" if named else "请指定本单位或下级单位",
            )
        )
        return None
    return found[0]


async def revoke(session: Session, caller: Caller, key_id: uuid.UUID) -> None:
    """From now on no token is made for the key; those it has run out within ten minutes."""
    row = await store.key_seen_by(session, caller.region, key_id, caller.unit_path)
    if row is None:
        raise NotFound("key", key_id)
    if row.revoked_at is None:
        row.revoked_at = await store.database_now(session)
        await audit.record(session, Audit, caller, "key.revoke", subject=f"client:{row.client_id}", key=str(row.id))


async def ensure_fixed(session: Session, keyring: Keyring, region: str, keys: Iterable[Fixed]) -> None:
    """Let the installation's own callers be there, as its settings say; once or often, it comes to the same."""
    await knowledge_lock(session, region)  # several processes start at once
    now = await store.database_now(session)
    kept = []
    for fixed in keys:
        digest = keyring.digest(fixed.key)
        kept.append(digest)
        client = await store.client(session, region, fixed.client_id)
        if client is None:
            client = Client(region=region, client_id=fixed.client_id, created_at=now)
        client.unit = fixed.unit
        session.add(client)
        await session.flush()
        row = await store.key_by_digest(session, digest)
        if row is None:
            row = ApiKey(
                region=region,
                client_id=fixed.client_id,
                prefix=fixed.key[:PREFIX],
                digest=digest,
                scopes=[],
                created_at=now,
                created_by="installation",
            )
        row.client_id, row.scopes, row.fixed, row.revoked_at = fixed.client_id, sorted(set(fixed.scopes)), True, None
        session.add(row)
        await session.flush()
    await store.revoke_fixed_but(session, region, kept, now)

"""Making keys, exchanging them for tokens, replacing and revoking them."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.claims import LIFETIME_SECONDS, administrations
from services.kit.clock import business_day
from services.kit.db import Session, knowledge_lock
from services.kit.errors import Conflict, Faulty, NotFound
from services.registry.identity import rules, store
from services.registry.identity.rules import MARK, PREFIX, Subject
from services.registry.identity.schemas import Lapsed, MadeKey, NewKey, Renewal, Rotation, TokenAnswer
from services.registry.identity.tables import ApiKey, Client, RoleGrant
from services.registry.keyring import Keyring
from services.registry.units.rules import below
from services.registry.versions import store as versions
from services.registry.versions.rules import HENCEFORTH, Reference, Unacceptable, dissolved
from services.registry.versions.tables import Audit


class OtherUnit(Conflict):
    """The caller is there already, for another unit."""

    code = "other-unit"


class ChosenByInstallation(Conflict):
    """A key that the installation chose itself is changed where it was chosen."""

    def __init__(self) -> None:
        super().__init__(
            "this key was chosen by the installation; change it in DUBAN_FIXED_KEYS",
            zh="该密钥由安装配置指定，请在 DUBAN_FIXED_KEYS 中更换",
        )


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
    digest = keyring.digest(key)
    holder = rules.holder_of(digest, await store.holders(session, key[:PREFIX]), now)
    if client_id and client_id != holder.client_id:
        raise rules.BadKey
    roles = await store.roles_of(session, holder.region, f"client:{holder.client_id}", await today(session))
    scopes = rules.granted(holder, scope, roles)
    await store.used(session, holder.region, digest, now)
    subject = Subject(holder.client_id, holder.client_id, holder.region, holder.unit, holder.unit_path)
    return token_for(keyring, subject, scopes, now)


def token_for(keyring: Keyring, subject: Subject, scopes: frozenset[str], now: datetime) -> TokenAnswer:
    """A token of ten minutes."""
    token = keyring.sign(rules.claims(subject, scopes, now=now, jti=str(uuid.uuid4())))
    return TokenAnswer(access_token=token, expires_in=LIFETIME_SECONDS, scope=" ".join(sorted(scopes)))


async def today(session: Session) -> date:
    """The civil date of the business clock: by it roles begin and end, as terms of office do."""
    return await business_day(session)


async def make_key(session: Session, keyring: Keyring, caller: Caller, wanted: NewKey) -> MadeKey:
    """A new key of a caller, who is made if new. Nobody gives away more than they have: scopes, part of the tree."""
    await store.one_at_a_time(session, caller.region)
    now = await store.database_now(session)
    held = await held_by(session, caller.region, f"client:{wanted.client_id}", now)
    faults = list(rules.scope_faults(wanted.scopes, caller.scopes, held))
    unit, more = await unit_of(session, caller, wanted.unit)
    faults += more
    if faults:
        raise Unacceptable(faults)
    client = await store.add_client(session, caller.region, wanted.client_id, unit, now)
    if client.unit != unit:
        raise OtherUnit(
            f"{wanted.client_id} is a caller of {client.unit or 'the whole region'}; take another client_id",
            zh=f"{wanted.client_id} 已属于 {client.unit or '全区'}，请使用其他 client_id",
            pointer="/body/unit",
        )
    lapsed = await lapse(session, caller, f"client:{wanted.client_id}")
    expires_at = rules.expiry(now, wanted.days)
    made = _new_key(session, keyring, caller, client, wanted.scopes, now=now, expires_at=expires_at)
    made.lapsed = lapsed
    await audit.record(
        session,
        Audit,
        caller,
        "key.make",
        subject=f"client:{made.client_id}",
        key=str(made.id),
        changes={"scopes": [None, made.scopes], "expires_at": [None, made.expires_at.isoformat()]},
    )
    return made


def _new_key(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    client: Client,
    scopes: Iterable[str],
    *,
    now: datetime,
    expires_at: datetime,
) -> MadeKey:
    key = MARK + secrets.token_urlsafe(32)
    row = ApiKey(
        region=caller.region,
        client_id=client.client_id,
        prefix=key[:PREFIX],
        digest=keyring.digest(key),
        scopes=sorted(set(scopes)),
        created_at=now,
        created_by=caller.client_id,
        expires_at=expires_at,
    )
    session.add(row)
    return MadeKey(
        id=row.id, client_id=row.client_id, key=key, scopes=row.scopes, unit=client.unit, expires_at=expires_at
    )


async def end_grant(session: Session, caller: Caller, row: RoleGrant) -> None:
    """Note that a role ended."""
    row.revoked_at, row.revoked_by = await store.database_now(session), caller.client_id
    session.add(row)
    changes = {"revoked_at": [None, row.revoked_at.isoformat()]}
    await audit.record(
        session,
        Audit,
        caller,
        "role.revoke",
        subject=row.holder,
        grant=str(row.id),
        role=row.role,
        unit=row.unit,
        changes=changes,
    )


async def lapse(session: Session, caller: Caller, holder: str) -> list[Lapsed]:
    """End the holder's roles that may do what `caller` may not, since `caller` now knows how to act for the holder.

    The security administrator grants them again once the holder alone knows the key or the password: nobody alone
    takes another's place. Returns the roles that ended.
    """
    return await end_grants(session, caller, holder, beyond=caller.scopes)


async def end_grants(
    session: Session, caller: Caller, holder: str, *, beyond: frozenset[str] | None = None
) -> list[Lapsed]:
    """End the holder's roles, with `beyond` those that may do what these scopes may not. Returns those that ended."""
    ended = []
    for row in await store.grants_of(session, caller.region, holder):
        if beyond is None or rules.beyond(row.role, beyond):
            await end_grant(session, caller, row)
            ended.append(Lapsed(role=row.role, unit=row.unit))
    return ended


async def check_within(session: Session, caller: Caller, holder: str) -> None:
    """Refuse a caller of a unit who would come to act for somebody with roles beyond that unit."""
    if not caller.unit_path:
        return
    for row in await store.grants_of(session, caller.region, holder):
        found = None if row.unit is None else await store.unit_and_path(session, caller.region, row.unit)
        if found is None or not below(found[1], caller.unit_path):
            raise Forbidden(
                "this account has roles beyond your unit; ask the administrator of the region",
                zh="该账号拥有本单位以外的角色，请联系全区系统管理员",
            )


async def held_by(session: Session, region: str, holder: str, now: datetime) -> frozenset[str]:
    """The scopes that a holder has by roles, now or later, and a client by its keys."""
    roles = rules.scopes_of(grant.role for grant in await store.grants_of(session, region, holder))
    kind, _, name = holder.partition(":")
    return roles | (await store.scopes_of_client(session, region, name, now) if kind == "client" else frozenset())


async def rotate(session: Session, keyring: Keyring, caller: Caller, key_id: uuid.UUID, asked: Rotation) -> MadeKey:
    """A new key with what the old one has; for the overlap both hold. A key that the installation chose is changed there."""
    row = await store.key_seen_by(session, caller.region, key_id, caller.unit_path)
    now = await store.database_now(session)
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise NotFound("key", key_id)
    if row.fixed:
        raise ChosenByInstallation
    lacking = sorted(set(row.scopes) - caller.scopes)
    if lacking:
        raise Forbidden(
            f"you have not the scope {' '.join(lacking)} yourself", zh=f"您自己没有权限范围 {' '.join(lacking)}"
        )
    if administrations(row.scopes) and "roles:grant" not in caller.scopes:
        raise Forbidden(
            "a key of an administration is replaced by the security administration",
            zh="管理员账号的密钥须由安全管理员更换",
        )
    client = await session.get_one(Client, (caller.region, row.client_id))
    lapsed = await lapse(session, caller, f"client:{row.client_id}")
    made = await _replaced(session, keyring, caller, row, client, act="key.rotate", now=now, asked=asked)
    made.lapsed = lapsed
    return made


async def renew(session: Session, keyring: Keyring, asked: Renewal) -> MadeKey:
    """A client's own next key, for the present one: nobody else learns it, so no role ends.

    It holds as long as the one before was made for: how long a client goes unseen stays its administrator's to say.
    """
    now = await store.database_now(session)
    row = await store.key_by_digest(session, keyring.digest(asked.key), held=True) if asked.key.isprintable() else None
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise rules.BadKey
    if row.fixed or row.expires_at is None:
        raise ChosenByInstallation
    client = await session.get_one(Client, (row.region, row.client_id))
    own = Caller(row.client_id, frozenset(row.scopes), row.region, client.unit)
    again = Rotation(overlap_hours=asked.overlap_hours, days=max(1, (row.expires_at - row.created_at).days))
    return await _replaced(session, keyring, own, row, client, act="key.renew", now=now, asked=again)


async def _replaced(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    row: ApiKey,
    client: Client,
    *,
    act: str,
    now: datetime,
    asked: Rotation,
) -> MadeKey:
    """The next key beside the one that it replaces, which holds on for the overlap."""
    expires_at = rules.expiry(now, asked.days)
    made = _new_key(session, keyring, caller, client, row.scopes, now=now, expires_at=expires_at)
    until = row.expires_at
    row.expires_at = rules.overlap_end(until, now, asked.overlap_hours)
    await audit.record(
        session,
        Audit,
        caller,
        act,
        subject=f"client:{row.client_id}",
        key=str(made.id),
        replaces=str(row.id),
        changes={"expires_at": [None if until is None else until.isoformat(), row.expires_at.isoformat()]},
    )
    return made


async def unit_of(
    session: Session, caller: Caller, named: str | None, *, until: str = HENCEFORTH
) -> tuple[str | None, list[Faulty]]:
    """The code of the unit named by code or name, and what is wrong with it; None for the whole region.

    A caller who sees a part of the tree only must name one within it; one that ended has no new people, keys or roles.
    """
    if named is None and not caller.unit_path:
        return None, []
    found = None if named is None else await store.unit_and_path(session, caller.region, named)
    if found is None or not below(found[1], caller.unit_path):
        said = f"there is no unit {named} that you may see" if named else "name your unit or one below it"
        zh = f"没有可见的单位 {named}" if named else "请指定本单位或下级单位"
        return None, [Faulty("/body/unit", "unknown-unit", said, zh)]
    asked = [Reference("/body/unit", "unit", found[0], until)]
    units = await versions.answering(session, caller.region, asked)
    return found[0], [*dissolved(asked, units, (await business_day(session)).isoformat())]


async def revoke(session: Session, caller: Caller, key_id: uuid.UUID) -> None:
    """From now on no token is made for the key; those it has run out within ten minutes."""
    row = await store.key_seen_by(session, caller.region, key_id, caller.unit_path)
    if row is None:
        raise NotFound("key", key_id)
    if row.revoked_at is None:
        row.revoked_at = await store.database_now(session)
        subject, changes = f"client:{row.client_id}", {"revoked_at": [None, row.revoked_at.isoformat()]}
        await audit.record(session, Audit, caller, "key.revoke", subject=subject, key=str(row.id), changes=changes)


async def ensure_fixed(session: Session, keyring: Keyring, region: str, keys: Iterable[Fixed]) -> None:
    """Let the installation's own callers be there, as its settings say; once or often, it comes to the same."""
    await knowledge_lock(session, region)  # several processes start at once
    now = await store.database_now(session)
    kept = []
    for fixed in keys:
        digest = keyring.digest(fixed.key)
        kept.append(digest)
        client = await store.add_client(session, region, fixed.client_id, fixed.unit, now)
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

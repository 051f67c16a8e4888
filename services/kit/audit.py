"""Audit (审计): who did what, when, with what before and after; written in the transaction of the deed.

Sealing comes after: chaining inside the transaction would make a service single-file. A sealer, one at a time, numbers
and chains what is committed, region by region, within a second; what an earlier run sealed stands before what a later
one finds, and within a run entries go by id (UUIDv7, the order in which they were made). A trigger refuses everything
else (migration 0008).
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.kit.auth import Caller
from services.kit.chain import GENESIS, Anchor, canonical, link, parsed
from services.kit.clock import business_now
from services.kit.db import Database, Driver, Session, driver_of, uuid7
from services.kit.queue import Look

log = logging.getLogger(__name__)
BATCH = 1000
"""So many entries are sealed in one transaction."""
ANCHORED_EVERY = 3600.0
"""Seconds between two anchors in a worker's log."""
INSTANT = """to_char("at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
"""The instant of an entry as it is hashed and answered."""
NAMED = 100
"""So many things an act names one by one in its entry; of more it says how many, and a digest of what was sent."""
LOGS = frozenset({"acts"})
"""Fields that only ever grow at their end: an entry tells what came to them, the entries before tell the rest."""


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """What changed, by field: what it was and what it is. Of what is new `before` is null, of what ended `after` is."""
    old, new = before or {}, after or {}
    found: dict[str, list[Any]] = {}
    for name in [*old, *(name for name in new if name not in old)]:
        was: Any = old.get(name)
        now: Any = new.get(name)
        if was == now:
            continue
        if name in LOGS and was and now:
            was, now = None, now[len(was) :]
        found[name] = [was, now]
    return found


def wrote(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What an act wrote beside its subject, each a `subject` with its `changes`; of many the first by name only.

    `wrote_sha256` is then that of the whole list in canonical JSON.
    """
    if len(items) <= NAMED:
        return {"wrote": [*items]} if items else {}
    digest = hashlib.sha256(canonical([*items]).encode("utf-8", "surrogatepass")).hexdigest()
    named = [{name: value for name, value in item.items() if name != "changes"} for item in items[:NAMED]]
    return {"wrote": named, "wrote_total": len(items), "wrote_sha256": digest}


class AuditRow(SQLModel):
    """The columns of a service's own audit table. Positions and hashes are the sealer's."""

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    position: int | None = None
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    at: datetime = Field(sa_type=DateTime(timezone=True))
    client_id: str
    act: str
    subject: str | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


def audit_constraints() -> tuple[UniqueConstraint | CheckConstraint | Index, ...]:
    """What the table of a chain has beside its columns."""
    return (
        UniqueConstraint("region", "position"),
        CheckConstraint("(position IS NULL) = (hash IS NULL)", name="sealed_whole"),
        Index("audit_unsealed_ix", "region", "id", postgresql_where=text("position IS NULL")),
        Index("audit_region_client_id_ix", "region", "client_id", "position"),
        Index("audit_region_subject_ix", "region", "subject", "position"),
    )


async def record(
    session: Session,
    table: type[AuditRow],
    caller: Caller,
    act: str,
    *,
    subject: str | None = None,
    at: datetime | None = None,
    **details: object,
) -> None:
    """Write down one deed; `details` hold what changed, never secrets or whole addresses."""
    session.add(
        table(
            region=caller.region,
            at=at or await business_now(session),
            client_id=caller.client_id,
            act=act,
            subject=subject,
            details=details,
        )
    )


def _name(table: type[AuditRow]) -> str:
    return str(table.__table__)  # type: ignore[attr-defined]  # SQLAlchemy adds it


def _service(table: type[AuditRow]) -> str:
    return str(table.__table__.schema)  # type: ignore[attr-defined]  # as above


async def head(driver: Driver, table: type[AuditRow], region: str) -> Anchor:
    """The last sealed entry of a region; position 0 where there is none."""
    found = await driver.fetchrow(
        f"SELECT position, hash FROM {_name(table)} WHERE region = $1 AND position IS NOT NULL "
        "ORDER BY position DESC LIMIT 1",
        region,
    )
    position, digest = found or (0, GENESIS)
    return Anchor(_service(table), region, position, digest.hex())


async def seal(db: Database, table: type[AuditRow]) -> int:
    """Number and chain what was committed since; returns how many entries."""
    sealed = 0
    while True:
        async with db.driver() as driver:
            if not await driver.fetchval(f"SELECT EXISTS (SELECT FROM {_name(table)} WHERE position IS NULL)"):
                return sealed
        async with db.edge() as session:
            sealed += await _seal_some(session, table)


async def _seal_some(session: Session, table: type[AuditRow]) -> int:
    name = _name(table)
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"seal:{name}"})
    driver = await driver_of(session)
    fresh = await driver.fetch(
        f"""
SELECT region, id, {INSTANT} AS at, client_id, act, subject, details::text AS details
FROM {name} WHERE position IS NULL ORDER BY region, id LIMIT {BATCH}"""
    )
    given: list[tuple[str, uuid.UUID, int, bytes]] = []
    last: dict[str, Anchor] = {}
    for row in fresh:
        region = row["region"]
        before = last.get(region) or await head(driver, table, region)
        position = before.position + 1
        digest = link(bytes.fromhex(before.hash), _service(table), _entry(row, position))
        given.append((region, row["id"], position, digest))
        last[region] = Anchor(before.service, region, position, digest.hex())
    if given:  # else another sealer was faster
        await driver.execute(
            f"""
UPDATE {name} AS entry SET position = given.position, hash = given.hash
FROM unnest($1::text[], $2::uuid[], $3::int[], $4::bytea[]) AS given (region, id, position, hash)
WHERE entry.region = given.region AND entry.id = given.id""",
            *(list(column) for column in zip(*given, strict=True)),
        )
    return len(given)


def _entry(row: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {**row, "id": str(row["id"]), "position": position, "details": parsed(row["details"])}


def sealing(db: Database, table: type[AuditRow], region: str) -> Look:
    """The worker's part: seal, and now and then write the chain's end into the log, which is kept elsewhere."""
    said: tuple[float, Anchor] | None = None

    async def look() -> int:
        nonlocal said
        sealed = await seal(db, table)
        if said is None or time.monotonic() - said[0] >= ANCHORED_EVERY:
            async with db.driver() as driver:
                reached = await head(driver, table, region)
            if reached.position and (said is None or said[1] != reached):
                log.info("audit anchor %s", reached)
            said = (time.monotonic(), reached)
        return sealed

    return look

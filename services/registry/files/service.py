"""Keeping evidence files, and letting other objects refer to them."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from services.kit import audit
from services.kit.auth import Caller
from services.kit.clock import business_now
from services.kit.db import Session
from services.kit.errors import Faulty
from services.kit.files import Evidence, evidence
from services.registry.files import store
from services.registry.versions.tables import Audit

Referred = tuple[str, str]
"""A place in what was sent, as a JSON pointer, and the hash of the file that stands there."""


async def keep(session: Session, caller: Caller, name: str | None, content: bytes) -> Evidence:
    """Check a file and keep it. The same file sent again under the same name by the same caller changes nothing."""
    file = await asyncio.to_thread(evidence, name, content)  # a container is unpacked: not in everybody's way
    at = await business_now(session)
    if await store.keep(session, caller, file, at=at):
        await audit.record(
            session,
            Audit,
            caller,
            "file.keep",
            subject=f"file:{file.sha256}",
            at=at,
            changes={name: [None, getattr(file, name)] for name in ("name", "size", "media_type")},
        )
    return file


async def faults(session: Session, caller: Caller, referred: Iterable[Referred]) -> list[Faulty]:
    """A fault for each reference to a file that is not there, or not the caller's to see."""
    named = list(referred)
    there = await store.seen(session, caller, {sha256 for _, sha256 in named}) if named else set()
    return [
        Faulty(
            pointer,
            "unknown-file",
            f"there is no file {sha256} that you may see; send it to POST /v1/files first",
            f"没有可见的文件 {sha256}；请先通过 POST /v1/files 上传",
        )
        for pointer, sha256 in named
        if sha256 not in there
    ]


async def refer(
    session: Session, caller: Caller, subject: str, hashes: Iterable[str], *, at: datetime, unit: str | None = None
) -> None:
    """Note that `subject` (`project:P01`) refers to these files, so that who sees it sees them.

    `unit` names the unit whose people see the subject; without one it is seen by all who read the registry.
    """
    await store.refer(session, caller.region, [(subject, sha256) for sha256 in hashes], unit=unit, at=at)


async def refer_all(session: Session, caller: Caller, uses: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Note that many subjects, seen by all who read the registry, refer to files: each use a subject and a hash."""
    await store.refer(session, caller.region, uses, unit=None, at=at)

"""Jobs in the database."""

import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, cast, delete, func, or_, select, text, update

from services.kit.auth import Caller
from services.kit.db import Database, Session
from services.kit.later.rows import JobRow, Jobs
from services.kit.reads import Page

KEPT_DAYS: Final = 30
"""A job that has ended is shown for so long."""
ABANDONED: Final = timedelta(days=1)
"""A file that is not there after so long will not come any more."""
OPEN: Final = ("waiting", "running")


def _columns(jobs: Jobs) -> Any:  # noqa: ANN401 - SQLAlchemy's collection
    return jobs.job.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it


def _now() -> Any:  # noqa: ANN401 - SQLAlchemy's function
    return func.clock_timestamp()


async def begin(
    db: Database, jobs: Jobs, caller: Caller, *, operation: str, arguments: Mapping[str, Any], media: str
) -> uuid.UUID:
    """A job whose file will come in, in a transaction of its own."""
    async with db.edge() as session:
        now = (await session.execute(select(_now()))).scalar_one()
        row = jobs.job(
            region=caller.region,
            operation=operation,
            arguments=dict(arguments),
            client_id=caller.client_id,
            unit=caller.unit,
            unit_path=caller.unit_path,
            scopes=sorted(caller.scopes),
            state="receiving",
            media=media,
            received_at=now,
        )
        session.add(row)
        return row.id


async def keep_part(db: Database, jobs: Jobs, region: str, job: uuid.UUID, *, number: int, content: bytes) -> None:
    """A piece of its file, in a transaction of its own: a slow sender holds no connection."""
    async with db.driver() as driver:
        await driver.execute(
            f"INSERT INTO {_name(jobs.part)} (region, job, number, content) VALUES ($1, $2, $3, $4)",
            region,
            job,
            number,
            content,
        )


async def drop(db: Database, jobs: Jobs, region: str, job: uuid.UUID) -> None:
    """Forget a job whose file did not come whole."""
    async with db.driver() as driver:
        await driver.execute(f"DELETE FROM {_name(jobs.job)} WHERE region = $1 AND id = $2", region, job)


async def submit(session: Session, jobs: Jobs, region: str, job: uuid.UUID, *, size: int, sha256: str) -> JobRow:
    """The file is there: from the commit on the job waits for its turn."""
    table = _columns(jobs)
    await session.execute(
        update(jobs.job)
        .where(table.region == region, table.id == job)
        .values(state="waiting", bytes=size, sha256=sha256, submitted_at=_now())
    )
    found: JobRow = (
        await session.execute(select(jobs.job).where(table.region == region, table.id == job))
    ).scalar_one()
    return found


def seen_by(caller: Caller) -> dict[str, object]:
    """Whose jobs a caller sees: those that were sent for its unit or one below."""
    return {"region": caller.region, "unit_path": caller.unit_path}


def _seen(jobs: Jobs) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    table, path = _columns(jobs), bindparam("unit_path", type_=Text)
    below = or_(path == "", func.starts_with(table.unit_path + ".", path + "."))
    return and_(table.region == bindparam("region"), below, table.state != "receiving")


async def one(session: Session, jobs: Jobs, caller: Caller, job: uuid.UUID, *, lock: bool = False) -> JobRow | None:
    """A job that the caller may see."""
    query = select(jobs.job).where(_seen(jobs), _columns(jobs).id == job)
    found = await session.execute(query.with_for_update() if lock else query, seen_by(caller))
    row: JobRow | None = found.scalar_one_or_none()
    return row


def page(jobs: Jobs) -> Page:
    """The jobs that a caller sees, the latest first."""
    table = _columns(jobs)
    shown = [
        table[name]
        for name in (
            "operation",
            "arguments",
            "client_id",
            "state",
            "media",
            "bytes",
            "read_bytes",
            "read_rows",
            "sha256",
        )
    ]
    return Page(
        select(cast(table.id, Text).label("id"), *shown, table.submitted_at, table.started_at, table.ended_at).where(
            _seen(jobs)
        ),
        sort=table.submitted_at,
        identity=table.id,
        sorts={name: table[name] for name in ("submitted_at", "operation", "state", "bytes", "ended_at")},
        filters={"state": table.state == bindparam("state"), "operation": table.operation == bindparam("operation")},
        descending=True,
    )


async def end(session: Session, jobs: Jobs, row: JobRow, state: str, **outcome: object) -> bool:
    """End a job that is not ended, and let go of its file; False where somebody was faster."""
    table = _columns(jobs)
    ended = await session.execute(
        update(jobs.job)
        .where(table.region == row.region, table.id == row.id, table.state.in_(OPEN))
        .values(state=state, ended_at=_now(), **outcome)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    if ended.first() is None:
        return False
    parts = jobs.part.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    await session.execute(delete(jobs.part).where(parts.region == row.region, parts.job == row.id))
    return True


async def turn(session: Session, jobs: Jobs) -> bool:
    """Take the service's turn until the commit: one job at a time, in the order in which they were sent."""
    taken = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    return bool((await session.execute(taken, {"name": f"jobs:{_name(jobs.job)}"})).scalar_one())


async def first(session: Session, jobs: Jobs) -> JobRow | None:
    """The job whose turn it is: also one that is said to run, since whoever ran it had the turn that is ours now."""
    table = _columns(jobs)
    query = select(jobs.job).where(table.state.in_(OPEN)).order_by(table.submitted_at, table.id).limit(1)
    found: JobRow | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def start(db: Database, jobs: Jobs, row: JobRow) -> None:
    """Say that a job runs, in a transaction of its own, so that others see it."""
    async with db.driver() as driver:
        await driver.execute(
            f"UPDATE {_name(jobs.job)} SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), "
            "attempts = attempts + 1, read_bytes = 0, read_rows = 0 WHERE region = $1 AND id = $2 AND state IN ('waiting', 'running')",
            row.region,
            row.id,
        )


async def advance(db: Database, jobs: Jobs, row: JobRow, *, read_bytes: int, read_rows: int) -> bool:
    """Say how far the file was read; False where the job was cancelled meanwhile."""
    async with db.driver() as driver:
        found = await driver.fetchval(
            f"UPDATE {_name(jobs.job)} SET read_bytes = $3, read_rows = $4 WHERE region = $1 AND id = $2 AND state = 'running' "
            "RETURNING true",
            row.region,
            row.id,
            read_bytes,
            read_rows,
        )
    return bool(found)


async def parts(db: Database, jobs: Jobs, row: JobRow) -> AsyncIterator[bytes]:
    """The file, piece by piece."""
    number = 0
    while True:
        async with db.driver() as driver:
            content: bytes | None = await driver.fetchval(
                f"SELECT content FROM {_name(jobs.part)} WHERE region = $1 AND job = $2 AND number = $3",
                row.region,
                row.id,
                number,
            )
        if content is None:
            return
        yield content
        number += 1


async def forget(db: Database, jobs: Jobs) -> int:
    """Drop jobs that were shown for as long as was promised, and files that never came whole."""
    table = _columns(jobs)
    old = or_(
        table.ended_at < _now() - timedelta(days=KEPT_DAYS),
        (table.state == "receiving") & (table.received_at < _now() - ABANDONED),
    )
    async with db.edge() as session:
        return len((await session.execute(delete(jobs.job).where(old).returning(table.id))).all())


def _name(table: Any) -> str:  # noqa: ANN401 - a table class
    return str(table.__table__)

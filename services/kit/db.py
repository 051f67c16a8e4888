"""One Postgres per service: its table base, its small pool, its sessions."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as Session
from sqlalchemy.orm import registry
from sqlalchemy.util import greenlet_spawn
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

__all__ = [
    "HELD",
    "NOT_WRITTEN",
    "Database",
    "Driver",
    "Edge",
    "Session",
    "copy_rows",
    "driver_of",
    "give_time",
    "knowledge_key",
    "knowledge_lock",
    "table_base",
    "uuid7",
]

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "pk": "%(table_name)s_pk",
}

HELD = "duban.session"
"""Where a request's scope names a session that somebody further out opened and will commit."""
NOT_WRITTEN = (SQLAlchemyError, OSError)
"""What a session raises when nothing was written: refused by the database, or the database is away."""
Driver = Any  # asyncpg's connection; its stubs are generic over a record class that nothing here uses


def table_base(schema: str) -> type[SQLModel]:
    """The base of one service's tables: a registry and a schema of its own, so that no service sees another's."""
    metadata_ = MetaData(schema=schema, naming_convention=NAMING)

    class Table(SQLModel, registry=registry(metadata=metadata_)):
        metadata = metadata_

    return Table


class Database:
    """A service's connections. Small on purpose: 4 a process beat 16 by a quarter (docs/decisions)."""

    def __init__(self, url: str, *, size: int = 4) -> None:
        self.url = url
        self.turns = asyncio.Semaphore(max(1, size - 1))
        """Turns of requests that hold a connection while they may take another one."""
        self.engine: AsyncEngine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=size,
            max_overflow=0,
            pool_timeout=2,
            pool_use_lifo=True,
            hide_parameters=True,  # errors are logged, and what people wrote is in the parameters
            connect_args={
                "timeout": 10,
                "server_settings": {
                    "statement_timeout": "5000",
                    "lock_timeout": "2000",
                    "timezone": "UTC",
                    "application_name": "duban",
                },
            },
        )

    @asynccontextmanager
    async def edge(self) -> AsyncIterator[Session]:
        """A session that commits when the block ends well. Nothing further in commits."""
        async with Session(self.engine, expire_on_commit=False) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Driver]:
        """The driver's own connection out of the same pool, for reads that Postgres shapes itself and for COPY.

        Taken from the pool itself: `engine.connect()` would cost half as much again as the read. Each statement is
        a transaction of its own unless the caller opens one with `transaction()`.
        """
        held = await greenlet_spawn(self.engine.sync_engine.pool.connect)
        driver: Driver = held.driver_connection
        try:
            yield driver
        except BaseException:
            if driver.is_closed():
                held.invalidate()
            raise
        finally:
            await greenlet_spawn(held.close)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _edge(request: Request) -> AsyncIterator[Session]:
    held: Session | None = request.scope.get(HELD)
    if held is not None:
        yield held
        return
    async with cast("Database", request.app.state.parts.db).edge() as session:
        yield session


Edge = Annotated[Session, Depends(_edge, scope="function")]
"""The request's session. `scope="function"`: FastAPI would otherwise commit after the answer went out."""


async def driver_of(session: Session) -> Driver:
    """The driver's connection under a session, in the same transaction."""
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection


async def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """COPY rows into `table` ("schema.name" or a temporary table) inside the session's transaction."""
    schema, _, name = table.rpartition(".")
    driver = await driver_of(session)
    await driver.copy_records_to_table(name, schema_name=schema or None, columns=list(columns), records=rows)


async def give_time(session: Session, seconds: int) -> None:
    """Let a statement of this transaction take so long, where it may not take longer already.

    A request's statements have 5 s; an import's work on its whole file at once.
    """
    await session.execute(
        text(
            "SELECT set_config('statement_timeout', greatest(setting::int, :ms)::text, true) "
            "FROM pg_settings WHERE name = 'statement_timeout'"
        ),
        {"ms": seconds * 1000},
    )


def knowledge_key(region: str) -> int:
    """The advisory lock's number that guards one region's `recorded_at`."""
    return int.from_bytes(hashlib.blake2b(f"knowledge:{region}".encode(), digest_size=8).digest(), signed=True)


async def knowledge_lock(session: Session, region: str) -> None:
    """Take the region's lock, just before `recorded_at` is stamped and until the commit.

    Who asks what was known asks for this lock, shared, first: a figure stamped early and committed late can then
    not slip into an answer that was already given (semantics.md 1).
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": knowledge_key(region)})

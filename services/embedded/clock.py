"""The business clock of an embedded platform, as its starter keeps it: set once, still while the platform is stopped.

While the platform runs the registry moves it, and we note every second how far it has come. A kill leaves it noted as
ticking: the next start then goes on from the last note, a little later, so that it never goes back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import asyncpg

from services.embedded.postgres import PostgresServer

NOTED_EVERY = 1.0  # seconds between two notes of a ticking clock


async def untouched(server: PostgresServer) -> bool:
    """Whether the clock is as the migrations left it: the real one, on a new database."""
    async with _owner(server) as connection:
        return bool(await connection.fetchval("SELECT business_at = real_at AND NOT standing FROM platform.clock"))


async def begin(server: PostgresServer, at: datetime) -> None:
    """Let the clock of a new database stand at `at`. The trigger that forbids going back is put aside for this once."""
    async with _owner(server) as connection, connection.transaction():
        await connection.execute("ALTER TABLE platform.clock DISABLE TRIGGER USER")
        await connection.execute(
            "UPDATE platform.clock SET business_at = $1, real_at = clock_timestamp(), standing = true", at
        )
        await connection.execute("ALTER TABLE platform.clock ENABLE TRIGGER USER")


async def resume(server: PostgresServer) -> None:
    """Let the clock stand where the last run left it; before anybody asks what time it is."""
    async with _owner(server) as connection:
        await connection.execute(
            """
UPDATE platform.clock SET real_at = clock_timestamp(), standing = true, business_at = business_at
    + CASE WHEN standing OR moving_to IS NOT NULL THEN interval '0' ELSE $1::interval END""",
            timedelta(seconds=2 * NOTED_EVERY),
        )


async def tick(server: PostgresServer) -> None:
    """Let the clock go on from where it stands."""
    async with _owner(server) as connection:
        await connection.execute("UPDATE platform.clock SET real_at = clock_timestamp(), standing = false")


async def stand(server: PostgresServer) -> None:
    """Let the clock stand still where it is."""
    async with _owner(server) as connection:
        await connection.execute(
            "UPDATE platform.clock SET business_at = platform.now(), real_at = clock_timestamp(), standing = true"
        )


async def keep_noted(server: PostgresServer) -> None:
    """Note the ticking clock again and again; runs until it is cancelled."""
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            await _note_until_cut_off(server)
        await asyncio.sleep(NOTED_EVERY)


async def _note_until_cut_off(server: PostgresServer) -> None:
    async with _owner(server) as connection:
        while True:
            # One instant on both sides: what the clock shows does not change by a microsecond.
            await connection.execute(
                "UPDATE platform.clock SET business_at = business_at + (statement_timestamp() - real_at), "
                "real_at = statement_timestamp() WHERE NOT standing AND moving_to IS NULL"
            )
            await asyncio.sleep(NOTED_EVERY)


@asynccontextmanager
async def _owner(server: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    connection = await server.connect()
    try:
        yield connection
    finally:
        await connection.close()

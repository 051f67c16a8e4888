"""Stamps grow, and the horizon stays below whatever may still be recorded."""

import asyncio
from datetime import datetime, timedelta

import asyncpg

from services.kit.db import knowledge_key
from tests.databases import TestDatabase
from tests.indicators.gaps.loading import REGION

INSTANT = timedelta(microseconds=1)
STAMP = "SELECT indicators.stamp($1)"


async def horizon(connection: asyncpg.Connection) -> datetime:
    found: datetime = await connection.fetchval("SELECT indicators.horizon($1, $2)", REGION, knowledge_key(REGION))
    return found


async def hold(connection: asyncpg.Connection) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock($1)", knowledge_key(REGION))


async def stand(database: TestDatabase, at: datetime) -> None:
    async with database.owner() as owner:
        await owner.execute("ALTER TABLE platform.clock DISABLE TRIGGER USER")
        await owner.execute(
            "UPDATE platform.clock SET business_at = $1, real_at = clock_timestamp(), standing = true", at
        )
        await owner.execute("ALTER TABLE platform.clock ENABLE TRIGGER USER")


async def test_with_no_writer_the_horizon_is_just_below_the_business_clock(database: TestDatabase) -> None:
    at = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
    await stand(database, at)
    reader = await asyncpg.connect(database.url("indicators"))
    try:
        assert await horizon(reader) == at - INSTANT
    finally:
        await reader.close()


async def test_stamps_grow_even_while_the_clock_stands(database: TestDatabase) -> None:
    at = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
    await stand(database, at)
    writer = await asyncpg.connect(database.url("indicators"))
    try:
        assert [await writer.fetchval(STAMP, REGION) for _ in range(3)] == [at, at + INSTANT, at + 2 * INSTANT]
    finally:
        await writer.close()


async def test_an_open_writer_holds_the_horizon_below_its_stamp(database: TestDatabase) -> None:
    reader, writer = (
        await asyncpg.connect(database.url("indicators")),
        await asyncpg.connect(database.url("indicators")),
    )
    try:
        async with writer.transaction():
            await hold(writer)
            stamped = await writer.fetchval(STAMP, REGION)
            await asyncio.sleep(0.05)
            assert await horizon(reader) < stamped
        assert await horizon(reader) > stamped
    finally:
        await reader.close()
        await writer.close()


async def test_a_writer_that_began_before_the_clock_was_moved_holds_the_horizon_at_the_last_stamp(
    database: TestDatabase,
) -> None:
    reader, writer = (
        await asyncpg.connect(database.url("indicators")),
        await asyncpg.connect(database.url("indicators")),
    )
    try:
        last = await writer.fetchval(STAMP, REGION)
        async with writer.transaction():
            await hold(writer)
            await stand(database, last + timedelta(days=30))
            assert await horizon(reader) == last
    finally:
        await reader.close()
        await writer.close()


async def test_nothing_is_added_at_or_below_a_horizon_that_was_given(database: TestDatabase) -> None:
    """Four writers and a reader at once: what a reader saw up to its horizon is all that there will ever be."""
    reader, *writers = [await asyncpg.connect(database.url("indicators")) for _ in range(5)]
    seen: list[tuple[datetime, int]] = []
    writing = True

    async def count(until: datetime) -> int:
        rows: int = await reader.fetchval("SELECT count(*) FROM indicators.plan WHERE recorded_at <= $1", until)
        return rows

    async def write(connection: asyncpg.Connection) -> None:
        for _ in range(60):
            async with connection.transaction():
                await connection.execute("SELECT 1")  # a transaction begins before it asks for the lock
                await hold(connection)
                stamped = await connection.fetchval(STAMP, REGION)
                await connection.execute(
                    "INSERT INTO indicators.plan (region, code, recorded_at, name, known_from, start, ends_on, time_zone, "
                    "state, applied, listed) "
                    "VALUES ($1, 'p', $2, '', $2, '2016-12-31', '2019-12-31', 'UTC', 'active', '', '{}')",
                    REGION,
                    stamped,
                )

    async def read() -> None:
        while writing:
            settled = await horizon(reader)
            seen.append((settled, await count(settled)))
            await asyncio.sleep(0.005)

    async def write_all() -> None:
        nonlocal writing
        try:
            await asyncio.gather(*(write(connection) for connection in writers))
        finally:
            writing = False

    try:
        await asyncio.gather(write_all(), read())
        assert len(seen) > 3
        assert await count(await horizon(reader)) == 240
        assert [(settled, await count(settled)) for settled, _ in seen] == seen
    finally:
        for connection in (reader, *writers):
            await connection.close()

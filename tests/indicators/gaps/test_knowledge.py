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


async def test_an_answer_up_to_the_horizon_never_meets_a_later_stamp(database: TestDatabase) -> None:
    """Writers and a reader at once: whatever is committed after a horizon was read is stamped after it."""
    reader, *writers = [await asyncpg.connect(database.url("indicators")) for _ in range(5)]
    committed: list[datetime] = []
    done = False

    async def write(connection: asyncpg.Connection) -> None:
        for _ in range(60):
            async with connection.transaction():
                await hold(connection)
                stamped = await connection.fetchval(STAMP, REGION)
            committed.append(stamped)

    async def read() -> int:
        asked = 0
        while not done:
            before = len(committed)
            settled = await horizon(reader)
            await asyncio.sleep(0.01)
            # What was committed before the question may lie on either side; of the rest one stamp may be under way.
            assert all(stamped > settled for stamped in committed[before + len(writers) :])
            asked += 1
        return asked

    async def write_all() -> None:
        nonlocal done
        await asyncio.gather(*(write(connection) for connection in writers))
        done = True

    try:
        _, asked = await asyncio.gather(write_all(), read())
        assert asked > 3
        assert len(set(committed)) == len(committed) == 240
    finally:
        for connection in (reader, *writers):
            await connection.close()

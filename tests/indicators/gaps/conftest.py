"""Databases that hold the reference's worlds."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import TestDatabase, fresh_database
from tests.indicators.gaps.loading import load
from tests.indicators.reference.generator import Case, generate
from tests.indicators.reference.model import World
from tests.indicators.reference.sample import TARGETS, sample_world

PLANS = Path(__file__).parents[3] / "plans"


@pytest.fixture(scope="module")
def world() -> World:
    """The sample's reports and milestones."""
    return sample_world(PLANS / "xiaoshan-2017-2019.reports.csv", PLANS / "xiaoshan-2017-2019.milestones.csv")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample_database(
    postgres_server: PostgresServer, template_database: str, world: World
) -> AsyncIterator[TestDatabase]:
    """The sample plan, its reports and milestones."""
    async with fresh_database(postgres_server, template_database) as database:
        async with database.owner() as connection:
            await load(connection, world, TARGETS)
        yield database


@pytest_asyncio.fixture(loop_scope="session")
async def sample(sample_database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """The service's own connection to the sample; what a test writes is rolled back."""
    connection = await asyncpg.connect(sample_database.url("indicators"))
    attempt = connection.transaction()
    await attempt.start()
    try:
        yield connection
    finally:
        await attempt.rollback()
        await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cases(
    postgres_server: PostgresServer, template_database: str
) -> AsyncIterator[tuple[list[Case], asyncpg.Connection]]:
    """The 1,000 generated cases, in one database."""
    made = list(generate())
    world = World(
        {code: indicator for case in made for code, indicator in case.world.indicators.items()},
        tuple(each for case in made for each in case.world.observations),
        tuple(each for case in made for each in case.world.milestones),
    )
    async with fresh_database(postgres_server, template_database) as database:
        async with database.owner() as connection:
            await load(connection, world, [case.target for case in made])
        connection = await asyncpg.connect(database.url("indicators"))
        try:
            yield made, connection
        finally:
            await connection.close()

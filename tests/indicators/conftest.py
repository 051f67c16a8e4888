"""The platform with the sample plan, for tests of indicators."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.indicators import samples
from tests.platform import Platform, running_platform


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    """The sample plan, active, with its whole history; for tests that only read."""
    async with fresh_database(postgres_server, template_database) as database, running_platform(database) as platform:
        await samples.set_up(platform)
        await samples.activate(platform)
        await samples.due(platform, samples.START)
        yield platform


@pytest_asyncio.fixture(loop_scope="session")
async def in_set_up(platform: Platform) -> Platform:
    """The sample plan in set-up, without figures."""
    await samples.set_up(platform, history=False)
    return platform


@pytest_asyncio.fixture(loop_scope="session")
async def running(platform: Platform) -> Platform:
    """The sample plan, active, with its whole history; for tests that write."""
    await samples.set_up(platform)
    await samples.activate(platform)
    await samples.due(platform, samples.START)
    return platform

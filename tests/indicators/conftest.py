"""The platform with the sample plan, for tests of indicators. It is loaded once and cloned for each test that writes."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.indicators import samples
from tests.platform import START, Platform, running_platform


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty_plan(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[str]:
    """The name of a database with the sample plan in set-up, without figures."""
    async with fresh_database(postgres_server, template_database) as database:
        async with running_platform(database) as platform:
            await samples.set_up(platform)
        yield database.name


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_plan(postgres_server: PostgresServer, empty_plan: str) -> AsyncIterator[str]:
    """The name of a database with the sample plan, active, with its whole history."""
    async with fresh_database(postgres_server, empty_plan) as database:
        async with running_platform(database) as platform:
            await samples.load(platform)
            await samples.activate(platform)
            await samples.due(platform, START)
        yield database.name


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(postgres_server: PostgresServer, running_plan: str) -> AsyncIterator[Platform]:
    """The sample plan, active, with its whole history; for tests that only read."""
    async with fresh_database(postgres_server, running_plan) as database, running_platform(database) as platform:
        yield platform


@pytest_asyncio.fixture(loop_scope="session")
async def in_set_up(postgres_server: PostgresServer, empty_plan: str) -> AsyncIterator[Platform]:
    """The sample plan in set-up, without figures."""
    async with fresh_database(postgres_server, empty_plan) as database, running_platform(database) as platform:
        yield platform


@pytest_asyncio.fixture(loop_scope="session")
async def running(postgres_server: PostgresServer, running_plan: str) -> AsyncIterator[Platform]:
    """The sample plan, active, with its whole history; for tests that write."""
    async with fresh_database(postgres_server, running_plan) as database, running_platform(database) as platform:
        yield platform

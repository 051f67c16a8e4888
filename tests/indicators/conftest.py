"""The platform with the sample plan, for tests of indicators. It is loaded once."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.indicators import samples
from tests.kept import KeptDatabase
from tests.platform import START, Platform, kept_platform, lent, running_platform


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def loaded(postgres_server: PostgresServer, running_plan: str) -> AsyncIterator[Platform]:
    """The sample plan, active, with its whole history; for tests that only read."""
    async with fresh_database(postgres_server, running_plan) as database, running_platform(database) as platform:
        yield platform


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_in_set_up(
    postgres_server: PostgresServer, empty_plan: str
) -> AsyncIterator[tuple[Platform, KeptDatabase]]:
    """The sample plan in set-up, running for many tests."""
    async with kept_platform(postgres_server, empty_plan) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def in_set_up(kept_in_set_up: tuple[Platform, KeptDatabase]) -> AsyncIterator[Platform]:
    """The sample plan in set-up, without figures."""
    async with lent(kept_in_set_up) as platform:
        yield platform


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_running(
    postgres_server: PostgresServer, running_plan: str
) -> AsyncIterator[tuple[Platform, KeptDatabase]]:
    """The sample plan, active, with its whole history, running for many tests."""
    async with kept_platform(postgres_server, running_plan) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def running(kept_running: tuple[Platform, KeptDatabase]) -> AsyncIterator[Platform]:
    """The sample plan, active, with its whole history; for tests that write."""
    async with lent(kept_running) as platform:
        yield platform

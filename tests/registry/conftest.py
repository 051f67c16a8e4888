"""What the registry's tests ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.kept import KeptDatabase, kept_database
from tests.registry.running import START, Registry, running, settings_for
from tests.registry.samples import apply_sample


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_registry(
    postgres_server: PostgresServer, template_database: str
) -> AsyncIterator[tuple[Registry, KeptDatabase]]:
    """A registry that runs for many tests, one after another."""
    async with (
        kept_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        await database.keep()
        yield made, database


@pytest_asyncio.fixture(loop_scope="session")
async def registry(kept_registry: tuple[Registry, KeptDatabase]) -> AsyncIterator[Registry]:
    """A registry without any object whose clock stands at the sample's start."""
    running_on, database = kept_registry
    made = Registry(database, running_on.transport, running_on.settings)
    yield made
    await made.close()
    await database.bring_back()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Registry]:
    """A running registry for tests that change nothing but make callers."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sample_registry(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Registry]:
    """A running registry with the sample plan, for tests that only read."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        await apply_sample(made)
        yield made

"""What the registry's tests ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.databases import TestDatabase
from tests.registry.running import START, Registry, running, settings_for


@pytest_asyncio.fixture(loop_scope="session")
async def registry(database: TestDatabase) -> AsyncIterator[Registry]:
    """A running registry whose clock stands at the sample's start."""
    async with running(settings_for(database), database) as made:
        await made.show(START)
        yield made

"""The notifier with its twins and the embedded mailbox behind it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.databases import TestDatabase
from tests.notifier.others import Notifier, with_mailbox


@pytest_asyncio.fixture(loop_scope="session")
async def notifier(database: TestDatabase) -> AsyncIterator[Notifier]:
    """The notifier, with mail that arrives."""
    async with with_mailbox(database) as made:
        yield made

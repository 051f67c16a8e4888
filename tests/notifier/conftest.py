"""The notifier with its twins and the embedded mailbox behind it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.kit.db import Database
from services.notifier.channels import mailbox
from tests.databases import TestDatabase
from tests.notifier.others import REGION, Notifier, running


@pytest_asyncio.fixture(loop_scope="session")
async def mail_port(database: TestDatabase) -> AsyncIterator[int]:
    """A real SMTP server that keeps what it is given, and its port."""
    db = Database(database.url("notifier"))
    async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
    await db.close()


@pytest_asyncio.fixture(loop_scope="session")
async def notifier(database: TestDatabase, mail_port: int) -> AsyncIterator[Notifier]:
    """The notifier, with mail that arrives."""
    async with running(database, smtp_port=mail_port) as made:
        yield made

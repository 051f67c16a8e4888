"""Real servers for the tests, as a pytest plugin: one Postgres and one Redis for the whole run.

`DUBAN_POSTGRES_BIN` runs the tests on another Postgres. Whatever ends the run, the servers end with it.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.embedded import postgres, valkey
from services.embedded.directory import DataDirectory, hold
from services.embedded.postgres import PostgresServer
from services.embedded.process import Supervisor
from services.embedded.valkey import RedisServer

# Many small databases, each with a few connections.
TEST_SETTINGS = {"max_connections": "200"}


@pytest.fixture(scope="session")
def servers_directory() -> Iterator[DataDirectory]:
    """A data directory for the servers of this run."""
    place = Path(tempfile.mkdtemp(prefix="duban-tests-"))
    place.chmod(0o711)  # root's servers run as another user
    try:
        with hold(place / "data") as directory:
            yield directory
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def supervisor(servers_directory: DataDirectory) -> AsyncIterator[Supervisor]:
    """What keeps the servers of this run: `stop("postgres")`, `pid("redis")` for tests of faults."""
    async with Supervisor(servers_directory.logs) as keeper:
        yield keeper


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_server(servers_directory: DataDirectory, supervisor: Supervisor) -> AsyncIterator[PostgresServer]:
    """A Postgres with the roles and an empty database `duban`, not durable."""
    try:
        yield await postgres.start(servers_directory, supervisor, durable=False, settings=TEST_SETTINGS)
    finally:
        await supervisor.stop(postgres.NAME)
        postgres.remove(servers_directory)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_server(servers_directory: DataDirectory, supervisor: Supervisor) -> AsyncIterator[RedisServer]:
    """A Redis-compatible server with a password."""
    server = await valkey.start(servers_directory, supervisor)
    if server is None:
        pytest.skip(valkey.NOT_FOUND)
    yield server
    await supervisor.stop(valkey.NAME)

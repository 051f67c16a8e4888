"""Servers to migrate on: the embedded Postgres, and the oldest supported one where this machine has it."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from services.embedded import postgres
from services.embedded.directory import DataDirectory, hold
from services.embedded.postgres import PostgresServer
from services.embedded.process import Supervisor

OLDEST = Path("/usr/lib/postgresql/15/bin")


@contextmanager
def throw_away_directory() -> Iterator[DataDirectory]:
    place = Path(tempfile.mkdtemp(prefix="duban-oldest-"))
    place.chmod(0o711)  # root's servers run as another user
    try:
        with hold(place / "data") as directory:
            yield directory
            postgres.remove(directory)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["newest", "oldest"])
async def server(request: pytest.FixtureRequest, postgres_server: PostgresServer) -> AsyncIterator[PostgresServer]:
    """Both ends of the range of supported servers in turn."""
    if request.param == "newest":
        yield postgres_server
        return
    if not (OLDEST / "postgres").exists():
        pytest.skip(f"no Postgres 15 in {OLDEST}; .ci/run installs it where it may")
    with throw_away_directory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_POSTGRES_BIN", str(OLDEST))
        async with Supervisor(directory.logs) as supervisor:
            yield await postgres.start(directory, supervisor, durable=False)

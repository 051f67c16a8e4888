"""A migrated database, and clones of it."""

import itertools
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from services.embedded.postgres import PostgresServer
from tests.untraced import UNTRACED

ROOT = Path(__file__).parents[1]
_numbers = itertools.count(1)


def migrate(url: str, revision: str = "head", direction: str = "upgrade") -> None:
    """Run the migrations as an operator does; what alembic said is part of the error."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "migrations/alembic.ini", direction, revision],
        cwd=ROOT,
        env={**UNTRACED, "DUBAN_OWNER_URL": url},  # it imports every table and runs nothing else of ours
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


async def clone_database(server: PostgresServer, template: str, name: str) -> None:
    """Make the database `name` as a copy of `template`, which nobody may be connected to."""
    connection = await server.connect("postgres", "postgres")
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER duban')
    finally:
        await connection.close()


async def drop_database(server: PostgresServer, name: str) -> None:
    """Delete a database and end whatever is connected to it."""
    connection = await server.connect("postgres", "postgres")
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


@dataclass(frozen=True)
class TestDatabase:
    """A database of one test's own."""

    __test__ = False
    server: PostgresServer
    name: str

    def url(self, service: str) -> str:
        """The address with the role of one service."""
        return self.server.dsn(f"duban_{service}", self.name)

    @property
    def owner_url(self) -> str:
        """The address with the owner's role."""
        return self.server.dsn("duban", self.name)

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the owner, to look behind the services' backs."""
        connection = await self.server.connect("duban", self.name)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def fresh_database(server: PostgresServer, template: str) -> AsyncIterator[TestDatabase]:
    """A clone of the migrated template, deleted at the end."""
    name = f"test_{next(_numbers)}"
    await clone_database(server, template, name)
    try:
        yield TestDatabase(server, name)
    finally:
        await drop_database(server, name)

import asyncio
import importlib
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateSchema

from services.embedded.postgres import PostgresServer
from tests.databases import TestDatabase, drop_database
from tests.migrations.catalog import TABLES, describe

ROOT = Path(__file__).parents[2]
_numbers = itertools.count(1)


def declared_tables() -> list[MetaData]:
    """What the rooms named `tables` declare, service by service."""
    found = []
    for service in ("registry", "indicators", "notifier"):
        for room in sorted((ROOT / "services" / service).rglob("tables.py")):
            importlib.import_module(".".join(room.relative_to(ROOT).with_suffix("").parts))
        found.append(importlib.import_module(f"services.{service}.schema").Table.metadata)
    return found


def history() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(ROOT / "migrations/alembic.ini"))


@pytest_asyncio.fixture(loop_scope="session")
async def empty(server: PostgresServer) -> AsyncIterator[TestDatabase]:
    """A database with nothing in it."""
    name = f"migrations_{next(_numbers)}"
    connection = await server.connect("postgres", "postgres")
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 OWNER duban')
    await connection.close()
    yield TestDatabase(server, name)
    await drop_database(server, name)


async def run(database: TestDatabase, what: Callable[..., object], *arguments: str) -> None:
    """One alembic command on this database."""
    config = Config(ROOT / "migrations/alembic.ini")
    config.set_main_option("sqlalchemy.url", database.owner_url.replace("%", "%%"))
    await asyncio.to_thread(what, config, *arguments)


async def catalog(database: TestDatabase, questions: dict[str, str] | None = None) -> dict[str, str]:
    async with database.owner() as connection:
        return await describe(connection, questions)


def test_the_history_is_one_line_without_branches() -> None:
    newest_first = list(history().walk_revisions())
    oldest_first = [script.revision for script in reversed(newest_first)]
    assert oldest_first == [f"{number:04}" for number in range(1, len(oldest_first) + 1)]
    assert [script.down_revision for script in reversed(newest_first)] == [None, *oldest_first[:-1]]


def test_every_migration_is_in_the_file_of_its_number() -> None:
    for script in history().walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


async def test_up_to_the_newest_then_down_leaves_nothing(empty: TestDatabase) -> None:
    await run(empty, command.upgrade, "head")
    await run(empty, command.downgrade, "base")
    assert set(await catalog(empty)) == {"schema platform"}


async def test_up_after_down_gives_the_same_database(empty: TestDatabase) -> None:
    await run(empty, command.upgrade, "head")
    first = await catalog(empty)
    await run(empty, command.downgrade, "base")
    await run(empty, command.upgrade, "head")
    assert await catalog(empty) == first


async def test_each_step_down_undoes_exactly_its_step_up(empty: TestDatabase) -> None:
    for script in reversed(list(history().walk_revisions())):
        await run(empty, command.upgrade, script.revision)
        if script.down_revision is None:
            continue  # down to nothing is the test above
        after = await catalog(empty)
        await run(empty, command.downgrade, "-1")
        before = await catalog(empty)
        await run(empty, command.upgrade, "+1")
        assert await catalog(empty) == after, f"{script.revision} differs the second time"
        assert before != after, f"{script.revision} does nothing"


async def test_autogenerate_finds_nothing_left_to_migrate(empty: TestDatabase) -> None:
    await run(empty, command.upgrade, "head")
    await run(empty, command.check)  # raises with what it would add or remove


async def test_the_tables_that_the_code_declares_are_those_that_the_migrations_make(empty: TestDatabase) -> None:
    """By name and definition of every column, constraint and index: more than autogenerate compares."""
    await run(empty, command.upgrade, "head")
    migrated = await catalog(empty, TABLES)
    await run(empty, command.downgrade, "base")
    async with empty.owner() as connection:
        for extension in ("ltree", "pg_trgm"):
            await connection.execute(f"CREATE EXTENSION {extension}")
    engine = create_async_engine(empty.owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as session:
        for metadata in declared_tables():
            await session.execute(CreateSchema(str(metadata.schema)))
            await session.run_sync(metadata.create_all)
    await engine.dispose()
    declared = await catalog(empty, TABLES)
    assert declared == {name: text for name, text in migrated.items() if " platform." not in name}


@pytest.mark.parametrize("service", ["registry", "indicators", "notifier"])
async def test_a_service_reaches_its_own_tables_and_no_others(database: TestDatabase, service: str) -> None:
    connection = await database.server.connect(f"duban_{service}", database.name)
    reachable = await connection.fetch(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE has_schema_privilege(schemaname, 'USAGE') "
        "AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT, INSERT, UPDATE, DELETE') "
        "AND schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    await connection.close()
    assert {row["schemaname"] for row in reachable} - {"platform"} == {service}

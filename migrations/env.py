"""How migrations run: as the owner, one at a time, over the three services' schemas and the platform's."""

import asyncio
import importlib
import os
import pkgutil

from alembic import context
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

SERVICES = ("registry", "indicators", "notifier")
SCHEMAS = {"platform", *SERVICES}
LOCK = 6_021_023  # any number: whoever migrates this database takes this lock


def metadatas() -> list[MetaData]:
    """The tables of each service, found by the rooms named `tables`."""
    found = []
    for service in SERVICES:
        package = importlib.import_module(f"services.{service}")
        for feature in pkgutil.walk_packages(package.__path__, f"services.{service}."):
            if feature.name.endswith(".tables"):
                importlib.import_module(feature.name)
        found.append(importlib.import_module(f"services.{service}.schema").Table.metadata)
    return found


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether autogenerate may look at it; without this it proposes to drop what others own."""
    return kind != "schema" or name in SERVICES


def run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS platform"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadatas(),
        include_schemas=True,
        include_name=ours,
        version_table_schema="platform",
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    connection.commit()


async def main() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or os.environ["DUBAN_OWNER_URL"]
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())

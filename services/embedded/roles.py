"""Roles and database by the same statements as any other installation: `deploy/postgres/*.sql`, written for psql."""

import re
from collections.abc import Mapping
from pathlib import Path

import asyncpg

SQL = Path(__file__).parents[2] / "deploy/postgres"
OWNER = "duban"  # owns the database, runs the migrations
SERVICES = ("duban_registry", "duban_indicators", "duban_notifier")
EXTENSIONS = ("ltree", "pg_trgm")  # what the migrations create


async def apply(connection: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    """Make roles and database as they should be; `passwords` by role. The connection is a superuser's."""
    await connection.execute(_with_variables((SQL / "roles.sql").read_text(), passwords))
    query, marker, _ = (SQL / "database.sql").read_text().partition("\\gexec")
    if not marker:
        raise ValueError("database.sql has no \\gexec")
    for (statement,) in await connection.fetch(query):
        await connection.execute(statement)


async def missing_extensions(connection: asyncpg.Connection) -> list[str]:
    """The extensions that Duban needs and this server does not have."""
    rows = await connection.fetch("SELECT name FROM pg_available_extensions WHERE name = ANY($1)", list(EXTENSIONS))
    return sorted(set(EXTENSIONS) - {row["name"] for row in rows})


def _with_variables(script: str, passwords: Mapping[str, str]) -> str:
    """Replace the variables of psql, `:'name'`, by quoted literals."""

    def literal(match: re.Match[str]) -> str:
        return "'" + passwords[match[1]].replace("'", "''") + "'"

    return re.sub(r":'(\w+)_password'", literal, script)

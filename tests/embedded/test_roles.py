import subprocess
from pathlib import Path

import asyncpg
import pytest

from services.embedded import binaries, roles
from services.embedded.postgres import PostgresServer

SERVICES = ("duban_registry", "duban_indicators", "duban_notifier")


async def test_nobody_enters_without_a_password(postgres_server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host=postgres_server.host,
            port=postgres_server.port,
            user="duban",
            database="duban",
            password="guess",
            ssl=False,
        )


async def test_no_role_of_duban_is_a_superuser(postgres_server: PostgresServer) -> None:
    connection = await postgres_server.connect()
    rows = await connection.fetch("SELECT rolname, rolsuper, rolcanlogin FROM pg_roles WHERE rolname LIKE 'duban%'")
    await connection.close()
    assert {tuple(row) for row in rows} == {(name, False, True) for name in ("duban", *SERVICES)}


@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize("statement", ["CREATE SCHEMA mine", "CREATE TABLE public.mine ()", "CREATE ROLE friend"])
async def test_a_service_can_make_nothing_of_its_own(
    postgres_server: PostgresServer, role: str, statement: str
) -> None:
    connection = await postgres_server.connect(role)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", SERVICES)
async def test_a_service_can_stage_rows_in_a_temporary_table(postgres_server: PostgresServer, role: str) -> None:
    connection = await postgres_server.connect(role)
    await connection.execute("CREATE TEMPORARY TABLE staging (row_number int)")
    assert await connection.copy_records_to_table("staging", records=[(1,), (2,)]) == "COPY 2"
    await connection.close()


async def test_the_owner_can_make_the_extensions_it_needs(postgres_server: PostgresServer) -> None:
    connection = await postgres_server.connect()
    async with connection.transaction():
        for extension in roles.EXTENSIONS:
            await connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    names = await connection.fetch("SELECT extname FROM pg_extension")
    await connection.close()
    assert {row["extname"] for row in names} >= set(roles.EXTENSIONS)


async def test_making_the_roles_again_changes_nothing_but_the_passwords(postgres_server: PostgresServer) -> None:
    owner = await postgres_server.connect("postgres", "postgres")
    await roles.apply(owner, {**postgres_server.passwords, "duban_notifier": "it's new"})
    connection = await asyncpg.connect(
        host=postgres_server.host,
        port=postgres_server.port,
        user="duban_notifier",
        password="it's new",
        database="duban",
        ssl=False,
    )
    assert await connection.fetchval("SELECT current_user") == "duban_notifier"
    await connection.close()
    await roles.apply(owner, postgres_server.passwords)
    await owner.close()


async def test_the_script_for_other_installations_makes_the_same_roles(postgres_server: PostgresServer) -> None:
    psql = binaries.find_postgres().directory / "psql"
    if not psql.exists():
        pytest.skip("this Postgres comes without psql")
    words = {f"{role}_PASSWORD".upper(): postgres_server.passwords[role] for role in ("duban", *SERVICES)}
    environment = {
        **words,
        "PATH": f"{psql.parent}:/usr/bin:/bin",
        "DUBAN_SQL": str(roles.SQL),
        "PGHOST": postgres_server.host,
        "PGPORT": str(postgres_server.port),
        "PGPASSWORD": postgres_server.passwords["postgres"],
    }
    script = Path(roles.SQL / "init.sh")
    done = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)  # noqa: ASYNC221  (short)
    assert (done.returncode, done.stderr) == (0, "")
    connection = await postgres_server.connect("duban_registry")
    assert await connection.fetchval("SELECT current_database()") == "duban"
    await connection.close()


async def test_temporal_answers_do_not_depend_on_the_machine(postgres_server: PostgresServer) -> None:
    connection = await postgres_server.connect("duban_indicators")
    assert await connection.fetchval("SELECT timestamptz '2018-07-16 09:00+08'::text") == "2018-07-16 01:00:00+00"
    await connection.close()

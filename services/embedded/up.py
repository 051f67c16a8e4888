"""The whole platform on one machine: started in order, kept running, stopped in order."""

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import asyncpg

from services.embedded import clock, migrations, postgres, valkey, whereabouts
from services.embedded.directory import DataDirectory, hold
from services.embedded.environment import SERVICES, Address, Environment
from services.embedded.errors import CannotStart
from services.embedded.migrations import ROOT
from services.embedded.postgres import PostgresServer
from services.embedded.process import Program, Supervisor
from services.embedded.valkey import RedisServer
from services.embedded.whereabouts import Whereabouts
from services.kit import telemetry

SAMPLE_START = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
CONTENT = "content"  # in the data directory: what the database was filled with at the first start
LOADING = "loading"
MAILBOX = "mailbox"

Say = Callable[[str], None]
Ready = Callable[[int], Awaitable[bool]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Running:
    """A platform that answers. Its clock stands until `let_clock_tick`."""

    directory: DataDirectory
    server: PostgresServer
    whereabouts: Whereabouts
    new: bool

    def loaded(self, content: str) -> None:
        """Note that the first start did all of its work: the next one keeps what is there."""
        (self.directory.path / CONTENT).write_text(f"{content}\n")

    async def let_clock_tick(self) -> None:
        """From now on business time goes by like real time."""
        await clock.tick(self.server)


@asynccontextmanager
async def running(data_dir: Path, port: int, say: Say, *, with_redis: bool = True) -> AsyncIterator[Running]:
    """Start everything on `data_dir`, and stop everything at the end.

    Raises CannotStart with one line: a port or the data directory in use, a missing program, a process that ends.
    """
    address = Address(port)
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(hold(data_dir))
        refuse_port_in_use(address)
        stack.enter_context(_logged(directory.logs / "up.log"))
        supervisor = await stack.enter_async_context(Supervisor(directory.logs))
        forget_what_was_cut_off(directory, say)
        server = await _database(directory, supervisor, say)
        redis = await _doorbell(directory, supervisor, say) if with_redis else None
        new = await _start_clock(directory, server)
        environment = Environment(directory, address, server, redis, postgres.free_port())
        stack.push_async_callback(_stop_processes, supervisor, server)
        say("starting the three services, their workers and the mailbox")
        await _start_processes(supervisor, environment)
        found = Whereabouts(address.url, environment.administrator_key)
        stack.enter_context(whereabouts.told(directory.path, found))
        noting = asyncio.create_task(clock.keep_noted(server))
        stack.push_async_callback(_end, noting)
        yield Running(directory, server, found, new=new)


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """What the supervisor and its helpers log goes to a file; a terminal gets sentences only."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(telemetry.Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def refuse_port_in_use(address: Address) -> None:
    """Raise CannotStart when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise CannotStart(
                f"port {address.port} cannot be used: {error.strerror}; name another with --port"
            ) from error


def forget_what_was_cut_off(directory: DataDirectory, say: Say) -> None:
    """Delete the database of a first start that did not come to its end: nobody was told of it yet."""
    content = directory.path / CONTENT
    if content.exists() and content.read_text().strip() == LOADING:
        say("the first start was cut off while it loaded the sample; beginning again")
        postgres.remove(directory)
        content.unlink()


async def _database(directory: DataDirectory, supervisor: Supervisor, say: Say) -> PostgresServer:
    say(f"starting Postgres in {directory.path}")
    server = await postgres.start(directory, supervisor)
    say(f"Postgres {server.major} is running; bringing its tables up to date")
    await asyncio.to_thread(migrations.upgrade, server.dsn())
    return server


async def _doorbell(directory: DataDirectory, supervisor: Supervisor, say: Say) -> RedisServer | None:
    redis = await valkey.start(directory, supervisor)
    say("Redis is running" if redis else valkey.NOT_FOUND)
    return redis


async def _start_clock(directory: DataDirectory, server: PostgresServer) -> bool:
    """Whether the database is new; then its clock stands at the sample's first instant."""
    new = await clock.untouched(server)
    if new:
        (directory.path / CONTENT).write_text(f"{LOADING}\n")
        await clock.begin(server, SAMPLE_START)
    else:
        await clock.resume(server)
    return new


async def _start_processes(supervisor: Supervisor, environment: Environment) -> None:
    """Web and mailbox first and together: the workers call them as soon as they run."""

    async def listens(port: int, _pid: int) -> bool:
        return await _listens(environment.address.host, port)

    await asyncio.gather(
        supervisor.start(
            _python(
                "web",
                "services.embedded.serve",
                environment.web(),
                ready=partial(listens, environment.address.port),
            )
        ),
        supervisor.start(
            _python(
                MAILBOX,
                "services.notifier.mailbox",
                environment.mailbox(),
                ready=partial(listens, environment.mail_port),
            )
        ),
    )
    for service in SERVICES:
        await supervisor.start(_python(f"{service}-worker", f"services.{service}.worker", environment.worker(service)))


def _python(name: str, module: str, told: Mapping[str, str], ready: Ready | None = None) -> Program:
    command = (sys.executable, "-m", module)
    return Program(name=name, command=command, environment=told, directory=ROOT, ready=ready, ready_within=60)


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


async def _stop_processes(supervisor: Supervisor, server: PostgresServer) -> None:
    """Whoever may still write stops first; then the clock stands, while the database still runs."""
    await supervisor.stop(*(f"{service}-worker" for service in SERVICES))
    await supervisor.stop("web", MAILBOX)
    try:
        await clock.stand(server)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        logger.warning("the business clock could not be stopped; the next start goes on from its last note")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

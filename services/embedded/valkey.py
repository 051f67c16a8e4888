"""The embedded Redis-compatible server: a doorbell for the workers, which lose nothing without it."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from services.embedded import accounts
from services.embedded.binaries import find_redis, redis_for_account
from services.embedded.directory import DataDirectory, write_private
from services.embedded.postgres import HOST, free_port
from services.embedded.process import DidNotStart, Program, Supervisor

NAME = "redis"
NOT_FOUND = "no Redis-compatible server found: workers look for work by themselves, a little later"
MEMORY = "64mb"  # what waits there is small, and Postgres knows it all
PORTS_TRIED = 5

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
daemonize no
dir /
save ""
appendonly no
maxmemory {memory}
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class RedisServer:
    """A running server that keeps nothing on disk."""

    host: str
    port: int
    password: str = field(repr=False)

    def url(self, database: int = 0) -> str:
        """A `redis://` address with the password."""
        return f"redis://:{self.password}@{self.host}:{self.port}/{database}"


async def start(directory: DataDirectory, supervisor: Supervisor) -> RedisServer | None:
    """Start Redis and keep it running; None when the machine has none (say NOT_FOUND then)."""
    found = await asyncio.to_thread(find_redis)
    if found is None:
        return None
    account = accounts.unprivileged()
    command = await asyncio.to_thread(redis_for_account, found, account)
    password = directory.password("redis")
    configuration = directory.run / "redis.conf"  # read as standard input: no password on a command line

    for left in reversed(range(PORTS_TRIED)):
        server = RedisServer(HOST, free_port(), password)
        write_private(
            configuration, CONFIGURATION.format(host=HOST, port=server.port, password=password, memory=MEMORY)
        )
        program = Program(
            name=NAME,
            command=(str(command), "-"),
            environment=accounts.plain_environment(),
            account=account,
            stdin=configuration,
            ready=partial(_answers_as, server),
        )
        try:
            await supervisor.start(program)
        except DidNotStart as error:
            if left and "bind" in error.output:
                continue
            raise
        return server
    raise AssertionError("unreachable")


async def _answers_as(server: RedisServer, _pid: int) -> bool:
    return await answers(server)


async def answers(server: RedisServer) -> bool:
    """Whether the server answers a PING with our password, which another program on that port would not."""
    try:
        reader, writer = await asyncio.open_connection(server.host, server.port)
    except OSError:
        return False
    try:
        writer.write(f"AUTH {server.password}\r\nPING\r\n".encode())
        return [await reader.readline() for _ in range(2)] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False
    finally:
        writer.close()

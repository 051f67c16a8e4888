"""The processes of docker-compose.yml, started by its own commands and environment, beside this run's servers."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest_asyncio

from services.embedded.postgres import free_port
from services.embedded.valkey import RedisServer
from services.kit.http import Bearer
from tests.databases import TestDatabase
from tests.structure import compose
from tests.structure.compose import ROOT
from tests.structure.house import SERVICES

WORKERS = tuple(f"{service}-worker" for service in SERVICES)


@dataclass
class Composed:
    """What runs, and where it answers: each API as the gateway calls it, with its prefix taken off."""

    ports: dict[str, int]
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"


def here(text: str, ports: dict[str, int], database: str, redis: str) -> str:
    """A value of the file with the addresses of this machine for those of the containers."""
    for service, port in ports.items():
        text = text.replace(f"http://{service}:8000", f"http://127.0.0.1:{port}")
    if text.startswith("postgresql://"):
        return database
    return redis if text.startswith("redis://") else text


@asynccontextmanager
async def running(name: str, composed: Composed, database: TestDatabase, redis: RedisServer) -> AsyncIterator[None]:
    service = compose.services()[name]
    owner = name.removesuffix("-worker")
    told = {
        variable: here(value, composed.ports, database.url(owner), redis.url())
        for variable, value in service["environment"].items()
    }
    program, *words = service["command"]
    if program == "uvicorn":
        places = {"8000": str(composed.ports[owner]), "0.0.0.0": "127.0.0.1"}  # noqa: S104 - the other way round
        words = ["-m", program, *(places.get(word, word) for word in words)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env={**inherited, **told}, stderr=asyncio.subprocess.PIPE
    )
    composed.processes[name] = process
    try:
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def answers(client: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await client.get(url)).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def composed(database: TestDatabase, redis_server: RedisServer) -> AsyncIterator[Composed]:
    """Three APIs, and three workers once they answer."""
    found = Composed({service: free_port() for service in SERVICES})
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        for name in SERVICES:
            await stack.enter_async_context(running(name, found, database, redis_server))
        for service in SERVICES:
            await answers(client, f"{found.url(service)}/readyz")
        for name in WORKERS:
            await stack.enter_async_context(running(name, found, database, redis_server))
        yield found


async def test_the_processes_of_compose_work_together_and_end_when_told(composed: Composed) -> None:
    keys = json.loads(compose.services()["registry"]["environment"]["DUBAN_FIXED_KEYS"])
    key = next(each["key"] for each in keys if each["client_id"] == "administrator")
    async with httpx.AsyncClient(auth=Bearer(f"{composed.url('registry')}/v1/token", key), timeout=30) as client:
        for service, path in (("registry", "units"), ("indicators", "indicators"), ("notifier", "notices")):
            answer = await client.get(f"{composed.url(service)}/v1/{path}")
            assert (answer.status_code, answer.json()["items"]) == (200, [])
            document = (await client.get(f"{composed.url(service)}/openapi.json")).json()
            assert document["servers"] == [{"url": f"/{service}"}]
    await asyncio.sleep(2)  # each worker looks at least once
    for name, process in composed.processes.items():
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 15)
        assert (name, process.returncode) in {(name, 0), (name, -signal.SIGTERM)}
        assert not [line for line in said.decode().splitlines() if '"level":"error"' in line]

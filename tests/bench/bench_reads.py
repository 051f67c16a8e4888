"""Reads with token check and visibility, as ratios to a route of the same app that returns one `pool.fetchval`.

Goals: one row >= 0.6, 50 rows >= 0.5, with their total too. Printed are medians over rounds in which every path has its turn.
"""

import asyncio
import base64
import secrets
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import uvicorn
import uvloop

from services.embedded import postgres
from services.embedded.directory import hold
from services.embedded.process import Supervisor
from services.embedded.web import mounted
from services.registry import main as registry
from services.registry.settings import Settings
from tests.bench.extent import SHORT
from tests.databases import TestDatabase, migrate
from tests.unlimited import UNLIMITED

HERE = Path(__file__).parent
KEY = secrets.token_urlsafe(32)
ENTERPRISES = 100 if SHORT else 2_000
ROUNDS, SECONDS = (1, 0.1) if SHORT else (5, 1.5)
PATHS = {
    "one row": f"/registry/v1/enterprises/e{ENTERPRISES // 2:05}",
    "50 rows": "/registry/v1/enterprises?limit=50",
    "50 rows with total": "/registry/v1/enterprises?limit=50&total=true",
}
FLOOR = "/registry/floor"
GOALS = {"one row": 0.6, "50 rows": 0.5, "50 rows with total": 0.5}


@asynccontextmanager
async def served(database: TestDatabase) -> AsyncIterator[int]:
    """The registry with a floor route beside its own, on a port."""
    port = postgres.free_port()
    settings = Settings.model_validate(
        {
            "database_url": database.url("registry"),
            "signing_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "contact_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "key_secret": secrets.token_urlsafe(32),
            "fixed_keys": [{"client_id": "bench", "key": KEY, "scopes": ["registry:read", "registry:write"]}],
            **UNLIMITED,
        }
    )
    app = registry.create(settings)
    pool = await asyncpg.create_pool(database.url("registry"), min_size=4, max_size=4)

    async def floor() -> int:
        value: int = await pool.fetchval("SELECT 1")
        return value

    app.add_api_route("/floor", floor, operation_id="floor_read")
    server = uvicorn.Server(
        uvicorn.Config(
            mounted({"registry": app}),
            host="127.0.0.1",
            port=port,
            log_level="error",
            access_log=False,
            loop="none",
            http="httptools",
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn says so by a flag only
        await asyncio.sleep(0.02)
    try:
        yield port
    finally:
        server.should_exit = True
        await serving
        await pool.close()


async def answers_per_second(port: int, path: str, token: str, connections: int) -> float:
    """What a client process of its own gets in one turn."""
    client = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / "load.py"),
        *(str(port), path, token, str(connections), str(SECONDS)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await client.communicate()
    return float(out)


async def token_of(port: int) -> str:
    """A token, and the industry that all enterprises are of."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/registry", timeout=30) as client:
        form = {"grant_type": "client_credentials", "client_secret": KEY}
        token: str = (await client.post("/v1/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        industry = await client.post("/v1/industries", json={"code": "information", "name": "信息"})
        industry.raise_for_status()
        return token


async def fill(port: int) -> str:
    """Enterprises to read (synthetic), through the API; returns a token."""
    token = await token_of(port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/registry", timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        limit = asyncio.Semaphore(8)

        async def create(number: int) -> None:
            body = {
                "code": f"e{number:05}",
                "number": number + 1,
                "name": f"合成企业{number}有限公司",
                "industry": "information",
                "direction": "合成",
            }
            async with limit:
                (await client.post("/v1/enterprises", json=body)).raise_for_status()

        await asyncio.gather(*(create(number) for number in range(ENTERPRISES)))
        return token


async def measure(port: int, token: str) -> None:
    """Every path in turn, round by round."""
    for connections in (1, 8):
        ratios: dict[str, list[float]] = {name: [] for name in PATHS}
        floors = []
        for _ in range(ROUNDS):
            floor = await answers_per_second(port, FLOOR, token, connections)
            floors.append(floor)
            for name, path in PATHS.items():
                ratios[name].append(await answers_per_second(port, path, token, connections) / floor)
        print(f"{connections} connection(s): floor {statistics.median(floors):.0f} answers/s")
        for name, found in ratios.items():
            print(
                f"  {name}: {statistics.median(found):.2f} of the floor ({min(found):.2f} to {max(found):.2f}; goal {GOALS[name]})"
            )


async def main() -> None:
    """Start what is needed, measure, say it."""
    place = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
            await asyncio.to_thread(migrate, server.dsn("duban"))
            async with served(TestDatabase(server, "duban")) as port:
                token = await fill(port)
                connection = await server.connect("duban")
                await connection.execute("VACUUM ANALYZE")  # as a database that runs has it
                await connection.close()
                await measure(port, token)
        postgres.remove(directory)


if __name__ == "__main__":
    print("Reads over HTTP, with token check and visibility")
    uvloop.run(main())

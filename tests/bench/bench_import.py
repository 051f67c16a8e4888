"""Import of 50,000 enterprises (synthetic) by xlsx: time, and the peak memory of the service process, which is its own.

Goals: 40 s and 400 MB, new and changed alike. The same file as CSV, the same file again (nothing changes), and the
export of the list stand beside them.
"""

import asyncio
import base64
import io
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import xlsxwriter

from services.embedded import postgres
from services.embedded.directory import hold
from services.embedded.process import Supervisor
from services.kit.office.writing import CSV, XLSX, CsvWriter
from tests.bench.extent import SHORT
from tests.databases import TestDatabase, migrate
from tests.unlimited import UNLIMITED

KEY = secrets.token_urlsafe(32)
ROWS = 100 if SHORT else 50_000
SECONDS, MEGABYTES = 40.0, 400
HEADER = ("代码", "序号", "名称", "别名", "产业", "培育方向", "所属集团")


def row(number: int, *, direction: str) -> tuple[str | int, ...]:
    """One enterprise (synthetic)."""
    aliases = f"合成{number}、合成企业{number:05}"
    return (
        f"e{number:05}",
        number + 1,
        f"杭州合成企业{number}有限公司",
        aliases,
        "information",
        direction,
        f"合成集团{number % 50}",
    )


def xlsx(direction: str) -> bytes:
    """The file as a spreadsheet program writes it, with shared strings."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("企业")
    sheet.write_row(0, 0, HEADER)
    for number in range(ROWS):
        sheet.write_row(number + 1, 0, row(number, direction=direction))
    book.close()
    return file.getvalue()


def as_csv(direction: str) -> bytes:
    """The same as CSV."""
    file = io.BytesIO()
    writer = CsvWriter(file)
    writer.row(HEADER)
    for number in range(ROWS):
        writer.row(row(number, direction=direction))
    writer.close()
    return file.getvalue()


class Service:
    """The registry as a process of its own."""

    def __init__(self, port: int, pid: int) -> None:
        self.base, self._status = f"http://127.0.0.1:{port}", Path(f"/proc/{pid}/status")
        self._stat = Path(f"/proc/{pid}/stat")
        self._clear = Path(f"/proc/{pid}/clear_refs")

    def forget_peak(self) -> None:
        """Let the peak begin anew."""
        self._clear.write_text("5")

    def cpu(self) -> float:
        """Seconds of processor time that it has used: what the time would be on a machine that does nothing else."""
        user, system = self._stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def megabytes(self, of: str = "VmHWM") -> float:
        """The peak of its memory, or with `VmRSS` what it holds now."""
        line = next(line for line in self._status.read_text().splitlines() if line.startswith(f"{of}:"))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def served(database: TestDatabase) -> AsyncIterator[Service]:
    """The registry under uvicorn."""
    port = postgres.free_port()
    fixed = [{"client_id": "bench", "key": KEY, "scopes": ["registry:read", "registry:write"]}]
    environment = {
        **os.environ,
        "DUBAN_DATABASE_URL": database.url("registry"),
        "DUBAN_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DUBAN_CONTACT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DUBAN_KEY_SECRET": secrets.token_urlsafe(32),
        "DUBAN_FIXED_KEYS": json.dumps(fixed),
        **{f"DUBAN_{name.upper()}": str(value) for name, value in UNLIMITED.items()},
    }
    command = (sys.executable, "-m", "uvicorn", "services.registry.main:app", "--factory", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, "--log-level", "error", env=environment)
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(300):
                try:
                    (await client.get(f"http://127.0.0.1:{port}/readyz")).raise_for_status()
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        yield Service(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def measured(service: Service, name: str, call: Any) -> tuple[float, float]:  # noqa: ANN401 - a coroutine
    """Do it, print what it took, give it."""
    service.forget_peak()
    began, used = time.perf_counter(), service.cpu()
    answer = await call
    took, used = time.perf_counter() - began, service.cpu() - used
    answer.raise_for_status()
    print(f"  {name}: {took:.1f} s ({used:.1f} s of the service's processor), peak {service.megabytes():.0f} MB")
    return took, service.megabytes()


async def measure(service: Service) -> bool:
    """Every way in and out; whether the goals are met."""
    async with httpx.AsyncClient(base_url=service.base, timeout=300) as client:
        form = {"grant_type": "client_credentials", "client_secret": KEY}
        token = (await client.post("/v1/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        (await client.post("/v1/industries", json={"code": "information", "name": "信息"})).raise_for_status()
        print(f"  at rest: {service.megabytes('VmRSS'):.0f} MB")
        path = "/v1/enterprises:import"
        found = []
        for name, content, media in (
            ("xlsx, all new", xlsx("工业大数据"), XLSX),
            ("xlsx, all changed", xlsx("产业互联网"), XLSX),
            ("xlsx, nothing changes", xlsx("产业互联网"), XLSX),
            ("CSV, all changed", as_csv("信息安全"), CSV),
        ):
            sent = client.post(path, content=content, headers={"Content-Type": media})
            found.append(await measured(service, f"{name} ({len(content) / 1e6:.1f} MB)", sent))
        for name, media in (("xlsx", XLSX), ("CSV", CSV)):
            sent = client.get("/v1/enterprises", headers={"Accept": media})
            await measured(service, f"export as {name}", sent)
        return all(took <= SECONDS and peak <= MEGABYTES for took, peak in found)


async def main() -> None:
    """Start what is needed, measure, say it."""
    place = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
            await asyncio.to_thread(migrate, server.dsn("duban"))
            async with served(TestDatabase(server, "duban")) as service:
                met = await measure(service)
        postgres.remove(directory)
    if not met:
        raise SystemExit("slower or larger than the goals")


if __name__ == "__main__":
    print(f"Import of {ROWS} enterprises over HTTP (goals: {SECONDS:.0f} s, {MEGABYTES} MB)")
    asyncio.run(main())

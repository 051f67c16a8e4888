"""The whole platform in one process for tests: a fresh database, three apps, callers, and the clock."""

import base64
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from services.embedded.postgres import PostgresServer
from services.embedded.web import mounted
from services.indicators import main as indicators
from services.indicators.settings import Settings as IndicatorsSettings
from services.kit.claims import SCOPES
from services.kit.http import Bearer
from services.notifier import main as notifier
from services.notifier.settings import Settings as NotifierSettings
from services.registry import main as registry
from services.registry.settings import Settings as RegistrySettings
from tests.databases import TestDatabase
from tests.kept import KeptDatabase, kept_database
from tests.unlimited import UNLIMITED

REGION = "330109"
BASE = "http://duban"
START = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
ADMIN_KEY = secrets.token_urlsafe(32)
WORKER_KEY = secrets.token_urlsafe(32)
SECRETS = {
    "signing_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    "key_secret": secrets.token_urlsafe(32),
    "contact_key": base64.b64encode(secrets.token_bytes(32)).decode(),
}


class Loopback(httpx.AsyncBaseTransport):
    """Calls between the services stay in the process; the app is set once it exists."""

    def __init__(self) -> None:
        self.inner: httpx.ASGITransport | None = None
        self.asked: list[str] = []

    def lead_to(self, app: ASGIApp) -> None:
        """Where calls go from now on."""
        self.inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request to the app."""
        assert self.inner is not None
        self.asked.append(request.url.path)
        return await self.inner.handle_async_request(request)


@dataclass
class Platform:
    """Three running apps; `registry`, `indicators`, `notifier` are clients that may do everything."""

    database: TestDatabase
    apps: dict[str, FastAPI]
    transport: Loopback
    opened: list[httpx.AsyncClient] = field(default_factory=list)

    @cached_property
    def registry(self) -> httpx.AsyncClient:
        """A client of the registry that may do everything."""
        return self.client("registry", ADMIN_KEY)

    @cached_property
    def indicators(self) -> httpx.AsyncClient:
        """A client of indicators that may do everything."""
        return self.client("indicators", ADMIN_KEY)

    @cached_property
    def notifier(self) -> httpx.AsyncClient:
        """A client of the notifier that may do everything."""
        return self.client("notifier", ADMIN_KEY)

    def client(self, service: str, key: str | None) -> httpx.AsyncClient:
        """A client of one service with an API key, or with none."""
        auth = None if key is None else Bearer(f"{BASE}/registry/v1/token", key)
        client = httpx.AsyncClient(base_url=f"{BASE}/{service}", transport=self.transport, auth=auth)
        self.opened.append(client)
        return client

    async def key(self, scopes: Sequence[str], *, unit: str | None = None) -> str:
        """A new API key with these scopes, for a caller of `unit` (none: one that sees everything)."""
        body: dict[str, Any] = {"client_id": f"test-{secrets.token_hex(4)}", "scopes": list(scopes)}
        if unit is not None:
            body["unit"] = unit
        made = await self.registry.post("/v1/keys", json=body)
        assert made.status_code == httpx.codes.CREATED, made.text
        key: str = made.json()["key"]
        return key

    async def as_(self, service: str, *scopes: str, unit: str | None = None) -> httpx.AsyncClient:
        """A client of one service for a caller with these scopes only."""
        return self.client(service, await self.key(scopes, unit=unit))

    async def set_clock(self, instant: datetime, *, standing: bool = False) -> None:
        """Show `instant` on a platform without an active plan, as the embedded starter does on a new one."""
        async with self.database.owner() as connection:
            await connection.execute("ALTER TABLE platform.clock DISABLE TRIGGER USER")
            await connection.execute(
                "UPDATE platform.clock SET business_at = $1, real_at = clock_timestamp(), standing = $2",
                instant,
                standing,
            )
            await connection.execute("ALTER TABLE platform.clock ENABLE TRIGGER USER")

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[Self]:
        """Itself; its clients are closed at the end."""
        try:
            yield self
        finally:
            for client in self.opened:
                await client.aclose()

    async def run_due(self, until: datetime) -> None:
        """What the workers would do by themselves: everything due up to `until`, indicators first."""
        for client in (self.indicators, self.notifier):
            answer = await client.post("/v1/due:run", json={"until": until.isoformat()}, timeout=60)
            assert answer.status_code == httpx.codes.OK, answer.text


@asynccontextmanager
async def running_platform(database: TestDatabase, *, smtp: dict[str, Any] | None = None) -> AsyncIterator[Platform]:
    """The three apps over `database`, with an administrator's and a worker's key."""
    transport = Loopback()
    shared: dict[str, Any] = {
        "region": REGION,
        "embedded": True,
        **UNLIMITED,
        "api_key": WORKER_KEY,
        "registry_url": f"{BASE}/registry",
        "indicators_url": f"{BASE}/indicators",
        "notifier_url": f"{BASE}/notifier",
    }
    keys = [
        {"client_id": "administrator", "key": ADMIN_KEY, "scopes": sorted(SCOPES)},
        {"client_id": "worker", "key": WORKER_KEY, "scopes": sorted(SCOPES)},
    ]
    apps = {
        "registry": registry.create(
            RegistrySettings.model_validate(
                {"database_url": database.url("registry"), "fixed_keys": keys, **SECRETS, **shared}
            ),
            transport=transport,
        ),
        "indicators": indicators.create(
            IndicatorsSettings.model_validate({"database_url": database.url("indicators"), **shared}),
            transport=transport,
        ),
        "notifier": notifier.create(
            NotifierSettings.model_validate(
                {
                    "database_url": database.url("notifier"),
                    "contact_key": SECRETS["contact_key"],
                    **shared,
                    **(smtp or {}),
                }
            ),
            transport=transport,
        ),
    }
    house = mounted(apps)
    transport.lead_to(house)
    async with house.router.lifespan_context(house), Platform(database, apps, transport).closing() as platform:
        yield platform


@asynccontextmanager
async def kept_platform(server: PostgresServer, template: str) -> AsyncIterator[tuple[Platform, KeptDatabase]]:
    """The three apps on a clone of the template, for many tests one after another."""
    async with kept_database(server, template) as database, running_platform(database) as platform:
        await database.keep()
        yield platform, database


@asynccontextmanager
async def lent(kept: tuple[Platform, KeptDatabase]) -> AsyncIterator[Platform]:
    """A kept platform with clients of its own for one test; what that test writes is gone afterwards."""
    running, database = kept
    async with Platform(database, running.apps, running.transport).closing() as platform:
        yield platform
    await database.bring_back()

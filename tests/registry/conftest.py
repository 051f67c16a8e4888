"""The registry alone, on a fresh database: it needs no other service."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI

from services.embedded.web import mounted
from services.kit.auth import SCOPES
from services.kit.http import Bearer
from services.registry import main
from services.registry.settings import Settings
from tests.databases import TestDatabase

REGION = "330109"
BASE = "http://duban"
START = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
ADMINISTRATORS_KEY = secrets.token_urlsafe(32)


@dataclass
class Registry:
    """The running app; `http` is a client that may do everything."""

    app: FastAPI
    database: TestDatabase
    transport: httpx.AsyncBaseTransport
    http: httpx.AsyncClient
    settings: Settings
    opened: list[httpx.AsyncClient] = field(default_factory=list)

    def client(self, key: str | None) -> httpx.AsyncClient:
        """A client with an API key, or with none."""
        auth = None if key is None else Bearer(f"{BASE}/registry/v1/token", key)
        client = httpx.AsyncClient(base_url=f"{BASE}/registry", transport=self.transport, auth=auth, timeout=30)
        self.opened.append(client)
        return client

    async def as_(self, *scopes: str, unit: str | None = None) -> httpx.AsyncClient:
        """A client of a new caller with these scopes, for a unit or for the whole region."""
        body: dict[str, Any] = {"client_id": f"test-{secrets.token_hex(4)}", "scopes": list(scopes), "unit": unit}
        made = await self.http.post("/v1/keys", json=body)
        assert made.status_code == httpx.codes.CREATED, made.text
        return self.client(made.json()["key"])

    async def show(self, instant: datetime, *, standing: bool = True) -> None:
        """Let the business clock show `instant`, as the starter of a new platform does."""
        async with self.database.owner() as connection:
            await connection.execute("ALTER TABLE platform.clock DISABLE TRIGGER USER")
            await connection.execute(
                "UPDATE platform.clock SET business_at = $1, real_at = clock_timestamp(), standing = $2",
                instant,
                standing,
            )
            await connection.execute("ALTER TABLE platform.clock ENABLE TRIGGER USER")

    async def feed(self, http: httpx.AsyncClient | None = None, after: int = 0) -> Sequence[dict[str, Any]]:
        """All changes after a position."""
        found: list[dict[str, Any]] = []
        while True:
            page = (await (http or self.http).get("/v1/changes", params={"after": after, "limit": 100})).json()
            if page["next"] == after:
                return found
            found += page["items"]
            after = page["next"]


def settings_for(database: TestDatabase, **more: Any) -> Settings:
    """Settings of a registry on this database."""
    import base64

    keys = [{"client_id": "administrator", "key": ADMINISTRATORS_KEY, "scopes": sorted(SCOPES)}]
    return Settings(
        database_url=database.url("registry"),
        embedded=True,
        region=REGION,
        registry_url=f"{BASE}/registry",
        **{
            "signing_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "key_secret": secrets.token_urlsafe(32),
            "contact_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "fixed_keys": keys,
            **more,
        },
    )


@pytest_asyncio.fixture(loop_scope="session")
async def registry(database: TestDatabase) -> AsyncIterator[Registry]:
    """A running registry whose clock stands at the sample's start."""
    settings = settings_for(database)
    app = main.create(settings)
    house = mounted({"registry": app})
    transport = httpx.ASGITransport(app=house)
    async with house.router.lifespan_context(house):
        running = Registry(app, database, transport, None, settings)  # type: ignore[arg-type]  # its client needs it first
        running.http = running.client(ADMINISTRATORS_KEY)
        await running.show(START)
        try:
            yield running
        finally:
            for client in running.opened:
                await client.aclose()

"""The registry alone, on a fresh database: it needs no other service."""

import base64
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from services.embedded.web import mounted
from services.kit.claims import SCOPES
from services.kit.http import Bearer
from services.registry import main
from services.registry.settings import Settings
from tests.databases import TestDatabase
from tests.unlimited import UNLIMITED

REGION = "330109"
BASE = "http://duban"
START = datetime.fromisoformat("2018-07-16T09:00:00+08:00")
ADMINISTRATORS_KEY = secrets.token_urlsafe(32)


@dataclass
class Registry:
    """A running registry and its callers."""

    database: TestDatabase
    transport: httpx.AsyncBaseTransport
    settings: Settings
    opened: list[httpx.AsyncClient] = field(default_factory=list)

    @cached_property
    def http(self) -> httpx.AsyncClient:
        """A client that may do everything."""
        return self.client(ADMINISTRATORS_KEY)

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

    async def close(self) -> None:
        """Close the clients."""
        for client in self.opened:
            await client.aclose()

    async def feed(self, http: httpx.AsyncClient | None = None, after: int = 0) -> Sequence[dict[str, Any]]:
        """All changes after a position."""
        found: list[dict[str, Any]] = []
        while True:
            page = (await (http or self.http).get("/v1/changes", params={"after": after, "limit": 100})).json()
            if page["next"] == after:
                return found
            found += page["items"]
            after = page["next"]


async def seen(http: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The header of who read what is at a path and acts on that."""
    return {"If-Match": (await http.get(path)).headers["ETag"]}


def settings_for(database: TestDatabase, **more: object) -> Settings:
    """Settings of a registry on this database."""
    keys = [{"client_id": "administrator", "key": ADMINISTRATORS_KEY, "scopes": sorted(SCOPES)}]
    told = {
        "database_url": database.url("registry"),
        "embedded": True,
        "region": REGION,
        **UNLIMITED,
        "registry_url": f"{BASE}/registry",
        "signing_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        "key_secret": secrets.token_urlsafe(32),
        "contact_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        "fixed_keys": keys,
    }
    return Settings.model_validate({**told, **more})


@asynccontextmanager
async def running(settings: Settings, database: TestDatabase) -> AsyncIterator[Registry]:
    """A running registry."""
    house = mounted({"registry": main.create(settings)})
    transport = httpx.ASGITransport(app=house)
    async with house.router.lifespan_context(house):
        registry = Registry(database, transport, settings)
        try:
            yield registry
        finally:
            await registry.close()

"""The platform as the tables of roles ask it: it knows a provider, which nobody asks for anything, and takes things back."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import get_args

from fastapi import Request

from services.kit.db import Edge, Session
from services.registry.clients.oidc import Oidc, OidcSettings
from tests.databases import TestDatabase
from tests.platform import Platform, running_platform

EDGE = get_args(Edge)[1].dependency


@asynccontextmanager
async def with_a_provider(database: TestDatabase) -> AsyncIterator[Platform]:
    """The three apps over `database`."""
    async with running_platform(database) as platform:
        settings = OidcSettings.model_validate(
            {
                "name": "district",
                "label": "统一身份认证",
                "issuer": "https://provider.example",
                "client_id": "duban",
                "client_secret": "a secret",
                "redirect_uris": ["https://duban.example/back"],
            }
        )
        provider = Oidc(settings, transport=platform.transport)
        platform.apps["registry"].state.parts.providers["district"] = provider
        yield platform
        await provider.close()


async def _taken_back(request: Request) -> AsyncIterator[Session]:
    async with Session(request.app.state.parts.db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def taking_back(platform: Platform) -> Iterator[None]:
    """Let every request's session end without its commit: each caller finds the world as the one before found it."""
    for app in platform.apps.values():
        app.dependency_overrides[EDGE] = _taken_back
    try:
        yield
    finally:
        for app in platform.apps.values():
            del app.dependency_overrides[EDGE]

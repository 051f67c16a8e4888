"""The platform as the tables of roles ask it: it knows a provider, which nobody asks for anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.registry.clients.oidc import Oidc, OidcSettings
from tests.databases import TestDatabase
from tests.platform import Platform, running_platform


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

"""What a running registry holds, and how its routes ask for it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from jwt import PyJWK

from services.kit.app import Parts
from services.kit.db import Database
from services.registry.keyring import Keyring


@dataclass
class RegistryParts(Parts):
    """The kit's parts and the secrets."""

    keyring: Keyring


class OwnKeys:
    """The registry checks tokens by the keys that it publishes."""

    def __init__(self, keyring: Keyring) -> None:
        self._keys = {key["kid"]: PyJWK(key) for key in keyring.jwks()["keys"]}

    async def key(self, kid: str) -> PyJWK | None:
        """The key named `kid`, or None."""
        return self._keys.get(kid)


def _parts(request: Request) -> RegistryParts:
    return cast("RegistryParts", request.app.state.parts)


def _db(request: Request) -> Database:
    return _parts(request).db


def _keyring(request: Request) -> Keyring:
    return _parts(request).keyring


Running = Annotated[RegistryParts, Depends(_parts)]
Db = Annotated[Database, Depends(_db)]
Secrets = Annotated[Keyring, Depends(_keyring)]

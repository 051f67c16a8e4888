"""What a running registry holds, and how its routes ask for it."""

import time
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from jwt import PyJWK

from services.kit.app import Parts
from services.kit.db import Database
from services.registry.clients.outside import Provider
from services.registry.keyring import Keyring, Lock
from services.registry.passwords import Passwords


@dataclass
class RegistryParts(Parts):
    """The kit's parts, the secrets, what checks passwords, and who else knows people."""

    keyring: Keyring
    passwords: Passwords
    providers: dict[str, Provider]


class OwnKeys:
    """The registry checks tokens by the keys that it publishes."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def key(self, kid: str) -> PyJWK | None:
        """The key named `kid`, or None."""
        found = (key for key in self._keyring.published(time.time()) if key.kid == kid)
        return next((PyJWK(dict(key.public)) for key in found), None)


def _parts(request: Request) -> RegistryParts:
    return cast("RegistryParts", request.app.state.parts)


def _db(request: Request) -> Database:
    return _parts(request).db


def _keyring(request: Request) -> Keyring:
    return _parts(request).keyring


def _addresses(request: Request) -> Lock:
    return _keyring(request).addresses


Running = Annotated[RegistryParts, Depends(_parts)]
Db = Annotated[Database, Depends(_db)]
Secrets = Annotated[Keyring, Depends(_keyring)]
Addresses = Annotated[Lock, Depends(_addresses)]

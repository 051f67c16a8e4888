"""What each process of the platform is told: addresses, keys and secrets, by environment as in any other installation."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.embedded.directory import DataDirectory
from services.embedded.postgres import PostgresServer
from services.embedded.valkey import RedisServer
from services.kit.claims import SCOPES

SERVICES = ("registry", "indicators", "notifier")
ADMINISTRATOR = "administrator"
ADDRESSED = ("registry", "notifier")
"""Whose workers deal with addresses of contacts."""
# What a worker asks of the other services, and no more.
WORKER_SCOPES: Mapping[str, tuple[str, ...]] = {
    "registry": ("notices:run",),
    "indicators": ("registry:read",),
    "notifier": ("registry:read", "contacts:deliver", "indicators:read"),
}


@dataclass(frozen=True)
class Address:
    """Where the platform listens on this machine."""

    port: int
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The address that people and the services themselves use."""
        return f"http://{self.host}:{self.port}"


def _inherited() -> dict[str, str]:
    """Our own environment without what is said to other installations' Duban."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}


@dataclass(frozen=True)
class Environment:
    """The variables of every process, from what runs already."""

    directory: DataDirectory
    address: Address
    postgres: PostgresServer
    redis: RedisServer | None
    mail_port: int
    inherited: Mapping[str, str] = field(default_factory=_inherited)

    @property
    def administrator_key(self) -> str:
        """The API key of whoever sits at this machine; may do everything."""
        return self.directory.password(f"api-key-{ADMINISTRATOR}")

    def web(self) -> dict[str, str]:
        """The process with the three apps: each with a database role and a key of its own."""
        told = self._shared() | self._registry_secrets() | self._contact_key()
        for service in SERVICES:
            told |= {f"{prefix}{name}": value for prefix, name, value in self._own(service)}
        return told

    def worker(self, service: str) -> dict[str, str]:
        """A service's worker."""
        own = {f"DUBAN_{name}": value for _, name, value in self._own(service)}
        return self._shared() | own | (self._contact_key() if service in ADDRESSED else {})

    def mailbox(self) -> dict[str, str]:
        """The SMTP server that keeps the mail."""
        return self.worker("notifier")

    def _own(self, service: str) -> list[tuple[str, str, str]]:
        prefix = f"DUBAN_{service.upper()}_"
        return [
            (prefix, "DATABASE_URL", self.postgres.dsn(f"duban_{service}")),
            (prefix, "API_KEY", self._worker_key(service)),
        ]

    def _worker_key(self, service: str) -> str:
        return self.directory.password(f"api-key-{service}-worker")

    def _shared(self) -> dict[str, str]:
        told = {
            **self.inherited,
            "PYTHONUTF8": "1",
            "DUBAN_EMBEDDED": "true",
            "DUBAN_HOST": self.address.host,
            "DUBAN_PORT": str(self.address.port),
            "DUBAN_SMTP_HOST": self.address.host,
            "DUBAN_SMTP_PORT": str(self.mail_port),
        }
        told |= {f"DUBAN_{service.upper()}_URL": f"{self.address.url}/{service}" for service in SERVICES}
        return told | ({"DUBAN_REDIS_URL": self.redis.url()} if self.redis else {})

    def _contact_key(self) -> dict[str, str]:
        """The registry and its worker keep contact addresses under it, the notifier reads them."""
        return {"DUBAN_CONTACT_KEY": self._key_of_32_bytes("contact-key")}

    def _registry_secrets(self) -> dict[str, str]:
        """Only who answers as the registry makes tokens and knows keys; its worker does not."""
        keys = [
            {"client_id": ADMINISTRATOR, "key": self.administrator_key, "scopes": sorted(SCOPES)},
            *(
                {"client_id": f"{service}-worker", "key": self._worker_key(service), "scopes": list(scopes)}
                for service, scopes in WORKER_SCOPES.items()
            ),
        ]
        return {
            "DUBAN_SIGNING_KEY": self._key_of_32_bytes("signing-key"),
            "DUBAN_KEY_SECRET": self.directory.password("key-secret"),
            "DUBAN_FIXED_KEYS": json.dumps(keys),
        }

    def _key_of_32_bytes(self, name: str) -> str:
        return base64.b64encode(hashlib.sha256(self.directory.password(name).encode()).digest()).decode()

"""What the registry is told by its environment (docs/reference/settings.md)."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from services.kit.claims import SCOPES
from services.kit.settings import ServiceSettings
from services.plan_file.scalars import UnitCode
from services.registry.keyring import Keyring

KEY_BYTES = 32


def decoded(text: str) -> bytes:
    """32 bytes from base64, or `ValueError`."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("base64 was expected") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{KEY_BYTES} bytes in base64 were expected, these are {len(raw)}")
    return raw


def _keys(secret: SecretStr) -> SecretStr:
    for part in secret.get_secret_value().split(","):
        decoded(part)
    return secret


def _key(secret: SecretStr) -> SecretStr:
    decoded(secret.get_secret_value())
    return secret


def _scopes(scopes: list[str]) -> list[str]:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise ValueError(f"no such scope: {', '.join(unknown)}")
    return scopes


class FixedKey(BaseModel):
    """A caller whose key the installation chose itself."""

    model_config = ConfigDict(extra="forbid")

    client_id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")
    key: SecretStr = Field(min_length=32)
    scopes: Annotated[list[str], AfterValidator(_scopes)]
    unit: UnitCode | None = None


class Settings(ServiceSettings):
    """The registry's own, beside what every service has."""

    signing_key: Annotated[SecretStr, AfterValidator(_keys)] = Field(
        description="base64 of an Ed25519 seed; of several, separated by commas, the first signs and all are published"
    )
    key_secret: SecretStr = Field(min_length=32, description="with it the stored hashes of API keys are made")
    contact_key: Annotated[SecretStr, AfterValidator(_key)] = Field(
        description="base64 of the AES-256-GCM key under which contact addresses are kept"
    )
    fixed_keys: list[FixedKey] = Field(
        default_factory=list,
        description="callers that are there from the start, as JSON: client_id, key, scopes, unit; one that is taken "
        "out of the list is revoked",
    )

    def keyring(self) -> Keyring:
        """The secrets at work."""
        return Keyring(
            seeds=[decoded(part) for part in self.signing_key.get_secret_value().split(",")],
            key_secret=self.key_secret.get_secret_value().encode(),
            contact_key=decoded(self.contact_key.get_secret_value()),
        )

"""What the registry is told by its environment (docs/reference/settings.md)."""

import base64
import binascii
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from services.kit.claims import SCOPES, administrations
from services.kit.settings import ServiceSettings
from services.plan_file.scalars import UnitCode
from services.registry.clients.oidc import OidcSettings
from services.registry.keyring import KEY_BYTES, SECONDS_OF_A_DAY, Keyring, Lock


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


class WorkerSettings(ServiceSettings):
    """What the registry's worker is told: it imports contacts, and neither makes tokens nor knows keys."""

    contact_key: Annotated[SecretStr, AfterValidator(_key)] = Field(
        description="base64 of the AES-256-GCM key under which contact addresses are kept"
    )

    def addresses(self) -> Lock:
        """What contact addresses are locked with."""
        return Lock(decoded(self.contact_key.get_secret_value()))


class Settings(WorkerSettings):
    """The registry's own, beside what every service has."""

    signing_key: Annotated[SecretStr, AfterValidator(_keys)] = Field(
        description="base64 of 32 bytes of which the keys that sign tokens are made; of several, separated by commas, the first one's sign and all are published"
    )
    signing_key_days: int = Field(
        default=30, ge=1, le=365, description="the key that signs, made of the seed, changes after so many days"
    )
    key_secret: SecretStr = Field(min_length=32, description="with it the stored hashes of API keys are made")
    providers: list[OidcSettings] = Field(
        default_factory=list,
        description="OpenID providers by way of which people sign in, as JSON: name, label, issuer, client_id, "
        "client_secret, redirect_uris, scopes",
    )
    fixed_keys: list[FixedKey] = Field(
        default_factory=list,
        description="callers that are there from the start, as JSON: client_id, key, scopes, unit; one that is taken "
        "out of the list is revoked",
    )

    @model_validator(mode="after")
    def _three_administrations(self) -> Self:
        """On one machine, with synthetic data, one key may do everything; elsewhere nobody holds two administrations."""
        for key in self.fixed_keys:
            both = administrations(key.scopes)
            if len(both) > 1 and not self.embedded:
                raise ValueError(
                    f"{key.client_id}: {' and '.join(sorted(both))} administration must be different callers'"
                )
        return self

    def keyring(self) -> Keyring:
        """The secrets at work."""
        return Keyring(
            seeds=[decoded(part) for part in self.signing_key.get_secret_value().split(",")],
            key_secret=self.key_secret.get_secret_value().encode(),
            contact_key=decoded(self.contact_key.get_secret_value()),
            period=self.signing_key_days * SECONDS_OF_A_DAY,
        )

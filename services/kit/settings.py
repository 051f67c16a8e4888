"""What every service is told by its environment. Secrets have no defaults."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

OUT_OF_REACH = 1_000_000_000
"""A quota that nobody uses up."""


class ServiceSettings(BaseSettings):
    """Read from `DUBAN_…`; a service adds its own (docs/reference/settings.md)."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", extra="ignore")

    database_url: str = Field(description="postgresql://role:password@host:port/database, with the service's own role")
    redis_url: str | None = Field(
        default=None, description="doorbell only: everything works without it, a second slower"
    )
    registry_url: str = Field(default="http://127.0.0.1:8000/registry", description="where the registry is called")
    indicators_url: str = Field(default="http://127.0.0.1:8000/indicators", description="where indicators is called")
    notifier_url: str = Field(default="http://127.0.0.1:8000/notifier", description="where the notifier is called")
    api_key: str = Field(default="", description="the key with which this process calls the other services")
    region: str = Field(default="330109", description="GB/T 2260 code of the government whose plans the workers run")
    embedded: bool = Field(
        default=False, description="one machine, synthetic data: the clock can be moved, mail is kept"
    )
    request_seconds: float = Field(
        default=10.0, gt=0, description="after so long a request that is not answered yet is answered 503"
    )
    import_bytes: int = Field(
        default=2 * 1024**3, ge=1024, description="largest CSV that is taken to be imported later, in bytes"
    )
    pool_size: int = Field(default=4, ge=1, le=64, description="database connections of this process")
    poll_seconds: float = Field(
        default=1.0, gt=0, description="how often a worker looks what is due without being rung"
    )
    rate_client: int = Field(
        default=6000,
        ge=1,
        le=OUT_OF_REACH,
        description="requests of one caller that this process takes in any `DUBAN_RATE_SECONDS`; no number means "
        f"unlimited, {OUT_OF_REACH} is out of reach",
    )
    rate_address: int = Field(
        default=600,
        ge=1,
        le=OUT_OF_REACH,
        description="the same for one network address (of IPv6: its /64): requests without a token that holds, key "
        "exchanges, sign-ins",
    )
    rate_seconds: int = Field(default=60, ge=1, le=86_400, description="the window of both quotas, in seconds")

    @property
    def token_url(self) -> str:
        """Where an API key becomes a token."""
        return f"{self.registry_url}/v1/token"

    @property
    def jwks_url(self) -> str:
        """Where the registry's public keys are."""
        return f"{self.registry_url}/v1/jwks"

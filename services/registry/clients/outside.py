"""What the registry asks of somebody else who knows people: the district's own provider (统一身份认证).

A provider is one file beside this one. All of them work in two steps, with the browser away in between: OIDC sends it off
with a challenge and gets a code; a code exchange such as 浙政钉's, or a CAS ticket, has the same shape with less in it. What
a provider calls its people is kept as (provider, id); who that is here, an administrator says.
"""

from dataclasses import dataclass
from typing import Protocol

from services.kit.errors import Refused


class ProviderAway(Refused):
    """The provider does not answer, or not as one should."""

    code = "provider-away"
    status = 503

    def __init__(self, provider: str, why: str) -> None:
        super().__init__(f"{provider} cannot be used now: {why}", zh=f"认证服务 {provider} 暂不可用")


class NotConfirmed(Refused):
    """The provider did not confirm who came back."""

    code = "not-confirmed"
    status = 401

    def __init__(self, provider: str, why: str) -> None:
        super().__init__(f"{provider} did not confirm who you are: {why}", zh=f"认证服务 {provider} 未确认您的身份")


@dataclass(frozen=True)
class Way:
    """What one sign-in keeps between its two steps."""

    redirect_uri: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Outside:
    """Who came back, as the provider names them."""

    id: str
    name: str | None


class Provider(Protocol):
    """Somebody else who knows people."""

    @property
    def name(self) -> str:
        """Its name in this installation."""

    @property
    def label(self) -> str:
        """What people read on the button."""

    @property
    def redirect_uris(self) -> list[str]:
        """Where it may send the browser back to; the first is meant where none is named."""

    async def begin(self, way: Way) -> str:
        """Where to send the browser. `ProviderAway`."""

    async def finish(self, way: Way, code: str) -> Outside:
        """Who came back with `code`. `NotConfirmed`, `ProviderAway`."""

    async def close(self) -> None:
        """Close its connections."""

"""What an OpenID provider may say that confirms nobody; against a small twin that lies on demand."""

import base64
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from services.registry.clients.oidc import Oidc, OidcSettings
from services.registry.clients.outside import NotConfirmed, ProviderAway, Way

ISSUER = "https://provider.example"
WAY = Way("https://duban.example/back", "state", "nonce", "verifier")
KEY = ec.generate_private_key(ec.SECP256R1())


def public(kid: str | None = "one") -> dict[str, Any]:
    key: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return {**key, "use": "sig", "alg": "ES256", **({} if kid is None else {"kid": kid})}


class Twin:
    """Answers as a provider does, but for what a test changes."""

    def __init__(self, **changed: object) -> None:
        self.said: dict[str, Any] = {
            "metadata": {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize?tenant=1",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/jwks",
            },
            "jwks": {"keys": [public()]},
            "claims": {},
            "header": {"kid": "one"},
            "key": KEY,
            "algorithm": "ES256",
            "token_status": 200,
            **changed,
        }
        self.forms: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return self._answer(self.said["metadata"])
        if request.url.path == "/jwks":
            return self._answer(self.said["jwks"])
        self.forms.append(request)
        return self._answer(self.said.get("token", {"id_token": self._token()}), self.said["token_status"])

    @staticmethod
    def _answer(said: object, status: int = 200) -> httpx.Response:
        return httpx.Response(status, text=said) if isinstance(said, str) else httpx.Response(status, json=said)

    def _token(self) -> str:
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": "duban", "sub": "42", "iat": now, "exp": now + 60, "nonce": "nonce"}
        claims = {name: value for name, value in {**usual, **self.said["claims"]}.items() if value is not None}
        return jwt.encode(claims, self.said["key"], self.said["algorithm"], headers=self.said["header"])

    def provider(self) -> Oidc:
        settings = OidcSettings(
            name="district",
            label="统一身份认证",
            issuer=ISSUER,
            client_id="duban",
            client_secret="a secret",
            redirect_uris=["https://duban.example/back"],
        )
        return Oidc(settings, transport=httpx.MockTransport(self))


async def test_the_code_is_exchanged_with_the_verifier_and_the_secret() -> None:
    twin = Twin(claims={"preferred_username": "zhang"})
    provider = twin.provider()
    assert (await provider.begin(WAY)).startswith(f"{ISSUER}/authorize?tenant=1&response_type=code&")
    outside = await provider.finish(WAY, "the code")
    assert (outside.id, outside.name) == ("42", "zhang")
    (request,) = twin.forms
    form = dict(httpx.QueryParams(request.content.decode()))
    assert form == {
        "grant_type": "authorization_code",
        "code": "the code",
        "redirect_uri": WAY.redirect_uri,
        "code_verifier": "verifier",
    }
    basic = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    assert basic == "duban:a secret"
    await provider.close()


async def test_a_lone_key_needs_no_name_and_several_audiences_need_the_right_party() -> None:
    assert (await Twin(jwks={"keys": [public(None)]}, header={}).provider().finish(WAY, "c")).name is None
    several = Twin(claims={"aud": ["duban", "other"], "azp": "duban"})
    assert (await several.provider().finish(WAY, "c")).id == "42"


LIES: dict[str, Callable[[], dict[str, Any]]] = {
    "another issuer": lambda: {"claims": {"iss": "https://other.example"}},
    "another audience": lambda: {"claims": {"aud": "other"}},
    "another party": lambda: {"claims": {"aud": ["duban", "other"], "azp": "other"}},
    "another nonce": lambda: {"claims": {"nonce": "other"}},
    "no nonce": lambda: {"claims": {"nonce": None}},
    "no subject": lambda: {"claims": {"sub": None}},
    "run out": lambda: {"claims": {"exp": 1_000_000_000}},
    "another key": lambda: {"key": ec.generate_private_key(ec.SECP256R1())},
    "an unknown key": lambda: {"header": {"kid": "two"}},
    "a shared secret": lambda: {"key": "s" * 64, "algorithm": "HS256"},
    "unsigned": lambda: {"key": "", "algorithm": "none"},
    "no token": lambda: {"token": {}},
    "no code": lambda: {"token": {"error": "invalid_grant"}, "token_status": 400},
}


@pytest.mark.parametrize("lie", LIES)
async def test_what_does_not_hold_confirms_nobody(lie: str) -> None:
    with pytest.raises(NotConfirmed):
        await Twin(**LIES[lie]()).provider().finish(WAY, "c")


@pytest.mark.parametrize(
    "broken",
    [
        {"metadata": {"issuer": "https://other.example"}},
        {"metadata": {"issuer": ISSUER}},
        {"metadata": "no json"},
        {"metadata": ["a list"]},
        {"jwks": {"keys": []}},
        {"jwks": {}},
        {"token_status": 503},
        {"token_status": 404},
        {"token": "x" * 300_000},
    ],
    ids=str,
)
async def test_a_provider_out_of_order_is_away(broken: dict[str, Any]) -> None:
    with pytest.raises(ProviderAway):
        await Twin(**broken).provider().finish(WAY, "c")

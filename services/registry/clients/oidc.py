"""OpenID Connect: authorization code with PKCE (RFC 7636), nonce, and an ID token checked by the provider's keys."""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.registry.clients.outside import NotConfirmed, Outside, ProviderAway, Way

ALGORITHMS = ["ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"]
"""Asymmetric ones only: a shared secret confirms nobody."""
METADATA_SECONDS = 3600.0
SKEW_SECONDS = 60
ANSWER_BYTES = 256 * 1024


class OidcSettings(BaseModel):
    """A provider as the installation knows it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$", description="its name here")
    label: str = Field(min_length=1, max_length=100, description="what people read on the button")
    issuer: str = Field(pattern=r"^https?://\S+$", description="its address, exactly as its tokens say it")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    redirect_uris: list[str] = Field(min_length=1, description="where the browser may come back to")
    scopes: str = "openid profile"


class Oidc:
    """One OpenID provider."""

    def __init__(self, settings: OidcSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self._http = httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(10, connect=5), trust_env=False)
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read = self._fetched = float("-inf")

    @property
    def name(self) -> str:
        """Its name in this installation."""
        return self.settings.name

    @property
    def label(self) -> str:
        """What people read on the button."""
        return self.settings.label

    @property
    def redirect_uris(self) -> list[str]:
        """Where it may send the browser back to."""
        return self.settings.redirect_uris

    async def begin(self, way: Way) -> str:
        """The authorization request."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(way.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": way.redirect_uri,
            "scope": self.settings.scopes,
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = await self._said("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def finish(self, way: Way, code: str) -> Outside:
        """The code exchanged for an ID token, and that token checked."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": way.redirect_uri,
            "code_verifier": way.verifier,
        }
        secret = (self.settings.client_id, self.settings.client_secret.get_secret_value())
        answer = await self._call("POST", await self._said("token_endpoint"), data=form, auth=secret)
        if answer.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
            raise NotConfirmed(self.name, "the code was not taken")
        token = self._json(answer).get("id_token")
        if not isinstance(token, str):
            raise NotConfirmed(self.name, "it sent no ID token")
        claims = await self._checked(token)
        if claims.get("nonce") != way.nonce:
            raise NotConfirmed(self.name, "the ID token is of another sign-in")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self.settings.client_id:
            raise NotConfirmed(self.name, "the ID token is another client's")
        shown = claims.get("name") or claims.get("preferred_username")
        return Outside(str(claims["sub"])[:255], None if shown is None else str(shown)[:100])

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _checked(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(header.get("kid"))
            if key is None:
                raise NotConfirmed(self.name, "the ID token is signed with an unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self.settings.client_id,
                issuer=self.settings.issuer,
                leeway=SKEW_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise NotConfirmed(self.name, f"the ID token does not hold: {error}") from error
        return claims

    async def _key(self, kid: object) -> jwt.PyJWK | None:
        """The key named, or the only one there is; fetched again, once a second at most, for a name not known yet."""
        if kid not in self._keys and time.monotonic() - self._fetched > 1:
            self._fetched = time.monotonic()
            answer = self._json(await self._call("GET", await self._said("jwks_uri")))
            try:
                usable = jwt.PyJWKSet.from_dict(answer).keys
            except (jwt.PyJWTError, AttributeError) as error:
                raise ProviderAway(self.name, "it publishes no usable keys") from error
            self._keys = {str(key.key_id): key for key in usable}
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(str(kid))

    async def _said(self, name: str) -> str:
        """What the provider says of itself (OpenID Connect Discovery), read once an hour."""
        if time.monotonic() - self._read > METADATA_SECONDS:
            url = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            said = self._json(await self._call("GET", url))
            if said.get("issuer") != self.settings.issuer:
                raise ProviderAway(self.name, f"it calls itself {said.get('issuer')}, not {self.settings.issuer}")
            self._metadata, self._read = said, time.monotonic()
        found = self._metadata.get(name)
        if not isinstance(found, str):
            raise ProviderAway(self.name, f"it does not say its {name}")
        return found

    async def _call(
        self, method: str, url: str, *, data: dict[str, str] | None = None, auth: tuple[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = await self._http.request(
                method,
                url,
                data=data,
                auth=httpx.USE_CLIENT_DEFAULT if auth is None else httpx.BasicAuth(*auth),
                headers={"Accept": "application/json"},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(self.name, f"{error!r}") from error
        if answer.is_server_error or len(answer.content) > ANSWER_BYTES:
            raise ProviderAway(self.name, f"it answered {answer.status_code}")
        return answer

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            said = answer.json()
        except ValueError as error:
            raise ProviderAway(self.name, "its answer is no JSON") from error
        if answer.status_code != httpx.codes.OK or not isinstance(said, dict):
            raise ProviderAway(self.name, f"it answered {answer.status_code}")
        return said

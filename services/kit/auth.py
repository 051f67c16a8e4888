"""Who calls: a 10-minute token of the registry, its scopes, and the part of the unit tree it may see."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import jwt
from fastapi import APIRouter, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import iter_route_contexts
from fastapi.security import OAuth2, SecurityScopes
from jwt import PyJWK
from starlette.requests import HTTPConnection
from starlette.types import Scope

from services.kit.claims import ALGORITHM, AUDIENCE, ISSUER, SCOPES, TOKEN_TYPE
from services.kit.errors import Refused


class Unauthenticated(Refused):
    """No token."""

    code = "unauthenticated"
    status = 401


class BadToken(Unauthenticated):
    """A token that does not hold."""

    challenge = f'{Unauthenticated.challenge}, error="invalid_token"'


class Forbidden(Refused):
    """The token holds but lacks a scope."""

    code = "forbidden"
    status = 403


@dataclass(frozen=True)
class Caller:
    """Who calls. `unit_path` is the unit's place in the tree ('' sees everything); scopes say what it may do."""

    client_id: str
    scopes: frozenset[str]
    region: str
    unit: str | None = None
    unit_path: str = ""


class Keys(Protocol):
    """Where the registry's public keys come from."""

    async def key(self, kid: str, /) -> PyJWK | None:
        """The key named `kid`, or None."""


class PublishedKeys:
    """The registry's JWKS over HTTP, kept, and fetched again for a key id that is not known yet (rotation)."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self.client, self.url = client, url
        self._keys: dict[str, PyJWK] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> PyJWK | None:
        """The key named `kid`; at most one fetch a second for names that nobody has."""
        if kid not in self._keys:
            async with self._lock:
                if kid not in self._keys and time.monotonic() - self._fetched > 1:
                    answer = await self.client.get(self.url)
                    answer.raise_for_status()
                    self._keys = {entry["kid"]: PyJWK(entry) for entry in answer.json()["keys"]}
                    self._fetched = time.monotonic()
        return self._keys.get(kid)


class Verifier:
    """Checks tokens. What was checked once is kept until it runs out: the signature does not change meanwhile."""

    KEPT = 4096

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._kept: dict[str, tuple[float, Caller]] = {}

    async def caller(self, token: str) -> Caller:
        """Who the token speaks for, or `BadToken`."""
        kept = self._kept.get(token)
        if kept is not None and kept[0] > time.time():
            return kept[1]
        expires, caller = await self._check(token)
        if len(self._kept) >= self.KEPT:
            self._kept.clear()
        self._kept[token] = (expires, caller)
        return caller

    async def _check(self, token: str) -> tuple[float, Caller]:
        try:
            header = jwt.get_unverified_header(token)
            if str(header.get("typ", "")).lower().removeprefix("application/") != TOKEN_TYPE:
                raise BadToken("this is no access token", zh="这不是访问令牌")  # RFC 9068, 4
            kid = header.get("kid")
            key = await self.keys.key(kid) if isinstance(kid, str) else None
            if key is None:
                raise BadToken("the token is signed with an unknown key", zh="令牌的签名密钥未知")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "sub", "region", "scope"]},
            )
        except jwt.PyJWTError as error:
            raise BadToken(f"the token does not hold: {error}", zh="令牌无效或已过期") from error
        except httpx.HTTPError as error:
            raise KeysOutOfReach from error
        return float(claims["exp"]), Caller(
            client_id=str(claims["sub"]),
            scopes=frozenset(str(claims["scope"]).split()),
            region=str(claims["region"]),
            unit=claims.get("unit"),
            unit_path=str(claims.get("unit_path", "")),
        )


class KeysOutOfReach(Refused):
    """The registry's public keys cannot be fetched now."""

    code = "keys-out-of-reach"
    status = 503

    def __init__(self) -> None:
        super().__init__("the registry's public keys cannot be fetched now", zh="暂时无法取得登记服务的公钥")


def token_of(scope: Scope) -> str:
    """The token of a request's Authorization header, or `Unauthenticated`."""
    given: bytes = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    kind, _, token = given.decode("latin-1").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated(
            "send Authorization: Bearer <token>; POST /registry/v1/token gives one",
            zh="请携带访问令牌；令牌由 POST /registry/v1/token 签发",
        )
    return token


WHO = "duban.caller"
"""Where a request's scope keeps whose token it carries, or why that is nobody's."""


async def who(scope: Scope) -> Caller | Refused:
    """Whose token a request carries, or why that is nobody's. Found out once: its quota asks, and then its route."""
    found: Caller | Refused | None = scope.get(WHO)
    if found is None:
        try:
            found = await scope["app"].state.parts.verifier.caller(token_of(scope))
        except Refused as refusal:
            found = refusal
        scope[WHO] = found
    return found


class BearerToken(OAuth2):
    """The security scheme of every document: client credentials at the registry's token endpoint."""

    async def __call__(self, request: HTTPConnection) -> str:
        """The token of the Authorization header."""
        return token_of(request.scope)


scheme = BearerToken(
    flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/registry/v1/token", scopes=SCOPES)),
    scheme_name="client-credentials",
    description="`Authorization: Bearer …` with a token of ten minutes (RFC 6750). Systems exchange their API key for it here; "
    "people get the same kind of token by signing in (`session_begin`, `login_begin` of the registry), with the scopes of their "
    "roles. A caller has the scopes of its token, whichever way it came by it.",
)


async def current_caller(needed: SecurityScopes, request: Request, _token: str = Security(scheme)) -> Caller:
    """The caller of a request, who must have every scope that the route names."""
    caller = await who(request.scope)
    if isinstance(caller, Refused):
        raise caller
    missing = [scope for scope in needed.scopes if scope not in caller.scopes]
    if missing:
        raise Forbidden(f"this needs the scope {' '.join(missing)}", zh=f"缺少权限范围：{' '.join(missing)}")
    return caller


def may(*scopes: str) -> Any:  # noqa: ANN401 - FastAPI's own marker type
    """Name the scopes that a route's caller must have, all of them, beside `Caller` in an `Annotated`."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"no such scope: {unknown}")
    return Security(current_caller, scopes=list(scopes))


def scopes_of(dependant: Dependant) -> SecurityScopes | None:
    """The scopes that a route asks its caller for; None where it asks for no caller."""
    asked = [each for each in needed_by(dependant) if each.call is current_caller]
    return SecurityScopes([scope for each in asked for scope in each.own_oauth_scopes or ()]) if asked else None


def needed_by(dependant: Dependant) -> Iterator[Dependant]:
    """What a route needs, and all that this needs in turn."""
    yield dependant
    for needed in dependant.dependencies:
        yield from needed_by(needed)


def unasked(routers: Iterable[APIRouter]) -> frozenset[str]:
    """The paths of routes that ask for no caller."""
    contexts = [context for router in routers for context in iter_route_contexts(router.routes)]
    return frozenset(each.path for each in contexts if each.path is not None and scopes_of(each.dependant) is None)

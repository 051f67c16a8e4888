"""A small twin of the registry's identity: it signs tokens, publishes its keys, and exchanges one API key."""

import base64
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.kit.claims import AUDIENCE, ISSUER


@dataclass
class Twin:
    """Signs tokens and publishes keys as the registry does; counts how often it was asked."""

    keys: dict[str, Ed25519PrivateKey] = field(default_factory=lambda: {"one": Ed25519PrivateKey.generate()})
    asked: int = 0
    fetched: int = 0
    echoed: int = 0
    down: bool = False
    gives: bool = True
    """Whether it exchanges keys; else that was asked for too often."""

    def token(self, kid: str = "one", *, key: Ed25519PrivateKey | None = None, **changes: object) -> str:
        """A token; `changes` are to its claims, None takes one away."""
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "liaison",
            "exp": time.time() + 600,
            "region": "330109",
            "scope": "registry:read notices:reply",
            "unit": "talent",
            "unit_path": "talent",
        }
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(claims, key or self.keys[kid], algorithm="EdDSA", headers={"kid": kid, "typ": "at+jwt"})

    async def jwks(self, _request: Request) -> JSONResponse:
        """Its public keys."""
        self.fetched += 1
        if self.down:
            return JSONResponse({}, 503)
        return JSONResponse({"keys": [published(kid, key) for kid, key in self.keys.items()]})

    async def give(self, request: Request) -> JSONResponse:
        """A token for the right key."""
        self.asked += 1
        if not self.gives:
            return JSONResponse({}, 429, {"Retry-After": "30"})
        sent = await request.form()
        if sent["client_secret"] != "right":
            return JSONResponse({}, 401)
        return JSONResponse({"access_token": self.token(), "expires_in": 600})

    async def echo(self, request: Request) -> JSONResponse:
        """What was sent, with the status and the wait that were asked for."""
        self.echoed += 1
        kind, _, token = request.headers["authorization"].partition(" ")
        refuse_first = request.query_params.get("refuse") == str(self.asked)
        status = 401 if refuse_first else int(request.query_params.get("status", "200"))
        wait = request.query_params.get("wait")
        headers = {"Retry-After": wait} if wait else {}
        return JSONResponse({"kind": kind, "token": bool(token), "detail": "说明"}, status, headers)

    def app(self) -> Starlette:
        """It over HTTP."""
        return Starlette(
            routes=[
                Route("/v1/jwks", self.jwks),
                Route("/v1/token", self.give, methods=["POST"]),
                Route("/v1/echo", self.echo, methods=["GET", "PUT", "POST"]),
            ]
        )


def published(kid: str, key: Ed25519PrivateKey) -> dict[str, str]:
    """A public key as a JWKS has it."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {
        "kid": kid,
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "x": base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }

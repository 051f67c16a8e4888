"""Calls to other services: one httpx client, an API key exchanged for tokens, refusals told apart from outages."""

import math
import time
from typing import Any

import httpx
import orjson

from services.kit.claims import LIFETIME_SECONDS
from services.kit.errors import Refused


class CallFailed(Refused):
    """Another service refused or did not answer."""

    code = "call-failed"
    status = 503

    def __init__(
        self,
        detail: str,
        *,
        answered: int | None = None,
        body: dict[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.answered = answered
        self.body = body or {}
        self.retry_after = retry_after or self.retry_after


class Bearer(httpx.Auth):
    """Exchanges the API key for a token at the registry, renews it a minute before its end or when refused."""

    requires_response_body = True

    def __init__(self, token_url: str, api_key: str) -> None:
        self.token_url, self.api_key = token_url, api_key
        self._token = ""
        self._until = 0.0

    def auth_flow(self, request: httpx.Request) -> Any:  # noqa: ANN401 - httpx's generator type
        """Httpx's flow: the token request first where none holds."""
        if time.monotonic() >= self._until:
            yield from self._exchange()
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            yield from self._exchange()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _exchange(self) -> Any:  # noqa: ANN401 - httpx's generator type
        answer = yield httpx.Request(
            "POST", self.token_url, data={"grant_type": "client_credentials", "client_secret": self.api_key}
        )
        if answer.status_code != httpx.codes.OK:
            raise CallFailed(
                f"the API key was not taken by {self.token_url}: {answer.status_code}",
                answered=answer.status_code,
                retry_after=_retry_after(answer),
            )
        body = answer.json()
        self._token = body["access_token"]
        self._until = time.monotonic() + int(body.get("expires_in", LIFETIME_SECONDS)) - 60


class Service:
    """One other service, as its consumer calls it. Paths are the service's own, from `/v1`.

    Who has used up its quota there asks no more until the time that it was told: calls fail at once meanwhile, and a worker
    goes on at a later look.
    """

    def __init__(
        self, base_url: str, auth: httpx.Auth | None = None, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._quiet_until = 0.0
        self.http = httpx.AsyncClient(
            auth=auth, transport=transport, timeout=httpx.Timeout(30, connect=5), trust_env=False
        )

    async def get(self, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """GET, as JSON."""
        return await self.call("GET", path, params=params)

    async def post(self, path: str, body: object = None, **params: object) -> Any:  # noqa: ANN401 - JSON
        """POST, as JSON."""
        return await self.call("POST", path, body=body, params=params)

    async def put(self, path: str, body: object = None, **params: object) -> Any:  # noqa: ANN401 - JSON
        """PUT, as JSON."""
        return await self.call("PUT", path, body=body, params=params)

    async def call(self, method: str, path: str, *, body: object = None, params: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """One call; `CallFailed` says what came back instead of an answer."""
        left = math.ceil(self._quiet_until - time.monotonic())
        if left > 0:
            raise CallFailed(
                f"{self.base_url} takes no more calls from here for {left} s: the quota is used up", retry_after=left
            )
        try:
            return await self._call(method, path, body=body, params=params)
        except CallFailed as failure:
            if failure.answered == httpx.codes.TOO_MANY_REQUESTS:
                self._quiet_until = time.monotonic() + failure.retry_after
            raise

    async def _call(self, method: str, path: str, *, body: object, params: dict[str, Any] | None) -> Any:  # noqa: ANN401 - JSON
        content = None if body is None else orjson.dumps(body, default=str)
        headers = {"Content-Type": "application/json"} if content is not None else {}
        wanted = {name: value for name, value in (params or {}).items() if value is not None}
        try:
            answer = await self.http.request(
                method, self.base_url + path, content=content, params=wanted, headers=headers
            )
        except httpx.HTTPError as error:
            raise CallFailed(f"{self.base_url} did not answer: {error!r}") from error
        if answer.is_error:
            problem = _json(answer)
            raise CallFailed(
                f"{method} {path}: {answer.status_code} {problem.get('detail', '')}".rstrip(),
                answered=answer.status_code,
                body=problem,
                retry_after=_retry_after(answer),
            )
        return _json(answer) if answer.content else None

    async def close(self) -> None:
        """Close its connections."""
        await self.http.aclose()


def _json(answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}


def _retry_after(answer: httpx.Response) -> int | None:
    said = answer.headers.get("Retry-After", "")
    return int(said) if said.isascii() and said.isdigit() else None

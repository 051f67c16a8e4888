"""An API key at work: exchanged for tokens of ten minutes, which every call then carries.

The services have the same in `kit.http`; importing that brings the whole web framework, half a second at every command.
"""

from collections.abc import Generator

import httpx

from services.cli.stopped import Stopped


class ApiKey(httpx.Auth):
    """Asks for a token at the first call, and for another when one is not taken any more."""

    requires_response_body = True

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Httpx's flow."""
        if self._token:
            answer = yield self._signed(request)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return
        answer = yield httpx.Request(
            "POST",
            f"{self.url}/registry/v1/token",
            data={"grant_type": "client_credentials", "client_secret": self.key},
        )
        if answer.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
            raise Stopped(f"the API key was not taken by {self.url}: it is unknown, revoked or expired")
        if answer.is_error:
            raise Stopped(f"{self.url} gives no token now: {answer.status_code} {answer.reason_phrase}")
        self._token = answer.json()["access_token"]
        yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

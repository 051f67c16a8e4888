"""How often one may ask: `RateLimit` and `RateLimit-Policy` on every answer, 429 with `Retry-After` where it is too often.

The fields are those of draft-ietf-httpapi-ratelimit-headers-11 (RateLimit header fields for HTTP, May 2026): structured
fields (RFC 9651), lists of one item that names the policy:

    RateLimit-Policy: "client";q=6000;w=60      quota and window, in requests and seconds
    RateLimit: "client";r=5999;t=60             what is left, and seconds until more is

Each process of a service counts for itself. A token that holds is counted on its caller. What comes without one, or to
where nobody asks who calls (the token endpoint, signing in), is counted on the address that it comes from: a broken token
uses up no caller's quota, and whoever sends ever new ones stays the same address.
"""

import ipaddress
import time
from collections.abc import Container
from functools import lru_cache

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.auth import Caller, who
from services.kit.errors import ON_EVERY_ANSWER, Refused, refused
from services.kit.quotas import Quota, Standing
from services.kit.settings import ServiceSettings

PROBES = frozenset({"/livez", "/readyz"})
"""Asked by what keeps the processes alive, again and again; never limited."""
NEIGHBOURS = 64
"""Bits of an IPv6 address that are a network's: whoever has one address has all that share them (RFC 6177)."""


CLIENT, ADDRESS = "client", "address"
"""The names of the policies."""
WHOSE = {
    CLIENT: ("caller", "每个调用方"),
    ADDRESS: (
        "network address without a token that holds (a caller with one has a quota of its own)",
        "未带有效令牌的每个网络地址（携带有效令牌的调用方另有配额）",
    ),
}


class QuotaExceeded(Refused):
    """More requests in a time than are taken; `Retry-After` says when the next one is."""

    code = "quota-exceeded"
    status = 429

    def __init__(self, quota: Quota, standing: Standing) -> None:
        en, zh = WHOSE[quota.name]
        super().__init__(
            f"at most {quota.requests} requests in any {quota.seconds} seconds are taken from one {en}, and these are "
            f"used up; send this one again after {standing.seconds} seconds, and go by the RateLimit header",
            zh=f"{zh}在任意 {quota.seconds} 秒内最多可发 {quota.requests} 次请求，现已用完；"
            f"请在 {standing.seconds} 秒后重发，并按 RateLimit 响应头控制频率",
        )
        self.retry_after = standing.seconds


class Rates:
    """The quotas of one process: of callers, and of addresses."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.client = Quota(CLIENT, settings.rate_client, settings.rate_seconds)
        self.address = Quota(ADDRESS, settings.rate_address, settings.rate_seconds)


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """Where a request comes from, as far as a quota tells it apart; all that is no address is one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "-"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{int(address) >> (address.max_prefixlen - NEIGHBOURS):x}"


class RateLimit:
    """Counts each request before anything else is done for it: what is refused reads no body and asks no database."""

    def __init__(self, app: ASGIApp, *, unasked: Container[str]) -> None:
        """`unasked`: the paths where nobody asks who calls."""
        self.app, self.unasked = app, unasked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or (path := _path(scope)) in PROBES:
            await self.app(scope, receive, send)
            return
        rates: Rates = scope["app"].state.rates
        caller = None if path in self.unasked else await who(scope)
        if isinstance(caller, Caller):
            quota = rates.client
            standing = quota.take((caller.region, caller.client_id), time.monotonic_ns())
        else:
            quota = rates.address
            standing = quota.take(network((scope.get("client") or ("-",))[0]), time.monotonic_ns())
        headers = fields(quota, standing)
        scope[ON_EVERY_ANSWER] = headers

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        if standing.taken:
            await self.app(scope, receive, counted)
        else:
            await refused(Request(scope), QuotaExceeded(quota, standing))(scope, receive, counted)


def _path(scope: Scope) -> str:
    """The path without where the service is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def fields(quota: Quota, standing: Standing) -> list[tuple[bytes, bytes]]:
    """The two header fields."""
    return [
        (b"ratelimit-policy", b'"%b";q=%d;w=%d' % (quota.name.encode(), quota.requests, quota.seconds)),
        (b"ratelimit", b'"%b";r=%d;t=%d' % (quota.name.encode(), standing.left, standing.seconds)),
    ]

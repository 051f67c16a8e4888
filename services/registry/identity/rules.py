"""Keys and tokens: what they look like, when they hold, and what a maker of keys may give away."""

import hmac
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.kit.claims import AUDIENCE, ISSUER, LIFETIME_SECONDS, SCOPES
from services.kit.errors import Faulty, Refused

PREFIX = 12
"""So many first characters of a key are kept readable: they find its row and tell its owner which key it is."""

MARK = "duban_"
"""How a key begins, so that scanners of leaked secrets recognise it."""


class BadKey(Refused):
    """The key is unknown, has expired or was revoked; which of them is not said."""

    code = "bad-key"
    status = 401

    def __init__(self) -> None:
        super().__init__("this API key does not hold; ask for another one", zh="API 密钥无效、已过期或已撤销")


class BadGrant(Refused):
    """Another grant than client credentials, or no key."""

    code = "bad-grant"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            "send grant_type=client_credentials and the API key as client_secret, or by HTTP Basic",
            zh="请提交 grant_type=client_credentials，并以 client_secret 或 HTTP Basic 提供 API 密钥",
        )


class BeyondKey(Refused):
    """A token was asked for scopes that the key has not."""

    code = "beyond-key"
    status = 403

    def __init__(self, scopes: Iterable[str]) -> None:
        named = " ".join(scopes)
        super().__init__(f"the key has not the scope {named}", zh=f"该密钥没有权限范围：{named}")


@dataclass(frozen=True)
class Holder:
    """A stored key and its client, as far as a token goes."""

    client_id: str
    region: str
    digest: bytes
    scopes: frozenset[str]
    unit: str | None
    unit_path: str | None
    expires_at: datetime | None
    revoked_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the key may be used: not revoked, not expired, and its unit is there."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or now < self.expires_at)
            and (self.unit is None or self.unit_path is not None)
        )


def holder_of(digest: bytes, candidates: Iterable[Holder], now: datetime) -> Holder:
    """The one whose digest it is, or `BadKey`. Every candidate is compared, each in the same time."""
    found = [candidate for candidate in candidates if hmac.compare_digest(candidate.digest, digest)]
    if not found or not found[0].holds(now):
        raise BadKey
    return found[0]


def granted(holder: Holder, asked: str | None) -> frozenset[str]:
    """The scopes of a token: all of the key's, or those asked for."""
    if not asked:
        return holder.scopes
    wanted = frozenset(asked.split())
    if not wanted <= holder.scopes:
        raise BeyondKey(sorted(wanted - holder.scopes))
    return wanted


def claims(holder: Holder, scopes: Collection[str], *, now: datetime, jti: str) -> dict[str, Any]:
    """What a token says (RFC 9068), and of what part of the unit tree it may see."""
    issued = int(now.timestamp())
    said = {
        "iss": ISSUER,
        "sub": holder.client_id,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
        "jti": jti,
        "client_id": holder.client_id,
        "scope": " ".join(sorted(scopes)),
        "region": holder.region,
        "unit_path": holder.unit_path or "",
    }
    return said if holder.unit is None else {**said, "unit": holder.unit}


def scope_faults(scopes: Iterable[str], makers: Collection[str]) -> Iterator[Faulty]:
    """A fault for each scope that does not exist or that the maker of the key has not itself."""
    for place, scope in enumerate(scopes):
        if scope not in SCOPES:
            yield Faulty(
                f"/body/scopes/{place}",
                "unknown-scope",
                f"there is no scope {scope}; there are {', '.join(SCOPES)}",
                f"没有权限范围 {scope}；可用的有 {'、'.join(SCOPES)}",
            )
        elif scope not in makers:
            yield Faulty(
                f"/body/scopes/{place}",
                "beyond-maker",
                f"you have not the scope {scope} yourself",
                f"您自己没有权限范围 {scope}",
            )


def expiry(now: datetime, days: int) -> datetime:
    """When a key made now for so many days ends."""
    return now + timedelta(days=days)

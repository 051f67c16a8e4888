"""Keys, tokens and roles: what they look like, when they hold, and what a maker of keys may give away."""

import hmac
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.kit.claims import ADMINISTRATIONS, AUDIENCE, ISSUER, LIFETIME_SECONDS, SCOPES, administrations
from services.kit.errors import Faulty, Refused

PREFIX = 12
"""So many first characters of a key are kept readable: they find its row and tell its owner which key it is."""

MARK = "duban_"
"""How a key begins, so that scanners of leaked secrets recognise it."""


MEMBER, KEY_LENGTH, SCOPE_LENGTH = 100, 512, 1000
"""The most characters of what a token is asked for with."""


class BadKey(Refused):
    """The key is unknown, has expired or was revoked; which of them is not said."""

    code = "bad-key"
    status = 401
    challenge = 'Basic realm="duban"'
    oauth = "invalid_client"

    def __init__(self) -> None:
        super().__init__("this API key does not hold; ask for another one", zh="API 密钥无效、已过期或已撤销")


class BadGrant(Refused):
    """Another grant than client credentials, no key, or more than either can be."""

    code = "bad-grant"
    status = 400

    def __init__(self, oauth: str) -> None:
        super().__init__(
            "send grant_type=client_credentials and the API key as client_secret, or by HTTP Basic",
            zh="请提交 grant_type=client_credentials，并以 client_secret 或 HTTP Basic 提供 API 密钥",
        )
        self.oauth = oauth


def check_asked(grant_type: str, client_id: str | None, key: str | None, scope: str | None) -> str:
    """The key by which a token is asked for, or `BadGrant` with the error of RFC 6749, 5.2."""
    lengths = (grant_type, MEMBER), (client_id, MEMBER), (key, KEY_LENGTH), (scope, SCOPE_LENGTH)
    if not grant_type or any(len(text or "") > most for text, most in lengths):
        raise BadGrant("invalid_request")
    if grant_type != "client_credentials":
        raise BadGrant("unsupported_grant_type")
    if not key:
        raise BadGrant("invalid_client")
    return key


class BeyondKey(Refused):
    """A token was asked for scopes that the key has not."""

    code = "beyond-key"
    status = 400
    oauth = "invalid_scope"

    def __init__(self, scopes: Iterable[str]) -> None:
        named = " ".join(scopes)
        super().__init__(f"the key has not the scope {named}", zh=f"该密钥没有权限范围：{named}")


@dataclass(frozen=True)
class Role:
    """A role (角色): scopes under the name of an office. `of_unit`: it is somebody's of a unit, never the whole region's."""

    code: str
    zh: str
    en: str
    scopes: frozenset[str]
    of_unit: bool = False


def _role(code: str, zh: str, en: str, scopes: str, *, of_unit: bool = False) -> Role:
    return Role(code, zh, en, frozenset(scopes.split()), of_unit)


ROLES = {
    role.code: role
    for role in (
        _role(
            "enterprise_reporter",
            "企业填报员",
            "enterprise reporter",
            "registry:read indicators:read observations:submit files:submit",
            of_unit=True,
        ),
        _role(
            "unit_liaison",
            "责任单位联络员",
            "liaison of a unit",
            "registry:read indicators:read observations:submit notices:read notices:reply files:submit projects:propose "
            "problems:raise tasks:report prospects:read prospects:write",
            of_unit=True,
        ),
        _role(
            "unit_head",
            "责任单位负责人",
            "head of a unit",
            "registry:read registry:write indicators:read notices:read notices:reply files:submit projects:propose "
            "problems:raise tasks:report prospects:read",
            of_unit=True,
        ),
        _role(
            "leading_group_office",
            "领导小组办公室",
            "office of the leading group",
            "registry:read registry:write plans:apply indicators:read observations:verify notices:read files:submit "
            "projects:propose projects:decide problems:raise problems:decide tasks:report prospects:read prospects:write",
        ),
        _role(
            "statistics_bureau",
            "统计部门",
            "statistics bureau",
            "registry:read indicators:read observations:submit observations:verify files:submit",
        ),
        _role("system_administrator", "系统管理员", "system administrator", "registry:read admin"),
        _role("security_administrator", "安全管理员", "security administrator", "registry:read roles:grant"),
        _role(
            "auditor", "审计管理员", "auditor", "registry:read indicators:read notices:read prospects:read audit:read"
        ),
    )
}
"""Every role that there is, by code. The last three are the three administrations."""


@dataclass(frozen=True)
class Tie:
    """What lets somebody in for a unit: an account or client of it, a role granted for it, an API key."""

    unit: str
    holder: str
    name: str
    account: bool = False
    role: str | None = None
    key: bool = False


@dataclass(frozen=True)
class Granted:
    """A role that somebody holds, and for which unit; `path` is where that unit is in the tree today."""

    role: str
    unit: str | None
    path: str | None

    @property
    def holds(self) -> bool:
        """Whether its unit is there."""
        return self.unit is None or self.path is not None


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """The scopes of roles together."""
    return frozenset[str]().union(*(ROLES[role].scopes for role in roles))


def beyond(role: str, scopes: Collection[str]) -> bool:
    """Whether a role may do something that somebody with these scopes may not."""
    return not ROLES[role].scopes <= frozenset(scopes)


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


def granted(holder: Holder, asked: str | None, roles: Iterable[Granted] = ()) -> frozenset[str]:
    """The scopes of a token: all of the key's and of its client's roles for its unit, or those of them asked for."""
    held = holder.scopes | scopes_of(each.role for each in roles if each.unit == holder.unit)
    if not asked:
        return held
    wanted = frozenset(asked.split())
    if not wanted <= held:
        raise BeyondKey(sorted(wanted - held))
    return wanted


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks for: a client itself, or a person by way of one."""

    name: str
    client_id: str
    region: str
    unit: str | None
    unit_path: str | None


def claims(subject: Subject, scopes: Collection[str], *, now: datetime, jti: str) -> dict[str, Any]:
    """What a token says (RFC 9068), and of what part of the unit tree it may see."""
    issued = int(now.timestamp())
    said = {
        "iss": ISSUER,
        "sub": subject.name,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
        "jti": jti,
        "client_id": subject.client_id,
        "scope": " ".join(sorted(scopes)),
        "region": subject.region,
        "unit_path": subject.unit_path or "",
    }
    return said if subject.unit is None else {**said, "unit": subject.unit}


def separation_faults(scopes: Collection[str], pointer: str) -> Iterator[Faulty]:
    """What speaks against one holder of all these scopes (三员分立): two administrations, or an auditor who changes things."""
    both = sorted(administrations(scopes))
    if len(both) > 1:
        yield Faulty(
            pointer,
            "two-administrations",
            f"system, security and audit administration are different people's; this would be {' and '.join(both)}",
            "系统管理、安全管理、审计管理须由不同账号承担，不得兼任",
        )
    changing = sorted(scope for scope in scopes if not scope.endswith(":read"))
    if "audit" in both and changing:
        yield Faulty(
            pointer,
            "auditor-changes-nothing",
            f"an auditor changes nothing; this would be able to {', '.join(changing)}",
            f"审计员不得拥有修改类权限：{'、'.join(changing)}",
        )


def scope_faults(scopes: Collection[str], makers: Collection[str], held: Collection[str] = ()) -> Iterator[Faulty]:
    """A fault for each scope that does not exist or that the maker of the key may not give away.

    A scope that makes an administration is given by the security administration only, and nobody gets a second one;
    `held` are the scopes that the client has already.
    """
    yield from separation_faults([*scopes, *held], "/body/scopes")
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
        elif scope in ADMINISTRATIONS and "roles:grant" not in makers:
            yield Faulty(
                f"/body/scopes/{place}",
                "security-administration",
                f"{scope} is given by the security administration; grant the client the role",
                f"权限范围 {scope} 须由安全管理员授予，请改为授予角色",
            )


def overlap_end(expires_at: datetime | None, now: datetime, hours: int) -> datetime:
    """When a key ends that was replaced now: after the overlap, or earlier where it would end earlier anyway."""
    end = now + timedelta(hours=hours)
    return end if expires_at is None else min(expires_at, end)


def expiry(now: datetime, days: int) -> datetime:
    """When a key made now for so many days ends."""
    return now + timedelta(days=days)

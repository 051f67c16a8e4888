"""Signing in by way of somebody else: what is refused."""

from datetime import datetime, timedelta

from services.kit.errors import Conflict, Refused

FLOW = timedelta(minutes=10)
"""So long a person may be away at the provider."""


class UnknownProvider(Refused):
    """The installation knows no such provider."""

    code = "unknown-provider"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no provider {name}; GET /registry/v1/providers lists them",
            zh=f"没有认证服务 {name}",
            pointer="/body/provider",
        )


class ForeignRedirect(Refused):
    """The browser would come back to an address that the installation does not name."""

    code = "foreign-redirect"

    def __init__(self) -> None:
        super().__init__(
            "this redirect_uri is none of the provider's redirect_uris in the settings",
            zh="redirect_uri 不在该认证服务的配置之内",
            pointer="/body/redirect_uri",
        )


class BadFlow(Refused):
    """The sign-in is unknown, was finished before, took too long, or came back with another state."""

    code = "bad-login-flow"
    status = 401

    def __init__(self) -> None:
        super().__init__("this sign-in does not hold any more; begin another one", zh="本次登录已失效，请重新登录")


class NotLinked(Refused):
    """The provider knows the person, but nobody has said who that is here."""

    code = "not-linked"
    status = 403

    def __init__(self, provider: str) -> None:
        super().__init__(
            f"{provider} knows you, but your account there is not linked yet; ask the system administrator",
            zh=f"您在 {provider} 的账号尚未关联，请联系系统管理员",
        )


class LinkedAlready(Conflict):
    """The outside account belongs to somebody already."""

    code = "linked-already"


class OneOfTwo(Refused):
    """An outside account is a person's or a unit's."""

    code = "person-or-unit"

    def __init__(self) -> None:
        super().__init__("name a person or a unit, not both or none", zh="须且只能指定人员或单位之一", pointer="/body")


def holds(started_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a sign-in that was begun may still be finished."""
    return used_at is None and now - started_at < FLOW

"""Passwords and sessions of people: what a password must be, when a name is locked, how long a session lasts."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from services.kit.errors import Faulty, Refused
from services.registry.identity.rules import Granted

NAME = r"^[a-z0-9][a-z0-9_.-]{0,62}$"
SHORTEST, LONGEST = 10, 128
FAILURES = 5
WINDOW = timedelta(minutes=15)
SESSION = timedelta(hours=12)
"""A working day: then the person signs in again, however often the session was refreshed."""
REFRESH_MARK = "dubanr_"

COMMON = frozenset(
    [
        "password",
        "passw0rd",
        "p@ssword",
        "p@ssw0rd",
        "password1",
        "password12",
        "password123",
        "admin",
        "admin123",
        "admin888",
        "administrator",
        "root",
        "letmein",
        "welcome",
        "qwerty",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "1qaz2wsx3edc",
        "qazwsxedc",
        "q1w2e3r4",
        "iloveyou",
        "sunshine",
        "princess",
        "dragon",
        "monkey",
        "football",
        "baseball",
        "superman",
        "batman",
        "starwars",
        "master",
        "shadow",
        "michael",
        "changeme",
        "woaini",
        "woaini1314",
        "woaini520",
        "5201314",
        "1314520",
        "aini1314",
        "zhongguo",
        "beijing",
        "hangzhou",
        "xiaoshan",
        "zhejiang",
        "duban",
        "guest",
        "test",
        "abc123",
        "abcd1234",
        "a123456",
        "a1234567",
        "a12345678",
        "a123456789",
        "aa123456",
        "aa123456789",
        "abc123456",
        "abcd123456",
        "qq123456",
        "wang123456",
        "zhang123456",
        "li123456",
        "asd123456",
        "zxc123456",
        "qwe123456",
        "123qwe",
        "123456a",
        "123456abc",
        "12345678a",
        "123456789a",
        "1234qwer",
        "123123",
        "111111",
        "000000",
        "666666",
        "888888",
        "88888888",
        "123456",
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "0987654321",
        "987654321",
        "112233",
        "11223344",
        "123321",
        "1234554321",
        "7758521",
        "147258369",
        "159357",
        "789456123",
        "secret",
        "default",
        "temp123",
        "initial",
        "init123",
        "huawei123",
    ]
)
"""Passwords that everybody tries first, and stems of them; a small list beside the rules of shape."""

ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
"""What fingers run along."""


class BadLogin(Refused):
    """The name or the password is wrong, or the account is out of use; which of them is not said."""

    code = "bad-login"
    status = 401

    def __init__(self) -> None:
        super().__init__("name or password is wrong", zh="用户名或密码错误")


class TooManyFailures(Refused):
    """Five failures within fifteen minutes: the name is locked for as long as they lie within."""

    code = "too-many-failures"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"too many failures with this name; try again in {seconds} seconds",
            zh=f"登录失败次数过多，请在 {seconds} 秒后重试",
        )
        self.retry_after = seconds


class PasswordToChange(Refused):
    """The password is the first one, which an administrator knew: a person's own must replace it."""

    code = "password-to-change"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "this is the first password; replace it by PUT /registry/v1/password", zh="首次登录须先修改初始密码"
        )


class NoRole(Refused):
    """The person holds no role today."""

    code = "no-role"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "you hold no role today; the security administrator grants one",
            zh="您当前没有任何角色，请联系安全管理员授权",
        )


class WhichUnit(Refused):
    """The person has roles of several units: a session is for one of them."""

    code = "which-unit"

    def __init__(self, units: Collection[str | None]) -> None:
        named = ", ".join(sorted(unit or "-" for unit in units))
        super().__init__(
            f"say for which unit you sign in, - for the whole region: {named}",
            zh=f"请指定以哪个单位登录（- 表示全区）：{named}",
            pointer="/body/unit",
        )


class BadSession(Refused):
    """The session has ended, or the refresh token was used before; then the session ends for everybody who has it."""

    code = "bad-session"
    status = 401

    def __init__(self) -> None:
        super().__init__("the session has ended; sign in again", zh="会话已结束，请重新登录")


def password_faults(password: str, *, name: str, display_name: str, old: str, pointer: str) -> Iterator[Faulty]:
    """What is wrong with a new password. Long and unlikely is asked for, not a mix of kinds of characters."""
    folded = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        yield Faulty(
            pointer,
            "password-length",
            f"{SHORTEST} to {LONGEST} characters are needed, these are {len(password)}",
            f"密码长度须为 {SHORTEST} 至 {LONGEST} 个字符，当前为 {len(password)} 个",
        )
    if name in folded or (len(display_name) > 1 and display_name.casefold() in folded):
        yield Faulty(pointer, "password-name", "it must not hold your name", "密码不得包含用户名或姓名")
    if _is_common(folded):
        yield Faulty(
            pointer,
            "password-common",
            "it is one that everybody tries first; take several unrelated words",
            "密码过于常见，请改用几个互不相关的词",
        )
    if password == old:
        yield Faulty(pointer, "password-same", "it is the password that it replaces", "新密码不得与原密码相同")


def _is_common(folded: str) -> bool:
    stem = re.sub(r"[^a-z@]+$", "", folded)
    few_characters = len(set(folded)) <= 3  # noqa: PLR2004 - 1212121212, aaaaaaaaaa
    return folded in COMMON or stem in COMMON or few_characters or _runs(folded)


def _runs(folded: str) -> bool:
    """Whether it is made of pieces of a keyboard's rows, the alphabet or the digits, forwards or backwards."""
    rest = folded
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for length in range(len(row), 3, -1):
            for start in range(len(row) - length + 1):
                rest = rest.replace(row[start : start + length], "")
    return len(rest) <= 2 < len(folded)  # noqa: PLR2004 - what is left beside runs of four and more


def locked_for(failures: Collection[datetime], now: datetime) -> int:
    """So many seconds a name is still locked; 0 if it is not."""
    within = sorted(at for at in failures if now - at < WINDOW)
    if len(within) < FAILURES:
        return 0
    until = within[-FAILURES] + WINDOW
    return max(1, int((until - now).total_seconds() + 0.999))


def acting(grants: Collection[Granted], asked: str | None) -> list[Granted]:
    """The roles of a session: those of one unit; `asked` is its code, `-` for the whole region."""
    units = {grant.unit for grant in grants}
    if not units:
        raise NoRole
    if asked is None and len(units) > 1:
        raise WhichUnit(units)
    wanted = next(iter(units)) if asked is None else (None if asked == "-" else asked)
    if wanted not in units:
        raise WhichUnit(units)
    return [grant for grant in grants if grant.unit == wanted]

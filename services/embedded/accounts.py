"""Servers never run as root: the account they run as, and a place that this account can reach.

Postgres refuses to run as root, and Redis should not. Started as root, the servers run as the user `duban` if the
machine has one, else as `nobody`; started by anybody else, as that user. A project cloned by root into a directory of
mode 0700 cannot be entered by either, so what the servers need is then kept below `/var/lib/duban`.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.embedded.errors import CannotStart

NAMES = ("duban", "nobody")
SHARED_PLACES = (Path("/var/lib/duban"), Path("/var/tmp/duban"), Path(tempfile.gettempdir(), "duban"))  # noqa: S108  (owner and mode are checked)


@dataclass(frozen=True)
class Account:
    """A user of this machine that is not root."""

    name: str
    uid: int
    gid: int


@cache
def unprivileged() -> Account | None:
    """The account that servers are given; None when we are not root and they run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise CannotStart(f"started as root, and there is no user {' or '.join(NAMES)} to run the servers as")


def run(command: Sequence[str | Path], account: Account | None) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end as `account`, from the root directory, in a plain locale; never raises on failure."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess([], 126, "", str(error))
    except OSError as error:
        return subprocess.CompletedProcess([], 127, "", str(error))


def plain_environment() -> dict[str, str]:
    """An environment in which no server's answer depends on the caller's locale, time zone or PG* variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def can_enter(account: Account | None, directory: Path) -> bool:
    """Whether the account can reach the directory and what is in it; asked of the kernel, so ACLs count."""
    return run(["/bin/sh", "-c", 'cd -- "$1"', "sh", directory], account).returncode == 0


def can_run(account: Account | None, command: Path) -> bool:
    """Whether the account can run this program with its libraries (`--version`)."""
    return run([command, "--version"], account).returncode == 0


def shared_place(account: Account) -> Path:
    """A directory of root's that the account can reach but not write, made when missing."""
    for place in SHARED_PLACES:
        try:
            if not place.exists():
                place.mkdir()
                place.chmod(0o755)  # whatever the umask
            found = place.lstat()
        except OSError:
            continue
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022
        if ours and can_enter(account, place):
            return place
    raise CannotStart(f"user {account.name} can reach none of {', '.join(map(str, SHARED_PLACES))}")


def shared_copy(account: Account, name: str, program: str, copy: Callable[[Path], None]) -> Path:
    """A copy, made once by `copy(target)`, of programs that the account cannot reach where they are installed.

    `name` identifies the content, `program` is a path in it that must run. Root owns the copy.
    """
    target = shared_place(account) / name
    if not can_run(account, target / program):
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
        try:
            copy(fresh)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)
        except OSError as error:
            # Another start may have put the same copy there meanwhile.
            if not can_run(account, target / program):
                raise CannotStart(f"cannot copy {name} to {target}: {error.strerror}") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return target / program

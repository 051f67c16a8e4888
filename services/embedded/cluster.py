"""The database's files: where they lie, how they are made, and who may still be running on them.

A cluster lies in `<data-dir>/postgres/cluster`. When the servers' account cannot reach that (root, and a directory of
mode 0700 above), `<data-dir>/postgres` is a symbolic link to a directory of its own below `/var/lib/duban`.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from services.embedded import accounts
from services.embedded.accounts import Account
from services.embedded.binaries import PostgresPrograms
from services.embedded.directory import DataDirectory, write_private
from services.embedded.errors import CannotStart

SUPERUSER = "postgres"
MARK = "cluster_name=duban"  # on the command line of every server that we start
UTF8_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8", "zh_CN.UTF-8", "zh_CN.utf8")
LEAVE_WITHIN = 20.0  # seconds that a server left over from a killed run has to shut down


def home(directory: DataDirectory, account: Account | None) -> tuple[Path, Account | None]:
    """The directory that holds the cluster, made when missing, and the account that it belongs to and runs on it."""
    place = directory.path / "postgres"
    if place.is_symlink() or place.exists():
        return _existing_home(place, account)
    place.mkdir(mode=0o700)
    if account is None:
        return place, None
    os.chown(place, account.uid, account.gid)
    if accounts.can_enter(account, place):
        return place, account
    elsewhere = Path(tempfile.mkdtemp(prefix="database-", dir=accounts.shared_place(account)))
    (elsewhere / "data-directory").write_text(f"{directory.path}\n")  # for whoever wonders whose it is
    os.chown(elsewhere, account.uid, account.gid)
    place.rmdir()
    place.symlink_to(elsewhere)
    return elsewhere, account


def _existing_home(place: Path, account: Account | None) -> tuple[Path, Account | None]:
    target = place.resolve()
    if not target.is_dir():
        raise CannotStart(f"the database that {place} points to is gone ({target})")
    if not os.access(target, os.R_OK | os.W_OK | os.X_OK):
        raise CannotStart(f"the database in {target} belongs to another user; start as root or that user")
    found = target.stat()
    if account and found.st_uid == 0 and not any(target.iterdir()):
        os.chown(target, account.uid, account.gid)  # a first start that was cut off
    elif account and found.st_uid != account.uid:
        account = Account(_name(found.st_uid), found.st_uid, found.st_gid)  # made by an ordinary user, and stays so
    if account and not accounts.can_enter(account, target):
        raise CannotStart(f"user {account.name}, who runs the database, cannot enter {target}")
    return target, account


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def major_of(cluster: Path) -> int | None:
    """The major version of Postgres that made the cluster; None when there is none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text())
    except (FileNotFoundError, NotADirectoryError):
        if cluster.exists():
            raise CannotStart(f"{cluster} is not a Postgres data directory (it has no PG_VERSION)") from None
        return None
    except ValueError:
        raise CannotStart(f"{cluster} is not a Postgres data directory (its PG_VERSION is no number)") from None


def make(programs: PostgresPrograms, home: Path, account: Account | None, password: str, *, durable: bool) -> Path:
    """Make the cluster; a make that was cut off is begun again, so a cluster is whole or not there."""
    fresh, words = home / "cluster.new", home / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    write_private(words, password, owner=(account.uid, account.gid) if account else None)
    command = (str(programs.directory / "initdb"), "-D", str(fresh), "-U", SUPERUSER, f"--pwfile={words}")
    options = ("--auth=scram-sha-256", "--encoding=UTF8", *(() if durable else ("--no-sync",)))
    done = accounts.run([*command, *options, *locale_arguments(programs.major)], account)
    words.unlink()
    if done.returncode != 0:
        raise CannotStart(f"initdb: {' '.join(done.stderr.split())}")
    fresh.rename(home / "cluster")
    return home / "cluster"


def locale_arguments(major: int) -> tuple[str, ...]:
    """Order by code point and UTF-8 character classes, whatever the caller's locale.

    The builtin provider alone is not enough: pg_trgm asks LC_CTYPE what a letter is, and under LC_CTYPE=C the trigrams
    of Chinese are empty (seen on 18.6).
    """
    shared = ("--locale=C", f"--lc-ctype={_utf8_locale()}")
    return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", *shared) if major >= 17 else shared  # noqa: PLR2004  (the first with the provider)


def _utf8_locale() -> str:
    library = ctypes.CDLL(None)
    library.newlocale.restype = ctypes.c_void_p
    library.newlocale.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
    library.freelocale.argtypes = (ctypes.c_void_p,)
    for name in UTF8_LOCALES:
        if found := library.newlocale(3, name.encode(), None):  # 3 has LC_CTYPE in it on Linux and on macOS
            library.freelocale(found)
            return name
    raise CannotStart(f"this machine has none of the locales {', '.join(UTF8_LOCALES)}: install one")


def stop_leftover(cluster: Path) -> None:
    """Stop a server that a killed run left on the cluster; call only while the data directory is held."""
    pid = postmaster(cluster)
    if pid is None:
        return
    command = _command(pid)
    if str(cluster) not in command:
        return  # the number belongs to another process now; Postgres sees that too
    if MARK not in command:
        raise CannotStart(f"{cluster} is in use by process {pid}, which Duban did not start")
    for number in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate shutdown
        if _ends(pid, number):
            return
    raise CannotStart(f"{cluster} is in use by process {pid}, which does not stop")


def postmaster(cluster: Path, *, ready: bool = False) -> int | None:
    """The process id in the cluster's lock file; with `ready`, only when it says that connections are taken."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    status = lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004  (the eighth line)
    return int(lines[0]) if lines and (status == "ready" or not ready) else None


def _command(pid: int) -> str:
    """The command line of a process; empty when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    asked = subprocess.run(
        ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return asked.stdout


def _ends(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
        end = time.monotonic() + LEAVE_WITHIN
        while time.monotonic() < end:
            os.kill(pid, 0)
            if not _command(pid):  # a zombie that nobody has collected yet
                return True
            time.sleep(0.05)
    except ProcessLookupError:
        return True
    return False

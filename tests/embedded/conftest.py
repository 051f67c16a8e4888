import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded import accounts, postgres
from services.embedded.directory import DataDirectory


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory that every user can pass; databases below it are deleted wherever they lie."""
    # A temporary directory of root's own may be closed to the user that the servers run as.
    for parent in (None, "/var/tmp", "/var/lib"):  # noqa: S108  (mkdtemp makes it safe)
        root = Path(tempfile.mkdtemp(prefix="duban-embedded-", dir=parent))
        root.chmod(0o711)
        if accounts.can_enter(accounts.unprivileged(), root):
            break
        root.rmdir()
    yield root
    for link in root.rglob("postgres"):
        if link.is_symlink():
            postgres.remove(DataDirectory(link.parent))
    shutil.rmtree(root)

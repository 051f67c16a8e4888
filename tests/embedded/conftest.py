import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded import postgres
from services.embedded.directory import DataDirectory


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory that every user can pass; databases below it are deleted wherever they lie."""
    root = Path(tempfile.mkdtemp(prefix="duban-embedded-"))
    root.chmod(0o711)
    yield root
    for link in root.rglob("postgres"):
        if link.is_symlink():
            postgres.remove(DataDirectory(link.parent))
    shutil.rmtree(root)

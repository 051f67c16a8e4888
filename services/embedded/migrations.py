"""The database brought to this version's tables, by the same migrations as in any other installation."""

import os
import subprocess
import sys
from pathlib import Path

from services.embedded.errors import CannotStart

ROOT = Path(__file__).parents[2]


def upgrade(owner_url: str) -> None:
    """Run the migrations to the newest; `owner_url` is the address with the role that owns the database.

    Raises CannotStart with the last line of what alembic said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", str(ROOT / "migrations/alembic.ini"), "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "DUBAN_OWNER_URL": owner_url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise CannotStart(f"the migrations failed: {_reason(done.stderr)}")


def _reason(said: str) -> str:
    """The error's own line, without SQLAlchemy's pointer to its documentation."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("(Background on")]
    return lines[-1] if lines else "alembic said nothing"

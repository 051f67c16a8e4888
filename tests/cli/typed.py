"""What a person types, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "plans/xiaoshan-2017-2019.yaml"
DUBAN = Path(sys.executable).with_name("duban")


def environment(**more: str) -> dict[str, str]:
    """An environment that names no other platform, in the plain locale."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "LC_", "LANG"))}
    return {**ours, "LC_ALL": "C", **more}


def duban(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `more` is added to its environment."""
    return subprocess.run(
        [DUBAN, *map(str, words)],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

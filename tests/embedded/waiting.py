"""Waiting for processes, which tell nobody what they do."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path


async def until(condition: Callable[[], bool], within: float = 20) -> None:
    """Wait until the condition holds; TimeoutError when it does not within so many seconds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  (nothing signals it)
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether no process of this number runs; a dead one that nobody collects counts as gone."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


async def says(log: Path, word: str) -> None:
    """Wait until a log holds a word."""
    await until(lambda: log.exists() and word in log.read_text())

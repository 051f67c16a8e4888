"""The worker's part in sessions."""

import time

from services.kit.db import Database
from services.kit.queue import Look
from services.registry.people import service

EVERY = 3600.0
"""Seconds between two looks."""


def forget_old(db: Database) -> Look:
    """Now and then, drop failures to sign in and sessions that count no more."""
    last = float("-inf")

    async def look() -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            await service.forget(db)
            last = time.monotonic()

    return look

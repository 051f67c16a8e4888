"""The worker's part in sign-ins by way of somebody else."""

import time

from services.kit.db import Database
from services.kit.queue import Look
from services.registry.providers import service

EVERY = 3600.0
"""Seconds between two looks."""


def forget_flows(db: Database) -> Look:
    """Now and then, drop sign-ins that nobody can finish any more."""
    last = float("-inf")

    async def look() -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            await service.forget_flows(db)
            last = time.monotonic()

    return look

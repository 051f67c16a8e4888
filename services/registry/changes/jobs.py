"""The worker's part in the feed."""

from services.kit.db import Database
from services.kit.queue import Look
from services.registry.changes import store


def seal(db: Database) -> Look:
    """Give positions to what was committed."""

    async def look() -> int:
        return await store.seal(db)

    return look

"""The worker's part in the clock."""

import logging
from collections.abc import Sequence

from services.kit.db import Database
from services.kit.http import CallFailed
from services.kit.queue import Look
from services.registry.calendar import service
from services.registry.calendar.schemas import DueService

log = logging.getLogger(__name__)


def clock(db: Database, services: Sequence[DueService]) -> Look:
    """Take a moving clock on; where a service does not answer, wait and try again at the next look."""

    async def look() -> int:
        try:
            return await service.step_clock(db, services)
        except CallFailed as failure:
            log.warning("the clock waits: %s", failure.detail)
            return 0

    return look

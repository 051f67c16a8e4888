"""The worker's job: do what is due by the business clock."""

import logging

from services.kit.clock import business_now
from services.kit.http import CallFailed
from services.notifier.schedules import service
from services.notifier.schedules.service import Works

log = logging.getLogger(__name__)


async def do_due(works: Works) -> None:
    """Look what is due now, and do it. Where another service is away, what is known is done, and the rest waits."""
    async with works.db.edge() as session:
        until = await business_now(session)
    try:
        await service.run_due(works, until)
    except CallFailed as failure:
        log.warning("what other services know of waits: %s", failure.detail)

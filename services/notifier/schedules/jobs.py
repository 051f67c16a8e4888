"""The worker's job: do what is due by the business clock."""

from services.kit.clock import business_now
from services.notifier.schedules import service
from services.notifier.schedules.service import Works


async def do_due(works: Works) -> None:
    """Look what is due now, and do it."""
    async with works.db.edge() as session:
        until = await business_now(session)
    await service.run_due(works, until)

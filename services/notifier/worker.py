"""The notifier's worker: `python -m services.notifier.worker`. SIGTERM stops claiming and lets running sends end."""

import asyncio
import signal
from functools import partial

from services.kit import telemetry
from services.kit.audit import sealing
from services.kit.idempotency import forgetting
from services.kit.queue import Look, Lookout
from services.notifier import parts
from services.notifier.ladders.tables import Answer, Audit
from services.notifier.parts import QUEUE, NotifierParts
from services.notifier.schedules.jobs import do_due
from services.notifier.settings import Settings


def jobs(running: NotifierParts) -> dict[str, Look]:
    """What it looks for."""
    return {
        "due": partial(do_due, running.works),
        "audit": sealing(running.db, Audit, running.settings.region),
        "answers": forgetting(running.db, Answer),
    }


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    async with parts.running(settings) as running:
        stopping = running.works.sender.stopping
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        lookout = Lookout(jobs(running), poll_seconds=settings.poll_seconds)
        await lookout.run(settings.redis_url, QUEUE, stopping)


def main() -> None:
    """Work as the environment says."""
    telemetry.configure()
    asyncio.run(run(Settings()))


if __name__ == "__main__":
    main()

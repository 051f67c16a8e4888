"""The indicators worker: looks what is due, when rung and every second, until it is told to stop."""

import asyncio
import signal

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.directory.tables import JOBS, Answer, Audit
from services.indicators.gaps import jobs as gaps
from services.indicators.main import QUEUE, running
from services.indicators.observations import jobs as observations
from services.indicators.settings import Settings
from services.kit import telemetry
from services.kit.audit import sealing
from services.kit.idempotency import forgetting
from services.kit.later import runner
from services.kit.queue import Look, Lookout


def jobs(parts: IndicatorsParts) -> dict[str, Look]:
    """Every job of the service by its name: each looks what is due and carries nothing."""

    async def due() -> None:
        await gaps.due(parts)

    async def seal() -> None:
        await gaps.seal(parts)

    return {
        "due": due,
        "seal": seal,
        "audit": sealing(parts.db, Audit, parts.settings.region),
        "answers": forgetting(parts.db, Answer),
        "jobs": runner.running(parts.db, JOBS, observations.imports(parts)),
    }


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is running then ends first."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running(settings) as parts:
        await Lookout(jobs(parts), poll_seconds=settings.poll_seconds).run(settings.redis_url, QUEUE, stopping)


def main() -> None:
    """The process."""
    telemetry.configure()
    asyncio.run(run(Settings()))


if __name__ == "__main__":
    main()

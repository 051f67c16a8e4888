"""The registry's worker: numbers the feed, and takes a moving clock to its goal."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

from services.kit import telemetry
from services.kit.audit import sealing
from services.kit.db import Database
from services.kit.http import Bearer, Service
from services.kit.idempotency import forgetting
from services.kit.later import runner
from services.kit.queue import Look, Lookout
from services.kit.settings import ServiceSettings
from services.registry.calendar import jobs as calendar
from services.registry.calendar.schemas import DueService
from services.registry.changes import jobs as changes
from services.registry.clients.due import DueClient
from services.registry.keyring import Lock
from services.registry.main import QUEUE, bodies, views
from services.registry.people import jobs as people
from services.registry.providers import jobs as providers
from services.registry.settings import WorkerSettings
from services.registry.sheets import jobs as sheets
from services.registry.sheets.objects import kinds
from services.registry.versions.tables import JOBS, Answer, Audit


@asynccontextmanager
async def due_services(
    settings: ServiceSettings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Sequence[DueService]]:
    """The services that have work to do at certain instants: indicators first, then what goes after its lights."""
    auth = Bearer(settings.token_url, settings.api_key)
    services = [Service(url, auth, transport=transport) for url in (settings.indicators_url, settings.notifier_url)]
    try:
        yield [DueClient(service) for service in services]
    finally:
        for service in services:
            await service.close()


def jobs(db: Database, services: Sequence[DueService], region: str, addresses: Lock) -> dict[str, Look]:
    """What the worker looks for."""
    return {
        "seal": changes.seal(db),
        "clock": calendar.clock(db, services),
        "audit": sealing(db, Audit, region),
        "answers": forgetting(db, Answer),
        "people": people.forget_old(db),
        "flows": providers.forget_flows(db),
        "jobs": runner.running(db, JOBS, sheets.imports(kinds(bodies(), views()), addresses)),
    }


async def run(settings: WorkerSettings, stopping: asyncio.Event) -> None:
    """Work until `stopping` is set."""
    db = Database(settings.database_url, size=settings.pool_size)
    try:
        async with due_services(settings) as services:
            lookout = Lookout(
                jobs(db, services, settings.region, settings.addresses()), poll_seconds=settings.poll_seconds
            )
            await lookout.run(settings.redis_url, QUEUE, stopping)
    finally:
        await db.close()


async def _until_told() -> None:
    stopping = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stopping.set)
    await run(WorkerSettings(), stopping)


def main() -> None:
    """Work until SIGTERM or SIGINT."""
    telemetry.configure()
    asyncio.run(_until_told())


if __name__ == "__main__":
    main()

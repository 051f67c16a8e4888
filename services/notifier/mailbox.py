"""The process of the embedded mailbox: `python -m services.notifier.mailbox`. Embedded only; SIGTERM ends it."""

import asyncio
import signal

from services.kit import telemetry
from services.kit.db import Database
from services.notifier.channels import mailbox
from services.notifier.settings import Settings


async def run(settings: Settings) -> None:
    """Listen on the mail server's address until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    db = Database(settings.database_url, size=settings.pool_size)
    try:
        async with mailbox.serving(db, settings.region, settings.smtp_host, settings.smtp_port):
            await stopping.wait()
    finally:
        await db.close()


def main() -> None:
    """Serve from the environment."""
    telemetry.configure()
    settings = Settings()
    if not settings.embedded:
        raise SystemExit("the mailbox is for the embedded platform: it keeps mail instead of sending it")
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()

"""The embedded mailbox: what was sent, and to whom."""

from datetime import datetime
from email.utils import getaddresses

from services.cli.clocks import CLOCK, said, written, zone_of
from services.cli.connection import Api
from services.cli.tables import table

MAILBOX = "/notifier/v1/mailbox"


async def show(api: Api) -> None:
    """Print a line for every mail that was kept, in the order in which they came."""
    zone = await zone_of(api)
    print(said(await api.get(CLOCK), zone))
    rows = [
        (
            written(datetime.fromisoformat(mail["received_at"]), zone),
            _bare(mail["to"]),
            _bare(mail["cc"]),
            mail["subject"],
        )
        async for mail in api.every(MAILBOX)
    ]
    print("\n".join(table(("received", "to", "cc", "subject"), rows)))


def _bare(header: str) -> str:
    """The addresses without the names, which would take the whole line."""
    return ", ".join(address for _, address in getaddresses([header]))

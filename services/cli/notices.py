"""Notices (督办单): what the platform decided, one line a matter and unit."""

import csv
import io

from services.cli.clocks import CLOCK, said, zone_of
from services.cli.connection import CSV, Api
from services.cli.output import raw
from services.cli.tables import table

NOTICES = "/notifier/v1/notices"


async def show(api: Api, *, plan: str | None, as_csv: bool) -> None:
    """Print the notices; CSV byte for byte as the platform gave it."""
    answer = await api.ask("GET", NOTICES, params={"plan": plan}, accept=CSV)
    if as_csv:
        raw(answer.content)
        return
    print(said(await api.get(CLOCK), await zone_of(api)))
    rows = list(csv.reader(io.StringIO(answer.text)))
    print("\n".join(table(rows[0], rows[1:])))

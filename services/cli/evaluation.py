"""Gaps (差距) as of a day from what was known at an instant, printed as the platform gave them."""

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date, datetime

from services.cli.clocks import instant, written, zone_of
from services.cli.connection import CSV, JSON, Api
from services.cli.output import raw
from services.cli.stopped import WRONGLY_TYPED, Stopped
from services.cli.tables import table

GAPS = "/indicators/v1/gaps"
NUMBERS = ("actual", "scheduled", "goal", "gap", "lag_pp", "completion", "attainment")


@dataclass(frozen=True)
class Question:
    """`as_of` 考核时点 and `known_at` 数据截止时点."""

    as_of: date
    known_at: datetime


def question(as_of: str, known_at: str) -> Question:
    """The question as it is typed."""
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Stopped(f"{as_of!r} is no day; such as 2018-06-30", status=WRONGLY_TYPED) from None
    return Question(day, instant(known_at))


async def show(api: Api, asked: Question, *, plan: str | None, form: str) -> None:
    """Print the gaps; CSV and JSON byte for byte as the platform gave them. What is provisional is said on stderr."""
    answer = await api.ask(
        "GET",
        GAPS,
        params={"plan": plan, "as_of": asked.as_of.isoformat(), "known_at": asked.known_at.isoformat()},
        accept=JSON if form == "json" else CSV,
    )
    if form == "table":
        zone = await zone_of(api)
        print(f"as_of {asked.as_of}, known_at {written(asked.known_at, zone)}")
        rows = list(csv.reader(io.StringIO(answer.text)))
        print("\n".join(table(rows[0], rows[1:], numbers=NUMBERS)))
    else:
        raw(answer.content)
    if answer.headers.get("Duban-Provisional") == "true":
        print("provisional: more may still be recorded by this known_at", file=sys.stderr)

"""Gaps (差距) as of a day from what was known at an instant, printed as the platform gave them."""

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date, datetime

import httpx

from services.cli.clocks import instant, written, zone_of
from services.cli.connection import CSV, Api
from services.cli.output import raw
from services.cli.stopped import WRONGLY_TYPED, Stopped
from services.cli.tables import table

GAPS = "/indicators/v1/gaps"
LIMIT = 1000
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
    params = {"plan": plan, "as_of": asked.as_of.isoformat(), "known_at": asked.known_at.isoformat()}
    if form == "json":
        answer = await api.ask("GET", GAPS, params={**params, "sort": "plan", "limit": LIMIT})
        raw(answer.content)
        if answer.json()["next"]:
            print(f"these are the first {LIMIT} gaps; --format csv gives them all", file=sys.stderr)
    else:
        answer = await api.ask("GET", GAPS, params=params, accept=CSV)
        if form == "csv":
            raw(answer.content)
        else:
            await _print_table(api, answer)
    if answer.headers["Duban-Provisional"] == "true":
        print("provisional: this answer may still change; it is for the known_at it names", file=sys.stderr)


async def _print_table(api: Api, answer: httpx.Response) -> None:
    known_at = written(datetime.fromisoformat(answer.headers["Duban-Known-At"]), await zone_of(api))
    print(
        f"as_of 考核时点 {answer.headers['Duban-As-Of']}, known_at 数据截止时点 {known_at}, by the business clock 业务时钟"
    )
    heads, *rows = csv.reader(io.StringIO(answer.text))
    print("\n".join(table(heads, rows, numbers=NUMBERS)))

"""Whole evaluations as ratios to writing the same finished rows: the floor under any way of computing them.

The floor is `INSERT … SELECT` of the finished rows, held in a table, into the table `gap`; an evaluation is the same
insert with the statement in the place of that table. Both are taken in turns; medians are printed. Goals: current
knowledge <= 4, an old `known_at` <= 15, ten times the targets <= 12 times the time.

    python -m tests.bench.bench_gaps [targets]     100,000 unless told; the comparison takes a tenth of them as well
"""

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import asyncpg

from services.embedded import postgres
from services.embedded.directory import hold
from services.embedded.process import Supervisor
from services.indicators.gaps import metrics
from services.indicators.gaps.store import Question, advance, asked, refresh
from tests.bench.extent import SHORT
from tests.bench.many_targets import LONG_AGO, NOW, PLAN, REGION, fill
from tests.databases import clone_database, migrate

TARGETS, ROUNDS = (200, 1) if SHORT else (100_000, 5)
CURRENT_GOAL, OLD_GOAL, GROWTH_GOAL = 4, 15, 12
COLUMNS = ", ".join(metrics.COLUMNS)
INTO = f"INSERT INTO indicators.gap (region, as_of, known_at, {COLUMNS}) "
CLEAR = "TRUNCATE indicators.gap"


@dataclass(frozen=True)
class Measured:
    """Seconds, in the median."""

    floor: float
    evaluation: float

    @property
    def ratio(self) -> float:
        """How often the floor fits into the evaluation."""
        return self.evaluation / self.floor


async def seconds(connection: asyncpg.Connection, sql: str, *values: object) -> float:
    """What one statement takes on an empty table `gap`."""
    await connection.execute(CLEAR)
    begun = time.perf_counter()
    await connection.execute(sql, *values)
    return time.perf_counter() - begun


async def measure(connection: asyncpg.Connection, as_of: date, known_at: datetime) -> Measured:
    """The floor and the evaluation in turns, so that what disturbs one disturbs the other."""
    floors, evaluations = [], []
    async with asked(connection, Question(REGION, as_of, known_at, PLAN)) as (rules, values):
        await connection.execute("SET LOCAL statement_timeout = 0")
        statement = metrics.finished(rules.shapes, rules.policies, values.bind)
        evaluate = f"{INTO} SELECT $1, $2, $3, {COLUMNS} FROM ({statement}) AS finished"
        await seconds(connection, evaluate, *values.bound)
        await connection.execute("CREATE TEMP TABLE finished ON COMMIT DROP AS SELECT * FROM indicators.gap")
        await connection.execute("ANALYZE finished")
        for _ in range(ROUNDS):
            floors.append(await seconds(connection, "INSERT INTO indicators.gap SELECT * FROM finished"))
            evaluations.append(await seconds(connection, evaluate, *values.bound))
        await connection.execute(CLEAR)
    return Measured(statistics.median(floors), statistics.median(evaluations))


async def daily(connection: asyncpg.Connection) -> float:
    """The daily sweep as the worker does it: into the rows of the day before, changes of light found on the way."""
    as_of, known_at = NOW
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await refresh(connection, Question(REGION, as_of, known_at, PLAN))
    begun = time.perf_counter()
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await refresh(connection, Question(REGION, as_of, known_at, PLAN))
    return time.perf_counter() - begun


def line(name: str, measured: Measured, goal: float) -> str:
    """One result."""
    met = "met" if measured.ratio <= goal else "NOT met"
    return (
        f"{name:34} {measured.evaluation:7.3f} s  floor {measured.floor:6.3f} s  "
        f"ratio {measured.ratio:5.1f}  goal <= {goal} {met}"
    )


async def run(server: postgres.PostgresServer, name: str, targets: int) -> tuple[Measured, Measured, float]:
    """Current knowledge, an old `known_at`, and the daily sweep, on a database of its own."""
    await clone_database(server, "duban", name)
    connection = await server.connect("duban", name)
    try:
        await fill(connection, targets)
        old = await measure(connection, *LONG_AGO)
        await advance(connection, REGION, NOW[1])
        await connection.execute("VACUUM (ANALYZE) indicators.current")
        current = await measure(connection, *NOW)
        return current, old, await daily(connection)
    finally:
        await connection.close()


async def main(place: Path, targets: int) -> None:
    """Measure and print."""
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(
                directory, supervisor, durable=False, settings={"shared_buffers": "1GB", "max_wal_size": "8GB"}
            )
            migrate(server.dsn("duban"))
            fewer, _, _ = await run(server, "bench_fewer", targets // 10)
            current, old, sweep = await run(server, "bench", targets)
    growth = current.evaluation / fewer.evaluation
    print(f"{targets:,} targets with 36 months")
    print(line("current knowledge, evaluate + write", current, CURRENT_GOAL))
    print(line("old known_at, evaluate + write", old, OLD_GOAL))
    print(f"{'ten times the targets':34} {growth:7.1f} times the time, goal <= {GROWTH_GOAL}")
    print(f"{'daily sweep over stored rows':34} {sweep:7.3f} s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as made:
        Path(made).chmod(0o711)  # root's Postgres runs as another user
        asyncio.run(main(Path(made), TARGETS))

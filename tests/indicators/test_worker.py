"""The worker: it looks by itself, survives what is away, and ends when told to."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import cast

import httpx

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.worker import jobs
from tests.databases import TestDatabase
from tests.indicators import samples
from tests.platform import START, Platform

ROOT = Path(__file__).parents[2]


def parts_of(platform: Platform) -> IndicatorsParts:
    return cast("IndicatorsParts", platform.apps["indicators"].state.parts)


async def test_a_look_works_off_what_the_business_clock_has_reached(running: Platform) -> None:
    await running.set_clock(START + timedelta(days=28), standing=True)
    await jobs(parts_of(running))["due"]()
    assert [change["to_light"] for change in await samples.lights(running) if change["target"] == "T08"] == [
        "yellow",
        "red",
    ]


async def test_a_look_gives_positions_to_what_was_audited(in_set_up: Platform) -> None:
    await jobs(parts_of(in_set_up))["audit"]()
    async with in_set_up.database.owner() as connection:
        positions = [
            row["position"] for row in await connection.fetch("SELECT position FROM indicators.audit ORDER BY id")
        ]
    assert positions == list(range(1, len(positions) + 1)) != []


async def test_work_that_is_broken_off_goes_on_where_it_stopped(running: Platform) -> None:
    until = START + timedelta(days=60)
    await running.set_clock(until, standing=True)
    for _ in range(5):
        with suppress(TimeoutError):
            await asyncio.wait_for(jobs(parts_of(running))["due"](), 0.3)
    await samples.due(running, until)
    broken_off = [(change["target"], change["to_light"], change["at"]) for change in await samples.lights(running)]
    async with running.database.owner() as connection:
        await connection.execute("TRUNCATE indicators.light_change, indicators.gap, indicators.sweep, indicators.work")
    await samples.due(running, until)
    assert broken_off == [
        (change["target"], change["to_light"], change["at"]) for change in await samples.lights(running)
    ]


async def test_two_workers_at_once_give_one_history(running: Platform) -> None:
    until = START + timedelta(days=60)
    await running.set_clock(until, standing=True)
    asked = {"until": until.isoformat()}
    answers = await asyncio.gather(*(running.indicators.post("/v1/due:run", json=asked, timeout=60) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    found = await samples.lights(running)
    turned = [(change["target"], change["at"]) for change in found]
    assert len(turned) == len(set(turned))
    assert [change["position"] for change in found] == list(range(1, len(found) + 1))


async def test_a_worker_without_its_registry_waits_and_ends_cleanly_when_told(database: TestDatabase) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.indicators.worker",
        cwd=ROOT,
        env=os.environ | {"DUBAN_DATABASE_URL": database.url("indicators"), "DUBAN_REGISTRY_URL": "http://127.0.0.1:9"},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await asyncio.wait_for(looks(database), 30)
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    ended: int | None = process.returncode
    assert (ended, b"Traceback" in said) == (0, False), said.decode()


async def looks(database: TestDatabase) -> None:
    """Until the worker has asked the database for the first time."""
    async with database.owner() as connection:
        while not await connection.fetchval(  # noqa: ASYNC110 - another process tells us nothing else
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'duban_indicators'"
        ):
            await asyncio.sleep(0.1)

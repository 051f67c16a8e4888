"""The business clock: it moves forward only, and visits everything that is due on the way."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kit.db import Database
from services.kit.http import CallFailed
from services.registry import worker
from services.registry.calendar import service
from services.registry.calendar.service import ClockHeld
from services.registry.clients.due import DueClient
from services.registry.keyring import Lock
from tests.registry.running import REGION, START, Registry, running, settings_for

DAY = timedelta(days=1)


@pytest_asyncio.fixture(loop_scope="session")
async def db(registry: Registry) -> AsyncIterator[Database]:
    """The worker's connections."""
    made = Database(registry.database.url("registry"))
    yield made
    await made.close()


class Due:
    """A service that has something to do at given instants, and notes when it did it and what the clock showed then."""

    def __init__(self, registry: Registry, *instants: datetime) -> None:
        self.registry, self.open, self.done = registry, sorted(instants), list[tuple[datetime, datetime]]()
        self.failures = 0

    async def run_due(self, until: datetime) -> datetime | None:
        """Do what is due up to `until`."""
        if self.failures:
            self.failures -= 1
            raise CallFailed("it does not answer")
        while self.open and self.open[0] <= until:
            shown = datetime.fromisoformat((await self.registry.http.get("/v1/clock")).json()["now"])
            self.done.append((self.open.pop(0), shown))
        return self.open[0] if self.open else None


async def move(registry: Registry, **body: object) -> httpx.Response:
    """Send the clock somewhere."""
    return await registry.http.put("/v1/clock", json=body)


async def shown(registry: Registry) -> dict[str, Any]:
    """The clock."""
    found: dict[str, Any] = (await registry.http.get("/v1/clock")).json()
    return {**found, "now": datetime.fromisoformat(found["now"])}


async def test_the_clock_says_that_it_is_not_the_real_one(shared: Registry) -> None:
    assert await shown(shared) == {
        "now": START,
        "standing": True,
        "moving_to": None,
        "synthetic": True,
        "movable": True,
    }


async def test_a_moving_clock_visits_each_instant_at_which_something_is_due(registry: Registry, db: Database) -> None:
    due = Due(registry, START + DAY, START + 3 * DAY)
    other = Due(registry, START + 2 * DAY, START + 9 * DAY)
    answer = await move(registry, to=(START + 5 * DAY).isoformat())
    assert answer.status_code == 202
    await service.step_clock(db, [due, other])
    assert due.done == [(at, at) for at in (START + DAY, START + 3 * DAY)]
    assert other.done == [(START + 2 * DAY, START + 2 * DAY)]
    assert (await shown(registry))["now"] == START + 5 * DAY
    assert (await shown(registry))["moving_to"] is None


async def test_what_is_due_at_the_goal_itself_is_done(registry: Registry, db: Database) -> None:
    due = Due(registry, START, START + DAY)
    await move(registry, to=(START + DAY).isoformat())
    await service.step_clock(db, [due])
    assert [at for at, _ in due.done] == [START, START + DAY]


async def test_what_a_service_brings_about_for_the_next_one_is_done_at_the_same_instant(
    registry: Registry, db: Database
) -> None:
    first, second = Due(registry, START + DAY), Due(registry)

    class Causing:
        async def run_due(self, until: datetime) -> datetime | None:
            done = len(first.done)
            following = await first.run_due(until)
            second.open += [at for at, _ in first.done[done:]]
            return following

    await move(registry, to=(START + 2 * DAY).isoformat())
    await service.step_clock(db, [Causing(), second])
    assert second.done == [(START + DAY, START + DAY)]


async def test_the_clock_stands_while_it_is_on_its_way(registry: Registry) -> None:
    await registry.show(START, standing=False)
    await move(registry, to=(START + DAY).isoformat())
    first = (await shown(registry))["now"]
    await asyncio.sleep(0.05)
    second = await shown(registry)
    assert (second["now"], second["standing"]) == (first, True)


@pytest.mark.parametrize("standing", [True, False])
async def test_when_it_has_arrived_it_stands_or_ticks_as_before(
    registry: Registry, db: Database, standing: bool
) -> None:
    await registry.show(START, standing=standing)
    await move(registry, to=(START + DAY).isoformat())
    await service.step_clock(db, [])
    await asyncio.sleep(0.05)
    now = await shown(registry)
    assert (now["standing"], now["now"] > START + DAY) == (standing, not standing)
    assert now["now"] < START + DAY + timedelta(seconds=5)


async def test_it_stands_or_ticks_when_told(registry: Registry) -> None:
    await move(registry, standing=False)
    await asyncio.sleep(0.05)
    ticking = await shown(registry)
    await move(registry, standing=True)
    standing = await shown(registry)
    assert (ticking["standing"], standing["standing"]) == (False, True)
    assert START < ticking["now"] <= standing["now"]


async def test_it_does_not_go_back(shared: Registry) -> None:
    answer = await move(shared, to=(START - timedelta(seconds=1)).isoformat())
    assert (answer.status_code, answer.json()["code"]) == (409, "clock-backwards")
    assert (await shown(shared))["now"] == START


async def test_the_database_does_not_let_it_go_back_either(db: Database) -> None:
    with pytest.raises(DBAPIError, match="never goes back"):
        async with db.edge() as session:
            await session.execute(text("UPDATE platform.clock SET business_at = business_at - interval '1 second'"))


@pytest.mark.parametrize(
    "body", [{}, {"to": "2018-07-17"}, {"to": "2018-07-17T09:00:00"}, {"to": None}, {"colour": 1}], ids=str
)
async def test_a_move_to_nowhere_is_refused(shared: Registry, body: dict[str, Any]) -> None:
    assert (await shared.http.put("/v1/clock", json=body)).status_code == 422


async def test_a_real_clock_cannot_be_moved(registry: Registry) -> None:
    real = registry.settings.model_copy(update={"embedded": False})
    async with running(real, registry.database) as again:
        answer = await move(again, to=(START + DAY).isoformat())
        movable = (await shown(again))["movable"]
    assert (answer.status_code, answer.json()["code"], movable) == (409, "clock-is-real", False)


async def test_a_run_that_was_cut_off_is_taken_up_where_it_was(registry: Registry, db: Database) -> None:
    due = Due(registry, START + DAY, START + 2 * DAY, START + 3 * DAY)
    await move(registry, to=(START + 4 * DAY).isoformat())

    class Dying:
        calls = 0

        async def run_due(self, until: datetime) -> datetime | None:
            Dying.calls += 1
            if Dying.calls == 3:
                raise KeyboardInterrupt  # as a kill between two steps
            return await due.run_due(until)

    with pytest.raises(KeyboardInterrupt):
        await service.step_clock(db, [Dying()])
    halfway = await shown(registry)
    assert START < halfway["now"] < START + 4 * DAY
    await service.step_clock(db, [due])
    assert due.done == [(at, at) for at in (START + DAY, START + 2 * DAY, START + 3 * DAY)]
    assert (await shown(registry))["now"] == START + 4 * DAY


async def test_the_clock_waits_for_a_service_that_does_not_answer(registry: Registry, db: Database) -> None:
    due = Due(registry, START + DAY)
    due.failures = 1
    look = worker.jobs(db, [due], REGION, Lock(bytes(32)))["clock"]
    await move(registry, to=(START + 2 * DAY).isoformat())
    await look()
    waiting = await shown(registry)
    await look()
    assert waiting["now"] == START
    assert waiting["moving_to"] is not None
    assert (await shown(registry))["now"] == START + 2 * DAY
    assert due.done == [(START + DAY, START + DAY)]


async def test_a_goal_set_meanwhile_holds(registry: Registry, db: Database) -> None:
    await move(registry, to=(START + DAY).isoformat())

    class Farther:
        async def run_due(self, until: datetime) -> datetime | None:
            if until == START + DAY:
                await move(registry, to=(START + 2 * DAY).isoformat())
            return None

    await service.step_clock(db, [Farther()])
    assert (await shown(registry))["now"] == START + 2 * DAY


async def test_a_nearer_goal_set_meanwhile_is_not_passed(registry: Registry, db: Database) -> None:
    await move(registry, to=(START + 5 * DAY).isoformat())

    class Nearer:
        asked = 0

        async def run_due(self, until: datetime) -> datetime | None:
            self.asked += 1
            if self.asked == 1:
                await move(registry, to=(START + DAY).isoformat())
            return START + 3 * DAY if until < START + 3 * DAY else None

    await asyncio.wait_for(service.step_clock(db, [Nearer()]), 5)
    assert ((await shown(registry))["now"], (await shown(registry))["moving_to"]) == (START + DAY, None)


async def test_services_that_never_come_to_an_end_hold_the_clock(registry: Registry, db: Database) -> None:
    class Endless:
        async def run_due(self, until: datetime) -> datetime | None:
            return until

    await move(registry, to=(START + DAY).isoformat())
    with pytest.raises(ClockHeld):
        await service.step_clock(db, [Endless()])


async def test_two_workers_move_the_clock_once(registry: Registry, db: Database) -> None:
    due = Due(registry, *(START + number * DAY for number in range(1, 6)))
    other = Database(registry.database.url("registry"))
    await move(registry, to=(START + 6 * DAY).isoformat())
    await asyncio.gather(service.step_clock(db, [due]), service.step_clock(other, [due]))
    await other.close()
    assert [at for at, _ in due.done] == [START + number * DAY for number in range(1, 6)]
    assert (await shown(registry))["now"] == START + 6 * DAY


async def test_a_clock_that_is_not_moving_is_left_alone(registry: Registry, db: Database) -> None:
    due = Due(registry, START)
    assert await service.step_clock(db, [due]) == 0
    assert due.done == []


async def test_the_worker_asks_indicators_first_and_the_notifier_then(registry: Registry) -> None:
    asked: list[tuple[str, str]] = []

    async def note(request: Request) -> dict[str, Any]:
        until = (await request.json())["until"]
        asked.append((request.url.path, until))
        return {"done_to": until, "next": None}

    made = FastAPI()
    for name in ("indicators", "notifier"):
        made.add_api_route(f"/{name}/v1/due:run", note, methods=["POST"])
    settings = settings_for(registry.database, api_key="")
    settings.indicators_url, settings.notifier_url = "http://x/indicators", "http://x/notifier"
    async with worker.due_services(settings, transport=httpx.ASGITransport(app=made)) as services:
        for one in services:
            assert isinstance(one, DueClient)
            one.service.http.auth = httpx.Auth()  # nobody asks who calls here
            assert await one.run_due(START) is None
    assert [path for path, _ in asked] == ["/indicators/v1/due:run", "/notifier/v1/due:run"]
    assert {datetime.fromisoformat(until) for _, until in asked} == {START}


async def test_the_workers_process_ends_cleanly_when_told(registry: Registry) -> None:
    environment = {
        **os.environ,
        "DUBAN_DATABASE_URL": registry.settings.database_url,
        "DUBAN_POLL_SECONDS": "0.05",
        "DUBAN_CONTACT_KEY": registry.settings.contact_key.get_secret_value(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.registry.worker", env=environment, stderr=asyncio.subprocess.PIPE
    )
    async with registry.database.owner() as connection:
        while await connection.fetchval("SELECT count(*) FROM registry.version WHERE position IS NULL"):
            assert process.returncode is None
            await asyncio.sleep(0.05)
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, said) == (0, b"")


async def test_the_worker_stops_when_told(registry: Registry) -> None:
    stopping = asyncio.Event()
    working = asyncio.create_task(worker.run(registry.settings.model_copy(update={"poll_seconds": 0.05}), stopping))
    await registry.http.post("/v1/industries", json={"code": "a", "name": "甲"})
    async with registry.database.owner() as connection:
        for _ in range(100):
            if not await connection.fetchval("SELECT count(*) FROM registry.version WHERE position IS NULL"):
                break
            await asyncio.sleep(0.05)
        waiting = await connection.fetchval("SELECT count(*) FROM registry.version WHERE position IS NULL")
    stopping.set()
    await asyncio.wait_for(working, 5)
    assert waiting == 0

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.embedded.process import Supervisor
from services.embedded.valkey import RedisServer
from services.kit.queue import Doorbell, Lookout

NOBODY = "redis://127.0.0.1:1"


@asynccontextmanager
async def looking(lookout: Lookout, url: str | None) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    running = asyncio.create_task(lookout.run(url, "test-queue", stopping))
    try:
        yield
    finally:
        stopping.set()
        await running


async def eventually(condition: "asyncio.Event", seconds: float = 5) -> None:
    await asyncio.wait_for(condition.wait(), seconds)


async def test_a_job_looks_by_itself_when_redis_is_away() -> None:
    looked = asyncio.Event()
    times = 0

    async def look() -> None:
        nonlocal times
        times += 1
        if times == 3:
            looked.set()

    async with looking(Lookout({"due": look}, poll_seconds=0.01), NOBODY):
        await eventually(looked)
    assert times >= 3


async def test_a_ring_makes_the_job_look_long_before_its_time(redis_server: RedisServer) -> None:
    first, rung = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        (rung if first.is_set() else first).set()

    doorbell = Doorbell(redis_server.url(), "test-queue")
    async with looking(Lookout({"due": look}, poll_seconds=60), redis_server.url()):
        await eventually(first)
        doorbell.ring("due")
        await eventually(rung)
    await doorbell.close()
    assert rung.is_set()


async def test_a_job_that_fails_is_looked_at_again() -> None:
    survived = asyncio.Event()
    failed = False

    async def look() -> None:
        nonlocal failed
        if not failed:
            failed = True
            raise ValueError("poison")
        survived.set()

    async with looking(Lookout({"due": look}, poll_seconds=0.01), None):
        await eventually(survived)
    assert failed


async def test_stopping_lets_a_running_job_end() -> None:
    started, ended = asyncio.Event(), False

    async def look() -> None:
        nonlocal ended
        started.set()
        await asyncio.sleep(0.05)
        ended = True

    async with looking(Lookout({"due": look}, poll_seconds=60), None):
        await eventually(started)
    assert ended


async def test_ringing_a_redis_that_is_away_is_noted_and_fails_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "services.kit.queue")
    silent, deaf = Doorbell(None, "test-queue"), Doorbell(NOBODY, "test-queue")
    silent.ring("due")
    deaf.ring("due")
    await asyncio.sleep(0.05)
    await deaf.close()
    assert [record.getMessage()[:18] for record in caplog.records] == ["doorbell not heard"]


async def test_the_doorbell_works_again_when_redis_returns(redis_server: RedisServer, supervisor: Supervisor) -> None:
    rung = asyncio.Event()

    async def look() -> None:
        rung.set()

    doorbell = Doorbell(redis_server.url(), "test-queue")
    async with looking(Lookout({"due": look}, poll_seconds=60), redis_server.url()):
        await eventually(rung)
        pid = supervisor.pid("redis")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        rung.clear()
        for _ in range(100):
            doorbell.ring("due")
            await asyncio.sleep(0.1)
            if rung.is_set():
                break
    await doorbell.close()
    assert rung.is_set()

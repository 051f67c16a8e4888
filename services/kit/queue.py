"""The doorbell. Postgres holds what is due; Redis only says "look now". arq is imported here and in the workers.

A job is "look what is due": it carries nothing, may be rung twice or never, and runs every `poll_seconds` anyway.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
Look = Callable[[], Awaitable[object]]


def _bell(url: str, queue: str) -> ArqRedis:
    """Connections to Redis that give up fast: nobody waits for a doorbell. Made by us, so that we can close them."""
    bell = ArqRedis(
        ConnectionPool.from_url(url, socket_connect_timeout=1),
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        default_queue_name=queue,
    )
    bell.auto_close_connection_pool = True
    return bell


class Doorbell:
    """Rings a service's worker after a commit. Nobody waits for it and nothing depends on it."""

    def __init__(self, url: str | None, queue: str) -> None:
        self._bell = _bell(url, queue) if url else None
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, job: str) -> None:
        """Ask the worker to look at once; silently nothing when Redis is away."""
        if self._bell is None:
            return
        task = asyncio.create_task(self._ring(self._bell, job))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    @staticmethod
    async def _ring(bell: ArqRedis, job: str) -> None:
        try:
            await bell.enqueue_job(job)
        except (RedisError, OSError, TimeoutError) as error:
            log.info("doorbell not heard: %s", error)

    async def close(self) -> None:
        """Stop ringing."""
        for task in self._ringing:
            task.cancel()
        await asyncio.gather(*self._ringing, return_exceptions=True)
        if self._bell is not None:
            await self._bell.aclose()


class Lookout:
    """A worker process's loop: each job looks when rung and every `poll_seconds`; an error is logged, the loop goes on."""

    def __init__(self, jobs: Mapping[str, Look], *, poll_seconds: float) -> None:
        self.jobs = dict(jobs)
        self.poll_seconds = poll_seconds
        self.rung = {name: asyncio.Event() for name in self.jobs}

    async def run(self, redis_url: str | None, queue: str, stopping: asyncio.Event) -> None:
        """Run until `stopping` is set; a job that is running then ends first."""
        looks = [asyncio.create_task(self._look(name, stopping)) for name in self.jobs]
        bell = asyncio.create_task(self._listen(redis_url, queue)) if redis_url else None
        await stopping.wait()
        for event in self.rung.values():
            event.set()
        await asyncio.gather(*looks)
        if bell is not None:
            bell.cancel()
            with suppress(asyncio.CancelledError):
                await bell

    async def _look(self, name: str, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            self.rung[name].clear()
            try:
                await self.jobs[name]()
            except Exception:
                log.exception("job %s", name)
                with suppress(TimeoutError):  # a job that fails at once must not spin
                    await asyncio.wait_for(stopping.wait(), self.poll_seconds)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.rung[name].wait(), self.poll_seconds)

    async def _listen(self, url: str, queue: str) -> None:
        """An arq worker around which we reconnect: arq itself ends when Redis goes away."""
        while True:
            bell = _bell(url, queue)
            worker = self._worker(bell, queue)
            try:
                await worker.async_run()
            except (RedisError, OSError, TimeoutError) as error:
                log.info("doorbell out of order, looking every %s s: %s", self.poll_seconds, error)
            finally:
                await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
                await bell.aclose()
            await asyncio.sleep(1)

    def _worker(self, bell: ArqRedis, queue: str) -> Worker:
        return Worker(
            functions=[
                func(self._rings(name), name=name, keep_result=0, timeout=10, max_tries=1) for name in self.jobs
            ],
            queue_name=queue,
            redis_pool=bell,
            handle_signals=False,
            keep_result=0,
            poll_delay=0.1,
            health_check_interval=30,
            job_timeout=10,
            job_serializer=orjson.dumps,
            job_deserializer=orjson.loads,
        )

    def _rings(self, name: str) -> Any:  # noqa: ANN401 - arq types its coroutines by a protocol of its own
        async def ring(_context: dict[Any, Any]) -> None:
            self.rung[name].set()

        return ring

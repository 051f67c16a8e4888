"""The doorbell. Postgres holds what is due; Redis only says "look now". arq is imported here and in the workers.

A job is "look what is due": it carries nothing, may be rung twice or never, and runs every `poll_seconds` anyway.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson
from arq.connections import RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
Look = Callable[[], Awaitable[object]]


def _settings(url: str) -> RedisSettings:
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = 1
    settings.conn_retries = 0
    return settings


class Doorbell:
    """Rings a service's worker after a commit. Nobody waits for it and nothing depends on it."""

    def __init__(self, url: str | None, queue: str) -> None:
        self.url, self.queue = url, queue
        self._pool: Any = None
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, job: str) -> None:
        """Ask the worker to look at once; silently nothing when Redis is away."""
        if self.url is None:
            return
        task = asyncio.create_task(self._ring(job))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _ring(self, job: str) -> None:
        try:
            if self._pool is None:
                self._pool = await create_pool(
                    _settings(self.url or ""),
                    job_serializer=orjson.dumps,
                    job_deserializer=orjson.loads,
                    default_queue_name=self.queue,
                )
            await self._pool.enqueue_job(job)
        except (RedisError, OSError, TimeoutError) as error:
            self._pool = None
            log.info("doorbell not heard: %s", error)

    async def close(self) -> None:
        """Stop ringing."""
        for task in list(self._ringing):
            task.cancel()
        if self._pool is not None:
            with suppress(RedisError, OSError):
                await self._pool.aclose()


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
            worker = None
            try:
                worker = Worker(
                    functions=[
                        func(self._rings(name), name=name, keep_result=0, timeout=10, max_tries=1) for name in self.jobs
                    ],
                    queue_name=queue,
                    redis_settings=_settings(url),
                    handle_signals=False,
                    keep_result=0,
                    poll_delay=0.1,
                    health_check_interval=30,
                    job_timeout=10,
                    job_serializer=orjson.dumps,
                    job_deserializer=orjson.loads,
                )
                await worker.async_run()
            except (RedisError, OSError, TimeoutError) as error:
                log.info("doorbell out of order, looking every %s s: %s", self.poll_seconds, error)
            finally:
                if worker is not None:
                    with suppress(RedisError, OSError, AttributeError, asyncio.CancelledError):
                        await worker.close()
            await asyncio.sleep(1)

    def _rings(self, name: str) -> Any:  # noqa: ANN401 - arq types its coroutines by a protocol of its own
        async def ring(_context: dict[Any, Any]) -> None:
            self.rung[name].set()

        return ring

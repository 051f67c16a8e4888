"""`duban up`: the embedded platform with the sample plan, until somebody stops it."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.cli import sample, summary
from services.cli.connection import Api
from services.cli.stopped import Stopped
from services.embedded.errors import CannotStart
from services.embedded.up import Running, Say, running

INTERRUPTED = 130  # as a shell says it of a program that Ctrl-C ended


@dataclass(frozen=True)
class Wish:
    """What was typed."""

    data_dir: Path
    port: int
    empty: bool
    once: bool
    with_redis: bool


class Saying(logging.Handler):
    """Warnings of the running platform, such as a worker that died and is started again, to the terminal too."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.WARNING)
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say the sentence."""
        self.say(record.getMessage())


def up(wish: Wish) -> None:
    """Start everything, load the sample into a new database, print what there is, and run until Ctrl-C or SIGTERM."""
    try:
        asyncio.run(_until_stopped(wish))
    except CannotStart as error:
        raise Stopped(str(error)) from error


async def _until_stopped(wish: Wish) -> None:
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {sentence}", flush=True)

    started = asyncio.Event()
    work = asyncio.ensure_future(_work(wish, say, started))
    stop = _stop_once(work, say)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await work
    except asyncio.CancelledError:
        if not started.is_set():
            raise Stopped("stopped before everything was started", status=INTERRUPTED) from None
    say("stopped; the data stays where it is")


def _stop_once(work: asyncio.Future[None], say: Say) -> Callable[[], None]:
    """A second signal does not interrupt the stopping: it would leave processes behind."""
    asked = False

    def stop() -> None:
        nonlocal asked
        if not asked:
            asked = True
            say("stopping")
            work.cancel()

    return stop


async def _work(wish: Wish, say: Say, started: asyncio.Event) -> None:
    async with running(wish.data_dir, wish.port, say, with_redis=wish.with_redis) as platform:
        found = platform.whereabouts
        async with Api(found.url, found.api_key) as api:
            if platform.new:
                await _fill(platform, api, say, empty=wish.empty)
            await platform.let_clock_tick()
            for line in await summary.lines(api, wish.data_dir):
                print(line, flush=True)
        started.set()
        if not wish.once:
            logging.getLogger("services.embedded").addHandler(Saying(say))
            say(f"running at {found.url}; Ctrl-C stops it")
            await asyncio.Event().wait()


async def _fill(platform: Running, api: Api, say: Say, *, empty: bool) -> None:
    if empty:
        say("a new, empty database")
    else:
        await sample.load(api, say)
    platform.loaded("nothing" if empty else "sample")

"""A small supervisor of child processes: start, restart with back-off, stop in order.

Every child has a session of its own, so that Ctrl-C reaches it once, through us; on Linux it gets its stop signal when
this process dies in whatever way. What it prints goes to `NAME.log`. Start and stop from the main thread: Linux tells
the children when the thread that started them ends.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from services.embedded.accounts import Account
from services.embedded.errors import CannotStart

LAUNCHER = Path(__file__).with_name("launch.py")
BACK_OFF = (0.2, 30.0)  # seconds: before the first restart, and the longest
LIVED_LONG = 30.0  # seconds after which a death is the first again
LOG_BYTES = 16 * 1024 * 1024  # a longer log becomes NAME.log.1 at the next start
POLL = 0.02  # seconds between two questions whether a program is ready

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Program:
    """A process that should be running.

    `environment` None means ours; `account` None means our user; `stdin` is a file opened at each start. `ready` is
    asked with the process id until it says yes; None means ready at once. Times are seconds.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] | None = None
    directory: Path = Path("/")
    account: Account | None = None
    stdin: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    ready: Callable[[int], Awaitable[bool]] | None = field(default=None, repr=False)
    ready_within: float = 30.0


class DidNotStart(CannotStart):
    """A program ended, or was not ready in time, at its first start; `output` is what it printed meanwhile."""

    def __init__(self, program: Program, why: str, output: str, log: Path) -> None:
        last = output.strip().rpartition("\n")[2]
        super().__init__(f"{program.name} {why}{': ' if last else ''}{last} (log: {log})")
        self.output = output


class Supervisor:
    """Keeps programs running until they are stopped; leaving the context stops them all, last started first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, _Child] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_all()

    async def start(self, program: Program) -> None:
        """Start a program, wait until it is ready, then restart it whenever it dies.

        Raises DidNotStart when it ends or is not ready in time; then nothing of it is left running.
        """
        if program.name in self._children:
            raise ValueError(f"{program.name} is running already")
        child = _Child(program, self._logs / f"{program.name}.log")
        self._children[program.name] = child
        try:
            await child.start()
        except BaseException:
            del self._children[program.name]
            raise

    async def stop(self, *names: str) -> None:
        """Stop these programs, all at the same time; a name that is not running is passed over."""
        children = [self._children.pop(name) for name in names if name in self._children]
        await asyncio.gather(*(child.stop() for child in children))

    async def stop_all(self) -> None:
        """Stop every program, one after the other, last started first."""
        for name in reversed(list(self._children)):
            await self.stop(name)

    def pid(self, name: str) -> int | None:
        """The process id of a program now; None while it is between death and restart."""
        return self._children[name].pid

    def restarts(self, name: str) -> int:
        """How often a program has been started again since `start`."""
        return self._children[name].restarts


class _Child:
    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.restarts = 0
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def start(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.rename(self._log.with_suffix(".log.1"))
        before = self._log.stat().st_size if self._log.exists() else 0
        process = await self._spawn()
        self._watch = asyncio.create_task(self._keep_running(process), name=f"watch {self.program.name}")
        try:
            why = await self._not_ready(process)
        except BaseException:
            await self.stop()
            raise
        if why:
            await self.stop()
            with self._log.open("rb") as stream:
                stream.seek(before)
                output = stream.read().decode(errors="replace")
            raise DidNotStart(self.program, why, output, self._log)

    async def _not_ready(self, process: asyncio.subprocess.Process) -> str | None:
        """Wait until the program is ready; otherwise why it is not."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.program.ready_within
        while process.returncode is None:
            if self.program.ready is None or await self.program.ready(process.pid):
                return None
            if loop.time() > end:
                return f"was not ready within {self.program.ready_within:g} s"
            await asyncio.sleep(POLL)
        return f"ended at once with {_ending(process.returncode)}"

    async def _spawn(self) -> asyncio.subprocess.Process:
        program = self.program
        account = program.account
        identity = (str(account.uid), str(account.gid)) if account else ("-", "-")
        descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as log, open(program.stdin or os.devnull, "rb") as stdin:  # noqa: ASYNC230, PTH123  (local files, opened once)
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LAUNCHER)),
                *(str(os.getpid()), str(int(program.stop_signal)), *identity),
                *program.command,
                cwd=program.directory,
                env=program.environment,
                stdin=stdin,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._process

    async def _keep_running(self, process: asyncio.subprocess.Process) -> None:
        loop = asyncio.get_running_loop()
        pause = BACK_OFF[0]
        while True:
            started = loop.time()
            code = await process.wait()
            if loop.time() - started > LIVED_LONG:
                pause = BACK_OFF[0]
            if not self._stopping.is_set():
                logger.warning("%s ended with %s; again in %g s", self.program.name, _ending(code), pause)
            while not self._stopping.is_set():
                process_or_none = await self._after(pause)
                pause = min(pause * 2, BACK_OFF[1])
                if process_or_none is not None:
                    process = process_or_none
                    break
            else:
                return

    async def _after(self, pause: float) -> asyncio.subprocess.Process | None:
        """The program started again after a pause; None when it was stopped meanwhile or the machine refused."""
        try:
            await asyncio.wait_for(self._stopping.wait(), pause)
        except TimeoutError:
            pass
        else:
            return None
        try:
            process = await self._spawn()
        except OSError:
            logger.exception("%s cannot be started", self.program.name)
            return None
        self.restarts += 1
        if self._stopping.is_set():
            self._send(self.program.stop_signal)
        return process

    async def stop(self) -> None:
        self._stopping.set()
        if self._watch is None:
            return
        self._send(self.program.stop_signal)
        done, _ = await asyncio.wait({self._watch}, timeout=self.program.stop_within)
        if not done:
            logger.warning("%s did not stop within %g s; killed", self.program.name, self.program.stop_within)
            self._send(signal.SIGKILL)
        await self._watch

    def _send(self, number: signal.Signals) -> None:
        if self.pid is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.pid, number)  # the child leads its group: whatever it started goes with it
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from services.embedded import process
from services.embedded.process import DidNotStart, Program, Supervisor
from tests.embedded.waiting import gone, says, until


def python(name: str, code: str, **more: object) -> Program:
    return Program(name=name, command=(sys.executable, "-c", code), **more)  # type: ignore[arg-type]  # passed through


SLEEP = "import time; print('here', flush=True); time.sleep(600)"


async def test_a_program_that_dies_is_started_again(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", SLEEP))
        first = supervisor.pid("worker")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.restarts("worker") > 0)
        assert supervisor.pid("worker") not in (None, first)
    assert "worker ended with signal SIGKILL; again in 0.2 s" in caplog.text


async def test_the_pause_before_a_restart_doubles_up_to_its_limit(
    place: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "BACK_OFF", (0.01, 0.03))
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", "raise SystemExit(3)"))
        await until(lambda: supervisor.restarts("worker") >= 4)
    pauses = [record.message.partition("again in ")[2] for record in caplog.records if "again in" in record.message]
    assert pauses[:4] == ["0.01 s", "0.02 s", "0.03 s", "0.03 s"]


async def test_a_program_that_ends_before_it_is_ready_is_one_line_with_its_last_words(place: Path) -> None:
    async def never(_pid: int) -> bool:
        return False

    async with Supervisor(place) as supervisor:
        with pytest.raises(DidNotStart) as refusal:
            await supervisor.start(python("api", "print('a', flush=True); raise SystemExit('port taken')", ready=never))
    assert str(refusal.value) == f"api ended at once with exit code 1: port taken (log: {place / 'api.log'})"


async def test_a_program_that_is_not_ready_in_time_is_not_left_running(place: Path) -> None:
    seen = []

    async def never(pid: int) -> bool:
        seen.append(pid)
        return False

    async with Supervisor(place) as supervisor:
        with pytest.raises(DidNotStart, match=r"was not ready within 0\.3 s"):
            await supervisor.start(python("api", SLEEP, ready=never, ready_within=0.3))
    assert gone(seen[0])


async def test_a_program_that_does_not_exist_is_one_line(place: Path) -> None:
    async def never(_pid: int) -> bool:
        return False

    async with Supervisor(place) as supervisor:
        with pytest.raises(DidNotStart, match="/no/such/program: No such file or directory"):
            await supervisor.start(Program(name="x", command=("/no/such/program",), ready=never))


async def test_programs_stop_in_the_reverse_order_of_their_start(place: Path) -> None:
    polite = (
        "import signal, sys, time\n"
        "def end(*_):\n    print(sys.argv[1], file=open(sys.argv[2], 'a')); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('here', flush=True); time.sleep(600)"
    )
    async with Supervisor(place) as supervisor:
        for name in ("database", "api", "worker"):
            command = (sys.executable, "-c", polite, name, str(place / "order"))
            await supervisor.start(Program(name=name, command=command))
            await says(place / f"{name}.log", "here")
    assert (place / "order").read_text().split() == ["worker", "api", "database"]


async def test_a_program_that_ignores_the_stop_signal_is_killed_with_what_it_started(place: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('child', child.pid, 'started', flush=True); time.sleep(600)"
    )
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", stubborn, stop_within=0.2))
        await says(place / "worker.log", "started")
        pid = supervisor.pid("worker")
    assert pid is not None
    assert gone(pid)
    grandchild = int((place / "worker.log").read_text().split()[1])
    await until(lambda: gone(grandchild))


async def test_a_stopped_program_is_not_started_again(place: Path) -> None:
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", SLEEP))
        await says(place / "worker.log", "here")
        await supervisor.stop("worker")
        await asyncio.sleep(0.4)
    assert (place / "worker.log").read_text().split() == ["here"]


async def test_the_terminals_interrupt_does_not_reach_a_program(place: Path) -> None:
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", SLEEP))
        await says(place / "worker.log", "here")
        pid = supervisor.pid("worker")
        assert pid is not None
        assert os.getsid(pid) == os.getpgid(pid) == pid != os.getsid(0)


async def test_a_program_stops_by_an_interrupt_although_it_was_started_with_interrupts_ignored(place: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        async with Supervisor(place) as supervisor:
            await supervisor.start(python("database", SLEEP, stop_signal=signal.SIGINT, stop_within=20))
            await says(place / "database.log", "here")
    finally:
        signal.signal(signal.SIGINT, before)
    assert "KeyboardInterrupt" in (place / "database.log").read_text()


async def test_a_long_log_is_put_aside_at_the_next_start(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_BYTES", 10)
    (place / "worker.log").write_text("what was said before\n")
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", SLEEP))
        await says(place / "worker.log", "here")
    assert (place / "worker.log.1").read_text() == "what was said before\n"


async def test_two_programs_of_one_name_are_refused(place: Path) -> None:
    async with Supervisor(place) as supervisor:
        await supervisor.start(python("worker", SLEEP))
        with pytest.raises(ValueError, match="worker is running already"):
            await supervisor.start(python("worker", SLEEP))

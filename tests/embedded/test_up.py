"""`duban up` as a person types it: a first start, a second one, and what can be in the way."""

import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded import postgres, up, whereabouts
from services.embedded.directory import hold
from tests.cli.started import Up, data_directory, running
from tests.cli.typed import ROOT, duban
from tests.embedded.waiting import gone

NOTICES = (ROOT / "tests/data/notices-2018-07-16.csv").read_text(encoding="utf-8")
ANSWERS = (ROOT / "tests/data/answers-2018-06-30.csv").read_text(encoding="utf-8")
QUESTION = ("--as-of", "2018-06-30", "--known-at", "2018-07-15T18:00:00+08:00")
START_WITHIN = 120


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with data_directory() as path:
        yield path


@pytest.fixture(scope="module")
def first_start(data_dir: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    """`duban up --once` on a new data directory, and how many seconds it took."""
    began = time.monotonic()
    done = duban("up", "--once", "--port", str(postgres.free_port()), "--data-dir", data_dir)
    return done, time.monotonic() - began


@pytest.fixture(scope="module")
def second_start(data_dir: Path, first_start: tuple[subprocess.CompletedProcess[str], float]) -> Iterator[Up]:
    """A platform on the data that the first start left."""
    assert first_start[0].returncode == 0, first_start[0].stderr
    with running(data_dir) as started:
        yield started


def test_the_first_start_does_the_whole_job(first_start: tuple[subprocess.CompletedProcess[str], float]) -> None:
    done, seconds = first_start
    assert (done.returncode, done.stderr) == (0, "")
    assert seconds < START_WITHIN


def test_the_first_start_says_what_time_it_is_and_that_the_figures_are_synthetic(
    first_start: tuple[subprocess.CompletedProcess[str], float],
) -> None:
    said = first_start[0].stdout
    assert "2018-07-16T09:00:00+08:00" in said
    assert "synthetic" in said


def test_nothing_of_the_platform_is_left_in_the_data_directory_of_one_that_stopped(
    first_start: tuple[subprocess.CompletedProcess[str], float], data_dir: Path
) -> None:
    assert first_start[0].returncode == 0
    with data_directory() as other:
        assert whereabouts.find(other) is None
    assert (data_dir / "content").read_text() == "sample\n"


def test_the_first_decision_gives_the_notices_of_the_sample(second_start: Up) -> None:
    assert second_start.duban("notices", "list", "--format", "csv") == NOTICES


def test_an_evaluation_gives_the_answers_of_the_sample(second_start: Up) -> None:
    assert second_start.duban("evaluate", *QUESTION, "--format", "csv") == ANSWERS


def test_the_mailbox_holds_every_mail_once_and_a_second_start_sends_none(second_start: Up) -> None:
    times = Counter(mail["message_id"] for mail in second_start.mails())
    assert len(times) == 22
    assert set(times.values()) == {1}


def test_the_clock_goes_on_from_where_it_stood(second_start: Up) -> None:
    assert second_start.duban("clock", "show").startswith("2018-07-16T09:0")


def test_the_connection_file_is_the_owners_alone(second_start: Up) -> None:
    assert (second_start.data_dir / whereabouts.FILE).stat().st_mode & 0o777 == 0o600


def test_a_data_directory_in_use_is_one_line(second_start: Up) -> None:
    done = duban("up", "--once", "--port", str(postgres.free_port()), "--data-dir", second_start.data_dir)
    assert done.returncode == 1
    assert done.stderr == (
        f"duban: data directory {second_start.data_dir} is in use by process {second_start.process.pid}\n"
    )


def test_a_port_in_use_is_one_line() -> None:
    with socket.socket() as listener, data_directory() as path:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = duban("up", "--once", "--port", str(port), "--data-dir", path)
    assert done.returncode == 1
    assert done.stderr == f"duban: port {port} cannot be used: Address already in use; name another with --port\n"


def test_a_missing_postgres_is_one_line(tmp_path: Path) -> None:
    with data_directory() as path:
        done = duban(
            *("up", "--once", "--port", str(postgres.free_port()), "--data-dir", path),
            DUBAN_POSTGRES_BIN=str(tmp_path),
        )
    assert done.returncode == 1
    assert done.stderr.startswith("duban: Postgres 15 to 18 not found")
    assert done.stderr.count("\n") == 1


def test_a_killed_platform_leaves_no_process_and_starts_again_with_its_data(second_start: Up) -> None:
    before = second_start.duban("clock", "show")[:19]
    second_start.process.kill()
    second_start.process.wait(timeout=10)
    deadline = time.monotonic() + 20
    while not all(map(gone, second_start.children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in second_start.children if not gone(pid)] == []
    again = duban("up", "--once", "--port", str(postgres.free_port()), "--data-dir", second_start.data_dir)
    assert again.returncode == 0, again.stderr
    assert "sent 22, accepted 22" in again.stdout
    after = again.stdout.partition("It is ")[2][:19]
    assert before < after < "2018-07-16T09:30"


def test_a_first_start_that_was_cut_off_begins_again(place: Path) -> None:
    with hold(place / "data") as directory:
        (directory.path / "postgres").mkdir()
        (directory.path / up.CONTENT).write_text(f"{up.LOADING}\n")
        said: list[str] = []
        up.forget_what_was_cut_off(directory, said.append)
        assert said == ["the first start was cut off while it loaded the sample; beginning again"]
        assert not (directory.path / "postgres").exists()


def test_a_start_that_was_not_cut_off_keeps_its_data(place: Path) -> None:
    with hold(place / "data") as directory:
        (directory.path / "postgres").mkdir()
        (directory.path / up.CONTENT).write_text("sample\n")
        up.forget_what_was_cut_off(directory, pytest.fail)
        assert (directory.path / "postgres").exists()

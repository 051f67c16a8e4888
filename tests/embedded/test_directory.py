import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.embedded.directory import hold
from services.embedded.errors import CannotStart

HOLDER = """
import sys
from pathlib import Path
from services.embedded.directory import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_start_is_told_which_process_uses_the_data_directory(place: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(place / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CannotStart) as refusal, hold(place / "data"):
            pass
    assert str(refusal.value) == f"data directory {place / 'data'} is in use by process {holder.pid}"


def test_a_data_directory_is_free_again_after_its_holder_was_killed(place: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(place / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    with hold(place / "data") as directory:
        assert directory.path == place / "data"


def test_a_directory_with_other_peoples_files_is_refused_and_left_alone(place: Path) -> None:
    (place / "letters").mkdir()
    (place / "letters/one.txt").write_text("dear")
    with pytest.raises(CannotStart, match="is neither empty nor a data directory"), hold(place / "letters"):
        pass
    assert [entry.name for entry in (place / "letters").iterdir()] == ["one.txt"]


def test_a_data_directory_of_another_format_is_refused(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data/format").write_text("duban data directory 99\n")
    with pytest.raises(CannotStart, match="data directory of this version"), hold(place / "data"):
        pass


def test_a_path_that_is_a_file_is_refused_in_one_line(place: Path) -> None:
    (place / "file").touch()
    with pytest.raises(CannotStart, match="cannot be used: Not a directory"), hold(place / "file"):
        pass


def test_passwords_stay_the_same_and_only_the_owner_can_read_them(place: Path) -> None:
    with hold(place / "data") as directory:
        first, other = directory.password("one"), directory.password("other")
    with hold(place / "data") as directory:
        assert directory.password("one") == first != other
    assert (place / "data/passwords.json").stat().st_mode & 0o777 == 0o600


def test_a_damaged_password_file_is_named(place: Path) -> None:
    with hold(place / "data") as directory:
        (place / "data/passwords.json").write_text("{")
        with pytest.raises(CannotStart, match=r"passwords\.json is not readable"):
            directory.password("one")


def test_nobody_else_can_list_the_data_directory(place: Path) -> None:
    with hold(place / "data") as directory:
        assert directory.path.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)

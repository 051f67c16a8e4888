"""docs/how-to/run-your-own-plan.md, typed from top to bottom on an empty platform."""

import shlex
import time

from tests.cli.started import Up, data_directory, running
from tests.cli.typed import duban
from tests.structure import shell
from tests.structure.house import ROOT

PAGE = ROOT / "docs/how-to/run-your-own-plan.md"
HERE = ["--data-dir", ".duban-own"]
ADDRESS = "economy.liaison@example.com"
MAILS = 2
"""To that address: the notice, and its line in the digest."""


def typed(up: Up, line: str) -> str:
    """What a command of the page prints, about this platform instead of the page's."""
    words = shlex.split(line)[1:]
    if words[-2:] == HERE:
        return up.duban(*words[:-2])
    done = duban(*words)  # it needs no platform
    assert done.returncode == 0, done.stderr
    return done.stdout


def settled(up: Up) -> None:
    """A person reads on for a moment; the workers need a second or two, and send each mail by itself."""
    until = time.monotonic() + 60
    while sum(ADDRESS in mail["recipients"] for mail in up.mails()) < MAILS and time.monotonic() < until:
        time.sleep(0.2)


def test_the_how_to_gives_what_it_says() -> None:
    said: dict[str, str] = {}
    with data_directory() as place, running(place, "--empty") as up:
        for line in shell.lines(PAGE):
            if line.startswith("duban ") and not line.startswith("duban up"):
                if line.startswith("duban notices") and not said.get(line):
                    settled(up)
                said[line] = typed(up, line)
    first_gaps = next(text for line, text in said.items() if line.startswith("duban evaluate"))
    lights = {row.split()[0]: row.split() for row in first_gaps.splitlines() if row.startswith("T0")}
    assert ("103.60" in lights["T01"], "109.92" in lights["T01"], "red" in lights["T01"]) == (True, True, True)
    assert ("green" in lights["T02"], "done" in lights["T03"]) == (True, True)
    mails = next(text for line, text in said.items() if line.startswith("duban mailbox"))
    assert mails.count(ADDRESS) == MAILS
    assert "science" not in mails
    again = next(text for line, text in said.items() if line.startswith("duban notices"))
    assert "示例区经信局" in again
    key = next(text for line, text in said.items() if line.startswith("duban keys"))
    assert len(key.split()[-1]) > 32

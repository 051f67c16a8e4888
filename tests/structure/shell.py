"""The commands in our documents, and whether they can be typed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from services.cli.commands import app
from tests.structure.house import ROOT

DUBAN = ("duban", ".venv/bin/duban")
BLOCK = re.compile(r"^( *)```shell\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
QUOTED = re.compile(r"`(duban [^`\n]+)`")


def pages() -> list[Path]:
    """Everything that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "plans").glob("*.md")])


def lines(page: Path) -> Iterator[str]:
    """Each command of a page's blocks marked as shell."""
    for _, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        yield from (line.strip() for line in block.splitlines() if line.strip() and not line.strip().startswith("#"))


def quoted(page: Path) -> list[str]:
    """Each `duban …` within a sentence."""
    return QUOTED.findall(page.read_text(encoding="utf-8"))


def wrong(line: str) -> str | None:
    """Why a command cannot be typed in a checkout, or None."""
    words = shlex.split(line.partition(" > ")[0])
    if words[0] == "make":
        return _make(words[1:])
    if words[0] in DUBAN:
        return _duban(words[1:])
    if words[0] == "export":
        return None
    return None if (ROOT / words[0]).is_file() else f"no such program: {words[0]}"


def wrong_name(text: str) -> str | None:
    """Why `duban …` within a sentence names no command, or None; its arguments may be words such as FILE."""
    command: Any = typer.main.get_command(app)
    for word in shlex.split(text)[1:]:
        if not hasattr(command, "commands"):
            if word.startswith("--") and word not in _options(command):
                return f"no option {word}"
        elif word in command.commands:
            command = command.commands[word]
        elif not word.startswith("-"):
            return f"no command {word}"
    return None


def _options(command: Any) -> set[str]:  # noqa: ANN401 - typer keeps its own kind of click command
    return {option for parameter in command.params for option in parameter.opts}


def _make(targets: list[str]) -> str | None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    missing = [target for target in targets if target not in known]
    return f"no make target {missing}" if missing else None


def _duban(words: list[str]) -> str | None:
    """Parse the words as typer would, without running anything."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        if not words or words[0] not in command.commands:
            return None if words in (["--help"], ["-h"]) else f"no command {words[:1]}"
        command, words = command.commands[words[0]], words[1:]
    try:
        command.make_context("duban", list(words))
    except Exception as error:  # noqa: BLE001 - whatever typer says of it
        return f"{type(error).__name__}: {getattr(error, 'message', error)}"
    return None

"""Arguments and options that many commands have."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Data directory of a running `duban up`; .duban unless DUBAN_URL and DUBAN_API_KEY are set.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, show_default=False)]


def run(work: Coroutine[Any, Any, None]) -> None:
    """Do what a command does."""
    asyncio.run(work)

"""Sheets (填报表): a template to fill in, what was filled in, and any list as a file."""

import sys
from pathlib import Path

from services.cli.connection import CSV, Api
from services.cli.sending import sent
from services.cli.stopped import WRONGLY_TYPED, Stopped
from services.kit.office.writing import XLSX

REGISTRY = "/registry/v1"
MEDIA = {".xlsx": XLSX, ".csv": CSV}


def media_of(file: Path) -> str:
    """What a file is, by its suffix."""
    media = MEDIA.get(file.suffix.lower())
    if media is None:
        raise Stopped(f"{file}: .xlsx or .csv is needed", status=WRONGLY_TYPED)
    return media


async def template(api: Api, objects: str, file: Path) -> None:
    """Write the template of objects."""
    answer = await api.ask("GET", f"{REGISTRY}/{objects}:template", accept=media_of(file))
    written(file, answer.content)


async def load(api: Api, objects: str, file: Path, *, dry_run: bool) -> None:
    """Send a filled-in file; print what became of its rows. Raises Stopped with one line for every faulty cell."""
    path, media = f"{REGISTRY}/{objects}:import", media_of(file)
    done = await sent(api, path, file, kind=media, params={"dry_run": dry_run})
    said = ", ".join(f"{done[change]} {change}" for change in ("created", "changed", "unchanged"))
    print(f"{file}: {done['rows']} rows, {said}{' (nothing was written)' if dry_run else ''}")
    for finding in done.get("findings", ()):
        print(f"duban: {finding['en']}", file=sys.stderr)
    for name in done["sheets_not_read"]:
        print(f"duban: the sheet {name} was not read", file=sys.stderr)


async def export(api: Api, path: str, file: Path) -> None:
    """Write all of a list."""
    answer = await api.ask("GET", f"{REGISTRY}/{path}", accept=media_of(file))
    written(file, answer.content)


def written(file: Path, content: bytes) -> None:
    """Write a file and say so."""
    file.write_bytes(content)
    print(f"{file}: {len(content)} bytes")

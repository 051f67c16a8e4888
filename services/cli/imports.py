"""CSV files of figures and milestones, sent as they are: all rows are taken, or none and every fault is named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.cli.connection import CSV, Api
from services.cli.sending import sent

REPORTS = "/indicators/v1/observations:import"
MILESTONES = "/indicators/v1/milestones:import"


async def reports(api: Api, file: Path, *, plan: str | None, dry_run: bool) -> None:
    """Load reported figures (报数)."""
    print(_said(await load(api, REPORTS, file, plan=plan, dry_run=dry_run), file))


async def milestones(api: Api, file: Path, *, plan: str | None, dry_run: bool) -> None:
    """Load milestones reached (节点)."""
    print(_said(await load(api, MILESTONES, file, plan=plan, dry_run=dry_run), file))


async def load(api: Api, path: str, file: Path, *, plan: str | None = None, dry_run: bool = False) -> dict[str, Any]:
    """Send a file; the receipt. Raises Stopped with one line for every fault: row, field, what was wrong."""
    return await sent(api, path, file, kind=CSV, params={"plan": plan, "dry_run": dry_run})


def _said(receipt: Mapping[str, Any], file: Path) -> str:
    there = f" ({receipt['unchanged']} were there already)" if receipt["unchanged"] else ""
    done = "would be recorded; nothing was" if receipt["dry_run"] else "recorded"
    return f"{file}: {receipt['rows']} rows, {receipt['recorded']} {done}{there}"

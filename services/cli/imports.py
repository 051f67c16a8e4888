"""Files of figures and milestones, sent as they are: all rows are taken, or none and every fault is named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.cli.connection import CSV, Api
from services.cli.sending import sent
from services.cli.sheets import media_of, written
from services.kit.office.writing import XLSX

TEMPLATE = "/indicators/v1/observations:template"
REPORTS = "/indicators/v1/observations:import"
MILESTONES = "/indicators/v1/milestones:import"


async def reports(api: Api, file: Path, *, plan: str | None, dry_run: bool) -> None:
    """Load reported figures (报数): of a workbook, or of a CSV whatever its name."""
    media = XLSX if file.suffix.lower() == ".xlsx" else CSV
    print(_said(await load(api, REPORTS, file, plan=plan, dry_run=dry_run, media=media), file))


async def template(api: Api, file: Path, *, plan: str | None, period: str | None, unit: str | None) -> None:
    """Write the form of figures (报数模板)."""
    asked = {name: value for name, value in {"plan": plan, "period": period, "unit": unit}.items() if value is not None}
    answer = await api.ask("GET", TEMPLATE, params=asked, accept=media_of(file))
    written(file, answer.content)


async def milestones(api: Api, file: Path, *, plan: str | None, dry_run: bool) -> None:
    """Load milestones reached (节点)."""
    print(_said(await load(api, MILESTONES, file, plan=plan, dry_run=dry_run), file))


async def load(
    api: Api, path: str, file: Path, *, plan: str | None = None, dry_run: bool = False, media: str = CSV
) -> dict[str, Any]:
    """Send a file; the receipt. Raises Stopped with one line for every fault: where it is, what was wrong."""
    return await sent(api, path, file, kind=media, params={"plan": plan, "dry_run": dry_run})


def _said(receipt: Mapping[str, Any], file: Path) -> str:
    there = f" ({receipt['unchanged']} were there already)" if receipt["unchanged"] else ""
    skipped = f", {receipt['skipped']} without a figure passed over" if receipt["skipped"] else ""
    done = "would be recorded; nothing was" if receipt["dry_run"] else "recorded"
    return f"{file}: {receipt['rows']} rows, {receipt['recorded']} {done}{there}{skipped}"

"""`duban sheets …`. Each command imports what it needs when it runs, as those of `commands`."""

# ruff: noqa: PLC0415 - see above

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import DataDir, DryRun, File, run

sheets = typer.Typer(
    help="Sheets 填报表 of what the registry holds: templates, filled-in files, lists.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Objects = Annotated[
    str,
    typer.Argument(
        help="units, contacts, industries, carriers, enterprises, enterprise-groups, rosters, roster-items, projects, tasks, "
        "responsibilities, milestones, instruments, leader-contacts, visits, "
        "payments, publicity, prospects or activities.",
        show_default=False,
    ),
]
NewFile = Annotated[Path, typer.Argument(dir_okay=False, help="An .xlsx or a .csv.", show_default=False)]


@sheets.command("template")
def sheets_template(objects: Objects, file: NewFile, data_dir: DataDir = None) -> None:
    """Write the sheet of OBJECTS to fill in: a column for each field, explained on a second sheet."""
    from services.cli import sheets as filled
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await filled.template(api, objects, file)

    run(work())


@sheets.command("import")
def sheets_import(objects: Objects, file: File, dry_run: DryRun = False, data_dir: DataDir = None) -> None:
    """Take a filled-in sheet of OBJECTS: all rows, or none and every fault with its cell."""
    from services.cli import sheets as filled
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await filled.load(api, objects, file, dry_run=dry_run)

    run(work())


@sheets.command("export")
def sheets_export(
    objects: Annotated[str, typer.Argument(help="A list of the registry: enterprises, plans, …", show_default=False)],
    file: NewFile,
    data_dir: DataDir = None,
) -> None:
    """Write all OBJECTS that the registry holds."""
    from services.cli import sheets as filled
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await filled.export(api, objects, file)

    run(work())

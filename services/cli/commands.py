"""What can be typed. Each command imports what it needs when it runs, so that `duban --help` answers at once."""

# ruff: noqa: PLC0415 - see above

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import DataDir, DryRun, File, run
from services.cli.sheet_commands import sheets
from services.cli.stopped import WRONGLY_TYPED, Stopped

app = typer.Typer(
    name="duban",
    help="Duban 督办: what was promised, what was done, who is reminded.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _group(name: str, sentence: str) -> typer.Typer:
    group = typer.Typer(help=sentence, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


plan = _group("plan", "A plan file 方案: check it, apply it, activate the plan.")
reports = _group("reports", "Reported figures 报数.")
milestones = _group("milestones", "Milestones reached 节点.")
keys = _group("keys", "API keys of callers.")
clock = _group("clock", "The business clock of an embedded platform.")
notices = _group("notices", "Notices 督办单.")
audit = _group("audit", "The audit trail 审计.")
app.add_typer(sheets, name="sheets")

PlanCode = Annotated[str | None, typer.Option("--plan", help="Code of the plan; not needed where there is only one.")]


class TextOrJson(StrEnum):
    """How faults and findings are printed."""

    TEXT = "text"
    JSON = "json"


class TableOrCsv(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    CSV = "csv"


class TableCsvOrJson(StrEnum):
    """How an evaluation is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@plan.command("check")
def plan_check(
    file: File,
    format_: Annotated[
        TextOrJson, typer.Option("--format", help="How faults and findings are printed.")
    ] = TextOrJson.TEXT,
) -> None:
    """Read FILE and check it as a whole: its faults, or what there is to know about the plan. Needs no platform."""
    from services.cli import plans

    plans.check(file, as_json=format_ is TextOrJson.JSON)


@plan.command("apply")
def plan_apply(
    file: File,
    dry_run: DryRun = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete what the plan had and FILE has not.")] = False,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Let FILE take back what approved change requests made.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Bring the platform to what FILE says: registry, indicators, notifier. Applying twice changes nothing."""
    from services.cli import plans
    from services.cli.connection import connected
    from services.plan_file.parts import split

    async def work() -> None:
        plan_file = plans.plan_of(file)
        async with connected(data_dir) as api:
            await plans.apply(api, split(plan_file), plans.Applying(dry_run, prune, take_back))
        plans.print_findings(plan_file)

    run(work())


@plan.command("activate")
def plan_activate(code: str, data_dir: DataDir = None) -> None:
    """End the set-up of plan CODE: from now on gaps are computed and notices decided."""
    from services.cli import plans
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await plans.activate(api, code)
        print(f"plan {code} is active")

    run(work())


@plan.command("draft")
def plan_draft(
    file: File,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="Where to; stdout if not named.", show_default=False)
    ] = None,
) -> None:
    """Read the tables of enterprises and projects of a published plan, text or docx, into a draft of a plan file."""
    from services.cli import drafts

    drafts.draft(file, out)


@plan.command("export")
def plan_export(
    code: str,
    file: Annotated[
        Path | None,
        typer.Argument(dir_okay=False, writable=True, help="Where to; stdout if not named.", show_default=False),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write plan CODE as the platform holds it to a plan file that applies without any difference."""
    from services.cli import exports
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            exports.write(await exports.plan(api, code), file)

    run(work())


@reports.command("import")
def reports_import(file: File, dry_run: DryRun = False, plan: PlanCode = None, data_dir: DataDir = None) -> None:
    """Load reported figures from an .xlsx or .csv: all of them, or none and every fault with its cell or row."""
    from services.cli import imports
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await imports.reports(api, file, plan=plan, dry_run=dry_run)

    run(work())


@reports.command("template")
def reports_template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="An .xlsx or a .csv.", show_default=False)],
    period: Annotated[str | None, typer.Option(help="With the rows to report for it: 2018-06, 2018-Q2, …")] = None,
    plan: PlanCode = None,
    unit: Annotated[str | None, typer.Option(help="Only what this unit and those below report.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write the sheet of figures to fill in."""
    from services.cli import imports
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await imports.template(api, file, plan=plan, period=period, unit=unit)

    run(work())


@milestones.command("import")
def milestones_import(file: File, dry_run: DryRun = False, plan: PlanCode = None, data_dir: DataDir = None) -> None:
    """Load milestones reached from a CSV file: all of them, or none and every fault with its row and field."""
    from services.cli import imports
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await imports.milestones(api, file, plan=plan, dry_run=dry_run)

    run(work())


@keys.command("create")
def keys_create(
    client_id: Annotated[str, typer.Option("--client-id", help="Name of the caller.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What the key may do; may be given several times.")],
    unit: Annotated[
        str | None, typer.Option("--unit", help="Unit of the caller; it sees that and those below.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make an API key. It is shown once, on stdout."""
    from services.cli import keys as api_keys
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await api_keys.create(api, client_id, scope, unit)

    run(work())


@clock.command("show")
def clock_show(data_dir: DataDir = None) -> None:
    """Show the business time."""
    from services.cli import clocks
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await clocks.show(api)

    run(work())


@clock.command("set")
def clock_set(
    to: Annotated[str, typer.Argument(metavar="T", help="An instant with its offset: 2018-08-01T09:00+08:00.")],
    data_dir: DataDir = None,
) -> None:
    """Move the clock forward to T and wait until everything due on the way is done."""
    from services.cli import clocks
    from services.cli.connection import connected

    async def work() -> None:
        goal = clocks.instant(to)
        async with connected(data_dir) as api:
            await clocks.move(api, goal)

    run(work())


@clock.command("advance")
def clock_advance(
    by: Annotated[str, typer.Argument(metavar="DURATION", help="Such as 7d, 12h, 30m, 2w, or 1d12h.")],
    data_dir: DataDir = None,
) -> None:
    """Move the clock forward by DURATION and wait until everything due on the way is done."""
    from services.cli import clocks
    from services.cli.connection import connected

    async def work() -> None:
        step = clocks.duration(by)
        async with connected(data_dir) as api:
            await clocks.move(api, await clocks.now(api) + step)

    run(work())


@notices.command("list")
def notices_list(
    format_: Annotated[TableOrCsv, typer.Option("--format", help="How the list is printed.")] = TableOrCsv.TABLE,
    plan: PlanCode = None,
    data_dir: DataDir = None,
) -> None:
    """List the open notices by unit and matter: light, level, to whom, by which message."""
    from services.cli import notices as listed
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await listed.show(api, plan=plan, as_csv=format_ is TableOrCsv.CSV)

    run(work())


@audit.command("verify")
def audit_verify(
    anchor: Annotated[
        list[str] | None,
        typer.Option("--anchor", help="An anchor that was kept; may be given several times.", show_default=False),
    ] = None,
    anchors: Annotated[
        Path | None,
        typer.Option(
            "--anchors", dir_okay=False, help="File of anchors: those in it are checked, the new ones are added."
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Check the chains of all three services: nothing edited, removed, moved, or, with anchors, cut off."""
    from services.cli import audits
    from services.cli.connection import connected

    kept = audits.anchors_of(anchor or (), anchors)

    async def work() -> None:
        async with connected(data_dir) as api:
            await audits.verify(api, kept, keep=anchors)

    run(work())


@app.command()
def mailbox(data_dir: DataDir = None) -> None:
    """List the mails that an embedded platform kept instead of sending them."""
    from services.cli import mailbox as mails
    from services.cli.connection import connected

    async def work() -> None:
        async with connected(data_dir) as api:
            await mails.show(api)

    run(work())


@app.command()
def evaluate(
    as_of: Annotated[str, typer.Option("--as-of", help="The day the question is asked for 考核时点: 2018-06-30.")],
    known_at: Annotated[
        str,
        typer.Option(
            "--known-at", help="Only what was recorded by then counts 数据截止时点: 2018-07-15T18:00:00+08:00."
        ),
    ],
    plan: PlanCode = None,
    format_: Annotated[TableCsvOrJson, typer.Option("--format", help="How it is printed.")] = TableCsvOrJson.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Compute every gap 差距 as of a day, from what was known at an instant. Stores nothing."""
    from services.cli import evaluation
    from services.cli.connection import connected

    async def work() -> None:
        question = evaluation.question(as_of, known_at)
        async with connected(data_dir) as api:
            await evaluation.show(api, question, plan=plan, form=format_.value)

    run(work())


@app.command()
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of 127.0.0.1 for the three services.")] = 8000,
    data_dir: Annotated[Path, typer.Option(help="Where the database, passwords and logs are kept.")] = Path(".duban"),
    empty: Annotated[bool, typer.Option("--empty", help="Load no sample into a new database.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Do everything, then stop.")] = False,
    without_redis: Annotated[
        bool,
        typer.Option("--without-redis", help="Start no Redis: workers look for work by themselves, a second later."),
    ] = False,
) -> None:
    """Start the platform on this machine, with the sample plan, and run until Ctrl-C."""
    from services.cli import up as platform

    platform.up(platform.Wish(data_dir, port, empty=empty, once=once, with_redis=not without_redis))


@app.command()
def migrate() -> None:
    """Bring the database of DUBAN_OWNER_URL to this version's tables."""
    import os

    from services.embedded.errors import CannotStart
    from services.embedded.migrations import upgrade

    url = os.environ.get("DUBAN_OWNER_URL")
    if not url:
        raise Stopped("set DUBAN_OWNER_URL to postgresql://owner:password@host:port/database", status=WRONGLY_TYPED)
    try:
        upgrade(url)
    except CannotStart as error:
        raise Stopped(str(error)) from error
    typer.echo("the database is up to date")

"""Plan files (方案): check one, send its parts to the three services, activate its plan."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from services.cli import findings
from services.cli.connection import Api
from services.cli.language import language
from services.cli.stopped import Stopped
from services.plan_file.faults import Fault
from services.plan_file.model import PlanFile, version
from services.plan_file.parts import Parts, split
from services.plan_file.reading import Reading, read
from services.plan_file.report import plan_check
from services.plan_file.tree import grow

SERVICES = ("registry", "indicators", "notifier")
APPROVING = frozenset({"registry", "indicators"})
"""Those in which a change request may be approved."""
SIGNS = {"create": "+", "update": "~", "delete": "-"}
DONE = {"create": "created", "update": "updated", "delete": "deleted"}


class Applying(NamedTuple):
    """How a plan file is applied."""

    dry_run: bool = False
    prune: bool = False
    take_back: bool = False


def check(file: Path, *, as_json: bool) -> None:
    """Print that the file is right and what there is to know about the plan; otherwise every fault, and end with 1."""
    reading = _read(file)
    if as_json:
        print(json.dumps(_report(reading), ensure_ascii=False, indent=2))
        if reading.faults:
            raise Stopped(_counted(file, reading.faults))
        return
    plan_file = _right(file, reading)
    print(f"{file}: plan {plan_file.plan.code}, version {version(plan_file)}: no faults")
    for line in findings.lines(plan_check(plan_file), language()):
        print(line)


def plan_of(file: Path) -> PlanFile:
    """A plan file; raises Stopped with every fault of one that is not right."""
    return _right(file, _read(file))


def parts_of(file: Path) -> Parts:
    """The three parts of a plan file; raises Stopped with every fault of one that is not right."""
    return split(plan_of(file))


def print_findings(plan_file: PlanFile) -> None:
    """What an apply ends with: how many findings there are, and each error and warning in a line."""
    for line in findings.lines(plan_check(plan_file), language(), whole=False):
        print(line)


async def apply(api: Api, parts: Parts, how: Applying = Applying(), *, quiet: bool = False) -> int:  # noqa: B008 - a value
    """Send the parts to the services in order and print what changes; returns how many things did.

    Nothing is sent before every service has said what would change: where one refuses its part, or the file takes back
    what was approved, Stopped is raised and nothing has changed. Raises it too at a refusal half-way, and says which
    services have the plan already: a rerun completes it.
    """
    rehearsed = [await _sent(api, parts, place, how, dry_run=True) for place in range(len(SERVICES))]
    changed = sum(map(len, rehearsed))
    if how.dry_run:
        if not quiet:
            for service, changes in zip(SERVICES, rehearsed, strict=True):
                _print_changes(service, changes, dry_run=True)
        return changed
    if not how.take_back:
        _check_takes_back_nothing(rehearsed)
    for place, service in enumerate(SERVICES):
        changes = await _sent(api, parts, place, how, dry_run=False)
        if not quiet:
            _print_changes(service, changes, dry_run=False)
    if not quiet:
        print(f"applied_to: {', '.join(SERVICES)}; plan {parts.registry.header.plan}, {_version(parts)}")
    return changed


async def _sent(api: Api, parts: Parts, place: int, how: Applying, *, dry_run: bool) -> list[dict[str, Any]]:
    """Send one service its part; what changes."""
    service = SERVICES[place]
    part = getattr(parts, service)
    asked = {"dry_run": dry_run, "prune": how.prune}
    if service in APPROVING:
        asked["take_back"] = how.take_back
    try:
        answer = await api.send("PUT", f"/{service}/v1/plans/{part.header.plan}", part.model_dump(mode="json"), **asked)
    except Stopped as stopped:
        raise _half_way(stopped, service, SERVICES[:place], dry_run=dry_run) from stopped
    changes: list[dict[str, Any]] = answer["changes"]
    return changes


def _check_takes_back_nothing(rehearsed: list[list[dict[str, Any]]]) -> None:
    """Stop before anything is written where the file says something else than an approved change made of it."""
    lines = [
        f"{change['kind']} {change['code']}: {_field(field)}"
        for changes in rehearsed
        for change in changes
        for field in change["fields"]
        if field.get("takes_back") is not None
    ]
    if lines:
        raise Stopped(
            f"the file takes back {len(lines)} approved change{'' if len(lines) == 1 else 's'}; nothing was applied: write "
            "the approved values into the file (`duban plan export` has them), or say --take-back",
            details=lines,
        )


async def activate(api: Api, code: str) -> None:
    """End a plan's set-up, as it is now."""
    path = f"/registry/v1/plans/{code}"
    read = await api.ask("GET", path)
    await api.ask("PUT", f"{path}/state", content=orjson.dumps({"state": "active"}), if_match=read.headers["ETag"])


def _read(file: Path) -> Reading:
    source = file.read_bytes()
    return read(source, plan_text=_published_text(file, source))


def _published_text(file: Path, source: bytes) -> str | None:
    """The published text that the file names, where it lies beside the file."""
    document = grow(source).value
    plan = document.get("plan") if isinstance(document, dict) else None
    name = plan.get("source") if isinstance(plan, dict) else None
    if not isinstance(name, str) or Path(name).name != name:
        return None
    try:
        return (file.parent / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _right(file: Path, reading: Reading) -> PlanFile:
    if reading.plan_file is None:
        raise Stopped(_counted(file, reading.faults), details=[fault.sentence(language()) for fault in reading.faults])
    return reading.plan_file


def _counted(file: Path, faults: tuple[Fault, ...]) -> str:
    return f"{file} has {len(faults)} fault{'' if len(faults) == 1 else 's'}"


def _report(reading: Reading) -> dict[str, Any]:
    plan_file = reading.plan_file
    checked = None if plan_file is None else plan_check(plan_file).model_dump(mode="json")
    return {
        "plan": plan_file and plan_file.plan.code,
        "version": plan_file and version(plan_file),
        "faults": [
            {
                "line": fault.line,
                "path": fault.where,
                "code": fault.code,
                "problem": fault.problem(language()),
                "remedy": fault.remedy(language()),
            }
            for fault in reading.faults
        ],
        "counts": checked and checked["counts"],
        "findings": checked["findings"] if checked else [],
    }


def _half_way(stopped: Stopped, service: str, applied_to: tuple[str, ...], *, dry_run: bool) -> Stopped:
    already = "" if dry_run or not applied_to else f"; applied_to: {', '.join(applied_to)}: run it again to complete it"
    return Stopped(f"{service}: {stopped}{already}", details=stopped.details)


def _version(parts: Parts) -> str:
    return f"version {parts.registry.header.version}"


def _print_changes(service: str, changes: list[dict[str, Any]], *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    counts = Counter(change["change"] for change in changes)
    said = ", ".join(f"{counts[kind]} {would}{done}" for kind, done in DONE.items() if counts[kind])
    print(f"{service}: {said or 'nothing to change'}")
    created: dict[str, list[str]] = {}
    for change in changes:
        if change["change"] == "create":
            created.setdefault(change["kind"], []).append(change["code"])
    for kind, codes in created.items():
        print(f"  + {kind} ({len(codes)}): {', '.join(codes)}")
    for change in changes:
        if change["change"] != "create":
            print(f"  {SIGNS[change['change']]} {change['kind']} {change['code']}")
        if change["change"] == "update":
            for field in change["fields"]:
                print(f"      {_field(field)}")


def _field(field: dict[str, Any]) -> str:
    """A field before and after, and which approved change that takes back."""
    line = f"{field['field']}: {_shown(field['before'])} → {_shown(field['after'])}"
    by = field.get("takes_back")
    return line if by is None else f"{line}; takes back {by['request']} ({by['approval']})"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

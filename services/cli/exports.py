"""A plan as the platform holds it, written to a plan file that applies without any difference."""

import sys
from pathlib import Path

from services.cli.connection import Api
from services.cli.language import language
from services.cli.plans import SERVICES
from services.cli.stopped import Stopped
from services.plan_file.joining import Joined
from services.plan_file.model import version
from services.plan_file.parts import IndicatorsPart, NotifierPart, Parts, RegistryPart
from services.plan_file.writing import written


def write(joined: Joined, file: Path | None) -> None:
    """Write the file, or print it; say what it cannot say."""
    code = joined.plan_file.plan.code
    text = text_of(joined)
    if file is None:
        print(text, end="")
    else:
        file.write_text(text, encoding="utf-8")
        print(f"{file}: plan {code}, version {version(joined.plan_file)}")
    for line in said(joined):
        print(f"duban: {line}", file=sys.stderr)
    if joined.faults:
        faults = [fault.sentence(language()) for fault in joined.faults]
        raise Stopped("what the platform holds makes no right plan file: correct it before applying", details=faults)


async def plan(api: Api, code: str) -> Joined:
    """What each service holds of the plan, put together."""
    found = {}
    for service in SERVICES:
        answer = await api.ask("GET", f"/{service}/v1/plans/{code}/part")
        found[service] = answer.content
    parts = Parts(
        registry=RegistryPart.model_validate_json(found["registry"]),
        indicators=IndicatorsPart.model_validate_json(found["indicators"]),
        notifier=NotifierPart.model_validate_json(found["notifier"]),
    )
    return Joined(parts)


def text_of(joined: Joined) -> str:
    """The file, with what is to be known about it above."""
    return written(joined.plan_file, comments=[f"duban plan export {joined.plan_file.plan.code}", *said(joined)])


def said(joined: Joined) -> list[str]:
    """What the file leaves out or cannot say."""
    lines = [f"{matter} has owners and is neither a target nor a task: left out" for matter in joined.left_out]
    if not joined.plan_file.contacts:
        lines.append("no contacts: the plan has none, or this caller may not see addresses (scope contacts:deliver)")
    for change in joined.differences():
        fields = ", ".join(field.field for field in change.fields)
        lines.append(f"{change.kind} {change.code} was changed in a way that a plan file cannot say: {fields}")
    return lines

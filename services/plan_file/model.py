"""A whole plan file."""

import hashlib
import json
import sys
from typing import Any, Literal

from pydantic import Field

from services.plan_file.measuring import Indicators, PlanTarget, Policies
from services.plan_file.scalars import Day, Item
from services.plan_file.supervision import Digests, Ladder, Sending
from services.plan_file.things import (
    Carriers,
    Contacts,
    Enterprises,
    Groups,
    Industries,
    Plan,
    Projects,
    Responsibilities,
    Rosters,
    Tasks,
    Units,
)

Format = Literal["duban-plan/1"]


class PlanFile(Item):
    """A plan with all that is needed to hold it, to measure it and to supervise it."""

    format: Format
    """Version of this format."""
    plan: Plan
    """What is said of the plan as a whole."""
    industries: Industries = Field(default_factory=list)
    units: Units = Field(default_factory=list)
    contacts: Contacts = Field(default_factory=list)
    carriers: Carriers = Field(default_factory=list)
    enterprises: Enterprises = Field(default_factory=list)
    groups: Groups = Field(default_factory=list)
    projects: Projects = Field(default_factory=list)
    rosters: Rosters = Field(default_factory=list)
    tasks: Tasks = Field(default_factory=list)
    responsibilities: Responsibilities = Field(default_factory=list)
    indicators: Indicators = Field(default_factory=list)
    policies: Policies = Field(default_factory=list)
    targets: list[PlanTarget] = Field(default_factory=list)
    """What is promised (目标), in the order in which it is listed everywhere."""
    ladder: Ladder
    """The levels of supervision (督办阶梯)."""
    sending: Sending
    """The hours within which messages go out."""
    digests: Digests = Field(default_factory=list)


def usual_start(target: PlanTarget, plan: Plan) -> Day:
    """The last day before a target begins, where the file does not say it: its baseline's date, else the plan's start."""
    return plan.start if target.baseline is None else target.baseline.date


def usual(plan_file: PlanFile) -> PlanFile:
    """The same plan with nothing said that goes without saying: bare subjects, no start that is the usual one."""
    plan = plan_file.plan
    own = f"plan:{plan.code}"
    targets = [
        target.model_copy(
            update={
                "start": None if target.start == usual_start(target, plan) else target.start,
                "subject": "plan" if target.subject == own else target.subject,
            }
        )
        for target in plan_file.targets
    ]
    tasks = [task.model_copy(update={"subject": "plan"}) if task.subject == own else task for task in plan_file.tasks]
    return plan_file.model_copy(update={"targets": targets, "tasks": tasks})


def version(plan_file: PlanFile) -> str:
    """Name the content: the first 16 hex digits of SHA-256 over the canonical JSON.

    Layout and comments don't count, nor whether something is said that goes without saying.
    """
    document = usual(plan_file).model_dump(mode="json")
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def json_schema() -> dict[str, Any]:
    """Describe the file for editors (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PlanFile.model_json_schema(mode="validation"),
        "title": "Duban plan file",
    }


if __name__ == "__main__":
    sys.stdout.buffer.write((json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n").encode())

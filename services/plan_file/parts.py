"""What each service is sent when a plan file is applied. Every part names the plan and the version of the whole file."""

from pydantic import Field

from services.plan_file.measuring import PlanIndicator, PlanTarget, Policy
from services.plan_file.model import PlanFile, usual_start, version
from services.plan_file.scalars import Code, Day, Instant, Item, Region, Subject, Text
from services.plan_file.supervision import Digest, Ladder, Sending
from services.plan_file.things import (
    Carrier,
    EnterpriseGroup,
    Industry,
    MatterKind,
    Plan,
    PlanContact,
    PlanEnterprise,
    PlanProject,
    PlanTask,
    PlanUnit,
    Responsibility,
    Roster,
)


class Header(Item):
    """The plan as every service must know it."""

    plan: Code
    """Code of the plan."""
    version: Text
    """Version of the whole plan file."""
    name: Text
    name_en: Text | None = None
    region: Region
    time_zone: Text
    start: Day
    end: Day
    known_from: Instant


class OwnedMatter(Responsibility):
    """Who answers for a target or a task, and what the matter is called, so that a notice can name it."""

    kind: MatterKind
    name: Text
    subject: Subject


class PlacedTarget(PlanTarget):
    """A target with its place in the file, its start and its full subject resolved."""

    ordinal: int
    start: Day


class RegistryPart(Item):
    """What the plan speaks of."""

    header: Header
    plan: Plan
    industries: list[Industry]
    units: list[PlanUnit]
    contacts: list[PlanContact]
    carriers: list[Carrier]
    enterprises: list[PlanEnterprise]
    groups: list[EnterpriseGroup] = Field(default_factory=list)
    projects: list[PlanProject]
    rosters: list[Roster] = Field(default_factory=list)
    tasks: list[PlanTask]
    responsibilities: list[OwnedMatter]


class IndicatorsPart(Item):
    """How the plan is measured."""

    header: Header
    indicators: list[PlanIndicator]
    policies: list[Policy]
    targets: list[PlacedTarget]


class NotifierPart(Item):
    """How the plan is supervised."""

    header: Header
    ladder: Ladder
    sending: Sending
    digests: list[Digest]


class Parts(Item):
    """The three parts of one plan file."""

    registry: RegistryPart
    indicators: IndicatorsPart
    notifier: NotifierPart


def split(plan_file: PlanFile) -> Parts:
    """Divide a checked plan file among the services; bare `plan` subjects become `plan:CODE`."""
    plan = plan_file.plan
    header = Header(
        plan=plan.code,
        version=version(plan_file),
        name=plan.name,
        name_en=plan.name_en,
        region=plan.region,
        time_zone=plan.time_zone,
        start=plan.start,
        end=plan.end,
        known_from=plan.known_from,
    )
    return Parts(
        registry=RegistryPart(
            header=header,
            plan=plan,
            industries=plan_file.industries,
            units=plan_file.units,
            contacts=plan_file.contacts,
            carriers=plan_file.carriers,
            enterprises=plan_file.enterprises,
            groups=plan_file.groups,
            projects=plan_file.projects,
            rosters=plan_file.rosters,
            tasks=[task.model_copy(update={"subject": _full_subject(task.subject, plan)}) for task in plan_file.tasks],
            responsibilities=_owned_matters(plan_file),
        ),
        indicators=IndicatorsPart(
            header=header,
            indicators=plan_file.indicators,
            policies=plan_file.policies,
            targets=[_placed(target, ordinal, plan) for ordinal, target in enumerate(plan_file.targets, start=1)],
        ),
        notifier=NotifierPart(
            header=header, ladder=plan_file.ladder, sending=plan_file.sending, digests=plan_file.digests
        ),
    )


def target_start(target: PlanTarget, plan: Plan) -> Day:
    """Return the last day before the target begins."""
    if target.start is not None:
        return target.start
    return usual_start(target, plan)


def _full_subject(subject: str, plan: Plan) -> str:
    return f"plan:{plan.code}" if subject == "plan" else subject


def _placed(target: PlanTarget, ordinal: int, plan: Plan) -> PlacedTarget:
    fields = dict(target)
    return PlacedTarget(
        **fields
        | {
            "ordinal": ordinal,
            "start": target_start(target, plan),
            "subject": _full_subject(target.subject, plan),
        }
    )


def _owned_matters(plan_file: PlanFile) -> list[OwnedMatter]:
    matters: dict[str, tuple[MatterKind, PlanTarget | PlanTask]] = {}
    matters |= {task.code: ("task", task) for task in plan_file.tasks}
    matters |= {target.code: ("target", target) for target in plan_file.targets}
    owned = []
    for responsibility in plan_file.responsibilities:
        kind, matter = matters[responsibility.matter]
        owned.append(
            OwnedMatter(
                **dict(responsibility),
                kind=kind,
                name=matter.name,
                subject=_full_subject(matter.subject, plan_file.plan),
            )
        )
    return owned

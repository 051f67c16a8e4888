"""What each service is sent when a plan file is applied. Every part names the plan and the version of the whole file."""

from pydantic import Field

from services.plan_file.fields import Name, NameEn
from services.plan_file.measuring import Indicators, PlanTarget, Policies
from services.plan_file.model import PlanFile, usual_start, version
from services.plan_file.scalars import Code, Day, Instant, Item, Region, Subject, Text
from services.plan_file.supervision import Digests, Ladder, Sending
from services.plan_file.things import (
    Carriers,
    Contacts,
    Enterprises,
    Groups,
    Industries,
    MatterKind,
    Plan,
    PlanTask,
    Projects,
    Responsibility,
    Rosters,
    Tasks,
    Units,
)


class Header(Item):
    """The plan as every service must know it."""

    plan: Code
    """Code of the plan."""
    version: Text
    """Version of the whole plan file."""
    name: Name
    name_en: NameEn = None
    region: Region
    """GB/T 2260 code of the government that runs the plan."""
    time_zone: Text
    """IANA name of the zone whose civil dates the plan means."""
    start: Day
    """The last day before the plan begins."""
    end: Day
    """The plan's last day."""
    known_from: Instant
    """What the file brings while the plan is set up counts as known from this instant."""


class OwnedMatter(Responsibility):
    """Who answers for a target or a task, and what the matter is called, so that a notice can name it."""

    kind: MatterKind
    """target 目标 or task 任务."""
    name: Name
    subject: Subject
    """What the matter is about, as kind:code."""


class PlacedTarget(PlanTarget):
    """A target with its place in the file, its start and its full subject resolved."""

    ordinal: int
    """Place among the targets of the plan file, from 1."""
    start: Day
    """The last day before the target begins, worked out where the file does not say it."""


class RegistryPart(Item):
    """What the plan speaks of."""

    header: Header
    """The plan, and the version of the whole file."""
    plan: Plan
    """What is said of the plan as a whole."""
    industries: Industries
    units: Units
    contacts: Contacts
    carriers: Carriers
    enterprises: Enterprises
    groups: Groups = Field(default_factory=list)
    projects: Projects
    rosters: Rosters = Field(default_factory=list)
    tasks: Tasks
    responsibilities: list[OwnedMatter]
    """Which units answer for which targets and tasks (责任分工), with what these are called."""


class IndicatorsPart(Item):
    """How the plan is measured."""

    header: Header
    """The plan, and the version of the whole file."""
    indicators: Indicators
    policies: Policies
    targets: list[PlacedTarget]
    """What is promised (目标), in the order of the file."""


class NotifierPart(Item):
    """How the plan is supervised."""

    header: Header
    """The plan, and the version of the whole file."""
    ladder: Ladder
    """The levels of supervision (督办阶梯)."""
    sending: Sending
    """The hours within which messages go out."""
    digests: Digests


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

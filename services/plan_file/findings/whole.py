"""The whole plan file with what rules look up: objects as places, targets by subject, owners, words of the text."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar

from services.plan_file.findings.finding import Both, ObjectKind, Place, Quote
from services.plan_file.measuring import PlanIndicator, PlanTarget
from services.plan_file.model import PlanFile
from services.plan_file.parts import target_start
from services.plan_file.things import Carrier, PlanEnterprise, PlanProject, PlanTask
from services.plan_file.wording import Heading, ListKind, Mention, Wording

SECTIONS: Final[Mapping[str, ObjectKind]] = {
    "industries": "industry",
    "units": "unit",
    "carriers": "carrier",
    "enterprises": "enterprise",
    "projects": "project",
    "tasks": "task",
    "targets": "target",
    "policies": "policy",
}


Key = TypeVar("Key")
Value = TypeVar("Value")


class Whole:
    """A plan file without faults."""

    def __init__(self, plan_file: PlanFile) -> None:
        self.file = plan_file
        self.plan = plan_file.plan
        self.wording = plan_file.plan.wording or Wording()
        self.indicators: Mapping[str, PlanIndicator] = {each.code: each for each in plan_file.indicators}
        self.enterprises: Mapping[str, PlanEnterprise] = {each.code: each for each in plan_file.enterprises}
        self.projects: Mapping[str, PlanProject] = {each.code: each for each in plan_file.projects}
        self.carriers: Mapping[str, Carrier] = {each.code: each for each in plan_file.carriers}
        self.owners = {each.matter: each for each in plan_file.responsibilities}
        self._places: dict[tuple[str, str], Place] = {}
        for section, kind in SECTIONS.items():
            for index, each in enumerate(getattr(plan_file, section)):
                name_en = getattr(each, "name_en", None)
                place = Place(kind, each.code, each.name, f"/{section}/{index}", name_en)
                self._places.setdefault((kind, each.code), place)
        self.matters: list[PlanTarget | PlanTask] = [*plan_file.targets, *plan_file.tasks]
        self.measures_plan = any(kind_of(target.subject) == "plan" for target in plan_file.targets)
        self._targets = _grouped((target.subject, target) for target in plan_file.targets)
        self._matters = _grouped((matter.subject, matter.code) for matter in self.matters)
        self._located = _grouped((project.carrier, project) for project in plan_file.projects)
        listed: list[tuple[ListKind, PlanEnterprise | PlanProject]] = [
            *(("enterprises", each) for each in plan_file.enterprises),
            *(("projects", each) for each in plan_file.projects),
        ]
        self._of_industry = _grouped(((kind, each.industry), each) for kind, each in listed)
        self._headings = _grouped((code, heading) for heading in self.wording.headings for code in heading.targets)

    def place(self, kind: ObjectKind, code: str) -> Place:
        """Where an object stands."""
        if kind == "plan":
            return Place("plan", self.plan.code, self.plan.name, "/plan", self.plan.name_en)
        return self._places[kind, code]

    def places(
        self, kind: ObjectKind, items: Iterable[PlanTarget | PlanTask | PlanProject | Carrier | PlanEnterprise]
    ) -> list[Place]:
        """Where objects of one kind stand."""
        return [self.place(kind, item.code) for item in items]

    def matter(self, code: str) -> Place:
        """Where a target or task stands."""
        target = self._places.get(("target", code))
        return target or self._places["task", code]

    def matters_on(self, subject: str) -> list[str]:
        """Codes of the targets and tasks on a subject."""
        return self._matters.get(subject, [])

    def targets_on(self, subject: str) -> list[PlanTarget]:
        """Targets on a subject."""
        return self._targets.get(subject, [])

    def listed(self, kind: ListKind, industry: str) -> list[PlanEnterprise | PlanProject]:
        """What a list holds of an industry."""
        return self._of_industry.get((kind, industry), [])

    def projects_in(self, carrier: str) -> list[PlanProject]:
        """Projects that the plan places in a carrier."""
        return self._located.get(carrier, [])

    def subject(self, subject: str) -> Place | None:
        """Where the subject of a target stands; a region stands nowhere in the file."""
        kind, _, code = subject.partition(":")
        if kind == "plan":
            return self.place("plan", self.plan.code)
        return self._places.get((kind, code))

    def subject_name(self, subject: str) -> Both:
        """What a subject is called in a sentence."""
        if subject.partition(":")[0] == "plan":
            return Both("全部", "the whole plan")
        place = self.subject(subject)
        return place.called if place else Both(subject, subject)

    def start(self, target: PlanTarget) -> date:
        """The last day before a target begins."""
        return target_start(target, self.plan)

    def words(self, target: PlanTarget) -> str:
        """The phrase of a target after the headings that govern it."""
        return "，".join([*(heading.phrase for heading in self._headings.get(target.code, ())), target.phrase])

    def headings(self, target: PlanTarget) -> list[Heading]:
        """The headings that govern a target."""
        return self._headings.get(target.code, [])

    def quotes(self, items: Iterable[PlanTarget | PlanTask]) -> list[Quote]:
        """Clause and phrase of targets and tasks."""
        return [Quote(item.clause, item.phrase) for item in items]

    def mentioned(self, *kinds: str) -> Iterator[tuple[Mention, Place]]:
        """Mentions of some kinds, and where they stand; all of them where no kind is named."""
        for index, mention in enumerate(self.wording.mentions):
            if not kinds or mention.kind in kinds:
                yield mention, Place("plan", self.plan.code, mention.phrase, f"/plan/wording/mentions/{index}")


def goal(target: PlanTarget) -> Fraction | None:
    """The value of the last checkpoint; a milestone has none."""
    value = target.checkpoints[-1].value
    return None if value is None else Fraction(value)


def kind_of(subject: str) -> str:
    """`industry` of `industry:bio`."""
    return subject.partition(":")[0]


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups

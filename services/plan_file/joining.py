"""Three parts put together again: the plan file that would divide into them. The way back of `parts.split`."""

from collections.abc import Iterator

from services.plan_file.difference import Change, difference, objects
from services.plan_file.faults import Fault
from services.plan_file.measuring import PlanTarget
from services.plan_file.model import PlanFile, usual
from services.plan_file.parts import OwnedMatter, Parts, PlacedTarget, split
from services.plan_file.rules import check
from services.plan_file.things import Responsibility


class Joined:
    """A plan file made of parts, and what of the parts it cannot say."""

    def __init__(self, parts: Parts) -> None:
        registry, targets = parts.registry, sorted(parts.indicators.targets, key=lambda target: target.ordinal)
        matters = {task.code for task in registry.tasks} | {target.code for target in targets}
        owned = registry.responsibilities
        self.left_out = [each.matter for each in owned if each.matter not in matters]
        """Matters that nobody defines: neither a target nor a task of the plan."""
        self.plan_file = usual(
            PlanFile(
                format="duban-plan/1",
                responsibilities=[_responsibility(each) for each in owned if each.matter in matters],
                targets=[_target(target) for target in targets],
                **{
                    name: getattr(part, name)
                    for part in (registry, parts.indicators, parts.notifier)
                    for name in type(part).model_fields
                    if name not in {"header", "responsibilities", "targets"}
                },
            )
        )
        self.faults: list[Fault] = check(self.plan_file)
        """What keeps the file from being applied."""
        self._parts = parts

    def differences(self) -> Iterator[Change]:
        """What an apply of the file would change all the same: what was said over HTTP and a file cannot say."""
        again = split(self.plan_file)
        for name in ("registry", "indicators", "notifier"):
            before = objects(getattr(self._parts, name))
            yield from difference(before, objects(getattr(again, name)))


def _responsibility(owned: OwnedMatter) -> Responsibility:
    return Responsibility(**{name: getattr(owned, name) for name in Responsibility.model_fields})


def _target(placed: PlacedTarget) -> PlanTarget:
    return PlanTarget(**{name: getattr(placed, name) for name in PlanTarget.model_fields})

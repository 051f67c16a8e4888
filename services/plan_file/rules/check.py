"""All rules, on a whole file or on the part of one service."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from services.plan_file.faults import Fault, Path
from services.plan_file.model import PlanFile
from services.plan_file.parts import IndicatorsPart, NotifierPart, RegistryPart
from services.plan_file.rules.known import Known, duplicates
from services.plan_file.rules.ladders import ladder_faults, sending_faults
from services.plan_file.rules.measures import indicator_faults, policy_faults
from services.plan_file.rules.targets import target_faults
from services.plan_file.rules.things import (
    carrier_faults,
    contact_faults,
    enterprise_faults,
    group_faults,
    group_name_faults,
    plan_faults,
    project_faults,
    responsibility_faults,
    roster_faults,
    task_faults,
    unit_faults,
)
from services.plan_file.rules.wording import wording_faults

THINGS: Final = ("industries", "units", "carriers", "enterprises", "groups", "projects", "rosters")
MEASURES: Final = ("indicators", "policies")
MATTERS: Final = ("tasks", "targets")
"""Lists of what somebody answers for."""

PHRASED: Final = ("tasks", "targets", "responsibilities")
"""Lists whose items quote the published text."""

Codes = Mapping[str, Collection[str] | None]
"""Codes by section; None where nobody knows which there are."""


class Coded(Protocol):
    """What goes by a code."""

    @property
    def code(self) -> str:
        """The code."""


def check(plan_file: PlanFile, *, unread: Codes | None = None, plan_text: str | None = None) -> list[Fault]:
    """Check what must hold across a whole file.

    `unread` are codes that stand in the text in items that could not be read, so that a reference to one of them is no
    second fault. With `plan_text`, every phrase must stand in the published text.
    """
    matters = [*(task.code for task in plan_file.tasks), *(target.code for target in plan_file.targets)]
    codes = {**_codes(plan_file, (*THINGS, *MEASURES)), "matters": matters}
    known = _known(codes, unread or {}, plan_file.plan.code)
    return [
        *_thing_faults(plan_file, known),
        *_measure_faults(plan_file, known),
        *duplicates(
            (each.code, (section, index, "code"))
            for section in MATTERS
            for index, each in enumerate(getattr(plan_file, section))
        ),
        *target_faults(plan_file.targets, plan_file.indicators, plan_file.plan.start, plan_file.plan.end, known),
        *_supervision_faults(plan_file, known),
        *_phrase_faults(plan_file, plan_text),
    ]


def check_part(part: RegistryPart | IndicatorsPart | NotifierPart) -> list[Fault]:
    """Check what must hold within the part of one service; what belongs to another service is taken as it is."""
    plan = part.header.plan
    if isinstance(part, RegistryPart):
        known = _known(_codes(part, THINGS), {}, plan)
        return [*_thing_faults(part, known), *_duplicates_in("tasks", part.tasks)]
    if isinstance(part, IndicatorsPart):
        known = _known(_codes(part, MEASURES), {}, plan)
        return [
            *_measure_faults(part, known),
            *_duplicates_in("targets", part.targets),
            *target_faults(part.targets, part.indicators, part.header.start, part.header.end, known),
        ]
    return list(_supervision_faults(part, _known({}, {}, plan)))


def _codes(holder: PlanFile | RegistryPart | IndicatorsPart, sections: Iterable[str]) -> dict[str, list[str]]:
    return {section: [each.code for each in getattr(holder, section)] for section in sections}


def _known(codes: Mapping[str, Collection[str]], unread: Codes, plan: str) -> Known:
    """Put together what was read and what stands unread; a section of which nobody knows the codes drops out."""
    known: dict[str, Collection[str]] = {}
    for section, read in codes.items():
        others = unread.get(section, ())
        if others is not None:
            known[section] = {*read, *others}
    return Known(known, plan)


def _duplicates_in(section: str, items: Sequence[Coded]) -> Iterator[Fault]:
    return duplicates((item.code, (section, index, "code")) for index, item in enumerate(items))


def _thing_faults(things: PlanFile | RegistryPart, known: Known) -> Iterator[Fault]:
    yield from plan_faults(things.plan)
    yield from wording_faults(things.plan, known)
    for section in THINGS:
        yield from _duplicates_in(section, getattr(things, section))
    yield from duplicates(
        (f"{each.unit} {each.role}", ("contacts", index)) for index, each in enumerate(things.contacts)
    )
    yield from duplicates(
        (each.matter, ("responsibilities", index, "matter")) for index, each in enumerate(things.responsibilities)
    )
    yield from unit_faults(things.units, known)
    yield from contact_faults(things.contacts, known)
    yield from carrier_faults(things.carriers, known)
    yield from enterprise_faults(things.enterprises, known)
    yield from group_faults(things.groups, known)
    yield from group_name_faults(things.groups, things.enterprises, things.projects)
    yield from project_faults(things.projects, known)
    yield from roster_faults(things.rosters, known)
    yield from task_faults(things.tasks, known)
    yield from responsibility_faults(things.responsibilities, known)


def _measure_faults(measures: PlanFile | IndicatorsPart, known: Known) -> Iterator[Fault]:
    for section in MEASURES:
        yield from _duplicates_in(section, getattr(measures, section))
    yield from indicator_faults(measures.indicators, known)
    yield from policy_faults(measures.policies)


def _supervision_faults(supervision: PlanFile | NotifierPart, known: Known) -> Iterator[Fault]:
    yield from _duplicates_in("digests", supervision.digests)
    yield from ladder_faults(supervision.ladder, known)
    yield from sending_faults(supervision.sending, supervision.digests)


def _phrase_faults(plan_file: PlanFile, plan_text: str | None) -> Iterator[Fault]:
    if plan_text is None:
        return
    phrases: list[tuple[Path, str | None]] = [
        ((section, index, "phrase"), item.phrase)
        for section in PHRASED
        for index, item in enumerate(getattr(plan_file, section))
    ]
    wording = plan_file.plan.wording
    for section in ("headings", "mentions") if wording is not None else ():
        items = enumerate(getattr(wording, section))
        phrases += [(("plan", "wording", section, index, "phrase"), item.phrase) for index, item in items]
    for path, phrase in phrases:
        if phrase is not None and phrase not in plan_text:
            yield Fault("phrase_not_in_plan", path, {"given": phrase})

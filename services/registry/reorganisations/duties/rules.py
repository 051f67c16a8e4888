"""What names a unit and is open, kind by kind, and how a name in it is handed over. Responsibilities are kept apart.

What is closed, and what was said and written, keeps the unit under which it was.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.registry.plans.rules import SECTIONS
from services.registry.prospects.rules import OVER, last_day
from services.registry.responsibilities.rules import in_force
from services.registry.versions.rules import Content

Key = tuple[str, str]
"""Kind and code of a duty; of what is a plan's, its code is `plan/code`."""
Heir = Callable[[str], str]
"""Who stands for a unit afterwards: itself, or who takes this over from it."""


def _always(_duty: Content, _day: str) -> bool:
    return True


def _proposed(case: Content, _day: str) -> bool:
    return bool(case["state"] == "proposed")


def _worked_on(prospect: Content, _day: str) -> bool:
    return prospect["stage"] not in OVER


def _not_settled(problem: Content, _day: str) -> bool:
    return problem["settled_on"] is None


def _not_over(activity: Content, day: str) -> bool:
    return last_day(activity) >= day


def _nobody(_duty: Content) -> Collection[str]:
    return ()


def _said_yes(step: Content) -> Collection[str]:
    """The reviewers of whom nothing is waited for: their opinion stands under their own name."""
    return {opinion["unit"] for opinion in step["opinions"] if opinion["view"] != "object"}


@dataclass(frozen=True)
class Duty:
    """How things of one kind name units, and when they are open on a day (ISO)."""

    zh: str
    names: tuple[str, ...]
    """Fields with the code of a unit, or with a list of them."""
    is_open: Callable[[Content, str], bool]
    stays: Callable[[Content], Collection[str]] = _nobody
    """Units that it names for what they have said already."""
    before: Mapping[str, str] = field(default_factory=dict)
    """Fields that keep who was named in another one before."""
    case: bool = False
    """Whether it keeps every act in order, and so this one too."""


DUTIES: Final[Mapping[str, Duty]] = {
    "roster": Duty("名册", ("unit",), _always),
    "instrument": Duty("政策工具", ("unit",), in_force),
    "prospect": Duty("招商对象", ("unit",), _worked_on),
    "activity": Duty("招商活动", ("units",), _not_over),
    "leader_contact": Duty("领导联系", ("leader", "liaison"), in_force),
    "problem": Duty(
        "上报问题", ("leader", "raised_by", "unit"), _not_settled, before={"unit": "former_units"}, case=True
    ),
    "change_request": Duty("变更申请", ("unit",), _proposed, case=True),
    "project_step": Duty("项目流转", ("reviewers",), _proposed, _said_yes, case=True),
}

BROUGHT: Final = frozenset(SECTIONS.values())
"""Kinds that plan files bring too: what they said before is kept, so that no file brings it back."""


def named(kind: str, duty: Content) -> set[str]:
    """The units that a duty names and that have to do something about it."""
    found = {unit for name in DUTIES[kind].names for unit in units_in(duty[name])}
    return found - {*DUTIES[kind].stays(duty)}


def units_in(value: str | list[str] | None) -> list[str]:
    """The units that a field names."""
    return value if isinstance(value, list) else [] if value is None else [value]


def handed_over(kind: str, duty: Content, heir: Heir) -> Content:
    """The duty with each unit replaced by who took it over; no unit is listed twice."""
    stays = DUTIES[kind].stays(duty)
    now: Content = {}
    for name in DUTIES[kind].names:
        before = units_in(duty[name])
        after = [unit if unit in stays else heir(unit) for unit in before]
        if after != before:
            now[name] = list(dict.fromkeys(after)) if isinstance(duty[name], list) else after[0]
    for name, former in DUTIES[kind].before.items():
        if name in now:
            now[former] = list(dict.fromkeys([*duty[former], duty[name]]))
    if not now:
        return duty
    return replaced(duty, now) if kind in BROUGHT else {**duty, **now}


def moves(kind: str, before: Content, after: Content) -> dict[str, tuple[list[str], list[str]]]:
    """The fields whose units a hand-over changed: those named before, and those afterwards."""
    names = (name for name in DUTIES[kind].names if after[name] != before[name])
    return {name: (units_in(before[name]), units_in(after[name])) for name in names}


def replaced(brought: Content, now: Content) -> Content:
    """An object with fields changed; what they said before is kept as superseded, so that no plan file brings it back."""
    before = brought.get("superseded", {})
    kept = {name: [*before.get(name, []), brought[name]] for name in now if brought[name] != now[name]}
    return {**brought, **now, "superseded": {**before, **kept}}


def title(duty: Content) -> str:
    """What people call it."""
    return str(duty.get("title") or duty.get("name") or duty["subject"])


def matters_of(duty: Content, matters: Mapping[Key, Content]) -> set[Key]:
    """The matters (plan and code) that a duty is about: the target or task that it names, or those of its subject."""
    matter = duty.get("target") or duty.get("task")
    if matter is not None:
        return {(duty["plan"], matter)}
    subject = duty["subject"] if "subject" in duty else f"project:{duty.get('project')}"
    return {key for key, one in matters.items() if one["subject"] == subject}

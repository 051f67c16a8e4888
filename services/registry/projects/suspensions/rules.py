"""Pauses of a project (中止计时): which days they take out, and that no day is taken twice."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from services.kit.errors import Faulty
from services.registry.cases.rules import PROPOSAL, Ways
from services.registry.projects.kinds.rules import FINAL, STAGES
from services.registry.versions.rules import Content

Cause = Literal["factors", "force_majeure", "policy", "planning"]

CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "factors": ("要素制约", "land, energy or other factors are withheld"),
    "force_majeure": ("不可抗力", "force majeure"),
    "policy": ("政策调整", "a change of policy"),
    "planning": ("规划调整", "a change of planning"),
}
"""Why a project may be paused."""

ALWAYS: Final = frozenset({"terminate"})
"""Steps that may be dated within a pause."""

WAYS: Final[Ways] = {
    **PROPOSAL,
    "move_end": (frozenset({"approved"}), "approved"),
    "annul": (frozenset({"approved"}), "annulled"),
}


def columns(suspension: Content) -> dict[str, object]:
    """The columns of the row of today."""
    return {
        **{name: suspension[name] for name in ("project", "number", "state", "cause")},
        **{name: date.fromisoformat(suspension[name]) for name in ("first_day", "last_day")},
    }


class Said(NamedTuple):
    """Where in what was sent the first and the last day of a pause are said, or what stands for them."""

    first: str
    last: str


SAID: Final = Said("/body/first_day", "/body/last_day")


def faults(first_day: str, last_day: str) -> Iterator[Faulty]:
    """What is wrong with the days of a pause by themselves."""
    if last_day < first_day:
        yield Faulty(
            SAID.last,
            "dates-reversed",
            f"it ends on {last_day}, before it begins on {first_day}",
            f"终止日期 {last_day} 早于起始日期 {first_day}",
        )


def overlap_faults(pauses: Sequence[Content], pause: Content, said: Said = SAID) -> Iterator[Faulty]:
    """A fault for each approved pause that has days in common with another one: no day is taken out twice.

    `said` is where whoever asks says the days of the pause.
    """
    for other in pauses:
        if (
            other["number"] != pause["number"]
            and other["first_day"] <= pause["last_day"]
            and pause["first_day"] <= other["last_day"]
        ):
            yield Faulty(
                said.first,
                "overlaps",
                f"suspension {other['number']} has the days from {other['first_day']} to {other['last_day']} already",
                f"与第 {other['number']} 号中止（{other['first_day']} 至 {other['last_day']}）重叠",
            )


def lived_faults(life: Content, steps: Sequence[Content], pause: Content, said: Said = SAID) -> Iterator[Faulty]:
    """A fault for each approved step that was taken on a day of the pause, and one where it outlasts the project."""
    for step in steps:
        if step["step"] not in ALWAYS and pause["first_day"] <= step["on"] <= pause["last_day"]:
            yield Faulty(
                said.first,
                "step-within",
                f"step {step['number']}, {step['step']}, was taken on {step['on']}: a pause has no day of a step; let it "
                f"end before {step['on']} or begin after it",
                f"第 {step['number']} 号步骤“{step['name']}”于 {step['on']} 完成，不能落在中止期内；"
                f"请在 {step['on']} 之前结束或之后开始",
            )
    if life["stage"] in FINAL and pause["last_day"] > life["since"]:
        yield Faulty(
            said.last,
            "after-the-end",
            f"the project is {life['stage']} since {life['since']}: a pause ends by then",
            f"项目已于 {life['since']} 进入“{STAGES[life['stage']][0]}”，中止应在此之前结束",
        )


def approved(pauses: Sequence[Content], pause: Content) -> list[Content]:
    """The pauses of a life with this one as it is now, the earliest first."""
    kept = {name: pause[name] for name in ("number", "first_day", "last_day")}
    others = [other for other in pauses if other["number"] != pause["number"]]
    return sorted([*others, kept], key=lambda each: (each["first_day"], each["number"]))


def without(pauses: Sequence[Content], number: int) -> list[Content]:
    """The pauses of a life without one."""
    return [other for other in pauses if other["number"] != number]


def pause_on(pauses: Sequence[Content], day: date) -> Content | None:
    """The pause to which a day belongs."""
    said = day.isoformat()
    return next((pause for pause in pauses if pause["first_day"] <= said <= pause["last_day"]), None)


def stopped_days(pauses: Sequence[Content], after: date, until: date) -> int:
    """How many days of (after, until] belong to a pause; a day that two pauses name counts once."""
    count, reached = 0, after
    for pause in sorted(pauses, key=lambda each: str(each["first_day"])):
        first = max(date.fromisoformat(pause["first_day"]), reached + timedelta(days=1))
        last = min(date.fromisoformat(pause["last_day"]), until)
        if first <= last:
            count += (last - first).days + 1
            reached = last
    return count


def moved_by(day: date, pauses: Sequence[Content], after: date) -> date:
    """A planned day, later by the paused days after `after` up to it, those that it meets on the way included."""
    moved = day
    while (later := day + timedelta(days=stopped_days(pauses, after, moved))) != moved:
        moved = later
    return moved

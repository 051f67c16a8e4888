"""Prospects (招商引资对象): the way from a first lead to landed, how much of a contact person is shown, the funnel."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from services.kit.errors import Conflict, Faulty
from services.plan_file.scalars import plain, total
from services.registry.versions.rules import HENCEFORTH, Content, Reference, searched

Stage = Literal["lead", "contact", "talks", "visit", "signed", "landed", "lost"]
ActivityKind = Literal["promotion", "visit", "summit", "briefing"]

STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "lead": ("线索", "lead"),
    "contact": ("接洽", "contact"),
    "talks": ("洽谈", "talks"),
    "visit": ("考察", "visit"),
    "signed": ("签约", "signed"),
    "landed": ("落地", "landed"),
    "lost": ("流失", "lost"),
}
"""The stages in their order, with what bureaus call them."""

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "lead": frozenset({"contact", "lost"}),
    "contact": frozenset({"talks", "lost"}),
    "talks": frozenset({"visit", "signed", "lost"}),
    "visit": frozenset({"talks", "signed", "lost"}),
    "signed": frozenset({"talks", "landed", "lost"}),
    "landed": frozenset(),
    "lost": frozenset({"contact"}),
}
"""The stages that may come after each: a visit may be left out, a signature may fall through, what was lost may come back."""

ORDER: Final = tuple(STAGES)
OVER: Final = frozenset({"landed", "lost"})
"""Stages at which nobody works on a prospect any more."""

ZONE: Final = "Asia/Shanghai"
"""A prospect belongs to no plan yet, so its days are those of the country's one time zone."""

OF_ITS_OWN: Final[Content] = {
    "stage": "lead",
    "stage_since": None,
    "lost_because": None,
    "enterprise": None,
    "project": None,
}
"""What steps and the landing say of a prospect, at first; a replacement does not change it."""

MASK: Final = "***"


class WrongStage(Conflict):
    """The prospect is not at the stage for this step."""

    code = "wrong-stage"

    def __init__(self, stage: str, to: str) -> None:
        after = [one for one in ORDER if one in STEPS[stage]]
        en = " or ".join(after) or "nothing else"
        zh = "或".join(f"“{STAGES[one][0]}”" for one in after)
        super().__init__(
            f"the prospect is at {stage}; from there it can come to {en}, not to {to}",
            zh=f"该对象处于“{STAGES[stage][0]}”阶段，"
            + (f"可变为{zh}" if zh else "不再变化")
            + f"，不能变为“{STAGES[to][0]}”",
        )


@dataclass(frozen=True)
class Reached:
    """A step of a prospect: which stage it came to on which day; and what is expected of it, in 万元."""

    prospect: str
    stage: str
    day: date
    investment: Decimal | None


def columns(prospect: Content) -> dict[str, object]:
    """The columns of the row of today."""
    names = (prospect["name"], prospect["group"], prospect["origin"], prospect["code"])
    own = {name: prospect[name] for name in ("name", "industry", "unit", "stage", "enterprise", "project")}
    return {**own, **searched(*names)}


def references(prospect: Content, at: str = "/body") -> Iterator[Reference]:
    """The industry and the unit that a prospect names, which must be there."""
    yield Reference(f"{at}/industry", "industry", prospect["industry"])
    until = prospect["stage_since"] if prospect["stage"] in OVER else HENCEFORTH
    yield Reference(f"{at}/unit", "unit", prospect["unit"], until)


def activity_columns(activity: Content) -> dict[str, object]:
    """The columns of an activity's row of today."""
    own = {name: activity[name] for name in ("name", "kind", "units", "met")}
    days = {"day": date.fromisoformat(activity["day"])}
    return {**own, **days, **searched(activity["name"], activity["place"], activity["code"])}


def activity_references(activity: Content, at: str = "/body") -> Iterator[Reference]:
    """The units that took part and the prospects that were met, which must be there."""
    for place, code in enumerate(activity["units"]):
        yield Reference(f"{at}/units/{place}", "unit", code, last_day(activity))
    for place, code in enumerate(activity["met"]):
        yield Reference(f"{at}/met/{place}", "prospect", code)


def last_day(activity: Content) -> str:
    """The last day of an activity (ISO)."""
    return str(activity["until"] or activity["day"])


def step_references(prospect: Content, to: str) -> Iterator[Reference]:
    """The unit that works on a prospect after a step: what was lost may come back when that unit is dissolved."""
    if to not in OVER:
        yield Reference("/body/to", "unit", prospect["unit"], HENCEFORTH)


def activity_faults(activity: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with an activity by itself."""
    if activity["until"] is not None and activity["until"] < activity["day"]:
        yield Faulty(
            f"{at}/until",
            "dates-reversed",
            f"it ends on {activity['until']}, before it begins on {activity['day']}",
            f"结束日 {activity['until']} 早于开始日 {activity['day']}",
        )


def contact_faults(contact: Mapping[str, str | None] | None, at: str = "/body/contact") -> Iterator[Faulty]:
    """A contact person as it was shown masked is not taken for a new one."""
    for name, value in (contact or {}).items():
        if value is not None and MASK in value:
            yield Faulty(
                f"{at}/{name}",
                "masked",
                "this is what is shown instead of it; leave contact out to keep the person as it is",
                "这是脱敏后的内容；如不修改联系人，请不要填写 contact",
            )


def check_step(prospect: Content, to: str) -> None:
    """Refuse a step that the stages do not have."""
    if to not in STEPS[prospect["stage"]]:
        raise WrongStage(prospect["stage"], to)


def step_faults(prospect: Content, to: str, text: str | None, on: date, today: date) -> Iterator[Faulty]:
    """What a step lacks: a reason for a loss, a day that is over and not before the last one."""
    if to == "landed":
        yield Faulty(
            "/body/to",
            "by-landing",
            "POST …/landing lands a prospect: it needs the enterprise and the project",
            "落地请用 POST …/landing：须同时填写企业和项目",
        )
    if to == "lost" and text is None:
        yield Faulty("/body/text", "reason-needed", "why was it lost?", "流失须说明原因")
    yield from day_faults(prospect, on, today)


def since_faults(present: Content | None, prospect: Content, today: date, at: str = "/body") -> Iterator[Faulty]:
    """The day of the first lead is over, and is that of the first step, which stays."""
    if present is None:
        yield from day_faults({"stage_since": None}, date.fromisoformat(prospect["since"]), today, f"{at}/since")
    elif prospect["since"] != present["since"]:
        said = (f"it is known since {present['since']}; that stays", f"首次线索日为 {present['since']}，不可更改")
        yield Faulty(f"{at}/since", "fixed", *said)


def day_faults(prospect: Content, on: date, today: date, at: str = "/body/on") -> Iterator[Faulty]:
    """A step's day is over, and not before that of the step before it."""
    since = prospect["stage_since"]
    if on > today:
        yield Faulty(at, "in-future", f"it is {today} today", f"今天是 {today}，不能晚于今天")
    if since is not None and on.isoformat() < since:
        yield Faulty(
            at,
            "before-the-last",
            f"it came to {prospect['stage']} on {since}; this step cannot be earlier",
            f"该对象于 {since} 进入“{STAGES[prospect['stage']][0]}”阶段，本步骤不能更早",
        )


def stepped(prospect: Content, to: str, on: date, text: str | None) -> Content:
    """The prospect after a step."""
    lost = text if to == "lost" else None
    return {**prospect, "stage": to, "stage_since": on.isoformat(), "lost_because": lost}


def landing_faults(landing: Mapping[str, Any]) -> Iterator[Faulty]:
    """A landing names one enterprise and one project, each there already or new."""
    for name in ("enterprise", "project"):
        if (landing[name] is None) == (landing[f"new_{name}"] is None):
            yield Faulty(
                f"/body/{name}",
                "one-of-two",
                f"either {name}, the code of one that is there, or new_{name} is needed",
                f"应填写且只填写 {name}（已有代码）或 new_{name}（新建）之一",
            )


def enterprise_faults(project: Content, enterprise: str, at: str) -> Iterator[Faulty]:
    """The project is that of the enterprise."""
    if project["enterprise"] not in {None, enterprise}:
        yield Faulty(
            at,
            "other-enterprise",
            f"it is a project of {project['enterprise']}, not of {enterprise}",
            f"该项目属于企业 {project['enterprise']}，不是 {enterprise}",
        )


def keeps(scopes: Collection[str], unit: str | None, prospect: Mapping[str, Any]) -> bool:
    """Whether somebody works on a prospect: its own unit's, with the right to write it. They must reach who it is."""
    return "prospects:write" in scopes and unit is not None and unit == prospect["unit"]


def locked_as(code: str) -> str:
    """The purpose under which a prospect's contact person is locked."""
    return f"prospect/{code}"


def masked(contact: Mapping[str, str | None]) -> dict[str, str | None]:
    """A contact person of whom no more is shown than that there is one: 张***, 1***, z***@***."""
    return {name: None if value is None else _hidden(name, value) for name, value in contact.items()}


def _hidden(name: str, value: str) -> str:
    return f"{value[:1]}{MASK}@{MASK}" if name == "email" else f"{value[:1]}{MASK}"


def funnel(steps: Iterable[Reached], as_of: date) -> list[dict[str, Any]]:
    """By stage, as of the end of a day: how many stand there, how many ever came so far, and what those there may invest.

    `steps` are in the order in which they were made; those of later days do not count. What was lost or fell back came as
    far as it came.
    """
    standing: dict[str, Reached] = {}
    furthest: dict[str, int] = {}
    for step in steps:
        if step.day <= as_of:
            standing[step.prospect] = step
            if step.stage != "lost":
                furthest[step.prospect] = max(furthest.get(step.prospect, 0), ORDER.index(step.stage))
    return [_stage(stage, list(standing.values()), list(furthest.values())) for stage in ORDER]


def _stage(stage: str, standing: Sequence[Reached], furthest: Sequence[int]) -> dict[str, Any]:
    here = [step for step in standing if step.stage == stage]
    place = ORDER.index(stage)
    return {
        "stage": stage,
        "name": STAGES[stage][0],
        "here": len(here),
        "reached": len(here) if stage == "lost" else sum(one >= place for one in furthest),
        "investment": plain(total(step.investment for step in here if step.investment is not None)),
    }

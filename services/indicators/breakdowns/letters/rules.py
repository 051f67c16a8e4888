"""What a letter of responsibility (目标责任书) says, sentence by sentence. Chinese, as bureaus sign it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from services.kit.errors import Conflict
from services.plan_file import codes
from services.plan_file.measuring import OWN_UNITS
from services.plan_file.scalars import plain

MEASURES: Final[Mapping[str, str]] = {
    "level": "",
    "annual": "全年",
    "growth": "增速",
    "mean_growth": "年均增速",
    "multiple": "达到基期的倍数",
    "cumulative": "累计",
}
"""How a measure is called before its number."""

OPERATORS: Final[Mapping[str, str]] = codes.OPERATORS.labels
ROLES: Final[Mapping[str | None, str]] = {"lead": "牵头", "support": "配合", None: "分解"}
"""A unit that neither leads nor supports may still have a part."""

ASKED: Final = ("checkpoints", "upper", "operator", "state", "measure")
"""The fields of a target of which the table says what is asked for."""

TARGET_HEADS: Final = ("序号", "目标", "职责", "总体要求", "本单位任务", "条款及原文")
TASK_HEADS: Final = ("序号", "任务", "职责", "条款及原文")


class NothingToSign(Conflict):
    """The plan asks nothing of the unit."""

    code = "nothing-to-sign"

    def __init__(self, unit: str, plan: str, following: Collection[str]) -> None:
        en = f"; its open tasks went on in {', '.join(sorted(following))}" if following else ""
        zh = f"；其未完成任务已转入 {'、'.join(sorted(following))}" if following else ""
        super().__init__(
            f"{unit} leads, supports and has a part of nothing in {plan}{en}: there is nothing to sign",
            zh=f"{unit}在《{plan}》中不承担目标和任务{zh}，无须签订责任书",
            pointer="/path/unit",
        )


@dataclass(frozen=True)
class Matter:
    """A target or a task of a unit, with the plan's own words."""

    code: str
    name: str
    role: str | None
    clause: str
    phrase: str
    goal: Decimal | None = None
    upper: Decimal | None = None
    operator: str | None = None
    measure: str = ""
    unit_of_measure: str = ""
    state: str | None = None
    goal_on: date | None = None
    parts: tuple[tuple[int | None, Decimal], ...] = ()
    """The unit's own parts: of a year, or of no year in particular."""
    source: str | None = None
    """The plan whose words they are, where it is another one, which this one continues."""
    approval: str | None = None
    """Number of the document (批准文号) by which it asks for something else than the words do."""


@dataclass(frozen=True)
class Letter:
    """All that a letter is made of."""

    plan: str
    unit: str
    issuer: str
    first: date
    """The last day before the plan begins."""
    last: date
    signed_on: date
    targets: Sequence[Matter]
    tasks: Sequence[Matter]


def day(of: date) -> str:
    """A day as official documents write it: 2018年7月16日."""
    return f"{of.year}年{of.month}月{of.day}日"


def title(letter: Letter) -> tuple[str, str]:
    """The two lines of the title."""
    return letter.plan, "目标责任书"


def opening(letter: Letter) -> str:
    """Why there is a letter."""
    return (
        f"为确保《{letter.plan}》各项目标任务落到实处，明确责任，{letter.issuer}与{letter.unit}签订本责任书。"
        f"{letter.unit}承担目标{len(letter.targets)}项、任务{len(letter.tasks)}项。"
    )


def term(letter: Letter) -> str:
    """From when to when."""
    return f"自{day(letter.first + timedelta(days=1))}起至{day(letter.last)}止。各项目标另有时限的，从其时限。"


def duties() -> Iterator[str]:
    """What whoever signs undertakes."""
    yield "（一）主要负责人为第一责任人，指定联络员，按月如实报送进展和佐证材料。"
    yield "（二）目标滞后或任务受阻的，及时说明原因、提出整改措施和完成时限。"
    yield "（三）完成情况纳入年度目标责任考核。"


def signatures(letter: Letter) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both parties: who, its seal, who signs, when."""
    blank = "　　　年　　月　　日"
    return (
        (letter.issuer, "（盖章）", "代表签字：", blank),
        (letter.unit, "（盖章）", "主要负责人签字：", blank),
    )


def target_rows(letter: Letter) -> Iterator[tuple[str, ...]]:
    """The table of targets."""
    for number, matter in enumerate(letter.targets, start=1):
        name = f"{matter.name}（{matter.code}）"
        yield str(number), name, ROLES[matter.role], asked(matter), own(matter), quoted(matter)


def task_rows(letter: Letter) -> Iterator[tuple[str, ...]]:
    """The table of tasks."""
    for number, matter in enumerate(letter.tasks, start=1):
        yield str(number), f"{matter.name}（{matter.code}）", ROLES[matter.role], quoted(matter)


def quoted(matter: Matter) -> str:
    """Clause and phrase, of which plan where it is another one, and what was approved since where they say less or more."""
    of = "" if matter.source is None else f"《{matter.source}》"
    said = f"{of}{matter.clause}：“{matter.phrase}”"
    return said if matter.approval is None else f"{said}；经批准调整为{asked(matter)}（{matter.approval}）"


def approval(target: Mapping[str, Any], changes: Sequence[tuple[Mapping[str, Any], str | None]]) -> str | None:
    """By which of the approved changes of a target it asks for what it does: the last one that says what is in force.

    One that was approved and not taken over, or was taken back since, says something else.
    """
    found = None
    for change, number in changes:
        said = [name for name in ASKED if name in change]
        if said and all(target[name] == change[name] for name in said):
            found = number
    return found


def asked(matter: Matter) -> str:
    """What the plan asks for as a whole, and by when."""
    by = "" if matter.goal_on is None else f"{day(matter.goal_on)}前"
    if matter.goal is None:
        return f"{by}：{matter.state}"
    unit = OWN_UNITS.get(matter.measure, matter.unit_of_measure)
    if matter.upper is not None:
        return f"{by}{MEASURES[matter.measure]}{plain(matter.goal)}至{plain(matter.upper)}{unit}"
    return f"{by}{MEASURES[matter.measure]}{OPERATORS[matter.operator or '=']}{plain(matter.goal)}{unit}"


def own(matter: Matter) -> str:
    """What falls to the unit: by year where it is divided so, else in all; the whole where it is not divided."""
    if not matter.parts:
        return "与总体要求相同" if matter.role == "lead" else "配合牵头单位完成"
    by_year = [f"{year}年{plain(value)}{matter.unit_of_measure}" for year, value in matter.parts if year is not None]
    in_all = [f"合计{plain(value)}{matter.unit_of_measure}" for year, value in matter.parts if year is None]
    return "；".join([*by_year, *in_all])

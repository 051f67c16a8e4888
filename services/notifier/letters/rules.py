"""The words of a notice (督办通知单) and of a digest (督办提示), in Chinese. Pure: the same facts give the same letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.plan_file import codes

SYNTHETIC = "【演示数据】本邮件所载数据均为合成数据，仅供演示，不是真实督办。"
LIGHTS = codes.LIGHTS.labels
HANDED_OVER = "责任单位变更"
SAID = ("report_overdue", "final_report_missing", "checkpoint_missed")
"""Reasons that a letter gives: a bureau can do something about them."""
REASONS = {**{code: codes.LIGHT_REASONS.labels[code] for code in SAID}, "handed_over": HANDED_OVER}
ASKS = {"acknowledgement": "签收", "reply": "书面回复原因、整改措施和承诺完成日期"}


@dataclass(frozen=True)
class Facts:
    """What a letter says about one matter, as the light was judged; exact numbers as text."""

    code: str
    name: str
    light: str
    reason: str | None = None
    measured_in: str | None = None
    goal: str | None = None
    goal_on: date | None = None
    actual: str | None = None
    scheduled: str | None = None
    gap: str | None = None
    lag_pp: str | None = None
    coverage_date: date | None = None


@dataclass(frozen=True)
class Heading:
    """What every letter names: the plan, the addressed unit, the issuing unit, the day, and whether it is a show."""

    plan_name: str
    unit: str
    issued_by: str
    on: date
    synthetic: bool


@dataclass(frozen=True)
class Line:
    """A matter in a digest."""

    facts: Facts
    level: str
    asks: str
    limit_on: date | None
    link: str


@dataclass(frozen=True)
class Letter:
    """A subject and a text."""

    subject: str
    body: str


def day(on: date) -> str:
    """A day as officials write it: 2018年7月16日."""
    return f"{on.year}年{on.month}月{on.day}日"


def civil_day(instant: datetime, zone: str) -> date:
    """The day that people in `zone` write at `instant`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def situation(facts: Facts) -> str:
    """Where a matter stands, in one or two sentences."""
    measured = facts.measured_in or ""
    if facts.actual is not None and facts.scheduled is not None:
        said = [f"实际{facts.actual}{measured}", f"序时应达{facts.scheduled}{measured}"]
        if facts.goal is not None:
            said.insert(0, f"目标{facts.goal}{measured}")
        if facts.gap is not None:
            said.append(f"差距{facts.gap}{'个百分点' if measured == '%' else measured}")
        if facts.lag_pp is not None:
            said.append(f"滞后{facts.lag_pp}个百分点")
        text = "，".join(said)
    elif facts.goal_on is not None:
        text = f"应于{day(facts.goal_on)}前完成" + (f"，已相差{_days(facts.gap)}天" if facts.gap is not None else "")
    else:
        text = "暂无可比数据"
    covered = f"（数据截至{day(facts.coverage_date)}）" if facts.coverage_date is not None else ""
    why = f"；原因：{REASONS[facts.reason]}" if facts.reason in REASONS else ""
    return f"{LIGHTS[facts.light]}，{text}{covered}{why}。"


def _quoted(facts: Facts) -> str:
    """Code and name; quotation marks within the name are the inner ones (GB/T 15834 4.8.3.3)."""
    return f"{facts.code}“{facts.name.replace('“', '‘').replace('”', '’')}”"


def _days(gap: str) -> str:
    return gap.removeprefix("-")


def stand_in_note(people: Sequence[tuple[str, str]]) -> str:
    """What a message says under its text where persons stand in (代理): who for whom; nothing where nobody does."""
    if not people:
        return ""
    return "\n\n" + "；".join(f"本件由{person}代{absent}签收办理" for person, absent in dict.fromkeys(people)) + "。"


def notice_letter(  # one argument per thing that the letter says
    heading: Heading, facts: Facts, *, level: str, asks: str, limit_on: date | None, copies: Sequence[str], link: str
) -> Letter:
    """A notice of its own about one matter (一事一单)."""
    until = f"请于{day(limit_on)}前{ASKS[asks]}。" if limit_on is not None else f"请{ASKS[asks]}。"
    lines = [
        *_opening(heading),
        f"贵单位牵头负责的{_quoted(facts)}进度滞后：",
        situation(facts),
        "",
        until,
        f"签收：{link}",
    ]
    if copies:
        lines.append(f"抄送：{'、'.join(copies)}")
    return Letter(f"{level}：{facts.code} {facts.name}", "\n".join([*lines, *_closing(heading)]))


def digest_letter(heading: Heading, name: str, lines: Sequence[Line]) -> Letter:
    """The digest of one unit: every open matter, one after the other."""
    body = [*_opening(heading), f"贵单位牵头负责的事项中，以下{len(lines)}项尚未办结：", ""]
    for number, line in enumerate(lines, start=1):
        limit = f"于{day(line.limit_on)}前" if line.limit_on is not None else ""
        body += [
            f"{number}. {_quoted(line.facts)}【{line.level}】",
            f"   {situation(line.facts)}",
            f"   要求{limit}{ASKS[line.asks]}。签收：{line.link}",
        ]
    return Letter(
        f"督办提示：{heading.plan_name}{name}（{day(heading.on)}，{len(lines)}项）",
        "\n".join([*body, *_closing(heading)]),
    )


def _opening(heading: Heading) -> list[str]:
    marked = [SYNTHETIC, ""] if heading.synthetic else []
    return [*marked, f"{heading.unit}：", "", f"根据《{heading.plan_name}》，"]


def _closing(heading: Heading) -> list[str]:
    return ["", heading.issued_by, day(heading.on)]

"""Figures as clerks fill them in: which field a header names, and cells as they are meant. Pure.

What is made of a row here is what `intake.rules` reads; what cannot be made out stays as it was written, and is a fault there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from services.indicators.observations.intake.rules import COLUMNS, Wrong
from services.kit.amounts import FULL, MONEY, NOTHING, amount, at_large, bare, canonical, is_money, unit_in, words
from services.kit.amounts import compact as _plain

TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "indicator": ("指标代码", "指标", "指标编码"),
    "indicator_name": ("指标名称",),
    "subject": ("对象代码", "对象", "考核对象"),
    "subject_name": ("对象名称",),
    "period": ("报告期", "报送期", "所属期", "期别"),
    "value": ("数值", "观测值", "本期数", "本期值"),
    "unit": ("计量单位",),
    "comparable_base": ("上年同期", "上年同期数", "同期数"),
    "reporter": ("报送单位", "填报单位"),
    "class": ("数据类别", "类别"),
    "status": ("状态", "数据状态"),
    "note": ("备注", "说明"),
    "recorded_at": ("记录时间", "录入时间"),
    "id": ("内部编号",),
}
"""What people call each field; the first is how a template calls it."""
MILESTONE_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "target": ("里程碑代码", "里程碑", "目标代码"),
    "done_on": ("完成日期", "达成日期"),
    "evidence": ("依据", "完成依据", "佐证材料"),
    "recorded_at": ("记录时间", "录入时间"),
    "plan": ("计划代码", "计划", "方案"),
    "reporter": ("报送单位", "填报单位"),
    "note": ("备注", "说明"),
}
"""What people call the fields of milestones reached."""
PASSED: Final[Mapping[str, str]] = {
    "number": "序号",
    "period_end": "期末",
    "entered_value": "录入值",
    "entered_unit": "录入单位",
    "recorded_by": "记录人",
    "rejected_at": "退回时间",
    "rejected_by": "退回人",
    "rejection_note": "退回原因",
}
"""Columns that exports and forms have and that are not read."""
NEEDED: Final = ("indicator", "subject", "period", "value")
KINDS: Final[Mapping[str, str]] = {
    "产业": "industry",
    "载体": "carrier",
    "平台": "carrier",
    "企业": "enterprise",
    "项目": "project",
    "单位": "unit",
    "地区": "region",
    "方案": "plan",
    "计划": "plan",
}
STATUSES: Final[Mapping[str, str]] = {
    "已上报": "reported",
    "已审核": "verified",
    "已批准": "approved",
    "已公布": "published",
    "已退回": "rejected",
}
CLASSES: Final[Mapping[str, str]] = {"快报": "flash", "年报": "annual", "核定": "audited"}

_FIELDS: Final = {
    called: name
    for name, titles in {**TITLES, **{name: (title,) for name, title in PASSED.items()}}.items()
    for called in (name, *titles)
}
_MONTH: Final = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})月?(?:[-/.]\d{1,2})?|(?P<digits>\d{2}))")
_QUARTER: Final = re.compile(r"(\d{4})(?:年?-?Q|年?第?)([1-4一二三四])(?:季度|季)?")
_HALF: Final = re.compile(r"(\d{4})年?([上下])半年")
_YEAR: Final = re.compile(r"(\d{4})年?(?:全年|度)?")
_DIGITS: Final = str.maketrans("一二三四", "1234")

FIGURES: Final = ("value", "comparable_base")

Given = Mapping[str, tuple[str, str]]
"""Kind and text of a row's cells by field; the kinds are those of `kit.office.cells`."""


@dataclass(frozen=True)
class Units:
    """Units that a table names outside of its rows."""

    by_field: Mapping[str, str] = field(default_factory=dict)
    """By the figure whose header names it, or the cell above that."""
    stated: Sequence[str] = ()
    """In a line above the header: 单位：亿元."""


@dataclass(frozen=True)
class Headed:
    """What the columns of a table are."""

    columns: Mapping[int, str]
    """Fields by place."""
    passed: frozenset[int]
    """Places that are not read."""
    wrong: Sequence[tuple[int | None, Wrong]]
    """Faults of the header, by place where they have one."""
    units: Units = Units()


def for_people(header: Sequence[str]) -> bool:
    """Whether a CSV is headed as people head tables; one that has the fields' own names is read to the letter."""
    return not all(text.isascii() for text in header)


def field_of(header: str) -> str | None:
    """The field that a header names: `数值（value）`, `上年同期（可比口径）`."""
    return next((_FIELDS[word] for word in (bare(header), *words(header)) if word in _FIELDS), None)


def milestone_of(header: str) -> str:
    """The field of milestones reached that a header names, else the header as it is."""
    called = {word: name for name, titles in MILESTONE_TITLES.items() for word in (name, *titles)}
    return next((called[word] for word in (bare(header), *words(header)) if word in called), header.strip())


def headed(
    line: int,
    texts: Mapping[int, str],
    above: Mapping[int, str] = {},
    stated: Sequence[str] = (),
    groups: Mapping[int, str] = {},
) -> Headed:
    """What the columns of a header are, by place; `above` is the row over it, `stated` what lines there say of units.

    `groups` are cells in rows above that say a unit of the columns below them; over no figure it is that of all.
    """
    columns: dict[int, str] = {}
    passed: set[int] = set()
    wrong: list[tuple[int | None, Wrong]] = []
    for place, text in texts.items():
        name = field_of(text)
        if name is None and text.strip():
            known = "、".join(titles[0] for titles in TITLES.values())
            wrong.append((place, Wrong(line, text.strip(), "unknown-column", text.strip(), known)))
        elif name in PASSED or name is None:
            passed.add(place)
        elif name in columns.values():
            wrong.append((place, Wrong(line, name, "column-twice", text.strip())))
        else:
            columns[place] = name
    needed = "、".join(TITLES[name][0] for name in NEEDED)
    there = set(columns.values())
    wrong += [
        (None, Wrong(line, name, "missing-column", f"{TITLES[name][0]}（{name}）", needed))
        for name in NEEDED
        if not there & {name, f"{name}_name"}
    ]
    named = {name: unit_in(texts[place]) or unit_in(above.get(place, "")) for place, name in columns.items()}
    units = {name: FULL.get(unit, unit) for name, unit in named.items() if unit is not None}
    stated = stated or at_large(groups, [place for place, name in columns.items() if name in FIGURES])
    whole = units.get("unit")  # 计量单位：亿元, as a header of a column that may be empty
    figures = {name: unit for name, unit in units.items() if name in FIGURES}
    return Headed(columns, frozenset(passed), wrong, Units(figures, (whole,) if whole else tuple(stated)))


def says_nothing(given: Given) -> bool:
    """Whether a row holds no figure: one of a template that nobody filled in."""
    return all(_plain(_text(given, name)) in {"", *NOTHING} for name in ("value", "comparable_base", "note"))


def written(given: Given) -> dict[str, str]:
    """A row's cells but for its figures as the fields' own rules write them."""
    cells = {name: _text(given, name) for name in COLUMNS}
    cells["indicator"] = cells["indicator"] or _text(given, "indicator_name")
    cells["subject"] = _subject(cells["subject"] or _text(given, "subject_name"))
    cells["period"] = _period(given.get("period", ("text", ""))[0], cells["period"])
    cells["status"] = STATUSES.get(cells["status"], cells["status"])
    cells["class"] = CLASSES.get(cells["class"], cells["class"])
    return cells


@dataclass(frozen=True)
class Figures:
    """The figures of a row as the fields' own rules write them."""

    cells: Mapping[str, str]
    """The figure, that of the year before, and the unit of both."""
    speaks: str
    """The field that says the unit."""
    wrong: Sequence[Wrong]
    stated: bool = False
    """The unit is money, and only a line above the table says so: it counts for what is kept in money."""


def figures(line: int, given: Given, units: Units) -> Figures:
    """What a row's figures say, in one unit: that of its cells, of its 计量单位, of the header, of the line above, in this order."""
    row = _text(given, "unit")
    row = FULL.get(row, row)
    found: dict[str, tuple[Decimal, str]] = {}
    cells: dict[str, str] = {}
    wrong: list[Wrong] = []
    for name in FIGURES:
        kind, text = given.get(name, ("text", ""))[0], _text(given, name)
        number, own = _number(kind, text)
        cells[name] = text if number is None else f"{number:f}"
        if number is None:
            cells[name] = "" if _plain(text) in NOTHING else text
            continue
        unit, fault = _unit(own, row, units.by_field.get(name, ""), units.stated)
        wrong += [replace(fault, line=line, field=name)] if fault else []
        found[name] = (number, unit)
    if not cells["value"]:
        wrong.append(Wrong(line, "value", "no-value"))
    first = next(iter(found), "unit")
    unit = found[first][1] if found else row
    if len(found) > 1 and not wrong:
        cells["comparable_base"], apart = _together(line, *found.values())
        wrong += apart
    nearer = [row, *(_number(*given[name])[1] or units.by_field.get(name) for name in found)]
    stated = not any(nearer) and is_money(unit)
    return Figures({**cells, "unit": unit}, "unit" if unit == row else first, wrong, stated)


def _unit(own: str, row: str, header: str, stated: Sequence[str]) -> tuple[str, Wrong | None]:
    """The unit of a figure. A row's 计量单位 must be that of its cells and of the header where those name one."""
    money = [unit for unit in stated if unit in MONEY]
    others = "、".join(money) if row in MONEY and row not in money else ""
    said = own or header or others
    if row and said and said != row:
        return row, Wrong(0, "", "units-differ", said, row)
    if not (said or row) and len(stated) > 1:
        return "", Wrong(0, "", "units-unclear", "、".join(stated))
    return said or row or "".join(stated), None


def _together(line: int, value: tuple[Decimal, str], base: tuple[Decimal, str]) -> tuple[str, Sequence[Wrong]]:
    """The figure of the year before in the unit of the figure."""
    (_, unit), (number, other) = value, base
    if unit == other:
        return f"{number:f}", []
    if unit in MONEY and other in MONEY:
        return canonical(number.scaleb(MONEY[other] - MONEY[unit])), []
    if not (unit and other):
        return "", [Wrong(line, "comparable_base" if unit else "value", "unit-missing", right=unit or other)]
    return "", [Wrong(line, "comparable_base", "units-differ", other, unit)]


def _text(given: Given, name: str) -> str:
    return given.get(name, ("text", ""))[1].strip().strip("\u3000\ufeff").strip()


def _subject(text: str) -> str:
    """`产业：信息经济` as `industry:信息经济`; 方案 is the plan itself."""
    if text in {"方案", "计划"}:
        return "plan"
    kind, sign, name = text.replace("：", ":").partition(":")
    return f"{KINDS.get(kind.strip(), kind.strip())}:{name.strip()}" if sign else text


def _number(kind: str, text: str) -> tuple[Decimal | None, str]:
    """The number of a cell and the unit in it; None where it holds none."""
    if kind == "percent":
        return (Decimal(text) * 100).normalize(), "%"
    found = amount(text) if kind in {"text", "number"} else None
    if found is None:
        return None, ""
    unit = found.unit or ""
    return found.number, FULL.get(unit, unit)


def _period(kind: str, text: str) -> str:
    """A period as people write it: `2018年6月`, `2018年三季度`, `2018年上半年`, a date of the month."""
    plain = _plain(text)
    if half := _HALF.fullmatch(plain):
        return f"{half[1]}-H{1 if half[2] == '上' else 2}"
    if (quarter := _QUARTER.fullmatch(plain)) and ("季" in plain or "Q" in plain):
        return f"{quarter[1]}-Q{quarter[2].translate(_DIGITS)}"
    if year := _YEAR.fullmatch(plain):
        return year[1]
    month = _MONTH.fullmatch(plain[:10] if kind == "date" else plain)
    if month is None or (kind == "number" and len(plain) != 6 + ("." in plain)):
        return text  # 2018.1 as a number may have been 2018.10
    return f"{month['year']}-{int(month['month'] or month['digits']):02}"

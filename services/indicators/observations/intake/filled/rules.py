"""Figures as clerks fill them in: which field a header names, and cells as they are meant. Pure.

What is made of a row here is what `intake.rules` reads; what cannot be made out stays as it was written, and is a fault there.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.indicators.observations.intake.rules import COLUMNS, Wrong

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
NOTHING: Final = frozenset({"-", "—", "——", "/", "无"})

_FIELDS: Final = {
    called: name
    for name, titles in {**TITLES, **{name: (title,) for name, title in PASSED.items()}}.items()
    for called in (name, *titles)
}
_NUMBER: Final = re.compile(r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<unit>[^\d.,\s].*)?")
_MONTH: Final = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})月?(?:[-/.]\d{1,2})?|(?P<digits>\d{2}))")
_QUARTER: Final = re.compile(r"(\d{4})(?:年?-?Q|年?第?)([1-4一二三四])(?:季度|季)?")
_HALF: Final = re.compile(r"(\d{4})年?([上下])半年")
_YEAR: Final = re.compile(r"(\d{4})年?(?:全年|度)?")
_DIGITS: Final = str.maketrans("一二三四", "1234")

Given = Mapping[str, tuple[str, str]]
"""Kind and text of a row's cells by field; the kinds are those of `kit.office.cells`."""


@dataclass(frozen=True)
class Headed:
    """What the columns of a table are."""

    columns: Mapping[int, str]
    """Fields by place."""
    passed: frozenset[int]
    """Places that are not read."""
    wrong: Sequence[tuple[int | None, Wrong]]
    """Faults of the header, by place where they have one."""


def for_people(header: Sequence[str]) -> bool:
    """Whether a CSV is headed as people head tables; one that has the fields' own names is read to the letter."""
    return not all(text.isascii() for text in header)


def field_of(header: str) -> str | None:
    """The field that a header names: `数值（value）`, `上年同期（可比口径）`."""
    plain = unicodedata.normalize("NFKC", header)
    words = ["".join(plain.split()), *re.split(r"[\s()\[\]、,:;/]+", plain)]
    return next((_FIELDS[word] for word in words if word in _FIELDS), None)


def headed(line: int, texts: Mapping[int, str]) -> Headed:
    """What the columns of a header are, by place."""
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
        (None, Wrong(line, name, "missing-column", "", needed)) for name in NEEDED if not there & {name, f"{name}_name"}
    ]
    return Headed(columns, frozenset(passed), wrong)


def says_nothing(given: Given) -> bool:
    """Whether a row holds no figure: one of a template that nobody filled in."""
    return all(_plain(_text(given, name)) in {"", *NOTHING} for name in ("value", "comparable_base", "note"))


def written(given: Given) -> dict[str, str]:
    """A row's cells as the fields' own rules write them."""
    cells = {name: _text(given, name) for name in COLUMNS}
    cells["indicator"] = cells["indicator"] or _text(given, "indicator_name")
    cells["subject"] = _subject(cells["subject"] or _text(given, "subject_name"))
    cells["period"] = _period(given.get("period", ("text", ""))[0], cells["period"])
    cells["status"] = STATUSES.get(cells["status"], cells["status"])
    cells["class"] = CLASSES.get(cells["class"], cells["class"])
    return cells | _numbers(given, cells)


def _numbers(given: Given, cells: Mapping[str, str]) -> dict[str, str]:
    """The figure, that of the year before, and the unit of both; units that differ stay in their cells, as faults."""
    names = ("value", "comparable_base")
    found = {name: _number(given.get(name, ("text", ""))[0], cells[name]) for name in names if cells[name]}
    units = {unit or cells["unit"] for number, unit in found.values() if number}
    if len(units) > 1:
        return {name: f"{number}{unit}" for name, (number, unit) in found.items()}
    return {**{name: number for name, (number, _) in found.items()}, "unit": units.pop() if units else cells["unit"]}


def _text(given: Given, name: str) -> str:
    return given.get(name, ("text", ""))[1].strip().strip("\u3000\ufeff").strip()


def _plain(text: str) -> str:
    """Text without the full-width forms and blanks of Chinese input."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _subject(text: str) -> str:
    """`产业：信息经济` as `industry:信息经济`; 方案 is the plan itself."""
    if text in {"方案", "计划"}:
        return "plan"
    kind, sign, name = text.replace("：", ":").partition(":")
    return f"{KINDS.get(kind.strip(), kind.strip())}:{name.strip()}" if sign else text


def _number(kind: str, text: str) -> tuple[str, str]:
    """The number as it is written without separators, and the unit in its cell."""
    if kind == "percent":
        return f"{(Decimal(text) * 100).normalize():f}", "%"
    plain = _plain(text)
    if plain in NOTHING:
        return "", ""
    found = _NUMBER.fullmatch(plain) if kind in {"text", "number"} else None
    if found is None:
        return text, ""
    return found["number"].replace(",", ""), found["unit"] or ""


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

"""Amounts as people write them into tables: a number and its unit, a unit in a header or in a line above it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from itertools import takewhile
from typing import Final, NamedTuple

MONEY: Final[Mapping[str, int]] = {"元": 0, "万元": 4, "亿元": 8, "万": 4, "亿": 8}
"""Units of money and their powers of ten; in a cell people leave 元 out."""
AREA: Final[Mapping[str, int]] = {"平方公里": 0, "平方千米": 0, "km2": 0, "公顷": -2, "平方米": -6, "m2": -6}
"""Units of area and their powers of ten of 平方公里."""
MU: Final = 1500
"""So many 亩 are a 平方公里."""
COUNTS: Final = re.compile(r"([十百千万亿]?)(?:人次|人|名|位|户|家|个|项|件|次|条|台|辆|套)?")
POWERS: Final[Mapping[str, int]] = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
FULL: Final[Mapping[str, str]] = {"万": "万元", "亿": "亿元"}
UNIT: Final = re.compile(
    r"[万亿]|%|‰|百分点|[十百千万亿]{0,2}"
    r"(?:元|美元|人次|人|名|位|户|家|个|项|件|次|条|台|辆|套|亩|公顷|平方米|平方公里|平方千米|km2|m2|米|公里|千米|"
    r"吨|吨标准煤|千克|公斤|立方米|千瓦时|千瓦)(?:/[十百千万亿]{0,2}(?:元|人|户|家|个|亩|公顷|平方米|平方公里|吨|千瓦时))?"
)
"""What people count and measure in, after it was brought to its plain form (km² is km2)."""
NUMBER: Final = re.compile(
    r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(?:e([+-]?[0-9]{1,2}))?([^0-9.,].*)?", re.DOTALL
)
PRECISE: Final = 400
"""Digits that no number of a cell is longer than, whatever unit it is brought to."""
LONGEST: Final = 200
"""No cell that is longer is a number."""
STATED: Final = re.compile(r"单位:(?:人民币)?([^:\s()]+)")
BRACKETED: Final = re.compile(r"\(([^():]+)\)")
UNITS_BETWEEN: Final = re.compile(r"[\s()\[\]【】,、:;]+")
BETWEEN: Final = re.compile(r"[\s()\[\]【】,、:;/]+")


class Amount(NamedTuple):
    """A number with what stands behind it."""

    number: Decimal
    unit: str | None


def compact(text: str) -> str:
    """Text without the full-width forms and blanks of Chinese input."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def canonical(number: Decimal) -> str:
    """A number with a point and without needless zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def amount(text: str) -> Amount | None:
    """The number in a cell and its unit: `30,000`, `1.2E+5`, `3亿元`. None where it is no number."""
    found = NUMBER.fullmatch(compact(text).lower()) if len(text) <= LONGEST else None
    if found is None:
        return None
    sign, whole, fraction, power, unit = found.groups()
    if unit is not None and not is_unit(unit) and any(sign.isdigit() for sign in unit):
        return None  # 2017-2018, 1e400
    return Amount(Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}e{power or 0}"), unit)


def is_unit(text: str) -> bool:
    """Whether people measure in that."""
    return UNIT.fullmatch(text.lower()) is not None


def words(header: str) -> list[str]:
    """The words of a header: `计划总投资（investment，万元）` names three."""
    return [word for word in BETWEEN.split(unicodedata.normalize("NFKC", header)) if word]


def unit_in(header: str) -> str | None:
    """The unit that a header names beside its title: `数值（亿元）`, `数值(单位：万元/亩)`."""
    plain = unicodedata.normalize("NFKC", header)
    parts = [*UNITS_BETWEEN.split(compact(header)), *UNITS_BETWEEN.split(plain)]
    return next((part for part in parts if is_unit(part)), None)


def stated(texts: Iterable[str]) -> tuple[str, ...]:
    """The units that a line above a table states for all of it: `单位：亿元`, `重点项目表（单位：亿元、%）`, `投资表（亿元）`."""
    there = list(dict.fromkeys(text for text in texts if text.strip()))
    line = re.sub(r"\s*:\s*", ":", unicodedata.normalize("NFKC", " ".join(there)))
    named = STATED.findall(line)
    if len(there) == 1:  # a title; in a row of several a bracket speaks of the column below it
        named += BRACKETED.findall(line)
    units = (unit for found in named for unit in takewhile(is_unit, UNITS_BETWEEN.split(found)))
    return tuple(dict.fromkeys(FULL.get(unit, unit) for unit in units))


def converted(number: Decimal, given: str | None, kept: str | None) -> Decimal | None:
    """A number that is given in one unit in another, exactly; None where that cannot be.

    What is kept in no unit is counted (`120人`) or a share (`60%` is 0.6).
    """
    with localcontext(prec=PRECISE):
        return _converted(number, given, kept)


def _converted(number: Decimal, given: str | None, kept: str | None) -> Decimal | None:
    if given is None or given == kept:
        return number
    if kept is None:
        return _bare(number, given)
    for units in (MONEY, AREA):
        if kept in units and given in units:
            return number.scaleb(units[given] - units[kept])
    if kept in AREA and given == "亩":
        area = (number / MU).quantize(Decimal("1e-12"))
        return area.scaleb(-AREA[kept]) if area * MU == number else None
    return None


def _bare(number: Decimal, given: str) -> Decimal | None:
    """What is counted, or a share."""
    if given == "%":
        return number.scaleb(-2)
    counted = COUNTS.fullmatch(given)
    return number.scaleb(POWERS[counted[1]]) if counted else None

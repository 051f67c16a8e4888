"""Amounts as people write them into tables: a number and its unit, a unit in a header or in a line above it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from itertools import takewhile
from typing import Final, NamedTuple

TENS: Final[Mapping[str, int]] = {
    "": 0,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
MONEY: Final[Mapping[str, int]] = {**{f"{tens}元": power for tens, power in TENS.items()}, "万": 4, "亿": 8}
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
NOTHING: Final = frozenset({"-", "--", "—", "——", "－", "/", "无"})
"""What people write into a cell that shall stay empty."""
AROUND: Final = ":*"
"""What people put behind a header, or before one that must be filled in."""
LONGEST: Final = 200
"""No cell that is longer is a number."""
STATED: Final = re.compile(r"([一-鿿]*)单位[:\s]*([^:\s()]+)")
SPEAKS: Final = re.compile(r"(?:金额|计量|货币)?单位(?:\s*:\s*|\s+|(?=[十百千万亿]*元))")
"""What a cell of a row of several begins with that speaks for the whole table."""
BRACKETED: Final = re.compile(r"[(【\[]([^():【】\[\]]+)[)】\]]")
OF_UNITS: Final = frozenset({"", "金额", "计量", "货币"})
"""What stands before 单位 where no organisation is meant (填报单位)."""
APART: Final = re.compile(r"(?<=[单十百千万亿])\s+(?=[位十百千万亿元])")
RENMINBI: Final = re.compile(r"(?:人民币|rmb)\s*(?=[十百千万亿]*元)|\s*(?:人民币|rmb)", re.IGNORECASE)
SOME_MONEY: Final = re.compile(r"(?<![单多])元$|[十百千万亿]元")
PARTS: Final = re.compile(r"[,、;]")
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
    parts = (part.strip(AROUND) for part in BETWEEN.split(unicodedata.normalize("NFKC", header)))
    return [part for part in parts if part]


def bare(header: str) -> str:
    """A header without blanks, full-width forms, and what stands around it."""
    return compact(header).strip(AROUND)


def is_money(unit: str) -> bool:
    """Whether that is money, be it of another currency or in words that nobody can convert: 万美元, 折合亿元."""
    return unit in MONEY or ("/" not in unit and SOME_MONEY.search(unit) is not None)


def unit_in(header: str) -> str | None:
    """The unit that a header names beside its title: `数值（亿元）`, `数值(单位：万元/亩)`, `投资（亿元人民币）`.

    Of money it is named too where nobody can read it: `投资（折合亿元）`.
    """
    plain = _plain(header)
    parts = [*UNITS_BETWEEN.split(compact(plain)), *UNITS_BETWEEN.split(plain)]
    return next((part for part in parts if is_unit(part)), None) or next(iter(_stated(plain)), None)


def stated(texts: Iterable[str]) -> tuple[str, ...]:
    """The units that a line above a table states for all of it: `单位：亿元`, `重点项目表（单位：亿元、%）`, `投资表（亿元）`.

    In a row of several cells only one that is nothing else (`单位：亿元`) speaks for all; another speaks of what is below it.
    Money that nobody can read is named as it stands.
    """
    cells = [_plain(text) for text in dict.fromkeys(texts) if text.strip()]
    units = _stated(cells[0]) if len(cells) == 1 else _said_for_all([cell.strip(" ()[]【】") for cell in cells])
    return tuple(dict.fromkeys(FULL.get(unit, unit) for unit in units))


def at_large(texts: Mapping[int, str], reached: Iterable[int]) -> tuple[str, ...]:
    """The units that cells state with the word 单位 which stand above none of the columns that were `reached`: for all."""
    spoken_of = {texts[place] for place in reached if place in texts}
    told = [text for text in dict.fromkeys(texts.values()) if text not in spoken_of and "单位" in _plain(text)]
    units = (unit for text in told for unit in _stated(_plain(text)))
    return tuple(dict.fromkeys(FULL.get(unit, unit) for unit in units))


def _plain(text: str) -> str:
    """Text without full-width forms, blanks within words (单 位, 亿 元) and 人民币."""
    narrow = re.sub(r"\s*:\s*", ":", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r":\s+", ":", RENMINBI.sub("", APART.sub("", narrow)))


def _stated(plain: str) -> Iterator[str]:
    """The units behind the word 单位, and those in brackets."""
    for before, told in STATED.findall(plain):
        parts = UNITS_BETWEEN.split(told)
        yield from takewhile(is_unit, parts)
        if before in OF_UNITS:
            yield from _unread(parts)
    for told in BRACKETED.findall(plain):
        parts = PARTS.split(compact(told))
        yield from filter(is_unit, parts)
        yield from _unread(parts)


def _said_for_all(cells: Sequence[str]) -> Iterator[str]:
    """Of a row of several cells, the units of those that are nothing else; the unit may stand in the cell behind."""
    for cell, behind in zip(cells, [*cells[1:], ""], strict=False):
        found = SPEAKS.match(cell)
        if found:
            parts = UNITS_BETWEEN.split(cell[found.end() :] or behind)
            yield from takewhile(is_unit, parts)
            yield from _unread(parts)


def _unread(parts: Iterable[str]) -> Iterator[str]:
    return (part for part in parts if not is_unit(part) and is_money(part))


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

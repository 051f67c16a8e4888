"""What a Chinese phrase of a plan says by its own words: years, numerals, names before a count, words of striving."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from services.plan_file.findings.numbers import exact

_DIGITS: Final[Mapping[str, int]] = {
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_NUMERAL: Final = r"(?:[0-9]{1,9}|[一二两三四五六七八九十百]{1,5})"

_SENTENCES: Final = re.compile(r"[；;。]")
_CLAUSES: Final = re.compile(r"[，,；;。：:]")
_YEARS: Final = re.compile(r"(?:(?:19|20|21)[0-9]{2}[、,，和及至—–-]?)+年")
_YEAR: Final = re.compile(r"(?:19|20|21)[0-9]{2}")
_SPAN: Final = re.compile(rf"{_NUMERAL}(?:年|个月)(?![均度])|年底|年末|年内|月底|季度|近期|[0-9]+月")
_COUNTED: Final = re.compile(rf"等(?P<count>{_NUMERAL})(?:大|个|家|项|条|座|类|支|所|种)?")
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_TITLE: Final = re.compile(r"(?:国家|全国|省|市|区|县)级\w{2,}")

_SOFT: Final = re.compile(r"力争|争取|争创|努力(?=\w)")
_ROUGH: Final = re.compile(r"左右|大约|约(?=[0-9])")

FLOORS: Final = ("以上", "不低于", "不少于", "至少", "超过", "达到", "高于", "大于")
"""Words that make a number the least that is wanted."""

VAGUE: Final = ("基本", "初步", "实质性", "明显", "显著", "大力", "逐步", "进一步", "有效")
"""Words that leave open when something is so."""


class Named(NamedTuple):
    """Names that a phrase gives before `等`, and how many it says there are."""

    names: tuple[str, ...]
    many: int


def numeral(text: str) -> int:
    """The number that 四, 十二, 三十 or 12 stands for, up to 999."""
    if text.isdigit():
        return int(text)
    total = unit = 0
    for sign in text:
        if sign == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif sign == "十":
            total, unit = total + (unit or 1) * 10, 0
        else:
            unit = _DIGITS[sign]
    return total + unit


def years(phrase: str) -> frozenset[int]:
    """The calendar years that a phrase names: 2018、2019年 names two."""
    return frozenset(int(year) for run in _YEARS.findall(phrase) for year in _YEAR.findall(run))


def sentence_of(phrase: str, value: Fraction | None) -> str:
    """The sentence of a phrase in which a value stands; the last one where none has it."""
    return _part(_SENTENCES.split(phrase), phrase, value)


def clause_of(phrase: str, value: Fraction | None) -> str:
    """The clause, between commas, in which a value stands; the last one where none has it."""
    return _part(_CLAUSES.split(phrase), phrase, value)


def dated(text: str) -> bool:
    """Whether words say by when: a year, a span of years, an end of something. 年均 and 年增长 say how, not when."""
    return bool(years(text) or _SPAN.search(text))


def named(phrase: str) -> Iterator[Named]:
    """Every count that names some of what it counts: A、B等四个."""
    for match in _COUNTED.finditer(phrase):
        before = phrase[: match.start()]
        bare = _BRACKETS.sub(lambda bracket: "〇" * len(bracket[0]), before)
        cuts = [cut.end() for cut in _CLAUSES.finditer(bare)]
        listed = before[cuts[-1] :] if cuts else before
        hidden = bare[cuts[-1] :] if cuts else bare
        yield Named(tuple(_split(listed, hidden)), numeral(match["count"]))


def title(state: str) -> str | None:
    """The title (国家级…, 省级…) that a state speaks of, to its end."""
    match = _TITLE.search(state)
    return match[0] if match else None


def soft(text: str) -> list[str]:
    """Words that strive for something instead of promising it: 预期性. 经过三年努力 does not."""
    return list(dict.fromkeys(_SOFT.findall(text)))


def rough(text: str) -> bool:
    """Whether a number is meant roughly; 节约 and 约束 are not."""
    return bool(_ROUGH.search(text))


def words_in(phrase: str, words: tuple[str, ...]) -> list[str]:
    """Which of some words a phrase has."""
    return [word for word in words if word in phrase]


def _part(parts: Sequence[str], phrase: str, value: Fraction | None) -> str:
    filled = [part for part in parts if part] or [phrase]
    digits = None if value is None else exact(value)
    if digits is not None:
        said = re.compile(rf"(?<![0-9.]){re.escape(digits)}(?![0-9.])")
        for part in filled:
            if said.search(part):
                return part
    return filled[-1]


def _split(listed: str, hidden: str) -> Iterator[str]:
    begin = 0
    for place, sign in enumerate(hidden):
        if sign == "、":
            yield listed[begin:place]
            begin = place + 1
    last = listed[begin:]
    if begin:
        head, joint, tail = last.partition("和")
        if joint and head and tail:
            yield head
            last = tail
    if last:
        yield last

"""Codes of industry classes (行业分类) by edition: their form, and what lies above a code.

Two editions are known. Of GB/T 4754-2017 the 20 sections (门类) and 97 divisions (大类) are kept by name, of the
strategic emerging industries of 2018 (战略性新兴产业分类（2018）) the nine at the top; below that a code is checked by
its form and by what it belongs to.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, get_args

from services.kit.errors import Faulty
from services.registry.industries.classes.names import DIVISIONS, EMERGING, SECTIONS
from services.registry.versions.rules import Content

Edition = Literal["gbt4754-2017", "sei-2018"]
ALL: Final[tuple[Edition, ...]] = get_args(Edition)
EDITIONS: Final = {
    "gbt4754-2017": (
        "国民经济行业分类（GB/T 4754-2017）",
        "Industrial classification for national economic activities",
    ),
    "sei-2018": ("战略性新兴产业分类（2018）", "Classification of strategic emerging industries 2018"),
}
_ECONOMIC: Final = re.compile(r"(?P<section>[A-Z]?)(?P<division>[0-9]{2})(?P<below>[0-9]{0,2})")
_EMERGING: Final = re.compile(r"[1-9](?:\.[1-9][0-9]?){0,2}")


class Named(NamedTuple):
    """A class that is kept by name; `above` is the class it belongs to."""

    edition: Edition
    code: str
    above: str | None
    zh: str
    en: str


def kept() -> Iterator[Named]:
    """Every class that is kept by name, by edition and code."""
    for letter, (zh, en, divisions) in SECTIONS.items():
        yield Named("gbt4754-2017", letter, None, zh, en)
        for number in divisions:
            yield Named("gbt4754-2017", f"{letter}{number:02}", letter, *DIVISIONS[number])
    for number, (zh, en) in EMERGING.items():
        yield Named("sei-2018", str(number), None, zh, en)


def section_of(division: str) -> str | None:
    """The section of a division (大类) of GB/T 4754-2017, None where there is no such division."""
    number = int(division)
    return next((letter for letter, (_, _, divisions) in SECTIONS.items() if number in divisions), None)


def normalised(edition: str, code: str) -> str:
    """The code as it is kept: `3913` and `c3913` as `C3913`; what has no such form stays as it is."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", code)).upper()
    found = _ECONOMIC.fullmatch(plain)
    if edition == "gbt4754-2017" and found is not None and not found["section"]:
        return f"{section_of(found['division']) or ''}{plain}"
    return plain


def above(edition: str, code: str) -> list[str]:
    """A normalised code and all that it belongs to, from the top: C, C39, C391, C3913; 1, 1.2, 1.2.3."""
    if edition == "gbt4754-2017":
        return [code[:1], *(code[:end] for end in range(3, len(code) + 1))]
    parts = code.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def code_faults(edition: str, code: str, at: str) -> Iterator[Faulty]:
    """What is wrong with a normalised code of an edition, and what would be right."""
    if edition == "sei-2018":
        if not _EMERGING.fullmatch(code):
            yield Faulty(
                at,
                "class-form",
                f"{code} is no code of this edition: one of 1 to 9, then up to two numbers after points, as 1.2.3",
                f"{code} 不符合本分类的代码形式：首位 1 至 9，其后至多两级，用点分隔，如 1.2.3",
            )
        return
    found = _ECONOMIC.fullmatch(code)
    if found is None:
        yield Faulty(
            at,
            "class-form",
            f"{code} is no code of this edition: two to four digits after the letter of the section, as C3913",
            f"{code} 不符合本分类的代码形式：门类字母加二至四位数字，如 C3913",
        )
        return
    section = section_of(found["division"])
    if section is None:
        yield Faulty(
            at,
            "class-division",
            f"there is no division {found['division']}: they go from 01 to 97",
            f"没有大类 {found['division']}：大类为 01 至 97",
        )
    elif section != found["section"]:
        yield Faulty(
            at,
            "class-section",
            f"the division {found['division']} belongs to the section {section}: {section}{code[1:]}",
            f"大类 {found['division']} 属于门类 {section}，应为 {section}{code[1:]}",
        )


def prefix_faults(edition: str, prefix: str, at: str) -> Iterator[Faulty]:
    """What is wrong with a normalised prefix that classes are looked for by: a code, or the letter of a section."""
    if edition != "gbt4754-2017" or prefix not in SECTIONS:
        yield from code_faults(edition, prefix, at)


def faults(classes: list[Content], at: str) -> Iterator[Faulty]:
    """What is wrong with the normalised classes of an enterprise: codes, one twice, two main ones from one day on."""
    seen: dict[tuple[str, str, str | None], int] = {}
    mains: dict[tuple[str, str | None], int] = {}
    for place, one in enumerate(classes):
        here = f"{at}/{place}"
        yield from code_faults(one["edition"], one["code"], f"{here}/code")
        first = seen.setdefault((one["edition"], one["code"], one["valid_from"]), place)
        if first != place:
            yield Faulty(here, "class-twice", f"it stands at {at}/{first} already", f"与 {at}/{first} 重复")
        if one["main"]:
            first = mains.setdefault((one["edition"], one["valid_from"]), place)
            if first != place:
                yield Faulty(
                    f"{here}/main",
                    "main-twice",
                    f"{at}/{first} is the main class of this edition from the same day on; there is one",
                    f"{at}/{first} 已是同一分类自同日起的主行业，主行业只能有一个",
                )


def marks(classes: list[Content]) -> Iterator[str]:
    """What an enterprise is found by: `class:` with its edition, alone and with each of its codes and those above."""
    for one in classes:
        yield f"class:{one['edition']}"
        for code in above(one["edition"], one["code"]):
            yield f"class:{one['edition']}:{code}"

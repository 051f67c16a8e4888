"""The unified social credit code (统一社会信用代码) of GB 32100-2015, with its amendment of 2016.

Eighteen places of an alphabet of 31 characters, digits and capitals without I, O, S, V, Z:

| place | what it says | characters |
|---|---|---|
| 1 | registration department (登记管理部门): 1 机构编制, 5 民政, 9 市场监管, Y 其他, and further ones | any |
| 2 | kind of organisation within it (机构类别) | any |
| 3-8 | administrative division of the registering office (GB/T 2260); 100000 is the state | digits |
| 9-17 | organisation code (主体标识码) of GB 11714: eight places and a check character of its own | any; digit or X |
| 18 | check character | any |

Letters in the first two places are in order; libraries that ask for digits there refuse valid codes.

**What the check characters catch.** Place 18 makes the sum of value times weight divisible by 31; the weight of place i
is 3^(i-1) mod 31, that of place 18 is 1. So every wrong character and every exchange of two neighbours is caught, also
of neighbours but one, and every pair of equal neighbours that became another pair. *Not* caught by it: an exchange of
the first and the last place, whose weights are both 1, and one in about thirty of errors in several places. The check
character of the organisation code (weights 3, 7, 9, 10, 5, 8, 4, 2 modulo 11, letters counting 10 to 35) catches by
itself only differences that are no multiple of 11. The tests calculate all of this over all places and characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from services.kit.errors import Faulty

LENGTH: Final = 18
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
ORGANISATION: Final = slice(8, 16)
"""The eight places of the organisation code; its check character follows."""
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS: Final = "0123456789X"
DIVISION: Final = range(2, 8)
CONFUSED: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""What a letter that no code holds was probably meant to be."""


def normalised(text: str) -> str:
    """The code as it is kept: half-width, capitals, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def check_character(first: str) -> str:
    """The character of place 18 for the 17 before it."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first: str) -> str:
    """The check character of an organisation code (GB 11714) for the eight places before it."""
    total = sum(int(character, 36) * weight for character, weight in zip(first, ORGANISATION_WEIGHTS, strict=True))
    return ORGANISATION_CHECKS[-total % 11]


def faults(code: str, at: str) -> Iterator[Faulty]:
    """What is wrong with a normalised code, and what would be right; nothing where it is in order."""
    if len(code) != LENGTH:
        yield Faulty(
            at,
            "credit-code-length",
            f"{code} has {len(code)} characters; a unified social credit code has {LENGTH}",
            f"{code} 有 {len(code)} 位；统一社会信用代码为 {LENGTH} 位",
        )
        return
    shape = list(_misshapen(code, at))
    yield from shape or _unchecked(code, at)


def _misshapen(code: str, at: str) -> Iterator[Faulty]:
    for place, character in enumerate(code):
        if character not in ALPHABET:
            meant = f": {CONFUSED[character]}?" if character in CONFUSED else ""
            yield Faulty(
                at,
                "credit-code-character",
                f"place {place + 1} of {code} is {character}: digits and capitals without I, O, S, V, Z are used{meant}",
                f"{code} 第 {place + 1} 位为 {character}：只使用阿拉伯数字和除 I、O、S、V、Z 外的大写字母{meant}",
            )
        elif place in DIVISION and not character.isdigit():
            yield Faulty(
                at,
                "credit-code-division",
                f"place {place + 1} of {code} is {character}: places 3 to 8 are a division of GB/T 2260, digits only",
                f"{code} 第 {place + 1} 位为 {character}：第 3 至 8 位为行政区划码（GB/T 2260），只能是数字",
            )


def _unchecked(code: str, at: str) -> Iterator[Faulty]:
    organisation, given = code[ORGANISATION], code[ORGANISATION.stop]
    expected = organisation_check(organisation)
    if given != expected:
        yield Faulty(
            at,
            "credit-code-organisation",
            f"place 17 of {code} is {given}; the organisation code {organisation} has the check character {expected}",
            f"{code} 第 17 位为 {given}；组织机构代码 {organisation} 的校验码应为 {expected}",
        )
    expected = check_character(code[:-1])
    if code[-1] != expected:
        yield Faulty(
            at,
            "credit-code-check",
            f"place 18 of {code} is {code[-1]}; for the 17 places before it the check character is {expected}",
            f"{code} 第 18 位为 {code[-1]}；按前 17 位计算校验码应为 {expected}",
        )

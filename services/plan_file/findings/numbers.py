"""Exact arithmetic, and numbers as they are written: nothing passes through binary floating point."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from services.plan_file.findings.finding import Both, Step

PLACES: Final = 12
"""As many decimals as a number is shown with when it is shown exactly."""

_WIDE: Final = Context(prec=60)
_NUMBERED: Final = re.compile(r"(?P<letters>.*?)(?P<number>[0-9]{1,9})")


def rounded(value: Fraction, places: int) -> str:
    """Half away from zero, to exactly so many decimals."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    digits = f"{whole:0{places + 1}d}"
    sign = "-" if value < 0 and whole else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def exact(value: Fraction) -> str | None:
    """All digits of a number, or None where that takes more than `PLACES` decimals."""
    scaled = value * 10**PLACES
    if scaled.denominator != 1:
        return None
    return _short(rounded(value, PLACES))


def shown(value: Fraction, places: int = 6) -> str:
    """All digits where that is possible, else rounded and marked by ≈."""
    return exact(value) or f"≈ {_short(rounded(value, places))}"


def percent(share: Fraction, places: int = 1) -> str:
    """A share as percent: 62.6 %."""
    return f"{rounded(share * 100, places)} %"


def yearly_rate(multiple: Fraction, years: int) -> str:
    """The growth in percent that gives the multiple when it comes every year, to three decimals."""
    base = _WIDE.divide(Decimal(multiple.numerator), Decimal(multiple.denominator))
    factor = _WIDE.power(base, _WIDE.divide(Decimal(1), Decimal(years)))
    rate = _WIDE.multiply(_WIDE.subtract(factor, Decimal(1)), Decimal(100))
    return f"{rate.quantize(Decimal('0.001'), rounding=ROUND_HALF_UP, context=_WIDE)} %"


def product(what: Both, factors: Sequence[Fraction], result: Fraction) -> Step:
    """A × B × C."""
    return Step(what, " × ".join(map(shown, factors)), shown(result))


def total(what: Both, addends: Sequence[Fraction], result: Fraction) -> Step:
    """A + B + C."""
    return Step(what, " + ".join(map(shown, addends)), shown(result))


def less(what: Both, first: Fraction, second: Fraction) -> Step:
    """A - B."""
    return Step(what, f"{shown(first)} - {shown(second)}", shown(first - second))


def share(what: Both, part: Fraction, whole: Fraction, places: int = 2) -> Step:
    """A ÷ B in percent."""
    return Step(what, f"{shown(part)} ÷ {shown(whole)} × 100", f"≈ {percent(part / whole, places)}")


class Part(NamedTuple):
    """A part of a whole that grows to a multiple of itself at least."""

    key: str
    multiple: Fraction


class Pair(NamedTuple):
    """The two parts with which a whole needs the least of its best part."""

    best: Part
    second: Part
    least_share: Fraction
    """Share of the whole's base that the best part must have where only these two make it up."""


def best_pair(parts: Sequence[Part], goal: Fraction) -> Pair | None:
    """The pair of parts that reaches a multiple of their sum with the least base in the best part.

    With base shares w (sum 1) the whole grows to the sum of w times multiple. None where no mix of shares reaches the
    goal, where every mix does, or where there are fewer than two parts.
    """
    ordered = sorted(parts, key=lambda part: part.multiple, reverse=True)
    if len(ordered) < 2 or ordered[0].multiple < goal or ordered[-1].multiple >= goal:  # noqa: PLR2004  two make a pair
        return None
    best = ordered[0]
    second = next(part for part in ordered if part.multiple < goal)
    return Pair(best, second, (goal - second.multiple) / (best.multiple - second.multiple))


def runs(codes: Iterable[str]) -> list[str]:
    """Codes with neighbours drawn together: T03-T06, T11."""
    drawn: list[tuple[str, str]] = []
    for code in codes:
        if drawn and _follows(drawn[-1][1], code):
            drawn[-1] = (drawn[-1][0], code)
        else:
            drawn.append((code, code))
    return [first if first == last else f"{first}-{last}" for first, last in drawn]


def _follows(before: str, after: str) -> bool:
    first, second = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
    if first is None or second is None or first["letters"] != second["letters"]:
        return False
    return len(first["number"]) == len(second["number"]) and int(second["number"]) == int(first["number"]) + 1


def _short(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits

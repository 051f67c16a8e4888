"""Exact sums, and the two places where a power makes them inexact."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=80)
_POWER_DIGITS = 15
"""A power is rounded to so many significant digits first, so that sqrt(2.25) is 1.5 and not 1.4999…9 (reading 27)."""


def round_half_away(value: Fraction, places: int) -> Decimal:
    """S4: half away from zero; never a negative zero."""
    scale = 10**places
    units = math.floor(abs(value) * scale + Fraction(1, 2))
    return Decimal(-units if value < 0 else units).scaleb(-places, _WIDE)


def round_down(value: Fraction, places: int) -> Decimal:
    """S3: what is scheduled of a `whole` indicator is rounded down (towards minus infinity, reading 9)."""
    return Decimal(math.floor(value * 10**places)).scaleb(-places, _WIDE)


def _decimal(value: Fraction) -> Decimal:
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """`base ** exponent` for a base of zero or more, rounded to `_POWER_DIGITS`."""
    if base == 0:
        return Fraction(0) if exponent else Fraction(1)
    raised = _WIDE.power(_decimal(base), _decimal(exponent))
    return Fraction(Context(prec=_POWER_DIGITS).plus(raised))


def logarithm_ratio(value: Fraction, base: Fraction) -> Fraction:
    """ln(value) / ln(base), both positive and the base not 1."""
    return Fraction(_WIDE.divide(_WIDE.ln(_decimal(value)), _WIDE.ln(_decimal(base))))

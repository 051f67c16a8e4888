"""The single values a plan file is made of: exact numbers, days, instants, codes and texts."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, localcontext
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

EXACT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
"""At most 18 digits before the point and 12 after it: no exponent, no NaN, no Infinity, no leading zero."""
ABOVE_ZERO: Final = r"(?:[1-9][0-9]{0,17}(?:\.[0-9]{1,12})?|0\.(?=[0-9]{1,12}$)0{0,11}[1-9][0-9]*)"
"""Such a number above 0, for schemas."""

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


CODE: Final = r"^[a-z0-9][a-z0-9_-]{0,62}$"
PLAN_SCOPED_CODE: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
INDICATOR_CODE: Final = r"^[a-z][a-z0-9_]{0,62}$"
UNIT_CODE: Final = r"^[a-z0-9_]{1,63}$"
REGION: Final = r"^[0-9]{6,12}$"
SUBJECT: Final = r"^(?:plan|(?:plan|industry|carrier|project|enterprise|unit|region):[A-Za-z0-9][A-Za-z0-9_-]{0,62})$"
EMAIL: Final = r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"


class Item(BaseModel):
    """What everything in a plan file has in common: no unknown key, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


def plain(number: Decimal) -> str:
    """Write a number in its one canonical way: no exponent, no trailing zeros, no minus zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def total(numbers: Iterable[Decimal], *, less: Decimal | None = None) -> Decimal:
    """Sum exact numbers exactly: Python's own context would round to 28 digits, and ours may have 30 and more."""
    with localcontext(prec=100):
        return sum(numbers, Decimal(0)) - (less or 0)


def exact(value: object) -> Decimal:
    """Take a number as text, int or Decimal and never through binary floating point, which cannot hold 27.9."""
    match value:
        case bool():
            text = ""
        case int() if value.bit_length() <= 64:  # noqa: PLR2004  a longer one is out of range whatever its digits
            text = str(value)
        case Decimal() if value.is_finite() and abs(value.adjusted()) <= 30:  # noqa: PLR2004  before it is written out
            text = plain(value)
        case str():
            text = value
        case _:
            text = ""
    if not EXACT.fullmatch(text):
        raise PydanticCustomError("exact_number", "an exact number is needed")
    return Decimal(plain(Decimal(text)))


def yes_no_or_exact(value: object) -> bool | Decimal:
    """Take `true`, `false` or an exact number."""
    return value if isinstance(value, bool) else exact(value)


def _day(value: object) -> date:
    match value:
        case datetime():
            pass
        case date():
            return value
        case str() if DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
    raise PydanticCustomError("day", "a day is needed")


def _in_range(day: date) -> date:
    """Python and Postgres hold more days; no plan does, and what is counted from one must not fall off their ends."""
    if not 1900 <= day.year <= 2200:  # noqa: PLR2004 - as for instants
        raise PydanticCustomError(
            "day_out_of_range",
            "a day between the years 1900 and 2200 was expected",
            {"zh": "应为 1900 年至 2200 年之间的日期"},
        )
    return day


def _instant(value: object) -> datetime:
    match value:
        case datetime() if value.tzinfo is not None:
            return value
        case str() if INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
    raise PydanticCustomError("instant", "an instant with its zone is needed")


def _clock(value: object) -> time:
    match value:
        case time() if value.tzinfo is None:
            return value
        case str() if CLOCK.fullmatch(value):
            return time.fromisoformat(value)
    raise PydanticCustomError("clock_time", "a time of day is needed")


def _one_line(value: str) -> str:
    if not value.isprintable() and not value.replace("\u3000", " ").isprintable():
        raise PydanticCustomError("one_line", "one line of printable text is needed")
    if value != value.strip():
        raise PydanticCustomError("one_line", "one line of printable text is needed")
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(exact),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^{EXACT.pattern}$"}, {"type": "number"}]}),
]
NotNegative = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{EXACT.pattern.removeprefix('-?')}$"},
                {"type": "number", "minimum": 0},
            ]
        }
    ),
]
"""What may be nothing, and is never below it: a month's cumulated investment, a tolerance."""
Amount = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(gt=0),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": f"^{ABOVE_ZERO}$"}, {"type": "number", "exclusiveMinimum": 0}]}
    ),
]
"""What there is some of: an investment, what was agreed at least."""
YesNoOrExact = Annotated[
    bool | Decimal,
    PlainValidator(yes_no_or_exact),
    PlainSerializer(lambda value: value if isinstance(value, bool) else plain(value), when_used="json"),
    WithJsonSchema(
        {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": f"^{EXACT.pattern}$"}, {"type": "number"}]}
    ),
]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_in_range)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
ClockTime = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{CLOCK.pattern}$"}),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_one_line)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
PlanScopedCode = Annotated[str, StringConstraints(pattern=PLAN_SCOPED_CODE)]
IndicatorCode = Annotated[str, StringConstraints(pattern=INDICATOR_CODE)]
"""Without a hyphen, so that it can stand in a formula."""
UnitCode = Annotated[str, StringConstraints(pattern=UNIT_CODE)]
Region = Annotated[str, StringConstraints(pattern=REGION)]
Subject = Annotated[str, StringConstraints(pattern=SUBJECT)]
Email = Annotated[str, StringConstraints(pattern=EMAIL, max_length=254)]
Year = Annotated[int, Field(ge=1950, le=2200)]

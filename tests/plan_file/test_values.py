"""Numbers, days and texts are what was written, exactly."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.plan_file.scalars import ClockTime, Day, Exact, Instant, YesNoOrExact, plain
from services.plan_file.tree import grow

exact: TypeAdapter[Decimal] = TypeAdapter(Exact)
numbers = st.decimals(min_value=-(10**17), max_value=10**17, places=6, allow_nan=False, allow_infinity=False)


@given(numbers)
def test_a_number_is_the_same_however_it_is_written(number: Decimal) -> None:
    written = plain(number)
    as_scalar, as_text = grow(f"a: {written}\nb: '{number:f}'").value, {"a": number, "b": number}
    assert isinstance(as_scalar, dict)
    assert {key: exact.validate_python(value) for key, value in as_scalar.items()} == as_text


@given(numbers)
def test_a_number_is_written_in_one_way(number: Decimal) -> None:
    assert exact.dump_json(exact.validate_python(number)) == f'"{plain(number)}"'.encode()


@pytest.mark.parametrize(
    ("number", "text"),
    [("18.20", "18.2"), ("1000", "1000"), ("1E+3", "1000"), ("-0", "0"), ("-0.0", "0"), ("0.10", "0.1")],
)
def test_a_written_number_has_no_exponent_and_no_needless_zero(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    "value",
    [
        27.9,
        True,
        None,
        "1e3",
        "NaN",
        "Infinity",
        "-inf",
        "1_000",
        "1,000",
        "٣",
        " 1",
        "1.",
        ".5",
        "0" * 2,
        10**18,
        2**70,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+1000000"),
        Decimal("1E-1000000"),
        Decimal("0." + "1" * 13),
    ],
)
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="exact number"):
        exact.validate_python(value)


@pytest.mark.parametrize(("value", "json"), [(True, b"true"), (False, b"false"), ("10.0", b'"10"'), (-1, b'"-1"')])
def test_a_condition_compares_with_a_number_or_a_yes_or_no(value: object, json: bytes) -> None:
    either: TypeAdapter[bool | Decimal] = TypeAdapter(YesNoOrExact)
    assert either.dump_json(either.validate_python(value)) == json


@pytest.mark.parametrize("value", ["2017-12-31", date(2017, 12, 31)])
def test_a_day_is_written_in_full(value: object) -> None:
    assert TypeAdapter(Day).validate_python(value) == date(2017, 12, 31)


@pytest.mark.parametrize(
    "value", [0, "2017-1-1", "20171231", "2017-02-29", "2017-12-31T00:00:00Z", datetime(2017, 1, 1, tzinfo=UTC)]
)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="a day is needed"):
        TypeAdapter(Day).validate_python(value)


@pytest.mark.parametrize("value", ["2017-01-01T00:00:00Z", "2017-01-01T08:00+08:00", datetime(2017, 1, 1, tzinfo=UTC)])
def test_an_instant_carries_its_zone(value: object) -> None:
    assert TypeAdapter(Instant).validate_python(value) == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, "2017-01-01", "2017-01-01T00:00:00", datetime(2017, 1, 1)])  # noqa: DTZ001  the point
def test_an_instant_without_a_zone_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="its zone"):
        TypeAdapter(Instant).validate_python(value)


@pytest.mark.parametrize("value", ["09:00", time(9)])
def test_a_time_of_day_has_hours_and_minutes(value: object) -> None:
    clock: TypeAdapter[time] = TypeAdapter(ClockTime)
    assert clock.dump_json(clock.validate_python(value)) == b'"09:00"'


@pytest.mark.parametrize("value", [9, "9:00", "24:00", "09:00:00", time(9, tzinfo=UTC)])
def test_what_is_no_time_of_day_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="time of day"):
        TypeAdapter(ClockTime).validate_python(value)


@pytest.mark.parametrize(
    "text", ["yes", "on", "0123", "0x10", "12:30", "1_000", "1e3", "+5", ".5", ".nan", "2017-12-31", "<<"]
)
def test_yaml_guesses_nothing(text: str) -> None:
    assert grow(f"a: {text}").value == {"a": text}


def test_a_byte_order_mark_is_no_content() -> None:
    assert grow("\ufeffa: 1".encode()).value == {"a": 1}


def test_a_lone_surrogate_is_not_utf8() -> None:
    assert [fault.code for fault in grow("a: \ud800").faults] == ["not_utf8"]

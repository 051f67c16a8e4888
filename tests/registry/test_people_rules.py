"""Passwords, locks, and for which unit somebody acts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.identity.rules import Granted
from services.registry.people import rules
from services.registry.people.rules import NoRole, WhichUnit

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def codes(password: str, **who: str) -> list[str]:
    usual = {"name": "zhang.san", "display_name": "张三", "old": "the one before", "pointer": "/body/new_password"}
    return [fault.code for fault in rules.password_faults(password, **{**usual, **who})]


@pytest.mark.parametrize(
    "password", ["seven copper lanterns", "湘湖边上的旧码头二号", "Tr0ub4dor&3-xyz", "correct-horse-9", "k7#Lm2!qVz"]
)
def test_long_and_unlikely_is_enough(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "password123456",
        "Admin888888",
        "1234567890",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "1212121212",
        "9876543210",
        "abcdefghij",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert "password-common" in codes(password)


def test_the_name_the_old_one_and_the_length_are_looked_at() -> None:
    assert codes("Zhang.San-rides-again") == ["password-name"]
    assert codes("the one before") == ["password-same"]
    assert codes("k7#Lm2!qV") == ["password-length"]
    assert codes("一", display_name="一") == ["password-length", "password-common"]


@given(st.lists(st.integers(0, 1800), max_size=8))
def test_a_name_is_locked_while_five_failures_lie_within_the_window(ages: list[int]) -> None:
    failures = [NOW - timedelta(seconds=age) for age in ages]
    seconds = rules.locked_for(failures, NOW)
    assert (seconds > 0) == (sum(age < 900 for age in ages) >= 5)
    assert rules.locked_for(failures, NOW + timedelta(seconds=seconds)) == 0


def test_a_session_is_for_one_unit() -> None:
    a, b, whole = Granted("unit_head", "a", "a"), Granted("unit_liaison", "b", "b"), Granted("auditor", None, None)
    assert rules.acting([a], None) == [a]
    assert rules.acting([whole], None) == [whole]
    assert rules.acting([a, b], "b") == [b]
    assert rules.acting([a, whole], "-") == [whole]
    for grants, asked in (([a, b], None), ([a], "b"), ([a], "-")):
        with pytest.raises(WhichUnit):
            rules.acting(grants, asked)
    with pytest.raises(NoRole):
        rules.acting([], None)

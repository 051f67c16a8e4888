"""When a plan is looked at again, and where a unit stands: pure rules."""

from datetime import datetime

import pytest

from services.indicators.directory.rules import stands, unit_path
from services.indicators.gaps.due.rules import earliest, next_midnight


@pytest.mark.parametrize(
    ("after", "midnight"),
    [
        ("2018-07-16T09:00:00+08:00", "2018-07-17T00:00:00+08:00"),
        ("2018-07-16T00:00:00+08:00", "2018-07-17T00:00:00+08:00"),
        ("2018-07-15T15:59:59.999999+00:00", "2018-07-16T00:00:00+08:00"),
        ("2018-07-15T16:00:00+00:00", "2018-07-17T00:00:00+08:00"),
    ],
)
def test_a_day_begins_in_the_plans_zone(after: str, midnight: str) -> None:
    assert next_midnight(datetime.fromisoformat(after), "Asia/Shanghai") == datetime.fromisoformat(midnight)


def test_a_day_of_another_length_begins_at_its_own_midnight() -> None:
    after = datetime.fromisoformat("2018-03-25T00:00:00+01:00")
    assert next_midnight(after, "Europe/Berlin") == datetime.fromisoformat("2018-03-26T00:00:00+02:00")


def test_the_earliest_of_what_there_is() -> None:
    noon = datetime.fromisoformat("2018-07-16T12:00:00+08:00")
    assert (earliest(None, noon), earliest(None)) == (noon, None)


def test_a_unit_stands_below_its_parent() -> None:
    assert unit_path("b", "a", {"a": "root.a"}) == "root.a.b"


def test_a_parent_that_is_not_known_yet_is_taken_for_a_root() -> None:
    assert (unit_path("b", "a", {}), unit_path("b", None, {})) == ("a.b", "b")


def test_what_is_answered_in_set_up_is_not_promised_to_stand() -> None:
    assert [stands(state) for state in ("set-up", "active", "closed")] == [False, True, True]

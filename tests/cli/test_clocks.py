from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.cli.clocks import duration, instant, said
from services.cli.evaluation import question
from services.cli.stopped import Stopped

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("2w", timedelta(weeks=2)),
        ("1d12h", timedelta(days=1, hours=12)),
    ],
)
def test_a_duration_is_read_as_it_is_typed(typed: str, meant: timedelta) -> None:
    assert duration(typed) == meant


@pytest.mark.parametrize("typed", ["", "7", "7x", "d", "-7d", "0d", "7d ", "1.5d"])
def test_what_is_no_duration_is_refused_as_typed_wrongly(typed: str) -> None:
    with pytest.raises(Stopped, match="is no duration; such as 7d") as refusal:
        duration(typed)
    assert refusal.value.status == 2


def test_an_instant_keeps_its_offset() -> None:
    assert instant("2018-08-01T09:00+08:00") == datetime(2018, 8, 1, 9, tzinfo=SHANGHAI)


@pytest.mark.parametrize("typed", ["2018-08-01T09:00", "2018-08-01", "tomorrow", ""])
def test_an_instant_without_an_offset_is_refused_as_typed_wrongly(typed: str) -> None:
    with pytest.raises(Stopped, match="is no instant with its offset") as refusal:
        instant(typed)
    assert refusal.value.status == 2


def test_a_day_that_is_none_is_refused_as_typed_wrongly() -> None:
    with pytest.raises(Stopped, match="'2018-06-31' is no day") as refusal:
        question("2018-06-31", "2018-07-15T18:00:00+08:00")
    assert refusal.value.status == 2


def test_the_clock_is_written_with_the_plans_offset_and_its_name() -> None:
    assert said({"now": "2018-07-16T01:00:00.123Z"}, SHANGHAI) == "2018-07-16T09:00:00+08:00 business clock 业务时钟"


def test_a_clock_that_is_not_the_real_one_says_that_the_data_are_synthetic() -> None:
    assert said({"now": "2018-07-16T01:00:00Z", "synthetic": True}, SHANGHAI).endswith(", synthetic data 样例数据")


def test_a_standing_clock_says_so() -> None:
    assert said({"now": "2018-07-16T01:00:00Z", "standing": True}, SHANGHAI).endswith("(standing)")


def test_a_clock_on_its_way_says_where_to() -> None:
    clock = {"now": "2018-07-16T01:00:00Z", "moving_to": "2018-07-23T01:00:00Z"}
    assert said(clock, SHANGHAI).endswith("(on its way to 2018-07-23T09:00:00+08:00)")

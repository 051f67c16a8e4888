"""What a quota promises, against a list of every instant at which a request was taken."""

import copy
import itertools
import tracemalloc
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import quotas
from services.kit.quotas import GRAINS, SECOND, Quota

GRAIN = SECOND // GRAINS
"""Of a window of one second, which these tests use."""
AROUND = st.sampled_from([0, 1, GRAIN - 1, GRAIN, GRAIN + 1, SECOND - GRAIN, SECOND - 1, SECOND, SECOND + 1])
STEPS = st.lists(
    st.tuples(st.sampled_from("ab"), st.one_of(AROUND, st.integers(0, 2 * SECOND), st.integers(0, 3 * GRAIN))),
    max_size=60,
)
"""Who asks next, and how many nanoseconds after the one before."""
START = 10 * SECOND


def within(taken: list[int], now: int, span: int) -> int:
    return sum(1 for instant in taken if now - span < instant <= now)


@given(st.integers(1, 5), STEPS)
def test_no_window_holds_more_than_the_quota_and_nothing_is_refused_for_less(
    requests: int, steps: list[tuple[str, int]]
) -> None:
    quota = Quota("q", requests, 1)
    taken: dict[str, list[int]] = defaultdict(list)
    now = START
    for key, step in steps:
        now += step
        standing = quota.take(key, now)
        if standing.taken:
            taken[key].append(now)
            assert within(taken[key], now, SECOND) <= requests
        else:
            assert within(taken[key], now, SECOND + GRAIN) >= requests
        remembered = requests - standing.left
        assert within(taken[key], now, SECOND) <= remembered <= within(taken[key], now, SECOND + GRAIN)


@given(st.integers(1, 5), st.lists(st.integers(GRAIN, SECOND + GRAIN), max_size=60))
def test_requests_apart_from_each_other_are_each_given_back_after_exactly_a_window(
    requests: int, steps: list[int]
) -> None:
    quota = Quota("q", requests, 1)
    taken: list[int] = []
    for now in itertools.accumulate(steps, initial=START):
        expected = within(taken, now, SECOND) < requests
        assert quota.take("a", now).taken is expected
        if expected:
            taken.append(now)


@given(st.integers(1, 5), STEPS)
def test_who_waits_as_long_as_was_said_is_taken_and_who_waits_less_is_not(
    requests: int, steps: list[tuple[str, int]]
) -> None:
    quota = Quota("q", requests, 1)
    now = START
    for key, step in steps:
        now += step
        standing = quota.take(key, now)
        assert 0 < standing.wait <= SECOND
        assert standing.seconds == 1
        if not standing.taken:
            assert not copy.deepcopy(quota).take(key, now + standing.wait - 1).taken
            assert copy.deepcopy(quota).take(key, now + standing.wait).taken
            assert copy.deepcopy(quota).take(key, now + standing.seconds * SECOND).taken


def test_a_quota_may_be_used_up_at_once_and_is_whole_again_a_window_later() -> None:
    quota = Quota("q", 100, 60)
    first = [quota.take("a", START).left for _ in range(100)]
    assert first == list(range(99, -1, -1))
    refused = quota.take("a", START + SECOND // 2)
    assert (refused.taken, refused.left, refused.seconds) == (False, 0, 60)
    assert quota.take("a", START + 60 * SECOND).left == 99


def test_the_seconds_to_wait_are_rounded_up() -> None:
    quota = Quota("q", 1, 60)
    quota.take("a", START)
    assert quota.take("a", START + 1).seconds == 60
    assert quota.take("a", START + SECOND).seconds == 59
    assert quota.take("a", START + 60 * SECOND - 1).seconds == 1


def test_who_is_refused_does_not_wait_longer_for_asking_again() -> None:
    quota = Quota("q", 1, 60)
    quota.take("a", START)
    for second in range(1, 60):
        assert not quota.take("a", START + second * SECOND).taken
    assert quota.take("a", START + 60 * SECOND).taken


def test_keys_do_not_share_a_quota() -> None:
    quota = Quota("q", 1, 60)
    assert [quota.take(key, START).taken for key in "aabb"] == [True, False, True, False]


def test_who_was_not_heard_of_for_a_window_is_forgotten_within_the_next() -> None:
    quota = Quota("q", 5, 60)
    for number in range(1000):
        quota.take(number, START)
    assert len(quota) == 1000
    for second in range(121):
        quota.take("the one who goes on", START + second * SECOND)
    assert len(quota) == 1


def test_nobody_is_forgotten_before_the_window_has_passed() -> None:
    """Over many windows, at every distance from when the tables turn."""
    for late in range(0, 60, 7):
        quota = Quota("q", 1, 60)
        quota.take("somebody", START)
        for window in range(5):
            begun = START + window * 100 * SECOND + late * SECOND
            assert quota.take("a", begun).taken
            for second in (1, 30, 59):
                quota.take("somebody else", begun + second * SECOND)
                assert not quota.take("a", begun + second * SECOND).taken


def test_a_large_quota_takes_no_more_memory_than_a_small_one() -> None:
    quota = Quota("q", 1_000_000, 1)
    tracemalloc.start()
    try:
        for number in range(100_000):
            quota.take("a", START + number * SECOND // 50_000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 30_000


def test_beyond_so_many_keys_newcomers_share_one_quota_and_the_known_keep_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotas, "MOST_KEYS", 3)
    quota = Quota("q", 2, 60)
    for key in "abc":
        quota.take(key, START)
    flood = [quota.take(number, START).taken for number in range(100)]
    assert (sum(flood), len(quota)) == (2, 3)
    assert [quota.take(key, START).taken for key in "abc"] == [True] * 3
    later = START + 120 * SECOND
    assert quota.take("newcomer", later).taken
    assert len(quota) == 1

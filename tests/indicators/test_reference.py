"""The reference against the published answers of the sample plan, and against properties that semantics.md promises."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.indicators.reference.model import Light, Reason, World
from tests.indicators.reference.sample import TARGETS, answers, as_csv, sample_world

ROOT = Path(__file__).parents[2]
KNOWN_AT = datetime.fromisoformat("2018-07-15T18:00:00+08:00")


@pytest.fixture(scope="module")
def sample() -> World:
    plans = ROOT / "plans"
    return sample_world(plans / "xiaoshan-2017-2019.reports.csv", plans / "xiaoshan-2017-2019.milestones.csv")


def test_the_sample_answers_are_reached_byte_for_byte(sample: World) -> None:
    expected = (ROOT / "tests/data/answers-2018-06-30.csv").read_bytes()
    assert as_csv(answers(sample, date(2018, 6, 30), KNOWN_AT)).encode() == expected


def test_the_sample_has_65_targets() -> None:
    assert len({target.code for target in TARGETS}) == 65


def test_a_goal_met_after_a_missed_year_is_red_for_the_missed_checkpoint(sample: World) -> None:
    known_at = datetime.fromisoformat("2020-01-20T00:00:00+08:00")
    answer = {each.target: each for each in answers(sample, date(2019, 12, 31), known_at)}["T23"]
    assert (answer.light, answer.reason) == (Light.RED, Reason.CHECKPOINT_MISSED)
    assert answer.missed_checkpoints == (date(2018, 12, 31),)

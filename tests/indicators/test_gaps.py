"""Gaps over HTTP: the published answers, filters, who sees what, what is provisional."""

from pathlib import Path

import httpx
import pytest

from tests.platform import Platform

ANSWERS = Path(__file__).parents[1] / "data" / "answers-2018-06-30.csv"
ASKED = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}
AS_CSV = {"Accept": "text/csv"}


async def test_the_published_answers_are_given_byte_for_byte(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params=ASKED, headers=AS_CSV)
    assert answer.content == ANSWERS.read_bytes()

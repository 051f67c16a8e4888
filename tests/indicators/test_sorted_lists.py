"""Lists of indicators and of the notifier in other orders than their own, and cursors that hold to their question."""

from typing import Any

import pytest

from tests.platform import Platform
from tests.sorting import check


async def test_every_list_comes_in_every_order_that_its_document_offers(loaded: Platform) -> None:
    assert await check(loaded.indicators, {}) >= 4


@pytest.mark.parametrize(
    "params",
    [
        {"as_of": "2018-03-31"},
        {"known_at": "2018-07-10T18:00:00+08:00"},
        {"sort": "plan"},
        {"light": "red"},
        {"unit": "区经信局"},
        {"target": "T08"},
        {"search": "增加值"},
    ],
    ids=str,
)
async def test_gaps_of_another_question_are_not_continued(loaded: Platform, params: dict[str, str]) -> None:
    asked: dict[str, Any] = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00", "limit": 10}
    cursor = (await loaded.indicators.get("/v1/gaps", params=asked)).json()["next"]
    same = await loaded.indicators.get("/v1/gaps", params={**asked, "limit": 5, "cursor": cursor})
    assert same.status_code == 200
    assert same.json()["next"] is not None
    answer = await loaded.indicators.get("/v1/gaps", params={**asked, **params, "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-cursor")
    assert answer.json()["errors"][0]["pointer"] == "/query/cursor"


async def test_a_cursor_goes_on_with_the_pair_that_was_asked_for_though_it_was_lowered(loaded: Platform) -> None:
    asked: dict[str, Any] = {"known_at": "2018-12-31T18:00:00+08:00", "limit": 10}
    first = (await loaded.indicators.get("/v1/gaps", params=asked)).json()
    second = await loaded.indicators.get("/v1/gaps", params={**asked, "cursor": first["next"]})
    third = await loaded.indicators.get("/v1/gaps", params={**asked, "cursor": second.json()["next"]})
    assert (second.status_code, third.status_code) == (200, 200)
    assert {third.json()[name] for name in ("as_of", "known_at")} == {first[name] for name in ("as_of", "known_at")}

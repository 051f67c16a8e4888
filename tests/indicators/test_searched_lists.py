"""Searches of indicators: by what series, figures, targets and divisions are about."""

import pytest

from tests.platform import Platform


@pytest.mark.parametrize(
    ("path", "q", "field", "expected"),
    [
        ("/v1/indicators", "VA_GROWTH", "code", {"va_growth"}),
        ("/v1/series", "va_growth", "indicator", {"va_growth"}),
        ("/v1/series", "信息", "subject", {"industry:information"}),
        ("/v1/observations", "信息", "subject", {"industry:information"}),
        ("/v1/targets", "T08", "code", {"T08"}),
        ("/v1/breakdowns", "没有的", "target", set()),
        ("/v1/observations", "没有的", "subject", set()),
    ],
)
async def test_a_list_is_searched_by_what_it_is_about(
    loaded: Platform, path: str, q: str, field: str, expected: set[str]
) -> None:
    answer = await loaded.indicators.get(path, params={"q": q})
    assert answer.status_code == 200, answer.text
    found = {item[field] for item in answer.json()["items"]}
    assert expected <= found if expected else found == set()
    assert len(found) <= len(expected) + 2


@pytest.mark.parametrize("path", ["/v1/indicators", "/v1/targets", "/v1/gaps"])
async def test_the_earlier_name_of_a_search_finds_the_same(loaded: Platform, path: str) -> None:
    by_q = (await loaded.indicators.get(path, params={"q": "增加值"})).json()["items"]
    by_search = (await loaded.indicators.get(path, params={"search": "增加值"})).json()["items"]
    assert by_q == by_search != []

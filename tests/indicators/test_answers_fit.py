"""The answers of indicators are what its document says, field by field and value by value."""

import pytest

from tests.contracts.fitting import misfits
from tests.indicators import samples
from tests.platform import Platform

DAYS = ("2016-12-31", "2018-06-30", "2020-02-01")
"""Before the start, in the midst, after the end."""
LISTS = (
    *("audit", "audit/anchor", "breakdowns", "code-lists", "gaps/summary", "indicators", "jobs", "light-changes"),
    *("observations", "plans", "series", "targets"),
)
EXPLAINED = ("T01", "T02", "T04", "T08", "T17", "T26", "P01")
"""A multiple, a formula, a count, growth, milestones, the investment of a project."""


async def wrong(platform: Platform, path: str, real: str, **asked: str | int | bool) -> list[str]:
    answer = await platform.indicators.get(real, params=asked)
    assert answer.status_code == 200, answer.text
    return misfits("indicators", path, answer.json())


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_what_the_document_says(loaded: Platform, name: str) -> None:
    assert await wrong(loaded, f"/v1/{name}", f"/v1/{name}") == []


@pytest.mark.parametrize("day", DAYS)
async def test_gaps_of_any_day_are_what_the_document_says(loaded: Platform, day: str) -> None:
    assert await wrong(loaded, "/v1/gaps", "/v1/gaps", as_of=day) == []


@pytest.mark.parametrize("target", EXPLAINED)
async def test_what_is_said_of_a_target_is_what_the_document_says(loaded: Platform, target: str) -> None:
    explained = await wrong(loaded, "/v1/gaps/{target}/explanation", f"/v1/gaps/{target}/explanation")
    assert explained + await wrong(loaded, "/v1/lights/history", "/v1/lights/history", target=target) == []


async def test_the_part_of_a_plan_is_what_the_document_says(loaded: Platform) -> None:
    assert await wrong(loaded, "/v1/plans/{code}/part", f"/v1/plans/{samples.PLAN}/part") == []

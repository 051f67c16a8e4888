"""Lists in other orders than their own, and cursors that hold to the question they were made for."""

from typing import Any

import pytest

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, industry, owned, project, small_part
from tests.sorting import check


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    sent = small_part(enterprises=[enterprise("e91", "浙江碳银互联网科技有限公司"), enterprise("e90", "安恒")])
    sent["projects"][0]["enterprise"] = "e91"
    sent["projects"].append(project("P03", first_year=2019, last_year=2019, investment="900"))
    sent["projects"].append(project("P04", first_year=2018, last_year=2018, investment="1000.5"))
    sent["responsibilities"].append(owned("T12", "jingxin", "keji", subject="carrier:info-port"))
    await applied(registry, sent)
    for code, name in (("z1", "合成一"), ("z2", "合成二")):
        assert (await registry.http.post("/v1/industries", json=industry(code, name=name))).status_code == 201
        roster = {"code": code, "name": f"{name}名册", "lists": "enterprise", "unit": "jingxin"}
        assert (await registry.http.post("/v1/rosters", json=roster)).status_code == 201
    return registry


async def test_every_list_comes_in_every_order_that_its_document_offers(planned: Registry) -> None:
    codes = {"plan": PLAN, "code": PLAN, "unit": "jingxin", "roster": "z1"}
    assert await check(planned.http, codes) >= 8


async def listed(registry: Registry, path: str, **params: Any) -> list[str]:  # noqa: ANN401 - of a query
    answer = await registry.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


async def test_amounts_are_sorted_as_numbers(planned: Registry) -> None:
    lowest = await listed(planned, "/v1/projects", sort="investment")
    assert lowest.index("P03") < lowest.index("P04")


async def test_a_search_comes_in_another_order_too(planned: Registry) -> None:
    assert await listed(planned, "/v1/industries", q="合成", sort="-code") == ["z2", "z1"]
    assert await listed(planned, "/v1/industries", q="合成二", sort="-name") == ["z2"]


async def test_a_file_is_sorted_as_the_list_is(planned: Registry) -> None:
    answer = await planned.http.get("/v1/industries", params={"sort": "-code"}, headers={"Accept": "text/csv"})
    codes = [line.split(",")[0] for line in answer.text.splitlines()[1:]]
    assert codes == await listed(planned, "/v1/industries", sort="-code")


@pytest.mark.parametrize("sort", ["colour", "--code", "code,name", ""])
async def test_an_order_that_a_list_has_not_is_refused_with_those_that_it_has(shared: Registry, sort: str) -> None:
    answer = await shared.http.get("/v1/industries", params={"sort": sort})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/query/sort"
    assert "-recorded_at" in fault["detail"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v1/industries", {}),
        ("/v1/units", {"kind": "bureau"}),
        ("/v1/units", {"sort": "-code"}),
        ("/v1/units", {"q": "区"}),
        ("/v1/units/jingxin/history", {}),
    ],
)
async def test_a_cursor_is_taken_by_the_list_the_order_and_the_filters_it_was_made_for_only(
    planned: Registry, path: str, params: dict[str, str]
) -> None:
    cursor = (await planned.http.get("/v1/units", params={"limit": 1})).json()["next"]
    answer = await planned.http.get(path, params={**params, "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-cursor")
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/query/cursor"
    assert "从头查询" in fault["detail"]
    english = await planned.http.get(path, params={**params, "cursor": cursor}, headers={"Accept-Language": "en"})
    assert "begin again" in english.json()["errors"][0]["detail"]

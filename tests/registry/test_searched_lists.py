"""Short lists that people search though no index serves them."""

from typing import Any

import pytest

from tests.registry.lives import people
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, small_part
from tests.registry.test_evidence_files import sent

INSTRUMENT = {"plan": PLAN, "code": "fund", "name": "子基金", "kind": "fund", "committed": "10", "unit": "jingxin"}
PAID = {"day": "2018-06-01", "amount": "2", "document": "萧财〔2018〕1号"}


@pytest.fixture
async def searched(registry: Registry) -> Registry:
    await applied(registry, small_part())
    http = registry.http
    made = [
        await http.post("/v1/people", json={"name": "wang.wu", "display_name": "王五", "unit": "keji"}),
        await sent(http, "开工证明（甲）.pdf"),
        await http.post(
            f"/v1/plans/{PLAN}/publicity",
            json={"day": "2018-06-01", "medium": "萧山日报", "title": "机器人小镇", "unit": "jingxin"},
        ),
        await http.put(f"/v1/plans/{PLAN}/instruments/fund", json=INSTRUMENT),
        await http.post(f"/v1/plans/{PLAN}/instruments/fund/payments", json={**PAID, "receiver": "某Ａ团队"}),
        await http.post(f"/v1/plans/{PLAN}/instruments/fund/payments", json={**PAID, "project": "P01"}),
    ]
    assert all(answer.is_success for answer in made), [answer.text for answer in made]
    return registry


async def found(registry: Registry, path: str, field: str, **params: Any) -> list[Any]:  # noqa: ANN401 - of a query
    answer = await registry.http.get(path, params={"total": True, **params})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return [item[field] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("path", "field", "searches"),
    [
        ("/v1/contacts", "person", {"张": ["张三"], "经信": ["张三"], "jingxin": ["张三"], "李": [], "%": []}),
        ("/v1/people", "name", {"王": ["wang.wu"], "WANG": ["wang.wu"], "科技": ["wang.wu"], "经信": []}),
        ("/v1/files", "name", {"证明": ["开工证明（甲）.pdf"], "(甲)": ["开工证明（甲）.pdf"], "竣工": []}),
        ("/v1/responsibilities", "matter", {"科技": ["P01"], "t01": ["T01"], "_": []}),
        (
            "/v1/publicity",
            "title",
            {"机器人": ["机器人小镇"], "日报": ["机器人小镇"], "经信": ["机器人小镇"], "科": []},
        ),
        ("/v1/payments", "receiver", {"a团": ["某Ａ团队"], "1号": ["某Ａ团队", None], "无人": []}),
        ("/v1/grants", "holder", {"nobody": []}),
        ("/v1/outside-accounts", "person", {"nobody": []}),
    ],
)
async def test_a_short_list_finds_what_its_rows_say_from_one_character(
    searched: Registry, path: str, field: str, searches: dict[str, list[Any]]
) -> None:
    for q, expected in searches.items():
        assert sorted(await found(searched, path, field, q=q), key=str) == sorted(expected, key=str), q


async def test_change_requests_are_found_by_what_they_say(registry: Registry) -> None:
    who = await people(registry)
    asked = await who.lead.post(
        "/v1/projects/P01/change-requests",
        json={"unit": "keji", "text": "设备价格上涨", "changes": {"investment": "36000"}},
    )
    assert asked.status_code == 201, asked.text
    for q, there in {"价格": 1, "2018-0001": 1, "科技": 1, "p01": 1, "下跌": 0}.items():
        assert len(await found(registry, "/v1/change-requests", "code", q=q)) == there, q


async def test_a_search_pages_and_is_sorted_as_the_list_is(searched: Registry) -> None:
    first = (await searched.http.get("/v1/payments", params={"q": "1号", "limit": 1, "sort": "-amount"})).json()
    rest = await searched.http.get("/v1/payments", params={"q": "1号", "sort": "-amount", "cursor": first["next"]})
    assert len(rest.json()["items"]) == 1
    other = await searched.http.get("/v1/payments", params={"q": "2号", "sort": "-amount", "cursor": first["next"]})
    assert (other.status_code, other.json()["code"]) == (422, "bad-cursor")

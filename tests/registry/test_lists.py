"""Lists: search in Chinese from one character, filters, pages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.registry.running import START, Registry, running, settings_for
from tests.registry.samples import applied, enterprise, industry, owned, project, small_part

NAMES = {
    "e21": "浙江传化智联股份有限公司",
    "e22": "杭州钱塘大数据交易中心有限公司",
    "e25": "杭州华澜微电子股份有限公司",
    "e26": "包印网（杭州）科技有限公司",
    "pct": "100%纯棉_公司",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def listing(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Registry]:
    """One registry for all lists, which nothing else writes to."""
    async with (
        fresh_database(postgres_server, template_database) as database,
        running(settings_for(database), database) as made,
    ):
        await made.show(START)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def enterprises(planned: Registry) -> Registry:
    registry = planned
    await registry.http.post("/v1/industries", json=industry("listed", name="上市产业"))
    for code, name in NAMES.items():
        aliases = ["CHUANHUA Zhilian"] if code == "e21" else []
        made = await registry.http.post(
            "/v1/enterprises", json=enterprise(code, name, aliases=aliases, industry="listed")
        )
        assert made.status_code == 201, made.text
    return registry


async def codes(registry: Registry, path: str, **params: str | int) -> list[str]:
    answer = await registry.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item.get("code") or item["matter"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("微", ["e25"]),
        ("杭州", ["e22", "e25", "e26"]),
        ("大数据", ["e22"]),
        ("钱塘大数据交易中心", ["e22"]),
        ("chuanhua", ["e21"]),
        ("ＣＨＵＡＮ", ["e21"]),
        ("(杭州)", ["e26"]),
        ("%", ["pct"]),
        ("_", ["pct"]),
        ("100%纯", ["pct"]),
        ("州杭", []),
        ("\\", []),
    ],
)
async def test_a_search_finds_names_that_hold_it(enterprises: Registry, q: str, found: list[str]) -> None:
    assert await codes(enterprises, "/v1/enterprises", q=q, industry="listed") == found


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(enterprises: Registry) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        params: dict[str, str | int] = {"limit": 2, "industry": "listed", **({"cursor": cursor} if cursor else {})}
        page = (await enterprises.http.get("/v1/enterprises", params=params)).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(NAMES)


async def test_the_total_is_counted_only_when_asked(enterprises: Registry) -> None:
    plain = (await enterprises.http.get("/v1/enterprises", params={"limit": 1, "industry": "listed"})).json()
    asked = (
        await enterprises.http.get("/v1/enterprises", params={"limit": 1, "industry": "listed", "total": True})
    ).json()
    assert plain.get("total") is None
    assert asked["total"] == len(NAMES)


@pytest.mark.parametrize(
    "params", [{"limit": 201}, {"limit": 0}, {"colour": "red"}, {"q": "a\u0000"}, {"cursor": "nonsense"}], ids=str
)
async def test_a_list_refuses_what_it_does_not_know(shared: Registry, params: dict[str, str | int]) -> None:
    answer = await shared.http.get("/v1/enterprises", params=params)
    assert answer.status_code == 422


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def planned(listing: Registry) -> Registry:
    registry = listing
    sent = small_part(enterprises=[enterprise("e91", "浙江碳银互联网科技有限公司")])
    sent["projects"][0]["enterprise"] = "e91"
    sent["projects"].append(project("P03", first_year=2019, last_year=2019))
    sent["responsibilities"].append(owned("T12", "jingxin", "keji", subject="carrier:info-port"))
    await applied(registry, sent)
    return registry


@pytest.mark.parametrize(
    ("path", "params", "found"),
    [
        ("/v1/projects", {"industry": "information"}, ["P01", "P02", "P03"]),
        ("/v1/projects", {"industry": "listed"}, []),
        ("/v1/projects", {"carrier": "info-port"}, ["P01"]),
        ("/v1/projects", {"enterprise": "e91"}, ["P01"]),
        ("/v1/projects", {"year": 2018}, ["P01", "P02"]),
        ("/v1/projects", {"year": 2019, "industry": "information"}, ["P03"]),
        ("/v1/projects", {"unit": "区科技局"}, ["P01"]),
        ("/v1/projects", {"unit": "keji", "q": "项"}, ["P01"]),
        ("/v1/projects", {"unit": "jingxin"}, []),
        ("/v1/projects", {"plan": "plan-a", "year": 2017}, ["P01", "P02"]),
        ("/v1/carriers", {"industry": "information"}, ["info-port"]),
        ("/v1/carriers", {"unit": "区经信局"}, ["info-port"]),
        ("/v1/carriers", {"unit": "keji"}, ["info-port"]),
        ("/v1/enterprises", {"industry": "information"}, ["e91"]),
        ("/v1/responsibilities", {"unit": "keji"}, ["P01", "T01", "T12"]),
        ("/v1/responsibilities", {"unit": "keji", "role": "lead"}, ["P01"]),
        ("/v1/responsibilities", {"unit": "keji", "role": "support"}, ["T01", "T12"]),
        ("/v1/responsibilities", {"subject": "project:P01"}, ["P01"]),
        ("/v1/tasks", {"plan": "plan-a", "q": "示范"}, ["C01"]),
        ("/v1/units", {"unit": "区政府"}, ["government", "jingxin", "keji"]),
        ("/v1/units", {"parent": "government"}, ["jingxin", "keji"]),
        ("/v1/units", {"kind": "office"}, ["government"]),
        ("/v1/plans", {"q": "行动"}, ["plan-a"]),
    ],
)
async def test_filters_narrow_a_list(
    planned: Registry, path: str, params: dict[str, str | int], found: list[str]
) -> None:
    assert await codes(planned, path, **params) == found


@pytest.mark.parametrize(
    ("path", "params", "pointers"),
    [
        ("/v1/projects", {"industry": "bio", "carrier": "nowhere"}, ["/query/carrier", "/query/industry"]),
        ("/v1/projects", {"industry": "information", "carrier": "nowhere"}, ["/query/carrier"]),
        ("/v1/carriers", {"unit": "没有的局"}, ["/query/unit"]),
        ("/v1/visits", {"leader": "nobody"}, ["/query/leader"]),
        ("/v1/project-steps", {"reviewer": "nobody"}, ["/query/reviewer"]),
        ("/v1/milestones", {"subject": "project:P99"}, ["/query/subject"]),
    ],
)
async def test_a_filter_that_names_nothing_is_refused(
    planned: Registry, path: str, params: dict[str, str], pointers: list[str]
) -> None:
    answer = await planned.http.get(path, params=params)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-object")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v1/visits", {"leader": "keji"}),
        ("/v1/milestones", {"subject": "project:P01"}),
        ("/v1/milestones", {"subject": "region:330109"}),
        ("/v1/enterprises", {"group": "没有的集团", "industry": "listed"}),
        ("/v1/projects", {"kind": "standard", "year": 2030}),
    ],
)
async def test_what_is_there_and_finds_nothing_is_an_empty_list(
    planned: Registry, path: str, params: dict[str, str | int]
) -> None:
    if params.get("group"):
        sent = enterprise("e92", "甲公司", group="没有的集团")
        await planned.http.post("/v1/enterprises", json=sent)
    assert await codes(planned, path, **params) == []


async def test_a_role_without_its_unit_is_refused(shared: Registry) -> None:
    assert (await shared.http.get("/v1/responsibilities", params={"role": "lead"})).status_code == 422

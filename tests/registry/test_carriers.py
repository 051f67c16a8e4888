"""Carriers: shared by industries and plans, each thing counted once."""

from typing import Any

import pytest

from tests.registry.running import Registry
from tests.registry.samples import applied, apply_sample, enterprise, faults, industry, part

LINKS = {"kind": "institution", "enterprise": None, "carrier": None, "counted": True}


def carrier(code: str, **more: object) -> dict[str, Any]:
    """A carrier of the information industry, shared with equipment."""
    usual = {"name": f"载体{code}", "name_en": None, "industry": "information", "also": ["equipment"], "aliases": []}
    return {"code": code, **usual, "parent": None, "area": None, "members": [], "shares": [], **more}


def member(name: str, **more: object) -> dict[str, Any]:
    """An institution within a carrier."""
    return {**LINKS, "name": name, **more}


async def two_industries(registry: Registry) -> None:
    for code, name in (("information", "信息产业"), ("equipment", "高端装备制造")):
        assert (await registry.http.post("/v1/industries", json=industry(code, name=name))).status_code == 201


async def made(registry: Registry, sent: dict[str, Any]) -> dict[str, Any]:
    answer = await registry.http.post("/v1/carriers", json=sent)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(registry: Registry, sent: dict[str, Any]) -> list[tuple[str, str]]:
    answer = await registry.http.post("/v1/carriers", json=sent)
    assert answer.status_code == 422, answer.text
    return faults(answer.json())


async def counts(registry: Registry) -> dict[str, Any]:
    answer = (await registry.http.get("/v1/carrier-counts")).json()
    return {**{row.pop("industry"): row for row in answer["items"]}, "all": answer["all"]}


async def test_the_sample_counts_thirteen_carriers_though_two_stand_in_two_places(registry: Registry) -> None:
    await apply_sample(registry)
    assert (await apply_sample(registry))["changes"] == []
    found = await counts(registry)
    assert {name: row["carriers"] for name, row in found.items()} == {
        "information": 4,
        "equipment": 3,
        "nev": 2,
        "bio": 3,
        "fiber": 1,
        "all": 13,
    }
    assert (found["equipment"]["also"], found["information"]["also"]) == (1, 1)
    assert (found["all"]["share"], found["all"]["area"]) == ("13", "14.42")
    assert (found["information"]["members"], found["equipment"]["members"]) == (2, 6)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "浙大机器人研究院"}, ["info-port", "robot-town"]),
        ({"q": "中国智慧健康谷"}, ["info-port", "weiyi-valley"]),
        ({"q": "增材智造小镇"}, ["xianghu-additive"]),
        ({"q": "开发区信息港小镇"}, ["info-port"]),
        ({"enterprise": "e04"}, ["robot-town"]),
        ({"plan": "xiaoshan-2017-2019", "industry": "equipment", "q": "空"}, ["airport-town"]),
        ({"enterprise": "e01"}, []),
    ],
)
async def test_carriers_are_found_by_every_name_and_by_what_they_consist_of(
    sample_registry: Registry, params: dict[str, str], found: list[str]
) -> None:
    listed = (await sample_registry.http.get("/v1/carriers", params=params)).json()["items"]
    assert [one["code"] for one in listed] == found


async def test_a_shared_carrier_is_divided_by_its_shares_and_counted_once(registry: Registry) -> None:
    await two_industries(registry)
    shares = [{"industry": "information", "share": "0.3"}, {"industry": "equipment", "share": "0.7"}]
    await made(registry, carrier("airport", area="10.01", shares=shares))
    found = await counts(registry)
    assert (found["information"]["carriers"], found["equipment"]["carriers"], found["all"]["carriers"]) == (1, 0, 1)
    assert (found["information"]["area"], found["equipment"]["area"], found["all"]["area"]) == (
        "3.003",
        "7.007",
        "10.01",
    )


async def test_the_area_of_a_carrier_within_another_is_not_added_again(registry: Registry) -> None:
    await two_industries(registry)
    await made(registry, carrier("zone", area="8"))
    await made(registry, carrier("town", area="2.5", parent="zone"))
    listed = (await registry.http.get("/v1/carriers", params={"parent": "zone"})).json()["items"]
    assert [one["code"] for one in listed] == ["town"]
    assert (await counts(registry))["all"]["area"] == "8"


async def test_one_thing_in_two_carriers_is_counted_by_one(registry: Registry) -> None:
    await two_industries(registry)
    await made(registry, carrier("port", members=[member("浙大机器人研究院")]))
    twice = carrier("town", members=[member("浙大机器人研究院")])
    assert await refused(registry, twice) == [("/body/members/0/counted", "counted-twice")]
    await made(registry, carrier("town", members=[member("浙大机器人研究院", counted=False)]))
    assert (await counts(registry))["all"]["members"] == 1


async def test_an_enterprise_is_the_same_under_another_name(registry: Registry) -> None:
    await two_industries(registry)
    await registry.http.post("/v1/enterprises", json=enterprise("e03", "杭州凯尔达机器人科技股份有限公司"))
    await made(registry, carrier("port", members=[member("凯尔达", kind="enterprise", enterprise="e03")]))
    again = carrier("town", members=[member("凯尔达机器人", kind="enterprise", enterprise="e03")])
    assert await refused(registry, again) == [("/body/members/0/counted", "counted-twice")]


async def test_every_fault_of_a_carrier_is_named(registry: Registry) -> None:
    await two_industries(registry)
    sent = carrier(
        "town",
        parent="nowhere",
        area="-1",
        shares=[{"industry": "bio", "share": "2"}],
        members=[member("某企业", enterprise="nobody"), member("某镇", carrier="town")],
    )
    assert sorted(await refused(registry, sent)) == [
        ("/body/area", "area-positive"),
        ("/body/members/0/enterprise", "unknown-reference"),
        ("/body/members/1/carrier", "unknown-reference"),
        ("/body/members/1/counted", "counted-twice"),
        ("/body/parent", "unknown-reference"),
        ("/body/shares/0/industry", "share-industry"),
        ("/body/shares/0/share", "share-range"),
    ]


async def test_shares_that_miss_the_whole_are_refused(registry: Registry) -> None:
    await two_industries(registry)
    thirds = [{"industry": one, "share": "0.333333333333"} for one in ("information", "equipment")]
    assert await refused(registry, carrier("town", shares=thirds)) == [("/body/shares", "share-sum")]


async def test_a_carrier_cannot_come_to_lie_within_itself(registry: Registry) -> None:
    await two_industries(registry)
    await made(registry, carrier("zone"))
    await made(registry, carrier("town", parent="zone"))
    answer = await registry.http.put(
        "/v1/carriers/zone", json=carrier("zone", parent="town"), headers={"If-Match": '"1"'}
    )
    assert faults(answer.json()) == [("/body/parent", "circle")]


async def test_a_file_is_told_what_another_carrier_counts_already(registry: Registry) -> None:
    await two_industries(registry)
    await made(registry, carrier("port", members=[member("研究院")]))
    both = [industry("information"), industry("equipment", name="高端装备制造")]
    sent = part(industries=both, carriers=[carrier("town", parent="hall", members=[member("研究院")]), carrier("hall")])
    answer = await registry.http.put("/v1/plans/plan-a", json=sent)
    assert faults(answer.json()) == [("/body/carriers/0/members/0/counted", "counted-twice")]
    sent["carriers"][0]["members"][0]["counted"] = False
    await applied(registry, sent)
    assert (await applied(registry, sent))["changes"] == []


async def test_a_carrier_of_a_version_without_members_is_answered_with_none(registry: Registry) -> None:
    """As versions are that were recorded before carriers had members."""
    await two_industries(registry)
    await made(registry, carrier("town"))
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.carrier SET content = content - '{members,shares}'::text[]")
    read_back = (await registry.http.get("/v1/carriers/town")).json()
    assert (read_back["members"], read_back["shares"]) == ([], [])

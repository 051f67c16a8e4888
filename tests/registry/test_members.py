"""Collective names (各镇街场及平台) over HTTP: for which units they stand, and what names them."""

from typing import Any

import pytest

from tests.registry.reforms import before_the_reform, carried_out, merged, reform
from tests.registry.running import Registry
from tests.registry.samples import PLAN, faults, owned, unit

Json = dict[str, Any]
BY_RULE = {"units": [], "kinds": ["town", "platform"], "below": "government"}


async def collective(registry: Registry, members: Json | None, **more: object) -> Any:  # noqa: ANN401 - a response
    """Say for which units 各镇街场及平台 stands."""
    kept = (await registry.http.get("/v1/units/towns")).json()
    body = {**unit("towns", "各镇街场及平台", kind="collective"), "members": members, **more}
    return await registry.http.put("/v1/units/towns", json=body, headers={"If-Match": f'"{kept["version"]}"'})


@pytest.fixture
async def town(registry: Registry) -> Registry:
    """The district, with a matter that all towns and platforms answer for."""
    matters = [owned("T01", "health"), owned("T02", "economy", "towns")]
    await before_the_reform(registry, responsibilities=matters)
    answer = await collective(registry, BY_RULE)
    assert answer.status_code == 200, answer.text
    return registry


async def members(registry: Registry, **params: str) -> list[str]:
    """The members of 各镇街场及平台."""
    answer = await registry.http.get("/v1/units/towns/members", params=params)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


async def of_unit(registry: Registry, named: str, **params: str) -> list[str]:
    """The matters of a unit."""
    answer = await registry.http.get("/v1/responsibilities", params={"unit": named, **params})
    return [one["matter"] for one in answer.json()["items"]]


async def test_a_rule_takes_in_units_that_come_later(town: Registry) -> None:
    assert await members(town) == ["yiqiao"]
    made = await town.http.post(
        "/v1/units", json=unit("port", "信息港", kind="platform", parent="government", valid_from="2019-01-01")
    )
    assert made.status_code == 201
    assert await members(town) == ["port", "yiqiao"]
    assert await members(town, as_of="2018-12-31") == ["yiqiao"]


async def test_what_names_the_collective_is_found_by_a_member(town: Registry) -> None:
    assert await of_unit(town, "义桥镇") == ["T02"]
    assert await of_unit(town, "yiqiao", role="support") == ["T02"]
    assert await of_unit(town, "yiqiao", role="lead") == []
    assert await of_unit(town, "towns") == ["T02"]
    assert await of_unit(town, "health") == ["T01"]


async def test_tasks_and_projects_too(town: Registry) -> None:
    tasks = await town.http.get("/v1/tasks", params={"unit": "义桥镇", "plan": PLAN})
    assert (tasks.status_code, tasks.json()["items"]) == (200, [])


async def test_listed_members_count_for_their_days(town: Registry) -> None:
    listed = [
        {"unit": "health", "valid_to": "2018-06-30"},
        {"unit": "economy", "valid_from": "2018-07-01"},
        {"unit": "yiqiao"},
    ]
    assert (await collective(town, {"units": listed})).status_code == 200
    assert await members(town, as_of="2018-06-30") == ["health", "yiqiao"]
    assert await members(town, as_of="2018-07-01") == ["economy", "yiqiao"]
    assert await of_unit(town, "health") == ["T01"]


async def test_a_listed_member_that_is_dissolved_is_followed_by_its_successor(town: Registry) -> None:
    assert (await collective(town, {"units": [{"unit": "health"}]})).status_code == 200
    await carried_out(town, reform(merged("health", into="economy")))
    assert await members(town, as_of="2019-01-28") == ["health"]
    assert await members(town, as_of="2019-01-29") == ["economy"]
    assert await of_unit(town, "economy") == ["T01", "T02"]


async def test_members_are_kept_where_a_plan_file_is_applied_again(town: Registry) -> None:
    await before_the_reform(town, responsibilities=[owned("T01", "health"), owned("T02", "economy", "towns")])
    assert await members(town) == ["yiqiao"]


async def test_other_units_have_no_members(town: Registry) -> None:
    answer = await town.http.get("/v1/units/health/members")
    assert answer.json()["items"] == []
    assert (await town.http.get("/v1/units/nobody/members")).status_code == 404


async def test_every_fault_of_members_is_named(town: Registry) -> None:
    listed = [
        {"unit": "nobody"},
        {"unit": "health", "valid_from": "2018-02-01", "valid_to": "2018-01-01"},
        {"unit": "health"},
    ]
    answer = await collective(town, {"units": listed, "below": "nowhere"}, kind="bureau")
    assert faults(answer.json()) == [
        ("/body/members", "no-collective"),
        ("/body/members/kinds", "kinds-missing"),
        ("/body/members/units/1/valid_to", "dates-reversed"),
        ("/body/members/units/2/unit", "twice"),
        ("/body/members/units/0/unit", "unknown-reference"),
        ("/body/members/below", "unknown-reference"),
    ]

"""A unit that stands is ended by a reorganisation, or pruned while nothing names it; what ended takes on nothing new."""

from typing import Any

import httpx
import pytest

from tests.registry.reforms import SUCCEEDED, before_the_reform, carried_out, person
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, owned, small_part, unit
from tests.registry.sheets import counts, done
from tests.registry.sheets import refused as refused_sheet

ENDED = "代码,名称,类型,终止日期,承接单位\n"
"""A row of the template as far as it concerns a unit's end."""


@pytest.fixture
async def town(registry: Registry) -> Registry:
    """The district, before its reform."""
    return await before_the_reform(registry)


async def read(registry: Registry, code: str) -> dict[str, Any]:
    """A unit."""
    answer = await registry.http.get(f"/v1/units/{code}")
    assert answer.status_code == 200, answer.text
    return {**answer.json(), "etag": answer.headers["etag"]}


async def replaced(registry: Registry, code: str, **more: object) -> httpx.Response:
    """The answer to a unit anew, as it was read but for `more`."""
    there = await read(registry, code)
    sent = {name: there[name] for name in ("code", "name", "kind", "parent", "valid_from", "valid_to", "successor")}
    headers = {"If-Match": there["etag"]}
    return await registry.http.put(f"/v1/units/{code}", json={**sent, **more}, headers=headers)


async def test_who_replaces_a_unit_does_not_end_it(town: Registry) -> None:
    ended = await replaced(town, "health", valid_to="2018-07-01")
    succeeded = await replaced(town, "health", successor="economy")
    assert faults(ended.json()) == [("/body/valid_to", "by-reorganisation")]
    assert faults(succeeded.json()) == [("/body/successor", "by-reorganisation")]
    assert "/registry/v1/reorganisations" in ended.json()["errors"][0]["detail"]
    assert (await read(town, "health"))["version"] == 1


async def test_a_sheet_does_not_end_a_unit(town: Registry) -> None:
    rows = ENDED + "health,区卫计局,部门,2018-07-01,economy\n"
    assert await refused_sheet(town, "units", rows) == [("D2", "by-reorganisation"), ("E2", "by-reorganisation")]


async def test_empty_cells_do_not_bring_a_dissolved_unit_back(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    before = await read(town, "health")
    assert counts(await done(town, "units", ENDED + "health,区卫计局,部门,,\n")) == (0, 0, 1)
    assert await read(town, "health") == before
    other = ENDED + "health,区卫计局,部门,2019-12-31,economy\n"
    assert await refused_sheet(town, "units", other) == [("D2", "by-reorganisation"), ("E2", "by-reorganisation")]


async def test_what_a_reorganisation_ended_stays_ended_whoever_replaces_it(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    left_out = await replaced(town, "health", valid_to=None, successor=None, name_en="Health")
    assert left_out.status_code == 200
    assert [left_out.json()[name] for name in ("valid_to", "successor")] == ["2019-01-28", "wellness"]
    later = await replaced(town, "health", valid_to="2019-06-30")
    assert faults(later.json()) == [("/body/valid_to", "by-reorganisation")]


async def test_history_that_was_loaded_as_ended_can_be_corrected_but_not_shortened(town: Registry) -> None:
    sent = unit("old", "原科技局", valid_to="2016-12-31", successor="economy")
    assert (await town.http.post("/v1/units", json=sent)).status_code == 201
    later = await replaced(town, "old", valid_to="2017-06-30", successor="health")
    assert (later.status_code, later.json()["successor"]) == (200, "health")
    earlier = await replaced(town, "old", valid_to="2016-06-30")
    assert faults(earlier.json()) == [("/body/valid_to", "by-reorganisation")]


async def test_a_unit_that_ended_without_a_reorganisation_takes_on_nothing_new_either(town: Registry) -> None:
    assert (await town.http.post("/v1/units", json=unit("old", "原科技局", valid_to="2016-12-31"))).status_code == 201
    body = {**owned("T05", "old"), "plan": PLAN, "valid_from": None, "valid_to": None}
    owner = await town.http.put(f"/v1/plans/{PLAN}/responsibilities/T05", json=body)
    assert faults(owner.json()) == [("/body/lead", "unit-dissolved")]
    assert owner.json()["errors"][0]["detail"].endswith("请改填存续的单位")
    contact = await town.http.put("/v1/units/old/contacts/liaison", json=person("old"))
    assert faults(contact.json()) == [("/body/unit", "unit-dissolved")]


async def test_a_unit_answers_until_an_end_that_is_still_to_come(town: Registry) -> None:
    sent = unit("office", "攻坚办", valid_to="2019-12-31")
    assert (await town.http.post("/v1/units", json=sent)).status_code == 201
    assert (await town.http.put("/v1/units/office/contacts/liaison", json=person("office"))).status_code == 200


async def test_nothing_comes_below_a_dissolved_unit(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    made = await town.http.post("/v1/units", json=unit("new", "新科室", parent="health"))
    assert faults(made.json()) == [("/body/parent", "unit-dissolved")]
    assert "区卫生健康局（wellness）" in made.json()["errors"][0]["detail"]
    moved = await replaced(town, "ageing", parent="health")
    assert faults(moved.json()) == [("/body/parent", "unit-dissolved")]
    row = "代码,名称,类型,上级单位\nnew,新科室,部门,health\n"
    assert await refused_sheet(town, "units", row) == [("D2", "unit-dissolved")]


async def test_what_ended_below_a_unit_that_ends_may_stay_there(town: Registry) -> None:
    sent = unit("past", "原疾控办", parent="health", valid_to="2016-12-31")
    assert (await town.http.post("/v1/units", json=sent)).status_code == 201
    await carried_out(town, SUCCEEDED)
    corrected = await replaced(town, "past", name_en="Disease control")
    assert corrected.status_code == 200, corrected.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {"name": "li.si", "display_name": "李四"}),
        ("grants", {"holder": "person:cai.a", "role": "unit_liaison"}),
        ("grants", {"holder": "person:cai.a", "role": "unit_liaison", "valid_from": "2019-01-01"}),
        ("keys", {"client_id": "desk", "scopes": ["registry:read"]}),
    ],
)
async def test_a_dissolved_unit_gets_no_new_people_roles_or_keys(
    town: Registry, path: str, body: dict[str, str]
) -> None:
    made = await town.http.post("/v1/people", json={"name": "cai.a", "display_name": "蔡某"})
    assert made.status_code == 201, made.text
    await carried_out(town, SUCCEEDED)
    answer = await town.http.post(f"/v1/{path}", json={**body, "unit": "区卫计局"})
    assert faults(answer.json()) == [("/body/unit", "unit-dissolved")]
    assert "区卫生健康局（wellness）" in answer.json()["errors"][0]["detail"]


async def test_a_role_of_the_time_before_is_still_granted_for_a_dissolved_unit(town: Registry) -> None:
    made = await town.http.post("/v1/people", json={"name": "cai.a", "display_name": "蔡某"})
    assert made.status_code == 201, made.text
    await carried_out(town, SUCCEEDED)
    body = {"holder": "person:cai.a", "role": "unit_liaison", "unit": "health"}
    past = {**body, "valid_from": "2018-07-01", "valid_to": "2019-01-28"}
    assert (await town.http.post("/v1/grants", json=past)).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/keys", {"client_id": "spare-desk", "scopes": ["registry:read"], "unit": "spare"}),
        ("/v1/people", {"name": "li.b", "display_name": "李某", "unit": "spare"}),
        (
            "/v1/grants",
            {"holder": "client:spare-desk", "role": "unit_head", "unit": "spare", "valid_from": "2018-01-01"},
        ),
    ],
)
async def test_prune_refuses_to_end_a_unit_that_somebody_acts_for(
    registry: Registry, path: str, body: dict[str, Any]
) -> None:
    spare = [*small_part()["units"], unit("spare", "区某办", parent="government")]
    await applied(registry, small_part(units=spare))
    if path == "/v1/grants":
        key = {"client_id": "spare-desk", "scopes": ["registry:read"], "unit": "keji"}
        assert (await registry.http.post("/v1/keys", json=key)).status_code == 201
    answer = await registry.http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    pruned = await registry.http.put(f"/v1/plans/{PLAN}", json=small_part(), params={"prune": True})
    assert faults(pruned.json()) == [("/query/prune", "still-named")]


async def test_prune_ends_a_unit_of_which_no_key_holds_any_more(registry: Registry) -> None:
    await applied(registry, small_part(units=[*small_part()["units"], unit("spare", "区某办", parent="government")]))
    key = {"client_id": "spare-desk", "scopes": ["registry:read"], "unit": "spare"}
    made = (await registry.http.post("/v1/keys", json=key)).json()
    assert (await registry.http.delete(f"/v1/keys/{made['id']}")).status_code == 204
    changes = (await applied(registry, small_part(), prune=True))["changes"]
    assert [(one["code"], one["change"]) for one in changes if one["kind"] == "unit"] == [("spare", "delete")]

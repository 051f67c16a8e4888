"""Who acted for a unit that ended: told by the reorganisation, moved by hand, and no role goes along unseen."""

from typing import Any

import httpx
import pytest

from tests.registry.reforms import SUCCEEDED, before_the_reform, carried_out, merged, reform
from tests.registry.running import Registry
from tests.registry.samples import faults
from tests.registry.test_people import change, made, sign_in

LEFT = {
    "unit": "health",
    "holder": "client:health-desk",
    "name": "health-desk",
    "account": True,
    "roles": [],
    "keys": 1,
}


@pytest.fixture
async def town(registry: Registry) -> Registry:
    """The district before its reform; somebody of 区卫计局 is its liaison, a system has a key of it."""
    await before_the_reform(registry)
    first = await made(registry, "cai.a", unit="区卫计局")
    assert (await change(registry, first, name="cai.a")).status_code == 204
    for unit, last in (("health", None), ("health", "2018-12-31"), ("economy", None)):
        role = "unit_head" if last else "unit_liaison"
        body = {"holder": "person:cai.a", "role": role, "unit": unit, "valid_from": "2018-01-01", "valid_to": last}
        assert (await registry.http.post("/v1/grants", json=body)).status_code == 201
    key = {"client_id": "health-desk", "scopes": ["registry:read"], "unit": "health"}
    assert (await registry.http.post("/v1/keys", json=key)).status_code == 201
    return registry


async def replaced(
    registry: Registry | httpx.AsyncClient, name: str = "cai.a", *, tag: str | None = None, **body: object
) -> httpx.Response:
    """The answer to an account as it shall be."""
    http = registry if isinstance(registry, httpx.AsyncClient) else registry.http
    tag = tag or (await http.get(f"/v1/people/{name}")).headers.get("etag", "*")
    return await http.put(f"/v1/people/{name}", json=body, headers={"If-Match": tag})


async def grants(registry: Registry) -> list[tuple[str, str | None]]:
    """The roles that cai.a holds."""
    found = (await registry.http.get("/v1/grants?holder=person:cai.a&revoked=false")).json()["items"]
    return sorted((one["role"], one["unit"]) for one in found)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_reorganisation_names_who_keeps_access_to_a_unit_that_ends(town: Registry, dry_run: bool) -> None:
    answer = await town.http.post("/v1/reorganisations", json=SUCCEEDED, params={"dry_run": dry_run})
    told: dict[str, Any] = answer.json()
    assert told["access"] == [
        LEFT,
        {
            "unit": "health",
            "holder": "person:cai.a",
            "name": "张三",
            "account": True,
            "roles": ["unit_liaison"],
            "keys": 0,
        },
    ]
    [warning] = [one for one in told["effects"]["warnings"] if one["code"] == "access-left"]
    assert warning["unit"] == "health"
    assert warning["zh"] == (
        "区卫计局（health）撤销后，仍有 1 个账号、1 项角色、1 个密钥属于该单位，看不到承接单位的内容；"
        "请调整账号单位，为承接单位重新授权，为承接单位发放密钥"
    )
    assert warning["en"].startswith("1 account(s), 1 role(s), 1 key(s) stay with 区卫计局 (health)")


async def test_who_may_not_read_accounts_and_roles_is_told_how_many_and_not_who(town: Registry) -> None:
    for scopes, named in ((), False), (("admin",), True), (("roles:grant",), True):
        http = await town.as_("registry:read", "registry:write", *scopes)
        told = (await http.post("/v1/reorganisations", json=SUCCEEDED, params={"dry_run": True})).json()
        assert bool(told["access"]) is named
        assert "access-left" in {one["code"] for one in told["effects"]["warnings"]}


async def test_of_a_role_that_somebody_elses_account_holds_no_account_is_counted(town: Registry) -> None:
    answer = await replaced(town, display_name="张三", unit="economy")
    assert answer.status_code == 200, answer.text
    body = {"holder": "person:cai.a", "role": "unit_liaison", "unit": "health", "valid_from": "2018-01-01"}
    assert (await town.http.post("/v1/grants", json=body)).status_code == 201
    params = {"dry_run": True}
    told = (await town.http.post("/v1/reorganisations", json=SUCCEEDED, params=params)).json()
    [warning] = [one for one in told["effects"]["warnings"] if one["code"] == "access-left"]
    assert "仍有 1 项角色、1 个密钥属于该单位" in warning["zh"]
    assert "调整账号单位" not in warning["zh"]
    disabled = await town.http.post("/v1/people/cai.a:disable")
    assert disabled.is_success, disabled.text
    told = (await town.http.post("/v1/reorganisations", json=SUCCEEDED, params=params)).json()
    assert told["access"] == [LEFT]


async def test_whoever_reads_the_registry_learns_how_many_and_not_who(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    reader = await town.as_("registry:read")
    kept = await reader.get("/v1/reorganisations/reform-2019")
    assert "access-left" in kept.text
    assert "cai.a" not in kept.text


async def test_nobody_is_told_where_nobody_acts_for_the_unit(town: Registry) -> None:
    done = await carried_out(town, reform(merged("invest", into="economy")))
    assert done["access"] == []
    assert "access-left" not in {one["code"] for one in done["effects"]["warnings"]}


async def test_who_moves_to_the_successor_loses_every_role_and_session_and_is_granted_anew(town: Registry) -> None:
    session = (await sign_in(town, name="cai.a", unit="health")).json()
    await carried_out(town, SUCCEEDED)
    answer = await replaced(town, display_name="蔡某", unit="区卫生健康局")
    changed = answer.json()
    assert (changed["display_name"], changed["unit"]) == ("蔡某", "wellness")
    assert sorted((one["role"], one["unit"]) for one in changed["lapsed"]) == [
        ("unit_head", "health"),
        ("unit_liaison", "economy"),
        ("unit_liaison", "health"),
    ]
    assert answer.headers["etag"] == (await town.http.get("/v1/people/cai.a")).headers["etag"]
    assert await grants(town) == []
    refresh = {"refresh_token": session["refresh_token"]}
    assert (await town.client(None).post("/v1/sessions:refresh", json=refresh)).status_code == 401
    [entry] = (await town.http.get("/v1/audit", params={"act": "person.replace"})).json()["items"]
    assert entry["details"]["changes"] == {"display_name": ["张三", "蔡某"], "unit": ["health", "wellness"]}


async def test_a_display_name_is_corrected_without_any_loss_also_in_a_unit_that_ended(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    before = await grants(town)
    answer = await replaced(town, display_name="蔡某", unit="health")
    assert (answer.status_code, answer.json()["lapsed"]) == (200, [])
    assert await grants(town) == before
    assert (await replaced(town, display_name="蔡某", unit="health")).status_code == 200
    found = (await town.http.get("/v1/audit", params={"act": "person.replace"})).json()["items"]
    assert [entry["details"]["changes"] for entry in found] == [{"display_name": ["张三", "蔡某"]}]


async def test_an_account_is_replaced_as_it_was_seen_only(town: Registry) -> None:
    body = {"display_name": "蔡某", "unit": "health"}
    assert (await town.http.put("/v1/people/cai.a", json=body)).status_code == 428
    assert (await replaced(town, tag='"old"', display_name="蔡某", unit="health")).status_code == 412
    assert (await replaced(town, "nobody", display_name="蔡某", unit="health")).status_code == 404


async def test_nobody_is_moved_to_a_unit_that_ended_or_is_not_there(town: Registry) -> None:
    await carried_out(town, reform(merged("invest", into="economy")))
    for unit, code in (("invest", "unit-dissolved"), ("nowhere", "unknown-unit")):
        answer = await replaced(town, display_name="张三", unit=unit)
        assert faults(answer.json()) == [("/body/unit", code)]


async def test_an_administrator_of_a_unit_moves_people_within_it_only(town: Registry) -> None:
    administrator = await town.as_("registry:read", "admin", unit="government")
    beyond = await town.as_("registry:read", "admin", unit="economy")
    own = await town.as_("registry:read", "admin", unit="health")
    assert (await replaced(beyond, display_name="张三", unit="economy")).status_code == 404
    assert faults((await replaced(own, display_name="张三", unit="economy")).json()) == [("/body/unit", "unknown-unit")]
    assert (await replaced(own, display_name="张三", unit="ageing")).status_code == 403  # a role of another unit
    moved = await replaced(administrator, display_name="张三", unit="economy")
    assert (moved.status_code, moved.json()["unit"]) == (200, "economy")

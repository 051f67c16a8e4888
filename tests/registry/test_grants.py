"""Roles: who may grant what to whom."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from tests.registry.running import ADMINISTRATORS_KEY, Registry
from tests.registry.samples import faults, unit


async def person(registry: Registry, name: str = "zhang.san", **more: object) -> str:
    body = {"name": name, "display_name": "张三", **more}
    answer = await registry.http.post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    return f"person:{name}"


async def grant(registry: Registry, holder: str, role: str, **more: object) -> httpx.Response:
    return await registry.http.post("/v1/grants", json={"holder": holder, "role": role, **more})


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [code for _, code in faults(answer.json())]


async def test_a_role_is_granted_read_and_revoked_and_stays_in_the_list(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    holder = await person(registry)
    made = await grant(registry, holder, "unit_liaison", unit="甲", valid_to="2018-12-31")
    assert made.status_code == 201
    view = made.json()
    assert (view["unit"], view["valid_from"], view["valid_to"]) == ("a", "2018-07-16", "2018-12-31")
    assert view["granted_by"] == "administrator"
    assert (await registry.http.get(f"/v1/grants/{view['id']}")).json() == view
    for _ in range(2):
        revoked = (await registry.http.post(f"/v1/grants/{view['id']}:revoke")).json()
        assert revoked["revoked_by"] == "administrator"
    listed = (await registry.http.get("/v1/grants", params={"holder": holder})).json()["items"]
    assert listed == [revoked]
    assert (await registry.http.get("/v1/grants", params={"revoked": False})).json()["items"] == []
    acts = (await registry.http.get("/v1/audit", params={"subject": holder, "order": "earliest"})).json()["items"]
    assert [entry["act"] for entry in acts] == ["person.create", "role.grant", "role.revoke"]


async def test_the_roles_say_what_they_may_do(shared: Registry) -> None:
    roles = {role["code"]: role for role in (await shared.http.get("/v1/roles")).json()["items"]}
    assert roles["unit_liaison"]["name"] == "责任单位联络员"
    assert {code: role["administration"] for code, role in roles.items() if role["administration"]} == {
        "system_administrator": "system",
        "security_administrator": "security",
        "auditor": "audit",
    }


async def test_everything_that_is_wrong_is_named_at_once(registry: Registry) -> None:
    answer = await grant(
        registry, "person:nobody", "enterprise_reporter", valid_from="2018-08-01", valid_to="2018-07-01"
    )
    assert set(codes(answer)) == {"unknown-holder", "unit-missing", "dates-reversed"}
    assert set(codes(await grant(registry, "client:nobody", "king", unit="乙"))) == {
        "unknown-holder",
        "unknown-role",
        "unknown-unit",
    }


ADMINISTRATIONS = ("system_administrator", "security_administrator", "auditor")


@pytest.mark.parametrize("first", ADMINISTRATIONS)
@pytest.mark.parametrize("second", ADMINISTRATIONS)
async def test_nobody_holds_two_administrations(registry: Registry, first: str, second: str) -> None:
    holder = await person(registry)
    assert (await grant(registry, holder, first)).status_code == 201
    answer = await grant(registry, holder, second)
    if first == second:
        assert (answer.status_code, answer.json()["code"]) == (409, "already-granted")
    else:
        assert "two-administrations" in codes(answer)


async def test_one_administration_may_follow_another(registry: Registry) -> None:
    holder = await person(registry)
    assert (await grant(registry, holder, "auditor", valid_to="2018-12-31")).status_code == 201
    assert "two-administrations" in codes(
        await grant(registry, holder, "system_administrator", valid_from="2018-12-31")
    )
    assert (await grant(registry, holder, "system_administrator", valid_from="2019-01-01")).status_code == 201


async def test_two_grants_at_once_do_not_make_two_administrations(registry: Registry) -> None:
    holder = await person(registry)
    answers = await asyncio.gather(*(grant(registry, holder, role) for role in ADMINISTRATIONS))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422]


@pytest.mark.parametrize("other", ["leading_group_office", "statistics_bureau"])
async def test_an_auditor_changes_nothing(registry: Registry, other: str) -> None:
    holder = await person(registry)
    await grant(registry, holder, "auditor")
    assert codes(await grant(registry, holder, other)) == ["auditor-changes-nothing"]


async def test_the_keys_of_a_client_count_as_what_it_holds(registry: Registry) -> None:
    for client_id, scopes in (("system", ["admin"]), ("writer", ["registry:write"])):
        await registry.http.post("/v1/keys", json={"client_id": client_id, "scopes": scopes})
    assert codes(await grant(registry, "client:system", "security_administrator")) == ["two-administrations"]
    assert codes(await grant(registry, "client:writer", "auditor")) == ["auditor-changes-nothing"]
    assert (await grant(registry, "client:writer", "security_administrator")).status_code == 201


async def test_nobody_grants_to_themselves_or_takes_their_own(registry: Registry) -> None:
    made = await registry.http.post("/v1/keys", json={"client_id": "guard", "scopes": ["roles:grant"]})
    guard = registry.client(made.json()["key"])
    own = await guard.post("/v1/grants", json={"holder": "client:guard", "role": "statistics_bureau"})
    assert (own.status_code, own.json()["code"]) == (403, "own-roles")
    given = (await grant(registry, "client:guard", "statistics_bureau")).json()
    assert (await guard.post(f"/v1/grants/{given['id']}:revoke")).status_code == 403


async def test_only_the_security_administration_grants(registry: Registry) -> None:
    holder = await person(registry)
    for scopes in (("admin",), ("audit:read",), ("registry:write", "plans:apply")):
        other = await registry.as_(*scopes)
        answer = await other.post("/v1/grants", json={"holder": holder, "role": "leading_group_office"})
        assert answer.status_code == 403


async def test_a_security_administrator_of_a_unit_grants_within_it(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("b", "乙", parent="a"), unit("c", "丙")):
        await registry.http.post("/v1/units", json=one)
    holder = await person(registry)
    guard = await registry.as_("roles:grant", unit="a")

    async def status(of: str | None) -> int:
        body: dict[str, Any] = {"holder": holder, "role": "unit_liaison", "unit": of}
        return (await guard.post("/v1/grants", json=body)).status_code

    assert [await status("b"), await status("c"), await status(None)] == [201, 422, 422]
    foreign = (await grant(registry, holder, "unit_head", unit="c")).json()["id"]
    assert [item["unit"] for item in (await guard.get("/v1/grants")).json()["items"]] == ["b"]
    assert (await guard.get(f"/v1/grants/{foreign}")).status_code == 404
    assert (await guard.post(f"/v1/grants/{foreign}:revoke")).status_code == 404


async def test_a_client_without_scopes_works_by_its_roles(registry: Registry) -> None:
    key = (await registry.http.post("/v1/keys", json={"client_id": "desk", "scopes": []})).json()["key"]

    async def scopes() -> set[str]:
        form = {"grant_type": "client_credentials", "client_id": "desk", "client_secret": key}
        token = (await registry.client(None).post("/v1/token", data=form)).json()["access_token"]
        return set(jwt.decode(token, options={"verify_signature": False})["scope"].split())

    assert await scopes() == set()
    given = (await grant(registry, "client:desk", "statistics_bureau")).json()["id"]
    assert "observations:verify" in await scopes()
    await registry.http.post(f"/v1/grants/{given}:revoke")
    assert await scopes() == set()


async def test_whoever_makes_or_replaces_a_key_of_an_administrator_does_not_get_the_administration(
    registry: Registry,
) -> None:
    """A new key of a client acts with the client's roles: those that go beyond its maker end with it."""
    system = await registry.as_("admin", "registry:read")

    async def scopes(key: str) -> str:
        form = {"grant_type": "client_credentials", "client_secret": key}
        return str((await registry.client(None).post("/v1/token", data=form)).json()["scope"])

    first = (await system.post("/v1/keys", json={"client_id": "guard", "scopes": []})).json()
    await grant(registry, "client:guard", "security_administrator")
    assert "roles:grant" in await scopes(first["key"])
    second = (await system.post("/v1/keys", json={"client_id": "guard", "scopes": []})).json()
    assert [await scopes(second["key"]), await scopes(first["key"])] == ["", ""]
    await grant(registry, "client:guard", "security_administrator")
    third = (await system.post(f"/v1/keys/{first['id']}:rotate", json={})).json()
    assert await scopes(third["key"]) == ""


async def scopes_of(registry: Registry, key: str) -> set[str]:
    form = {"grant_type": "client_credentials", "client_secret": key}
    return set((await registry.client(None).post("/v1/token", data=form)).json()["scope"].split())


async def test_a_new_key_takes_away_the_roles_that_its_maker_may_not_do(registry: Registry) -> None:
    """Else the system administrator would decide what another four eyes must."""
    system = await registry.as_("admin", "registry:read")
    first = (await system.post("/v1/keys", json={"client_id": "rv-off", "scopes": []})).json()
    await grant(registry, "client:rv-off", "leading_group_office")
    assert "projects:decide" in await scopes_of(registry, first["key"])
    second = (await system.post("/v1/keys", json={"client_id": "rv-off", "scopes": []})).json()
    assert second["lapsed"] == [{"role": "leading_group_office", "unit": None}]
    assert [await scopes_of(registry, made["key"]) for made in (first, second)] == [set(), set()]
    assert (await grant(registry, "client:rv-off", "leading_group_office")).status_code == 201
    assert "projects:decide" in await scopes_of(registry, second["key"])
    rotated = (await system.post(f"/v1/keys/{second['id']}:rotate", json={})).json()
    assert rotated["lapsed"] == [{"role": "leading_group_office", "unit": None}]
    assert await scopes_of(registry, rotated["key"]) == set()


async def test_who_may_do_all_that_a_role_may_lets_nothing_lapse(registry: Registry) -> None:
    await registry.http.post("/v1/keys", json={"client_id": "rv-off", "scopes": []})
    await grant(registry, "client:rv-off", "leading_group_office")
    again = (await registry.http.post("/v1/keys", json={"client_id": "rv-off", "scopes": []})).json()
    assert again["lapsed"] == []
    assert "projects:decide" in await scopes_of(registry, again["key"])


async def test_a_client_renews_its_own_key_and_keeps_its_roles(registry: Registry) -> None:
    system = await registry.as_("admin", "registry:read")
    made = (await system.post("/v1/keys", json={"client_id": "office", "scopes": [], "days": 90})).json()
    await grant(registry, "client:office", "leading_group_office")
    anyone = registry.client(None)
    assert (await anyone.post("/v1/keys:renew", json={"key": "duban_" + "x" * 43})).json()["code"] == "bad-key"
    renewed = await anyone.post("/v1/keys:renew", json={"key": made["key"], "overlap_hours": 0})
    assert renewed.status_code == 201, renewed.text
    new = renewed.json()
    assert (new["lapsed"], new["client_id"], new["key"] != made["key"]) == ([], "office", True)
    assert abs(datetime.fromisoformat(new["expires_at"]) - datetime.fromisoformat(made["expires_at"])) < timedelta(
        days=2
    )
    assert "projects:decide" in await scopes_of(registry, new["key"])
    assert (await anyone.post("/v1/keys:renew", json={"key": made["key"]})).status_code == 401
    entry = (await registry.http.get("/v1/audit", params={"act": "key.renew"})).json()["items"][0]
    assert (entry["client_id"], entry["subject"]) == ("office", "client:office")


async def test_a_key_that_the_installation_chose_is_not_renewed(registry: Registry) -> None:
    answer = await registry.client(None).post("/v1/keys:renew", json={"key": ADMINISTRATORS_KEY})
    assert answer.status_code == 409


async def test_the_security_administrator_sees_to_whom_she_may_grant(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("c", "丙")):
        await registry.http.post("/v1/units", json=one)
    holder = await person(registry, unit="a")
    await registry.http.post("/v1/keys", json={"client_id": "desk", "scopes": ["registry:read"], "unit": "c"})
    await grant(registry, holder, "unit_head", unit="a")
    guard = await registry.as_("roles:grant", "registry:read")
    seen = {one["holder"]: one for one in (await guard.get("/v1/holders")).json()["items"]}
    of_unit = {"unit": "a", "disabled": False, "roles": ["unit_head"]}
    assert seen["person:zhang.san"] == {"holder": "person:zhang.san", "name": "张三", **of_unit}
    assert (seen["client:desk"]["name"], seen["client:desk"]["unit"], seen["client:desk"]["roles"]) == ("desk", "c", [])
    people = (await guard.get("/v1/holders", params={"kind": "person"})).json()["items"]
    assert [one["holder"] for one in people] == ["person:zhang.san"]
    of_a = await registry.as_("roles:grant", unit="a")
    assert {one["unit"] for one in (await of_a.get("/v1/holders")).json()["items"]} == {"a"}
    assert (await (await registry.as_("admin")).get("/v1/holders")).status_code == 403


async def test_a_password_reset_takes_away_the_roles_beyond_who_resets(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    holder = await person(registry)
    await grant(registry, holder, "unit_head", unit="a")
    await grant(registry, holder, "system_administrator")
    system = await registry.as_("admin", "registry:read")
    answer = (await system.post("/v1/people/zhang.san:reset-password")).json()
    assert answer["lapsed"] == [{"role": "unit_head", "unit": "a"}]
    held = (await registry.http.get("/v1/grants", params={"holder": holder, "revoked": False})).json()["items"]
    assert [each["role"] for each in held] == ["system_administrator"]


async def test_a_key_is_replaced_by_who_has_its_scopes(registry: Registry) -> None:
    system = await registry.as_("admin", "registry:read")
    made = (await registry.http.post("/v1/keys", json={"client_id": "desk", "scopes": ["registry:write"]})).json()
    assert (await system.post(f"/v1/keys/{made['id']}:rotate", json={})).status_code == 403


async def test_an_administrator_of_a_unit_gets_no_account_with_roles_beyond_it(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    holder = await person(registry, unit="a")
    of_a = await registry.as_("admin", "registry:read", unit="a")
    await grant(registry, holder, "unit_head", unit="a")
    assert (await of_a.post("/v1/people/zhang.san:reset-password")).status_code == 200
    await grant(registry, holder, "leading_group_office")
    assert (await of_a.post("/v1/people/zhang.san:reset-password")).status_code == 403

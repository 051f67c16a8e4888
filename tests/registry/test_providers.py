"""Signing in by way of an OpenID provider: a real one, in a process of its own, that speaks HTTP."""

import base64
import hashlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
import pytest_asyncio

from services.embedded.postgres import free_port
from services.kit.db import Database
from services.registry.providers import jobs
from tests.databases import TestDatabase
from tests.registry.running import START, Registry, running, settings_for
from tests.registry.samples import faults, unit

BACK = "http://duban.example/back"
CLAIMS = ('{"sub": "0571-0042", "name": "张三"}', '{"sub": "0571-0043", "name": "李四"}')


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    port = free_port()
    users = [word for claims in CLAIMS for word in ("--user-claims", claims)]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", *users]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def provider(issuer: str, **changed: object) -> dict[str, Any]:
    """The provider in our settings."""
    usual = {
        "name": "district",
        "label": "统一身份认证",
        "issuer": issuer,
        "client_id": "duban",
        "client_secret": "a secret",
        "redirect_uris": [BACK],
    }
    return {**usual, **changed}


@pytest_asyncio.fixture(loop_scope="session")
async def registry(database: TestDatabase, issuer: str) -> AsyncIterator[Registry]:
    """A registry that knows the provider."""
    async with running(settings_for(database, providers=[provider(issuer)]), database) as made:
        await made.show(START)
        yield made


@dataclass
class Returned:
    """What a browser came back with."""

    login: str
    state: str
    code: str

    def body(self, **changed: str) -> dict[str, str]:
        return {"login": self.login, "state": self.state, "code": self.code, **changed}


async def sent_off(registry: Registry) -> dict[str, Any]:
    answer = await registry.client(None).post("/v1/logins", json={"provider": "district"})
    assert answer.status_code == 201, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def browser(registry: Registry, sub: str = "0571-0042") -> Returned:
    """A person goes to the provider, signs in there, and comes back."""
    begun = await sent_off(registry)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert "<form" in (await http.get(begun["authorization_url"])).text
        back = await http.post(begun["authorization_url"], data={"sub": sub})
    assert back.status_code == 302, back.text
    place = urlsplit(back.headers["location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == BACK
    said = parse_qs(place.query)
    return Returned(begun["login"], said["state"][0], said["code"][0])


async def finish(registry: Registry, body: dict[str, str]) -> httpx.Response:
    return await registry.client(None).post("/v1/logins:finish", json=body)


async def link(registry: Registry, **body: object) -> httpx.Response:
    return await registry.http.post("/v1/outside-accounts", json={"provider": "district", **body})


async def somebody(registry: Registry, name: str = "zhang.san", role: str = "leading_group_office") -> None:
    person = {"name": name, "display_name": "张三", "with_password": False}
    assert (await registry.http.post("/v1/people", json=person)).status_code == 201
    grant = {"holder": f"person:{name}", "role": role}
    assert (await registry.http.post("/v1/grants", json=grant)).status_code == 201


async def test_a_person_who_is_linked_signs_in(registry: Registry) -> None:
    await somebody(registry)
    stranger = await finish(registry, (await browser(registry)).body())
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not-linked")
    (waiting,) = (await registry.http.get("/v1/outside-accounts", params={"linked": False})).json()["items"]
    assert (waiting["outside_id"], waiting["shown_name"], waiting["person"]) == ("0571-0042", "张三", None)
    linked = await link(registry, outside_id="0571-0042", person="zhang.san")
    assert linked.status_code == 201
    assert (linked.json()["id"], linked.json()["person"]) == (waiting["id"], "zhang.san")
    answer = await finish(registry, (await browser(registry)).body())
    assert answer.status_code == 201, answer.text
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["sub"] == "person:zhang.san"
    assert answer.headers["cache-control"] == "no-store"
    refreshed = await registry.client(None).post(
        "/v1/sessions:refresh", json={"refresh_token": answer.json()["refresh_token"]}
    )
    assert refreshed.status_code == 200
    (entry,) = (await registry.http.get("/v1/audit", params={"act": "session.begin"})).json()["items"]
    assert entry["details"]["way"] == "district"


async def test_the_request_carries_state_nonce_and_a_challenge_and_no_secret(registry: Registry) -> None:
    begun = await sent_off(registry)
    asked = parse_qs(urlsplit(begun["authorization_url"]).query)
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        ["code"],
        ["S256"],
        ["openid profile"],
    )
    async with registry.database.owner() as connection:
        (flow,) = await connection.fetch("SELECT * FROM registry.login_flow")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(flow["verifier"].encode()).digest()).decode().rstrip("=")
    assert (asked["code_challenge"], asked["nonce"]) == ([challenge], [flow["nonce"]])
    assert begun["login"] not in begun["authorization_url"]
    assert asked["state"][0].encode() not in flow["state"]


async def test_a_sign_in_is_finished_once_by_who_began_it_and_in_time(registry: Registry) -> None:
    await somebody(registry)
    await link(registry, outside_id="0571-0042", person="zhang.san")
    one, other = await browser(registry), await browser(registry)
    wrong = await finish(registry, one.body(state=other.state))
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad-login-flow")
    assert (await finish(registry, one.body())).status_code == 401  # tried once, used
    assert (await finish(registry, other.body(login="nobody's"))).status_code == 401
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.login_flow SET started_at = started_at - interval '10 minutes'")
    assert (await finish(registry, other.body())).status_code == 401


async def test_a_code_of_another_sign_in_or_none_confirms_nobody(registry: Registry) -> None:
    """The nonce ties the ID token to the sign-in that asked for it."""
    one, other = await browser(registry), await browser(registry)
    swapped = await finish(registry, one.body(code=other.code))
    assert (swapped.status_code, swapped.json()["code"]) == (401, "not-confirmed")
    made_up = await finish(registry, other.body(code="made-up"))
    assert (made_up.status_code, made_up.json()["code"]) == (401, "not-confirmed")


async def test_linking_takes_away_administrations_and_unlinking_ends_sessions(registry: Registry) -> None:
    await somebody(registry, role="security_administrator")
    system = await registry.as_("admin", "registry:read")
    body = {"provider": "district", "outside_id": "0571-0042", "person": "zhang.san"}
    linked = await system.post("/v1/outside-accounts", json=body)
    answer = await finish(registry, (await browser(registry)).body())
    assert (answer.status_code, answer.json()["code"]) == (403, "no-role")
    grant = {"holder": "person:zhang.san", "role": "security_administrator"}
    await registry.http.post("/v1/grants", json=grant)
    session = (await finish(registry, (await browser(registry)).body())).json()
    for _ in range(2):
        assert (await registry.http.delete(f"/v1/outside-accounts/{linked.json()['id']}")).status_code == 204
    ended = await registry.client(None).post("/v1/sessions:refresh", json={"refresh_token": session["refresh_token"]})
    assert ended.status_code == 401
    assert (await finish(registry, (await browser(registry)).body())).json()["code"] == "not-linked"


async def test_somebody_out_of_use_does_not_sign_in(registry: Registry) -> None:
    await somebody(registry)
    await link(registry, outside_id="0571-0042", person="zhang.san")
    await registry.http.post("/v1/people/zhang.san:disable")
    assert (await finish(registry, (await browser(registry)).body())).status_code == 403


async def test_an_outside_id_is_one_persons_or_one_units(registry: Registry) -> None:
    await somebody(registry)
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    of_unit = await link(registry, outside_id="GO_33", unit="甲")
    assert (of_unit.json()["unit"], of_unit.json()["person"]) == ("a", None)
    again = await link(registry, outside_id="GO_33", person="zhang.san")
    assert (again.status_code, again.json()["code"]) == (409, "linked-already")
    for body, code in (
        ({"person": "zhang.san", "unit": "a"}, "person-or-unit"),
        ({}, "person-or-unit"),
        ({"person": "nobody"}, "unknown-person"),
        ({"unit": "乙"}, "unknown-unit"),
        ({"person": "zhang.san", "provider": "other"}, "unknown-provider"),
    ):
        answer = await link(registry, **{"outside_id": "x", **body})
        assert answer.status_code == 422
        assert code in [said for _, said in faults(answer.json())]


async def test_an_administrator_of_a_unit_sees_and_links_its_own(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("c", "丙")):
        await registry.http.post("/v1/units", json=one)
    foreign = (await link(registry, outside_id="GO_C", unit="c")).json()["id"]
    of_a = await registry.as_("admin", "registry:read", unit="a")
    body = {"provider": "district", "outside_id": "GO_A"}
    assert (await of_a.post("/v1/outside-accounts", json={**body, "unit": "c"})).status_code == 422
    assert (await of_a.post("/v1/outside-accounts", json={**body, "unit": "a"})).status_code == 201
    assert [one["unit"] for one in (await of_a.get("/v1/outside-accounts")).json()["items"]] == ["a"]
    assert (await of_a.delete(f"/v1/outside-accounts/{foreign}")).status_code == 404


async def test_the_providers_are_listed_and_only_their_addresses_are_come_back_to(registry: Registry) -> None:
    anyone = registry.client(None)
    listed = (await anyone.get("/v1/providers")).json()["items"]
    assert listed == [{"name": "district", "label": "统一身份认证"}]
    for body, code in (
        ({"provider": "other"}, "unknown-provider"),
        ({"provider": "district", "redirect_uri": "http://elsewhere.example/"}, "foreign-redirect"),
    ):
        answer = await anyone.post("/v1/logins", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("changed", [{"issuer": "http://127.0.0.1:9"}, {"issuer": None}], ids=["away", "another"])
async def test_a_provider_that_is_away_or_another_one_is_not_used(
    database: TestDatabase, issuer: str, changed: dict[str, Any]
) -> None:
    """The provider calls itself by one address: the same machine by another name is somebody else."""
    other = changed["issuer"] or issuer + "/"
    async with running(settings_for(database, providers=[provider(other)]), database) as made:
        answer = await made.client(None).post("/v1/logins", json={"provider": "district"})
    assert (answer.status_code, answer.json()["code"]) == (503, "provider-away")


async def test_sign_ins_that_nobody_can_finish_are_dropped(registry: Registry) -> None:
    await sent_off(registry)
    db = Database(registry.database.url("registry"))
    async with registry.database.owner() as connection:
        await jobs.forget_flows(db)()
        assert await connection.fetchval("SELECT count(*) FROM registry.login_flow") == 1
        await connection.execute("UPDATE registry.login_flow SET started_at = started_at - interval '11 minutes'")
        look = jobs.forget_flows(db)
        for _ in range(2):
            await look()
        assert await connection.fetchval("SELECT count(*) FROM registry.login_flow") == 0
    await db.close()

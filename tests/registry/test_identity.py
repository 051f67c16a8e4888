"""Keys, tokens, scopes."""

import asyncio
import json
import re
import secrets
from typing import Any

import httpx
import jwt
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from services.kit.claims import AUDIENCE, ISSUER
from services.registry.settings import Settings
from tests.registry.running import ADMINISTRATORS_KEY, REGION, Registry, running, settings_for
from tests.registry.samples import faults, unit


def form(key: str, **more: str) -> dict[str, str]:
    """What the token endpoint takes."""
    return {"grant_type": "client_credentials", "client_secret": key, **more}


async def made(registry: Registry, **body: object) -> dict[str, Any]:
    """A new key."""
    answer = await registry.http.post("/v1/keys", json={"client_id": "desk", "scopes": ["registry:read"], **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_key_becomes_a_token_that_the_published_keys_confirm(shared: Registry) -> None:
    anyone = shared.client(None)
    answer = await anyone.post("/v1/token", data=form(ADMINISTRATORS_KEY))
    token = answer.json()["access_token"]
    keys = jwt.PyJWKSet.from_dict((await anyone.get("/v1/jwks")).json())
    claims = jwt.decode(
        token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER
    )
    assert (claims["sub"], claims["region"], claims["unit_path"]) == ("administrator", REGION, "")
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_key_is_taken_by_http_basic_too(shared: Registry) -> None:
    answer = await shared.client(None).post(
        "/v1/token", data={"grant_type": "client_credentials"}, auth=("administrator", ADMINISTRATORS_KEY)
    )
    assert answer.json()["token_type"] == "Bearer"


async def test_a_token_may_be_asked_for_with_fewer_scopes(shared: Registry) -> None:
    answer = await shared.client(None).post("/v1/token", data=form(ADMINISTRATORS_KEY, scope="registry:read"))
    assert answer.json()["scope"] == "registry:read"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"client_secret": "duban_" + "x" * 43}, 401, "bad-key"),
        ({"client_secret": ADMINISTRATORS_KEY + "x"}, 401, "bad-key"),
        ({"client_secret": ADMINISTRATORS_KEY, "client_id": "someone"}, 401, "bad-key"),
        ({"client_secret": "with\u0000nul"}, 401, "bad-key"),
        ({}, 400, "bad-grant"),
        ({"grant_type": "password", "client_secret": ADMINISTRATORS_KEY}, 400, "bad-grant"),
        ({"client_secret": "x" * 513}, 400, "bad-grant"),
        ({"client_secret": ADMINISTRATORS_KEY, "scope": "world:rule"}, 400, "beyond-key"),
        ({"grant_type": ""}, 400, "bad-grant"),
    ],
    ids=["unknown", "longer", "other client", "NUL", "none", "other grant", "endless", "other scope", "no grant"],
)
async def test_a_token_is_refused_as_a_problem_that_oauth_libraries_read(
    shared: Registry, sent: dict[str, str], status: int, code: str
) -> None:
    answer = await shared.client(None).post("/v1/token", data={"grant_type": "client_credentials", **sent})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    errors = {"bad-key": {"invalid_client"}, "beyond-key": {"invalid_scope"}}
    of_grants = {"invalid_request", "unsupported_grant_type", "invalid_client"}
    assert answer.json()["error"] in errors.get(code, of_grants)
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", answer.json()["error_description"])


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"grant_type": "password", "client_secret": ADMINISTRATORS_KEY}, "unsupported_grant_type"),
        ({"client_secret": ADMINISTRATORS_KEY}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_secret": "x" * 513}, "invalid_request"),
    ],
)
async def test_a_grant_is_refused_by_the_names_of_rfc_6749(shared: Registry, sent: dict[str, str], error: str) -> None:
    answer = await shared.client(None).post("/v1/token", data=sent)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_an_oauth_library_gets_a_token_and_understands_a_refusal(shared: Registry) -> None:
    address = "https://duban/registry/v1/token"
    for secret, error in ((ADMINISTRATORS_KEY, None), ("duban_" + "x" * 43, "invalid_client")):
        async with AsyncOAuth2Client("administrator", secret, transport=shared.transport) as client:
            if error is None:
                assert (await client.fetch_token(address, grant_type="client_credentials"))["token_type"] == "Bearer"
                continue
            with pytest.raises(OAuthError, match=error):
                await client.fetch_token(address, grant_type="client_credentials")


async def test_whoever_is_not_signed_in_is_told_how(shared: Registry) -> None:
    anyone = shared.client(None)
    none = await anyone.get("/v1/units")
    assert (none.status_code, none.headers["WWW-Authenticate"]) == (401, 'Bearer realm="duban"')
    bad = await anyone.get("/v1/units", headers={"Authorization": "Bearer made.up.token"})
    assert bad.headers["WWW-Authenticate"] == 'Bearer realm="duban", error="invalid_token"'
    of_key = await anyone.post("/v1/token", data={"grant_type": "client_credentials", "client_secret": "x"})
    assert (of_key.status_code, of_key.headers["WWW-Authenticate"]) == (401, 'Basic realm="duban"')


@pytest.mark.parametrize("header", ["Basic !!!", "Basic /w==", "Basic " + "eDp5" * 400])
async def test_basic_that_is_none_is_refused(shared: Registry, header: str) -> None:
    answer = await shared.client(None).post(
        "/v1/token", data={"grant_type": "client_credentials"}, headers={"Authorization": header}
    )
    assert answer.status_code == 401


async def test_the_database_knows_no_key(registry: Registry) -> None:
    key = (await made(registry))["key"]
    async with registry.database.owner() as connection:
        rows = await connection.fetch("SELECT to_jsonb(api_key)::text AS said FROM registry.api_key")
        audit = await connection.fetch("SELECT details::text AS said FROM registry.audit")
    assert not [row for row in [*rows, *audit] if key in row["said"] or key[12:] in row["said"]]


async def test_a_key_is_shown_once(registry: Registry) -> None:
    key = (await made(registry))["key"]
    listed = await registry.http.get("/v1/keys", params={"client_id": "desk"})
    assert [one["prefix"] for one in listed.json()["items"]] == [key[:12]]
    assert key not in listed.text


async def test_a_key_ends(registry: Registry) -> None:
    key = await made(registry, days=1)
    async with registry.database.owner() as connection:
        await connection.execute("UPDATE registry.api_key SET expires_at = clock_timestamp() WHERE client_id = 'desk'")
    assert (await registry.client(None).post("/v1/token", data=form(key["key"]))).status_code == 401


async def test_a_revoked_key_gives_no_token(registry: Registry) -> None:
    key = await made(registry)
    for _ in range(2):
        assert (await registry.http.delete(f"/v1/keys/{key['id']}")).status_code == 204
    assert (await registry.client(None).post("/v1/token", data=form(key["key"]))).status_code == 401


async def test_a_key_that_is_not_there_cannot_be_revoked(shared: Registry) -> None:
    assert (await shared.http.delete("/v1/keys/01a20a3b-f6e4-70de-999f-e94206da9c0c")).status_code == 404


async def test_scopes_must_exist_and_be_the_makers_own(shared: Registry) -> None:
    maker = await shared.as_("admin", "registry:read")
    body = {"client_id": "desk", "scopes": ["registry:read", "registry:write", "nonsense"]}
    answer = await maker.post("/v1/keys", json=body)
    assert faults(answer.json()) == [("/body/scopes/1", "beyond-maker"), ("/body/scopes/2", "unknown-scope")]


async def test_a_maker_of_a_unit_makes_keys_for_it_and_those_below_only(registry: Registry) -> None:
    for one in (unit("a", "甲"), unit("b", "乙", parent="a"), unit("c", "丙")):
        await registry.http.post("/v1/units", json=one)
    maker = await registry.as_("admin", "registry:read", unit="a")

    async def status(client_id: str, of: str | None) -> int:
        body = {"client_id": client_id, "scopes": ["registry:read"], "unit": of}
        return (await maker.post("/v1/keys", json=body)).status_code

    assert [await status("x1", "b"), await status("x2", "甲"), await status("x3", "c"), await status("x4", None)] == [
        201,
        201,
        422,
        422,
    ]
    seen = {one["client_id"] for one in (await maker.get("/v1/keys")).json()["items"]}
    assert {"x1", "x2"} <= seen
    assert "administrator" not in seen


async def test_a_maker_of_a_unit_cannot_revoke_a_key_of_another(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    maker = await registry.as_("admin", unit="a")
    key = await made(registry)
    assert (await maker.delete(f"/v1/keys/{key['id']}")).status_code == 404


async def test_a_caller_keeps_its_unit(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    await made(registry)
    answer = await registry.http.post("/v1/keys", json={"client_id": "desk", "scopes": ["registry:read"], "unit": "a"})
    assert (answer.status_code, answer.json()["code"]) == (409, "other-unit")


async def test_a_token_carries_where_the_unit_is_now(registry: Registry) -> None:
    await registry.http.post("/v1/units", json=unit("a", "甲"))
    await registry.http.post("/v1/units", json=unit("b", "乙"))
    key = (await made(registry, unit="b"))["key"]
    await registry.http.put("/v1/units/b", json=unit("b", "乙", parent="a"), headers={"If-Match": '"1"'})
    token = (await registry.client(None).post("/v1/token", data=form(key))).json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["unit_path"] == "a.b"


async def test_a_key_is_replaced_with_an_overlap(registry: Registry) -> None:
    old = await made(registry, days=100)
    rotated = await registry.http.post(f"/v1/keys/{old['id']}:rotate", json={"overlap_hours": 1, "days": 30})
    assert rotated.status_code == 201
    new = rotated.json()
    assert (new["scopes"], new["client_id"], new["id"] != old["id"]) == (["registry:read"], "desk", True)
    anyone = registry.client(None)
    for key in (old["key"], new["key"]):
        assert (await anyone.post("/v1/token", data=form(key))).status_code == 200
    async with registry.database.owner() as connection:
        ends = await connection.fetch(
            "SELECT expires_at - clock_timestamp() AS left FROM registry.api_key WHERE client_id = 'desk' ORDER BY 1"
        )
    assert [round(row["left"].total_seconds() / 3600) for row in ends] == [1, 30 * 24]


async def test_a_key_is_replaced_at_once_where_no_overlap_is_asked_for(registry: Registry) -> None:
    old = await made(registry)
    new = (await registry.http.post(f"/v1/keys/{old['id']}:rotate", json={"overlap_hours": 0})).json()
    anyone = registry.client(None)
    assert (await anyone.post("/v1/token", data=form(old["key"]))).status_code == 401
    assert (await anyone.post("/v1/token", data=form(new["key"]))).status_code == 200
    assert (await registry.http.post(f"/v1/keys/{old['id']}:rotate", json={})).status_code == 404


async def test_keys_of_the_installation_and_of_administrations_are_not_replaced_by_anybody(registry: Registry) -> None:
    (fixed,) = (await registry.http.get("/v1/keys", params={"client_id": "administrator"})).json()["items"]
    assert (await registry.http.post(f"/v1/keys/{fixed['id']}:rotate", json={})).status_code == 409
    guard = await made(registry, client_id="guard", scopes=["roles:grant"])
    system = await registry.as_("admin", "registry:read")
    assert (await system.post(f"/v1/keys/{guard['id']}:rotate", json={})).status_code == 403


async def test_the_list_says_when_a_key_was_used_last(registry: Registry) -> None:
    key = await made(registry)

    async def last_used() -> str | None:
        (item,) = (await registry.http.get("/v1/keys", params={"client_id": "desk"})).json()["items"]
        used: str | None = item["last_used_at"]
        return used

    assert await last_used() is None
    for _ in range(2):  # noted once a minute
        await registry.client(None).post("/v1/token", data=form(key["key"]))
    first = await last_used()
    assert first is not None
    await registry.client(None).post("/v1/token", data=form(key["key"]))
    assert await last_used() == first


async def test_many_keys_at_once_for_a_new_caller_make_one_caller(registry: Registry) -> None:
    await asyncio.gather(*(made(registry, scopes=["registry:read"]) for _ in range(4)))
    async with registry.database.owner() as connection:
        assert await connection.fetchval("SELECT count(*) FROM registry.client WHERE client_id = 'desk'") == 1


async def test_nobody_is_made_a_key_of_two_administrations(registry: Registry) -> None:
    async def said(scopes: list[str], client_id: str = "desk") -> list[str]:
        answer = await registry.http.post("/v1/keys", json={"client_id": client_id, "scopes": scopes})
        return [code for _, code in faults(answer.json())] if answer.status_code == 422 else []

    assert await said(["admin", "roles:grant"]) == ["two-administrations"]
    assert await said(["audit:read", "registry:write"]) == ["auditor-changes-nothing"]
    assert await said(["admin"]) == []
    assert await said(["audit:read"]) == [
        "two-administrations",
        "auditor-changes-nothing",
    ]  # the desk administers already
    assert await said(["audit:read"], "other") == []


async def test_a_scope_of_administration_is_given_by_the_security_administration(registry: Registry) -> None:
    system = await registry.as_("admin", "registry:read")
    answer = await system.post("/v1/keys", json={"client_id": "desk", "scopes": ["registry:read", "admin"]})
    assert faults(answer.json()) == [("/body/scopes/1", "security-administration")]


async def test_on_a_server_no_fixed_key_holds_two_administrations(shared: Registry) -> None:
    both = [{"client_id": "a", "key": "k" * 43, "scopes": ["admin", "audit:read"]}]
    with pytest.raises(ValueError, match="audit and system administration must be different"):
        settings_for(shared.database, fixed_keys=both, embedded=False)
    assert settings_for(shared.database, fixed_keys=both).fixed_keys


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/v1/units", "registry:read"),
        ("POST", "/v1/units", "registry:write"),
        ("PUT", "/v1/plans/p", "plans:apply"),
        ("PUT", "/v1/plans/p/state", "plans:apply"),
        ("PUT", "/v1/clock", "clock:move"),
        ("POST", "/v1/keys", "admin"),
        ("GET", "/v1/keys", "admin"),
        ("POST", "/v1/people", "admin"),
        ("POST", "/v1/grants", "roles:grant"),
        ("GET", "/v1/audit", "audit:read"),
        ("GET", "/v1/changes", "registry:read"),
    ],
)
async def test_each_route_needs_its_scope(shared: Registry, method: str, path: str, needed: str) -> None:
    other = "registry:read" if needed != "registry:read" else "registry:write"
    answer = await (await shared.as_(other)).request(method, path, json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert needed in answer.json()["detail"]


async def test_without_a_token_nothing_is_answered(shared: Registry) -> None:
    answer = await shared.client(None).get("/v1/units")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_token_of_another_key_is_refused(shared: Registry) -> None:
    stranger = settings_for(shared.database).keyring()
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "iat": 0, "exp": 4_000_000_000, "region": REGION}
    claims["scope"] = "admin"
    header = {"Authorization": f"Bearer {stranger.sign(claims)}"}
    assert (await shared.client(None).get("/v1/keys", headers=header)).status_code == 401


async def test_the_installations_callers_are_there_after_a_second_start(registry: Registry) -> None:
    async with running(registry.settings, registry.database) as again:
        assert (await again.http.get("/v1/clock")).status_code == 200
        listed = (await again.http.get("/v1/keys")).json()["items"]
    assert [one["client_id"] for one in listed] == ["administrator"]


async def test_a_caller_taken_out_of_the_installations_list_is_revoked(registry: Registry) -> None:
    other = [{"client_id": "other", "key": secrets.token_urlsafe(32), "scopes": ["registry:read"]}]
    kept = registry.settings.model_copy(
        update={"fixed_keys": settings_for(registry.database, fixed_keys=other).fixed_keys}
    )
    async with running(kept, registry.database) as again:
        assert (await again.client(None).post("/v1/token", data=form(ADMINISTRATORS_KEY))).status_code == 401


def test_the_installations_callers_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k" * 43
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://nowhere")
    for name in ("SIGNING_KEY", "CONTACT_KEY"):
        monkeypatch.setenv(f"DUBAN_{name}", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    monkeypatch.setenv("DUBAN_KEY_SECRET", "s" * 32)
    monkeypatch.setenv("DUBAN_FIXED_KEYS", json.dumps([{"client_id": "a", "key": key, "scopes": ["admin"]}]))
    assert Settings().fixed_keys[0].key.get_secret_value() == key


@pytest.mark.parametrize(
    "wrong",
    [
        {"signing_key": "short"},
        {"signing_key": "QUFB"},
        {"contact_key": "QUFB"},
        {"key_secret": "short"},
        {"fixed_keys": [{"client_id": "a", "key": "k" * 43, "scopes": ["nonsense"]}]},
        {"fixed_keys": [{"client_id": "a", "key": "short", "scopes": ["admin"]}]},
    ],
    ids=str,
)
async def test_secrets_that_are_none_stop_the_start(shared: Registry, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        settings_for(shared.database, **wrong)


async def test_after_a_change_of_the_signing_key_earlier_tokens_still_hold(registry: Registry) -> None:
    token = (await registry.client(None).post("/v1/token", data=form(ADMINISTRATORS_KEY))).json()["access_token"]
    old = registry.settings.signing_key.get_secret_value()
    fresh = settings_for(registry.database).signing_key.get_secret_value()
    both = settings_for(registry.database, signing_key=f"{fresh},{old}", key_secret=registry.settings.key_secret)
    async with running(both, registry.database) as again:
        client = httpx.AsyncClient(base_url="http://duban/registry", transport=again.transport)
        again.opened.append(client)
        answer = await client.get("/v1/units", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200

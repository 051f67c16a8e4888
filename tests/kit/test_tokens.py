"""Tokens from both ends: what verifies them, and what exchanges a key for them; against a small twin of the registry."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kit.auth import KeysOutOfReach, PublishedKeys, Unauthenticated, Verifier, may
from services.kit.claims import AUDIENCE, ISSUER
from services.kit.http import Bearer, CallFailed, Service
from tests.twin import Twin, published


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest_asyncio.fixture(loop_scope="session")
async def verifier(twin: Twin) -> AsyncIterator[Verifier]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(twin.app())) as client:
        yield Verifier(PublishedKeys(client, "http://twin/v1/jwks"))


@pytest_asyncio.fixture(loop_scope="session")
async def service(twin: Twin) -> AsyncIterator[Service]:
    called = Service("http://twin", Bearer("http://twin/v1/token", "right"), transport=httpx.ASGITransport(twin.app()))
    yield called
    await called.close()


async def test_a_token_says_who_calls_with_what_scopes_and_from_which_unit(twin: Twin, verifier: Verifier) -> None:
    caller = await verifier.caller(twin.token())
    assert (caller.client_id, caller.region, caller.unit, caller.unit_path) == ("liaison", "330109", "talent", "talent")
    assert caller.scopes == {"registry:read", "notices:reply"}


async def test_keys_are_fetched_once_for_many_tokens(twin: Twin, verifier: Verifier) -> None:
    for number in range(20):
        await verifier.caller(twin.token(sub=f"client-{number}"))
    assert twin.fetched == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"aud": "another"},
        {"iss": "another"},
        {"region": None},
        {"scope": None},
        {"sub": None},
    ],
)
async def test_a_token_with_a_wrong_or_missing_claim_does_not_hold(
    twin: Twin, verifier: Verifier, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.caller(twin.token("one", key=None, **changes))


async def test_a_token_signed_by_another_key_of_the_same_name_does_not_hold(twin: Twin, verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.caller(twin.token(key=Ed25519PrivateKey.generate()))


async def test_a_token_signed_with_the_public_key_as_a_secret_does_not_hold(twin: Twin, verifier: Verifier) -> None:
    raw = base64.urlsafe_b64decode(published("one", twin.keys["one"])["x"] + "=")
    forged = jwt.encode(
        {"sub": "x", "exp": time.time() + 60, "region": "330109", "scope": "admin", "iss": ISSUER, "aud": AUDIENCE},
        raw,
        algorithm="HS256",
        headers={"kid": "one"},
    )
    with pytest.raises(Unauthenticated):
        await verifier.caller(forged)


async def test_a_new_key_is_found_after_rotation(
    twin: Twin, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.caller(twin.token())
    twin.keys["two"] = Ed25519PrivateKey.generate()
    later = time.monotonic() + 2
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert (await verifier.caller(twin.token("two"))).client_id == "liaison"


async def test_names_of_keys_that_nobody_has_do_not_hammer_the_registry(twin: Twin, verifier: Verifier) -> None:
    nobody = Ed25519PrivateKey.generate()
    for number in range(5):
        with pytest.raises(Unauthenticated):
            await verifier.caller(twin.token(f"unknown-{number}", key=nobody))
    assert twin.fetched == 1


async def test_without_the_registry_the_answer_is_unavailable_not_unauthenticated(
    twin: Twin, verifier: Verifier
) -> None:
    twin.down = True
    with pytest.raises(KeysOutOfReach):
        await verifier.caller(twin.token())


async def test_checked_tokens_are_kept_within_bounds(
    twin: Twin, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Verifier, "KEPT", 2)
    callers = [await verifier.caller(twin.token(sub=f"client-{number}")) for number in range(5)]
    assert [caller.client_id for caller in callers] == [f"client-{number}" for number in range(5)]


def test_a_route_cannot_ask_for_a_scope_that_nobody_has() -> None:
    with pytest.raises(ValueError, match="no such scope"):
        may("everything:do")


async def test_one_token_serves_many_calls(twin: Twin, service: Service) -> None:
    answers = [await service.get("/v1/echo") for _ in range(3)]
    assert answers == [{"kind": "Bearer", "token": True, "detail": "说明"}] * 3
    assert twin.asked == 1


async def test_a_refused_token_is_exchanged_once_more(twin: Twin, service: Service) -> None:
    assert (await service.post("/v1/echo", {"x": 1}, refuse=1))["kind"] == "Bearer"
    assert twin.asked == 2


async def test_a_call_that_is_refused_says_with_what(service: Service) -> None:
    with pytest.raises(CallFailed) as failed:
        await service.put("/v1/echo", {"x": 1}, status="409")
    assert failed.value.answered == 409
    assert failed.value.body["detail"] == "说明"


async def test_a_key_that_is_not_taken_says_so(twin: Twin) -> None:
    wrong = Service("http://twin", Bearer("http://twin/v1/token", "wrong"), transport=httpx.ASGITransport(twin.app()))
    with pytest.raises(CallFailed, match="not taken"):
        await wrong.get("/v1/echo")
    await wrong.close()


async def test_who_asked_too_often_asks_no_more_until_the_time_that_was_said(twin: Twin, service: Service) -> None:
    with pytest.raises(CallFailed) as told:
        await service.get("/v1/echo", status=429, wait=1)
    answered = twin.echoed
    with pytest.raises(CallFailed) as meanwhile:
        await service.get("/v1/echo")
    assert (told.value.answered, told.value.retry_after, meanwhile.value.retry_after) == (429, 1, 1)
    assert twin.echoed == answered
    await asyncio.sleep(1)
    await service.get("/v1/echo")
    assert twin.echoed == answered + 1


async def test_a_service_that_is_busy_says_for_how_long_and_may_be_asked_all_the_same(
    twin: Twin, service: Service
) -> None:
    with pytest.raises(CallFailed) as busy:
        await service.get("/v1/echo", status=503, wait=7)
    assert busy.value.retry_after == 7
    await service.get("/v1/echo")
    assert twin.echoed == 2


async def test_who_exchanged_its_key_too_often_asks_no_more_either(twin: Twin, service: Service) -> None:
    twin.gives = False
    for _ in range(3):
        with pytest.raises(CallFailed, match=r"429|quota") as failed:
            await service.get("/v1/echo")
        assert failed.value.retry_after == 30
    assert twin.asked == 1


async def test_a_service_that_is_away_is_told_apart_from_one_that_refuses() -> None:
    away = Service("http://127.0.0.1:1")
    with pytest.raises(CallFailed) as failed:
        await away.get("/v1/echo")
    assert failed.value.answered is None
    await away.close()

"""A request that is sent again has one effect and one answer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.kit.db import Database
from services.kit.idempotency import forgetting
from services.registry.versions.tables import Answer
from tests.platform import ADMIN_KEY, BASE, Platform
from tests.registry.samples import unit
from tests.structure.house import SERVICES, operations, routes

KEY = "0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"
BODY = {"client_id": "desk", "scopes": ["registry:read"]}


async def make(platform: Platform, key: str = KEY, **changed: object) -> httpx.Response:
    """A new API key, asked for with an idempotency key."""
    return await platform.registry.post("/v1/keys", json={**BODY, **changed}, headers={"Idempotency-Key": key})


async def made(platform: Platform) -> int:
    """How many API keys of the desk there are."""
    page = (await platform.registry.get("/v1/keys", params={"client_id": "desk", "total": True})).json()
    total: int = page["total"]
    return total


async def test_the_same_request_gets_the_first_answer_again(platform: Platform) -> None:
    first, second = await make(platform), await make(platform)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["content-type"] == first.headers["content-type"]
    assert await made(platform) == 1


async def test_headers_of_the_first_answer_come_again(platform: Platform) -> None:
    first, again = [
        await platform.registry.post("/v1/units", json=unit("a", "甲"), headers={"Idempotency-Key": KEY})
        for _ in range(2)
    ]
    assert first.status_code == again.status_code == 201
    assert [again.headers[name] for name in ("etag", "location")] == [
        first.headers[name] for name in ("etag", "location")
    ]


async def test_without_a_key_each_request_is_one_of_its_own(platform: Platform) -> None:
    for _ in range(2):
        assert (await platform.registry.post("/v1/keys", json=BODY)).status_code == 201
    assert await made(platform) == 2


async def test_another_request_under_the_same_key_is_refused(platform: Platform) -> None:
    await make(platform)
    other_body = await make(platform, days=2)
    other_path = await platform.registry.post(
        "/v1/units", json={**BODY}, headers={"Idempotency-Key": KEY, "Accept-Language": "en"}
    )
    for answer in (other_body, other_path):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
        assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
    assert await made(platform) == 1


async def test_fifty_at_once_have_one_effect(platform: Platform) -> None:
    answers = await asyncio.gather(*(make(platform) for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency-key-running"}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers if answer.status_code == 201) == 1
    assert await made(platform) == 1


async def test_many_different_ones_at_once_all_have_theirs(platform: Platform) -> None:
    """A request holds its connection from its key to its commit: they must not wait for each other for ever."""

    async def until_it_is_made(number: int) -> int:
        while (answer := await make(platform, f"key-{number}")).status_code == 503:  # its turn did not come in time
            assert answer.headers["retry-after"]
        return answer.status_code

    assert set(await asyncio.gather(*(until_it_is_made(number) for number in range(50)))) == {201}
    assert await made(platform) == 50


async def test_a_refused_request_may_be_sent_again_under_its_key(platform: Platform) -> None:
    assert (await make(platform, unit="甲")).status_code == 422
    await platform.registry.post("/v1/units", json=unit("a", "甲"))
    assert (await make(platform, unit="甲")).status_code == 201


async def test_keys_are_each_callers_own(platform: Platform) -> None:
    first = await make(platform)
    other = await platform.as_("registry", "admin", "registry:read")
    second = await other.post("/v1/keys", json=BODY, headers={"Idempotency-Key": KEY})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["key"] != second.json()["key"]


async def test_an_answer_is_not_given_again_to_who_may_not_ask_any_more(platform: Platform) -> None:
    assert (await make(platform)).status_code == 201
    anyone = platform.client("registry", None)
    fewer = {"grant_type": "client_credentials", "client_secret": ADMIN_KEY, "scope": "registry:read"}
    token = (await anyone.post("/v1/token", data=fewer)).json()["access_token"]
    headers = {"Idempotency-Key": KEY, "Authorization": f"Bearer {token}"}
    assert (await anyone.post("/v1/keys", json=BODY, headers=headers)).status_code == 403
    del headers["Authorization"]
    assert (await anyone.post("/v1/keys", json=BODY, headers=headers)).status_code == 401


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 256, "键", "a\tb"], ids=repr)
async def test_a_key_that_is_none_is_refused_with_its_place(platform: Platform, key: str) -> None:
    answer = await platform.registry.post("/v1/keys", json=BODY, headers=[(b"Idempotency-Key", key.encode())])
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/header/Idempotency-Key"]
    assert await made(platform) == 0


async def test_the_database_cannot_read_the_answers_of_the_registry(platform: Platform) -> None:
    key = (await make(platform)).json()["key"]
    async with platform.database.owner() as connection:
        (row,) = await connection.fetch("SELECT body, headers::text AS headers FROM registry.answer")
    assert key.encode() not in row["body"]
    assert key not in row["headers"]
    assert (await make(platform)).json()["key"] == key


async def test_answers_are_kept_for_a_day_and_dropped_then(platform: Platform) -> None:
    db: Database = platform.apps["registry"].state.parts.db
    first = await make(platform)
    await make(platform, "another")

    async def aged(by: timedelta) -> int:
        async with platform.database.owner() as connection:
            await connection.execute("UPDATE registry.answer SET answered_at = now() - $1::interval", by)
        return await forgetting(db, Answer)()  # type: ignore[return-value]  # a look may return anything

    assert await aged(timedelta(hours=23, minutes=59)) == 0
    assert (await make(platform)).content == first.content
    assert await aged(timedelta(hours=24, minutes=1)) == 2
    assert (await make(platform)).content != first.content
    look = forgetting(db, Answer)
    assert [await look(), await look()] == [0, 0]


async def trickling(opened: asyncio.Event, let_go: asyncio.Event) -> AsyncIterator[bytes]:
    yield b"indicator,subject,period,value,unit\n"
    opened.set()
    await let_go.wait()


async def test_while_the_first_request_runs_another_one_is_told_so(platform: Platform) -> None:
    opened, let_go = asyncio.Event(), asyncio.Event()
    url, headers = f"{BASE}/indicators/v1/observations:import", {"Content-Type": "text/csv", "Idempotency-Key": KEY}

    async def send(content: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
        return await platform.indicators.post(url, content=content, headers=headers)

    await platform.indicators.get("/v1/indicators")  # a token
    first = asyncio.create_task(send(trickling(opened, let_go)))
    await opened.wait()
    for _ in range(100):  # until it holds its key
        answer = await send(b"indicator,subject,period,value,unit\n")
        if answer.status_code == 409:
            break
    assert answer.json()["code"] == "idempotency-key-running"
    let_go.set()
    assert (await first).status_code in {201, 422}


@pytest.mark.parametrize("service", SERVICES)
def test_every_post_with_a_caller_takes_a_key(service: str) -> None:
    """`services/kit/idempotency.py` sees to it for every router of an app; only who has no caller yet is left out."""
    with_caller = {
        f"POST {route.path}"
        for route in routes()
        if (route.service, route.method) == (service, "POST") and route.scopes
    }
    taking = {
        name
        for name, operation in operations(service).items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    }
    assert taking == with_caller
    assert taking

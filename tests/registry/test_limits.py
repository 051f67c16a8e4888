"""How often one may ask, on a registry with small quotas."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.databases import TestDatabase
from tests.registry.running import ADMINISTRATORS_KEY, START, Registry, running, settings_for

KEYS = {"grant_type": "client_credentials", "client_secret": ADMINISTRATORS_KEY}
INDUSTRY = {"code": "information", "name": "信息"}


@pytest_asyncio.fixture(loop_scope="session")
async def limited(database: TestDatabase) -> AsyncIterator[Registry]:
    """A registry that takes 20 requests of a caller and 6 of an address in any minute."""
    async with running(settings_for(database, rate_client=20, rate_address=6), database) as made:
        await made.show(START)
        yield made


def standing(answer: httpx.Response) -> str:
    """The policy and what is left; the seconds depend on how fast the test is."""
    said: str = answer.headers["ratelimit"].partition(";t=")[0]
    return said


async def test_every_kind_of_answer_says_what_is_left(limited: Registry) -> None:
    http = limited.http
    made = await http.post("/v1/industries", json=INDUSTRY)
    same = await http.get("/v1/industries/information", headers={"If-None-Match": made.headers["etag"]})
    again = await http.post("/v1/industries", json=INDUSTRY)
    answers = [
        made,
        await http.get("/v1/industries"),
        same,
        again,
        await http.post("/v1/industries", json={}),
        await http.get("/v1/industries/nobody"),
        await http.put("/v1/industries/information", json=INDUSTRY),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 304, 409, 422, 404, 428]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"client";q=20;w=60'}
    lefts = sorted(int(standing(answer).partition("r=")[2]) for answer in answers)
    assert lefts == list(range(13, 20))


async def test_a_repeated_request_counts_although_it_has_no_second_effect(limited: Registry) -> None:
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first = await limited.http.post("/v1/industries", json=INDUSTRY, headers=key)
    second = await limited.http.post("/v1/industries", json=INDUSTRY, headers=key)
    assert second.headers["idempotency-replayed"] == "true"
    assert [standing(answer) for answer in (first, second)] == ['"client";r=19', '"client";r=18']
    assert second.headers.get_list("ratelimit") == [second.headers["ratelimit"]]


async def test_two_hundred_requests_at_once_get_exactly_the_quota(database: TestDatabase) -> None:
    async with running(settings_for(database, rate_client=50), database) as registry:
        await registry.http.get("/v1/industries")
        answers = await asyncio.gather(*(registry.http.get("/v1/industries") for _ in range(200)))
        assert sorted(answer.status_code for answer in answers) == [200] * 49 + [429] * 151


async def test_a_caller_that_used_up_its_quota_leaves_others_theirs(limited: Registry) -> None:
    other = await limited.as_("registry:read")
    assert standing(await other.get("/v1/industries")) == '"client";r=19'
    while (await limited.http.get("/v1/industries")).status_code == 200:
        pass
    assert (await other.get("/v1/industries")).status_code == 200


async def test_key_exchanges_and_sign_ins_count_on_the_address(limited: Registry) -> None:
    token = (await limited.client(None).post("/v1/token", data=KEYS)).json()["access_token"]
    stranger = limited.client(None)
    stranger.headers["Authorization"] = f"Bearer {token}"
    answers = [
        await stranger.post("/v1/token", data=KEYS),
        await stranger.post("/v1/sessions", json={"name": "nobody", "password": "x" * 12}),
        await stranger.post("/v1/sessions:refresh", json={"refresh_token": "x"}),
        await stranger.get("/v1/jwks"),
        await stranger.get("/v1/providers"),
        await stranger.post("/v1/token", data=KEYS),
    ]
    assert [standing(answer) for answer in answers] == [f'"address";r={n}' for n in (4, 3, 2, 1, 0, 0)]
    assert answers[-1].status_code == 429
    assert standing(await stranger.get("/v1/industries")) == '"client";r=19'


async def test_who_waits_as_long_as_was_said_is_served_again(database: TestDatabase) -> None:
    async with running(settings_for(database, rate_client=2, rate_seconds=2), database) as registry:
        while (answer := await registry.http.get("/v1/industries")).status_code == 200:
            pass
        assert (answer.status_code, answer.json()["code"]) == (429, "quota-exceeded")
        await asyncio.sleep(int(answer.headers["retry-after"]))
        assert (await registry.http.get("/v1/industries")).status_code == 200


async def test_probes_and_the_index_are_asked_as_often_as_one_likes(limited: Registry) -> None:
    prober = limited.client(None)
    answers = [await prober.get(path) for path in ("/livez", "/readyz", "http://duban/") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("ratelimit" in answer.headers for answer in answers)

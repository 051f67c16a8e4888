"""How often one may ask, on a small app of the tests' own without a database; the rest is in tests/registry/test_limits.py."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request
from pydantic import ValidationError

from services.kit.app import Parts, create_app
from services.kit.auth import Caller, PublishedKeys, Verifier, may
from services.kit.db import Database
from services.kit.queue import Doorbell
from services.kit.rates import Rates, network
from services.kit.settings import OUT_OF_REACH, ServiceSettings
from tests.twin import Twin

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
HERE, THERE = "192.0.2.1", "198.51.100.7"
router = APIRouter()


@router.get("/mine", operation_id="thing_mine")
async def mine(caller: Annotated[Caller, may("registry:read")]) -> str:
    return caller.client_id


@router.post("/mine", operation_id="thing_make", status_code=201)
async def make(request: Request, _caller: Annotated[Caller, may("registry:read")]) -> int:
    return len(await request.body())


@router.post("/open", operation_id="thing_open")
async def open_() -> None:
    """For anybody, as the token endpoint is."""


@router.get("/defect", operation_id="thing_break")
async def defect(_caller: Annotated[Caller, may("registry:read")]) -> None:
    raise RuntimeError("secret detail")


class Small:
    """The app, and callers at addresses."""

    def __init__(self, app: FastAPI, twin: Twin) -> None:
        self.app, self.twin = app, twin

    async def ask(
        self,
        method: str = "GET",
        path: str = "/mine",
        *,
        token: str | None = None,
        address: str = HERE,
        language: str = "zh",
        content: AsyncIterator[bytes] | None = None,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 4711))
        headers = {"Accept-Language": language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            return await client.request(method, path, content=content)

    async def statuses(self, times: int, *, token: str | None = None, address: str = HERE) -> list[int]:
        return [(await self.ask(token=token, address=address)).status_code for _ in range(times)]

    def of(self, name: str) -> str:
        """A token of a caller."""
        return self.twin.token(sub=name)


@asynccontextmanager
async def small(**told: int) -> AsyncIterator[Small]:
    twin = Twin()
    settings = ServiceSettings.model_validate({"database_url": NOWHERE, **told})

    @asynccontextmanager
    async def parts(_app: FastAPI) -> AsyncIterator[Parts]:
        db = Database(settings.database_url)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(twin.app())) as client:
            verifier = Verifier(PublishedKeys(client, "http://twin/v1/jwks"))
            yield Parts(settings, db, verifier, Doorbell(None, "none"))
        await db.close()

    app = create_app(title="Test", description="A test's app.", routers=[router], parts=parts)
    async with app.router.lifespan_context(app):
        yield Small(app, twin)


@pytest_asyncio.fixture(loop_scope="session")
async def app() -> AsyncIterator[Small]:
    async with small(rate_client=5, rate_address=3) as made:
        yield made


def left(answer: httpx.Response) -> str:
    return answer.headers["ratelimit"].partition(";t=")[0]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/mine", 200),
        ("POST", "/mine", 201),
        ("DELETE", "/mine", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/defect", 500),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/mine/", 307),
    ],
)
async def test_every_answer_says_the_quota_and_what_is_left_once(
    app: Small, method: str, path: str, status: int
) -> None:
    answer = await app.ask(method, path, token=app.of("a"))
    assert answer.status_code == status
    assert answer.headers.get_list("ratelimit-policy") == ['"client";q=5;w=60']
    assert answer.headers.get_list("ratelimit") == ['"client";r=4;t=60']


async def test_who_says_nothing_of_itself_is_told_the_quota_of_its_address(app: Small) -> None:
    answer = await app.ask()
    assert answer.status_code == 401
    assert answer.headers["ratelimit-policy"] == '"address";q=3;w=60'
    assert answer.headers["ratelimit"] == '"address";r=2;t=60'


async def test_beyond_the_quota_comes_429_with_the_seconds_to_wait(app: Small) -> None:
    token = app.of("a")
    assert await app.statuses(5, token=token) == [200] * 5
    refused = await app.ask(token=token)
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"] == f'"client";r=0;t={refused.headers["retry-after"]}'
    assert refused.json()["trace_id"] == refused.headers["x-request-id"]


async def test_what_the_limit_is_and_how_long_to_wait_is_said_in_chinese_and_english(app: Small) -> None:
    await app.statuses(3)
    zh = await app.ask()
    en = await app.ask(language="en")
    wait = zh.headers["retry-after"]
    assert zh.json() | {"trace_id": ""} == {
        "type": "urn:duban:problem:quota-exceeded",
        "title": "请求过多",
        "status": 429,
        "code": "quota-exceeded",
        "trace_id": "",
        "errors": [],
        "detail": "未带有效令牌的每个网络地址（携带有效令牌的调用方另有配额）在任意 60 秒内最多可发 3 次请求，现已用完；"
        f"请在 {wait} 秒后重发，并按 RateLimit 响应头控制频率",
    }
    assert en.json()["detail"] == (
        "at most 3 requests in any 60 seconds are taken from one network address without a token that holds (a caller "
        "with one has a quota of its own), and these are used up; send this one again after "
        f"{en.headers['retry-after']} seconds, and go by the RateLimit header"
    )


async def test_after_waiting_as_long_as_was_said_the_request_is_taken() -> None:
    async with small(rate_client=2, rate_seconds=1) as app:
        token = app.of("a")
        assert await app.statuses(3, token=token) == [200, 200, 429]
        wait = int((await app.ask(token=token)).headers["retry-after"])
        await asyncio.sleep(wait)
        assert await app.statuses(1, token=token) == [200]


async def test_two_callers_do_not_share_a_quota_wherever_they_call_from(app: Small) -> None:
    one, two = app.of("a"), app.of("b")
    assert await app.statuses(6, token=one) == [200] * 5 + [429]
    assert await app.statuses(5, token=two) == [200] * 5
    assert await app.statuses(1, token=one, address=THERE) == [429]


async def test_a_new_token_of_the_same_caller_brings_no_new_quota(app: Small) -> None:
    tokens = [app.twin.token(sub="a", exp=2_000_000_000 + number) for number in range(6)]
    assert [(await app.ask(token=token)).status_code for token in tokens] == [200] * 5 + [429]


async def test_callers_of_the_same_name_in_two_regions_are_two(app: Small) -> None:
    await app.statuses(5, token=app.of("a"))
    assert await app.statuses(1, token=app.twin.token(sub="a", region="330110")) == [200]


async def test_broken_tokens_count_on_the_address_and_on_no_caller(app: Small) -> None:
    stranger = Twin()
    broken = [
        stranger.token(sub="a"),  # signed with a key of somebody else
        app.twin.token(sub="a", exp=1),
        app.of("a") + "x",
        "nonsense",
    ]
    answers = [await app.ask(token=token) for token in broken]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [left(answer) for answer in answers] == [f'"address";r={n}' for n in (2, 1, 0, 0)]
    assert await app.statuses(1, address=THERE) == [401]
    answer = await app.ask(token=app.of("a"))
    assert (answer.status_code, left(answer)) == (200, '"client";r=4')


async def test_where_nobody_asks_who_calls_the_address_counts_whatever_token_is_sent(app: Small) -> None:
    answers = [await app.ask("POST", "/open", token=app.of("a")) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert left(await app.ask(token=app.of("a"))) == '"client";r=4'


async def test_with_the_keys_out_of_reach_the_address_counts_and_they_are_asked_for_once_a_request(app: Small) -> None:
    app.twin.down = True
    answer = await app.ask(token=app.of("a"))
    assert (answer.status_code, answer.json()["code"], left(answer)) == (503, "keys-out-of-reach", '"address";r=2')
    assert app.twin.fetched == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("2001:DB8:1:2:0::1", "2001:db8:1:2::2", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("testclient", "unix:/run/socket", True),
    ],
)
def test_an_address_is_its_network(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


async def test_addresses_of_one_ipv6_network_share_a_quota(app: Small) -> None:
    addresses = [f"2001:db8:1:2::{number}" for number in range(4)]
    assert [(await app.statuses(1, address=each))[0] for each in addresses] == [401, 401, 401, 429]
    assert await app.statuses(1, address="2001:db8:1:3::1") == [401]


async def test_a_connection_without_an_address_is_counted_too(app: Small) -> None:
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/mine", "query_string": b"", "headers": []}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        sent.append(message)

    for _ in range(4):
        await app.app({**scope, "client": None}, receive, send)
    assert [each["status"] for each in sent if "status" in each] == [401, 401, 401, 429]


async def test_probes_are_never_limited_and_say_no_quota(app: Small) -> None:
    await app.statuses(4)
    answers = [await app.ask("GET", path) for path in ("/livez", "/readyz") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200, 503}  # 503: there is no database
    assert [answer for answer in answers if "ratelimit" in answer.headers] == []


async def test_a_path_that_only_ends_like_a_probe_is_limited(app: Small) -> None:
    answers = [(await app.ask("GET", "/mine/livez")).status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]


async def test_many_requests_at_once_get_exactly_the_quota() -> None:
    async with small(rate_client=50) as app:
        token = app.of("a")
        answers = await asyncio.gather(*(app.ask(token=token) for _ in range(200)))
        assert sorted(answer.status_code for answer in answers) == [200] * 50 + [429] * 150
        lefts = [answer.headers["ratelimit"] for answer in answers if answer.status_code == 200]
        assert len(set(lefts)) == 50


async def test_what_is_refused_reads_no_body(app: Small) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(3):
            read += 1
            yield b"x"

    token = app.of("a")
    assert (await app.ask("POST", "/mine", token=token, content=body())).json() == 3
    await app.statuses(4, token=token)
    refused = await app.ask("POST", "/mine", token=token, content=body())
    assert (refused.status_code, read) == (429, 3)


async def test_what_is_refused_does_not_count(app: Small) -> None:
    rates: Rates = app.app.state.rates
    await app.statuses(20)
    assert rates.address.take(network(HERE), 10**18).left == 2
    assert len(rates.client) == 0


async def test_each_process_counts_for_itself() -> None:
    async with small(rate_client=1) as one, small(rate_client=1) as other:
        assert await one.statuses(2, token=one.of("a")) == [200, 429]
        assert await other.statuses(2, token=other.of("a")) == [200, 429]


@pytest.mark.parametrize("name", ["rate_client", "rate_address", "rate_seconds"])
@pytest.mark.parametrize("value", [0, -1, OUT_OF_REACH + 1])
def test_no_number_means_any_number(name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings.model_validate({"database_url": NOWHERE, name: value})


async def test_the_document_tells_the_limits_of_every_operation_but_the_probes(app: Small) -> None:
    document = (await app.ask("GET", "/openapi.json")).json()
    answers = document["paths"]["/mine"]["post"]["responses"]
    assert answers["429"] == {"$ref": "#/components/responses/TooManyRequests"}
    assert set(answers["201"]["headers"]) == {"RateLimit", "RateLimit-Policy"}
    shared = document["components"]["responses"]["TooManyRequests"]
    assert set(shared["headers"]) == {"RateLimit", "RateLimit-Policy", "Retry-After"}
    assert "429" not in document["paths"]["/livez"]["get"]["responses"]
    assert "headers" not in json.dumps(document["paths"]["/livez"])

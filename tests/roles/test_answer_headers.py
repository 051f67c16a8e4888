"""Every operation of the documents, asked once by who may do everything: headers come as its document says."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.contracts.openapi.frozen import frozen
from tests.databases import fresh_database
from tests.platform import Platform
from tests.roles.asking import path_of, request_for, sending
from tests.roles.matrix import Call, World, calls, made, places_of
from tests.roles.running import taking_back, with_a_provider
from tests.roles.world import Json
from tests.structure.house import SERVICES, answer_of

pytestmark = pytest.mark.untraced

each_service = pytest.mark.parametrize("service", SERVICES)
TOLD = ("ETag", "Location", "Retry-After", "Idempotency-Replayed")
ANEW = {"contact_read": "what it says changes with the day, which its version does not tell"}
"""Reads that answer anew, whatever their caller has."""
PLACES = ("own", "any", "")
"""Which objects are asked for: those of the unit, those of the whole region, none."""


@dataclass(frozen=True)
class Asked:
    """What a call was answered, and once more in another way where the document says what comes then."""

    call: Call
    answer: httpx.Response
    again: httpx.Response | None


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asked(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[list[Asked]]:
    """Every call that its document has, as it was answered."""
    async with fresh_database(postgres_server, template_database) as database, with_a_provider(database) as platform:
        world = await made(platform)
        with taking_back(platform):
            yield [await ask(world, call) for service in SERVICES for call in calls(service)]


async def ask(world: World, call: Call) -> Asked:
    """Read with the tag that came; change without the tag that is needed."""
    places = places_of(world.objects, call)
    values = next((places[place] for place in PLACES if place in places), next(iter(places.values())))
    client: httpx.AsyncClient = getattr(world.platform, call.service)
    sent = await request_for(
        world.platform, call.service, call.operation, method=call.method, template=call.template, values=values
    )
    answer = await sending(call.method, call.template, values, sent)(client, "administrator")
    again = None
    if answer.is_success and parameter(call, "If-None-Match"):
        path, held = path_of(call.template, values), {"If-None-Match": answer.headers.get("ETag", "")}
        again = await client.get(path, params=answer.request.url.params, headers=held)
    elif answer.is_success and parameter(call, "If-Match").get("required"):
        request = answer.request
        kept = {name: value for name, value in request.headers.items() if name != "if-match"}
        again = await client.request(call.method, request.url, content=request.content, headers=kept)
    return Asked(call, answer, again)


def parameter(call: Call, name: str) -> Json:
    return next((each for each in call.operation.get("parameters", ()) if each["name"] == name), {})


def documented(call: Call, status: int) -> Mapping[str, Json]:
    """The headers of an answer, by name."""
    shown = frozen(call.service)
    answer = answer_of(shown, call.operation["responses"].get(str(status), {}))
    parts = shown["components"]["headers"]
    return {
        name: parts[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for name, each in answer.get("headers", {}).items()
    }


@each_service
def test_the_status_is_documented(asked: list[Asked], service: str) -> None:
    assert [
        f"{each.call}: {each.answer.status_code}"
        for each in asked
        if each.call.service == service and str(each.answer.status_code) not in each.call.operation["responses"]
    ] == []


@each_service
def test_the_headers_that_come_are_documented(asked: list[Asked], service: str) -> None:
    assert [
        f"{each.call} {each.answer.status_code}: {name}"
        for each in asked
        for name in TOLD
        if each.call.service == service
        and name in each.answer.headers
        and name not in documented(each.call, each.answer.status_code)
    ] == []


@each_service
def test_the_headers_that_always_come_are_there(asked: list[Asked], service: str) -> None:
    assert [
        f"{each.call} {each.answer.status_code}: {name}"
        for each in asked
        for name, header in documented(each.call, each.answer.status_code).items()
        if each.call.service == service and header.get("required") and name not in each.answer.headers
    ] == []


def test_who_has_what_is_read_is_told_so(asked: list[Asked]) -> None:
    reads = [each for each in asked if each.again is not None and each.call.method == "GET"]
    assert len(reads) > len(SERVICES)
    anew = {each.call.name for each in reads if each.again is not None and each.again.status_code != 304}
    assert anew == set(ANEW)


def test_where_the_tag_is_needed_nothing_is_changed_without_it(asked: list[Asked]) -> None:
    changes = [each for each in asked if each.again is not None and each.call.method != "GET"]
    assert len(changes) > len(SERVICES)
    assert [str(each.call) for each in changes if each.again is None or each.again.status_code != 428] == []


async def test_a_repeated_request_is_told_so_as_the_document_says(platform: Platform) -> None:
    call = next(each for each in calls("registry") if each.name == "industry_create")
    body, key = {"code": "bio", "name": "生物"}, {"Idempotency-Key": "one"}
    first, second = [await platform.registry.post("/v1/industries", json=body, headers=key) for _ in range(2)]
    assert (first.status_code, "Idempotency-Replayed" in first.headers) == (201, False)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" in documented(call, second.status_code)

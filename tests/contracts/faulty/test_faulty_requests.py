"""Two thousand faulty requests: each is refused, names the field, and nothing is written."""

import random
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.contracts.faulty.requests import FaultyRequest, faulty
from tests.databases import TestDatabase, fresh_database
from tests.platform import START, Platform, running_platform
from tests.structure.house import SERVICES, document

SENT = 2000
COPIED = {"indicators.directory_feed", "indicators.knowledge", "notifier.directory_feed"}
"""How far a service has copied the registry: whoever asks may bring that forward."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asked(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    async with fresh_database(postgres_server, template_database) as database, running_platform(database) as platform:
        await platform.set_clock(START, standing=True)
        yield platform


def chosen() -> list[tuple[str, FaultyRequest]]:
    """Requests of all operations, the same at every run; of an operation that can be asked wrongly in many ways a part."""
    every = [(service, request) for service in SERVICES for request in faulty(document(service))]
    return random.Random(20180716).sample(every, SENT) if len(every) > SENT else every  # noqa: S311 - a choice, no secret


async def rows(database: TestDatabase) -> dict[str, int]:
    async with database.owner() as owner:
        tables = await owner.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables "
            "WHERE schemaname IN ('registry', 'indicators', 'notifier')"
        )
        return {
            table["name"]: await owner.fetchval(f"SELECT count(*) FROM {table['name']}")  # noqa: S608 - names of the catalogue
            for table in tables
            if table["name"] not in COPIED
        }


async def send(platform: Platform, service: str, request: FaultyRequest) -> httpx.Response:
    client: httpx.AsyncClient = getattr(platform, service)
    return await client.request(
        request.method, request.path, content=request.content, params=request.query, headers=request.headers
    )


def complaint(request: FaultyRequest, answer: httpx.Response) -> str | None:
    """What is wrong with a refusal."""
    if not 400 <= answer.status_code < 500:
        return f"answered {answer.status_code}"
    if answer.headers["content-type"] != "application/problem+json":
        return f"is no problem but {answer.headers['content-type']}"
    named = [fault["pointer"] for fault in answer.json()["errors"]]
    if request.pointer is not None and not any(each.startswith(request.pointer) for each in named):
        return f"{answer.status_code} names {named} instead of {request.pointer}"
    return None


async def test_every_faulty_request_is_refused_by_name_and_leaves_nothing(asked: Platform) -> None:
    before = await rows(asked.database)
    sent = chosen()
    complaints = []
    for service, request in sent:
        wrong = complaint(request, await send(asked, service, request))
        if wrong is not None:
            complaints.append(f"{request.method} /{service}{request.path[:80]} ({request.name}) {wrong}")
    assert not complaints, "\n".join(complaints)
    assert len(sent) == SENT
    assert await rows(asked.database) == before


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_that_takes_something_can_be_asked_wrongly(service: str) -> None:
    names = {request.name.partition(":")[0] for request in faulty(document(service))}
    untried = {
        operation["operationId"]
        for item in document(service)["paths"].values()
        for operation in item.values()
        if operation.get("security") and ("requestBody" in operation or operation.get("parameters"))
    } - names
    assert untried == set()

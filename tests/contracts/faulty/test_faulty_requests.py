"""Two thousand faulty requests, and every faulty file: each is refused, names the field, and nothing is written."""

import random
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, get_args

import httpx
import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.registry.sheets.schemas import Objects
from tests.contracts.faulty import files
from tests.contracts.faulty.requests import FaultyRequest, faulty
from tests.databases import TestDatabase, fresh_database
from tests.platform import START, Platform, running_platform
from tests.structure.house import SERVICES, document

pytestmark = pytest.mark.untraced

SENT = 2000
FILES = 900
"""So many files at least, all of which are sent."""
PARTS = 4
"""They are sent in so many tests, each of which has its bound of time."""
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


@cache
def faulty_files() -> list[tuple[str, FaultyRequest]]:
    """Every faulty file, with its service."""
    of_registry = [("registry", request) for request in files.of_registry()]
    return [*of_registry, *(("indicators", request) for request in files.of_indicators())]


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
    codes = {answer.json()["code"], *(fault["code"] for fault in answer.json()["errors"])}
    if request.code and request.code not in codes:
        return f"{answer.status_code} is called {codes} instead of {request.code}"
    return None


async def complaints(asked: Platform, sent: list[tuple[str, FaultyRequest]]) -> list[str]:
    """What is wrong with the refusals of all these."""
    return [
        f"{request.method} /{service}{request.path[:80]} ({request.name}) {wrong}"
        for service, request in sent
        if (wrong := complaint(request, await send(asked, service, request))) is not None
    ]


async def test_every_faulty_request_is_refused_by_name_and_leaves_nothing(asked: Platform) -> None:
    before = await rows(asked.database)
    sent = chosen()
    found = await complaints(asked, sent)
    assert not found, "\n".join(found)
    assert len(sent) == SENT
    assert await rows(asked.database) == before


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_faulty_file_is_refused_by_its_cells_and_leaves_nothing(asked: Platform, part: int) -> None:
    before = await rows(asked.database)
    found = await complaints(asked, faulty_files()[part::PARTS])
    assert not found, "\n".join(found)
    assert await rows(asked.database) == before


def test_faulty_files_are_made_for_every_import_of_every_service() -> None:
    """The notifier takes no file."""
    taken = {
        (service, path) for service in SERVICES for path, item in document(service)["paths"].items() if _file(item)
    }
    sent = faulty_files()
    tried = {(service, request.path) for service, request in sent}
    assert {service for service, _ in taken} == {"registry", "indicators"}
    of_sheets = {("registry", f"/v1/{objects}:import") for objects in get_args(Objects)}
    others = {(service, path.replace("{year}", "2019")) for service, path in taken if "{objects}" not in path}
    assert tried == of_sheets | others
    assert len({request.name for _, request in sent}) == len(sent) >= FILES


def _file(item: dict[str, Any]) -> bool:
    """Whether an operation takes a file."""
    kinds = {kind for operation in item.values() for kind in operation.get("requestBody", {}).get("content", {})}
    return not kinds <= {"application/json", "application/x-www-form-urlencoded"}


def _asked(operation: dict[str, Any]) -> list[str]:
    """What an operation takes beside its body; any `If-None-Match` is taken."""
    return [each["name"] for each in operation.get("parameters", ()) if each["name"] != "If-None-Match"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_that_takes_something_can_be_asked_wrongly(service: str) -> None:
    names = {request.name.partition(":")[0] for request in faulty(document(service))}
    untried = {
        operation["operationId"]
        for item in document(service)["paths"].values()
        for operation in item.values()
        if operation.get("security") and ("requestBody" in operation or _asked(operation))
    } - names
    assert untried == set()

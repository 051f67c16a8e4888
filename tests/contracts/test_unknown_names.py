"""No operation of any service takes a name in its query that it does not know."""

import re

import httpx
import pytest

from tests.platform import Platform
from tests.structure.house import SERVICES, operations

IN_PATHS = re.compile(r"\{([^}]*)\}")
PLACED = {"number": "1", "version": "1", "year": "2018", "job": "0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"}


async def told(client: httpx.AsyncClient, call: str) -> str | None:
    """What is wrong with the answer to a call with a name that nobody knows."""
    method, _, path = call.partition(" ")
    place = IN_PATHS.sub(lambda found: PLACED.get(found[1], "contacts"), path)
    answer = await client.request(method, place, params={"dryrun": "true"})
    errors = answer.json().get("errors", []) if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY else []
    named = [fault["code"] for fault in errors if fault["pointer"] == "/query/dryrun"]
    return None if named == ["extra-forbidden"] else f"{call}: {answer.status_code} {answer.text[:200]}"


@pytest.mark.parametrize("service", SERVICES)
async def test_an_unknown_name_in_a_query_is_refused_whatever_else_is_sent(platform: Platform, service: str) -> None:
    client: httpx.AsyncClient = getattr(platform, service)
    assert [said for call in operations(service) if (said := await told(client, call)) is not None] == []


async def test_the_likely_name_is_told(platform: Platform) -> None:
    answer = await platform.indicators.get("/v1/gaps", params={"as_off": "2017-01-01"})
    [fault] = answer.json()["errors"]
    assert fault["detail"].endswith("是否应为 as_of？")

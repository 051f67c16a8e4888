"""Fifty writers at one object, each replacing what it has read, lose no update."""

import asyncio
from typing import Any

import httpx
import pytest

from services.kit.db import knowledge_key
from tests.registry.running import REGION, Registry
from tests.registry.samples import PLAN, applied, industry, small_part

pytestmark = pytest.mark.untraced

Json = dict[str, Any]
WRITERS = 50
BUSY = 503
"""So many wait for four connections that some wait too long and are told to come again."""
KEPT = {"id", "version", "recorded_at", "path", "note", "acting", "since", "next", "stand_ins"}
KEPT_OF_A_TASK = {"state", "state_since", "carried_from", "carried_to"}

OBJECTS: dict[str, str] = {
    "/v1/units/keji": "name_en",
    "/v1/units/jingxin/contacts/liaison": "person",
    f"/v1/plans/{PLAN}/responsibilities/T01": "name",
    f"/v1/plans/{PLAN}/tasks/C01": "name",
    "/v1/industries/information": "name_en",
    "/v1/carriers/info-port": "name_en",
    "/v1/enterprises/e22": "direction",
    "/v1/projects/P01": "name",
    "/v1/calendars/2018": "document",
}
"""Objects of each kind, and a field that each writer adds its number to."""


async def added(http: httpx.AsyncClient, path: str, field: str, number: int) -> int:
    """Add a number to the field, reading again as often as somebody else was quicker; how often that was."""
    for lost in range(1000):
        read = await http.get(path)
        if read.status_code == BUSY:
            continue
        assert read.status_code == 200, read.text
        body: Json = {name: value for name, value in read.json().items() if name not in KEPT | KEPT_OF_A_TASK}
        body[field] = f"{body[field] or ''},{number}"
        answer = await http.put(path, json=body, headers={"If-Match": read.headers["etag"]})
        if answer.status_code == 200:
            return lost
        assert answer.status_code in {412, BUSY}, answer.text
    raise AssertionError("never its turn")


@pytest.mark.parametrize("path", OBJECTS)
async def test_fifty_writers_lose_no_update(registry: Registry, path: str) -> None:
    await applied(registry, small_part())
    field = OBJECTS[path]
    before = (await registry.http.get(path)).json()
    lost = await asyncio.gather(*(added(registry.http, path, field, number) for number in range(WRITERS)))
    after = (await registry.http.get(path)).json()
    written = str(after[field]).removeprefix(str(before[field] or "")).split(",")[1:]
    assert sorted(map(int, written)) == list(range(WRITERS))
    assert after["version"] == before["version"] + WRITERS
    assert sum(lost) > 0  # they did meet


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "有其他写入正在进行（例如导入）"), ("en", "somebody else is writing, such as an import")],
)
async def test_who_waits_in_vain_for_another_writer_is_told_so(registry: Registry, language: str, said: str) -> None:
    async with registry.database.owner() as importer, importer.transaction():
        await importer.execute("SELECT pg_advisory_xact_lock($1)", knowledge_key(REGION))
        answer = await registry.http.post("/v1/industries", json=industry(), headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["code"]) == (BUSY, "unavailable")
    assert answer.json()["detail"].startswith(said)
    assert answer.headers["Retry-After"] == "2"
    assert (await registry.http.post("/v1/industries", json=industry())).status_code == 201

"""Many writers at one object, each replacing what it has read, lose no update."""

import asyncio
import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import httpx
import pytest

from services.kit.db import knowledge_key
from tests.registry import endable
from tests.registry.endable import done
from tests.registry.running import REGION, Registry
from tests.registry.samples import PLAN, applied, industry, small_part
from tests.roles import bodies
from tests.structure.house import document

pytestmark = pytest.mark.untraced

Json = dict[str, Any]
BUSY = 503
"""So many wait for four connections that some wait too long and are told to come again."""

OF_A_PLAN_FILE: dict[str, str] = {
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
"""Objects of each kind that the small plan has, and a field that each writer adds its number to."""
MADE: dict[str, str] = {
    "enterprise_group": "name_en",
    "project_kind": "name_en",
    "roster": "criteria",
    "roster_item": "note",
    "milestone": "name",
    "leader_contact": "valid_to",
    "visit": "seen",
    "instrument": "document",
    "prospect": "note",
    "activity": "result",
    "schedule": "begin_by",
    "project_step": "text",
    "shared_project": "reason",
    "person": "display_name",
}
"""Kinds that people make beside a plan file, likewise; to a day each writer adds one."""
DAYS = {"valid_to", "begin_by"}
CONTACT = {**bodies.contact("leader", "project:P01"), "valid_to": "2018-12-31"}
NOT_REPLACED = {
    "/v1/plans/{code}",  # a file: what it names is replaced each by itself
    "/v1/plans/{code}/state",  # a state is taken once
    "/v1/calendars/{year}/notice",  # another way to write the year's calendar
}
PATHS = {
    "roster_item": "/v1/rosters/x/items/1",
    "project_step": "/v1/projects/P02/steps/1",
    "shared_project": "/v1/plans/plan-b/shared-projects/P01",
    "person": "/v1/people/zhang.san",
}


@cache
def fields_of(path: str) -> frozenset[str]:
    """What a replacement of the object at a path takes."""
    shown = document("registry")
    (operation,) = (
        item["put"]
        for template, item in shown["paths"].items()
        if "put" in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    )
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return frozenset(shown["components"]["schemas"][schema]["properties"])


async def added(http: httpx.AsyncClient, path: str, field: str, number: int, *, more: Json | None = None) -> int:
    """Add a number to the field, reading again as often as somebody else was quicker; how often that was."""
    for lost in range(1000):
        read = await http.get(path)
        if read.status_code == BUSY:
            continue
        assert read.status_code == 200, read.text
        body: Json = {name: value for name, value in read.json().items() if name in fields_of(path)} | (more or {})
        if field in DAYS:
            body[field] = (date.fromisoformat(body[field]) + timedelta(days=1)).isoformat()
        else:
            body[field] = f"{body[field] or ''},{number}"
        answer = await http.put(path, json=body, headers={"If-Match": read.headers["etag"]})
        if answer.status_code == 200:
            return lost
        assert answer.status_code in {412, BUSY}, answer.text
    raise AssertionError("never its turn")


async def check_nothing_lost(
    http: httpx.AsyncClient, path: str, field: str, writers: int, *, more: Json | None = None
) -> None:
    """Let so many writers add their number at once; each of them must be found."""
    before = (await http.get(path)).json()
    lost = await asyncio.gather(*(added(http, path, field, number, more=more) for number in range(writers)))
    after = (await http.get(path)).json()
    if field in DAYS:
        assert date.fromisoformat(after[field]) - date.fromisoformat(before[field]) == timedelta(days=writers)
    else:
        written = str(after[field]).removeprefix(str(before[field] or "")).split(",")[1:]
        assert sorted(map(int, written)) == list(range(writers))
    if "version" in before:
        assert after["version"] == before["version"] + writers
    assert sum(lost) > 0  # they did meet


async def make(http: httpx.AsyncClient, kind: str) -> str:
    """Make an object of a kind beside the small plan; where it is."""
    if kind in PATHS:
        path = PATHS[kind]
        if kind == "roster_item":
            await endable.make(http, "roster")
            await done(http.post("/v1/rosters/x/items", json={**bodies.ITEM, "thing": "enterprise:e22"}))
        elif kind == "project_step":
            await done(http.post("/v1/projects/P02/steps", json=bodies.step("keji")))
        elif kind == "person":
            await done(http.post("/v1/people", json={"name": "zhang.san", "display_name": "张三"}))
        else:
            await done(http.put("/v1/plans/plan-b", json=small_part("plan-b", projects=[], responsibilities=[])))
            await done(http.put(path, json={"reason": "两个计划共有"}))
        return path
    if kind == "leader_contact":
        await done(http.post("/v1/leader-contacts", json=CONTACT))
    else:
        await endable.make(http, kind)
    return endable.path_of(kind)


@pytest.mark.parametrize("path", OF_A_PLAN_FILE)
async def test_fifty_writers_lose_no_update(registry: Registry, path: str) -> None:
    await applied(registry, small_part())
    await check_nothing_lost(registry.http, path, OF_A_PLAN_FILE[path], 50)


@pytest.mark.parametrize("kind", MADE)
async def test_ten_writers_of_what_people_make_lose_no_update(registry: Registry, kind: str) -> None:
    await endable.begun(registry)
    path = await make(registry.http, kind)
    more = {"nodes": bodies.schedule()["nodes"]} if kind == "schedule" else None
    await check_nothing_lost(registry.http, path, MADE[kind], 10, more=more)


def test_whatever_is_replaced_by_if_match_has_its_writers() -> None:
    replaced = {
        template
        for template, item in document("registry")["paths"].items()
        if any(one["name"] == "If-Match" for one in item.get("put", {}).get("parameters", []))
    }
    written = {*OF_A_PLAN_FILE, *PATHS.values(), *(endable.path_of(kind) for kind in MADE if kind not in PATHS)}
    alone = {
        template
        for template in replaced
        if not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) for path in written)
    }
    assert alone == NOT_REPLACED


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

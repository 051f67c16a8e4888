"""Sheets that are imported later: answered 202, done by the worker, told by a job and row by row."""

from typing import Any

from services.kit.db import Database
from services.kit.office.writing import CSV, XLSX
from services.registry import worker
from services.registry.keyring import Lock
from services.registry.settings import WorkerSettings
from tests.registry.running import REGION, Registry
from tests.registry.samples import industry
from tests.registry.sheets import ENTERPRISE, NEW, content, workbook

LATER = {"Prefer": "respond-async"}
PLAIN = "代码,序号,名称,产业,培育方向\n"


async def sent(registry: Registry, objects: str, body: bytes | str, media: str = CSV) -> dict[str, Any]:
    raw = body.encode() if isinstance(body, str) else body
    answer = await registry.http.post(f"/v1/{objects}:import", content=raw, headers={**LATER, "Content-Type": media})
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


async def look(registry: Registry, settings: WorkerSettings | None = None) -> None:
    """As the worker does, once; on a database connection of its own."""
    told = settings or registry.settings
    db = Database(told.database_url)
    try:
        await worker.jobs(db, [], REGION, told.addresses())["jobs"]()
    finally:
        await db.close()


async def read(registry: Registry, job: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await registry.http.get(f"/v1/jobs/{job['id']}")).json()
    return found


async def rows(registry: Registry, job: dict[str, Any], **asked: str) -> list[tuple[int, str, str]]:
    answer = await registry.http.get(f"/v1/jobs/{job['id']}/rows", params=asked)
    assert answer.status_code == 200, answer.text
    return [(item["row"], item["code"], item["change"]) for item in answer.json()["items"]]


async def an_industry(registry: Registry) -> None:
    assert (await registry.http.post("/v1/industries", json=industry())).is_success


async def test_a_sheet_that_is_imported_later_says_in_the_end_what_became_of_each_row(registry: Registry) -> None:
    await an_industry(registry)
    first = await sent(registry, "enterprises", f"{PLAIN}e77,77,杭州甲公司,information,大数据\n")
    await look(registry)
    second = await sent(
        registry, "enterprises", f"{PLAIN}e77,77,杭州甲公司,information,大数据\ne78,78,杭州乙公司,information,大数据\n"
    )
    assert await rows(registry, second) == []
    await look(registry)
    done = await read(registry, second)
    assert (done["state"], done["operation"], done["arguments"]) == ("done", "enterprises.import", {"dry_run": False})
    assert {name: done["result"][name] for name in ("rows", "created", "changed", "unchanged")} == {
        "rows": 2,
        "created": 1,
        "changed": 0,
        "unchanged": 1,
    }
    assert await rows(registry, second) == [(2, "e77", "unchanged"), (3, "e78", "created")]
    assert await rows(registry, second, change="created") == [(3, "e78", "created")]
    assert await rows(registry, first) == [(2, "e77", "created")]


async def test_what_became_of_rows_comes_as_a_file_too(registry: Registry) -> None:
    await an_industry(registry)
    job = await sent(registry, "enterprises", f"{PLAIN}e77,77,杭州甲公司,information,大数据\n")
    await look(registry)
    answer = await registry.http.get(f"/v1/jobs/{job['id']}/rows", headers={"Accept": CSV})
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "2,e77,created"


async def test_a_workbook_is_imported_later_when_that_is_asked_for(registry: Registry) -> None:
    await an_industry(registry)
    job = await sent(registry, "enterprises", content(workbook(ENTERPRISE, NEW)), XLSX)
    await look(registry)
    done = await read(registry, job)
    assert (done["state"], done["result"]["sheet"], done["result"]["created"]) == ("done", "企业", 1)
    assert (await registry.http.get("/v1/enterprises/e77")).json()["name"] == "杭州甲公司"


async def test_a_faulty_sheet_fails_with_its_cells_and_nothing_is_written(registry: Registry) -> None:
    await an_industry(registry)
    body = f"{PLAIN}e77,x,杭州甲公司,information,大数据\ne78,78,杭州乙公司,nowhere,大数据\n"
    at_once = await registry.http.post("/v1/enterprises:import", content=body.encode(), headers={"Content-Type": CSV})
    job = await sent(registry, "enterprises", body)
    await look(registry)
    failed = await read(registry, job)
    assert (failed["state"], failed["result"]) == ("failed", None)
    assert failed["problem"]["errors"] == at_once.json()["errors"]
    assert (await registry.http.get("/v1/enterprises", params={"total": True})).json()["total"] == 0
    assert await rows(registry, job) == []


async def test_a_dry_run_says_what_would_become_of_rows(registry: Registry) -> None:
    await an_industry(registry)
    answer = await registry.http.post(
        "/v1/enterprises:import",
        params={"dry_run": True},
        content=f"{PLAIN}e77,77,杭州甲公司,information,大数据\n".encode(),
        headers={**LATER, "Content-Type": CSV},
    )
    await look(registry)
    assert await rows(registry, answer.json()) == [(2, "e77", "created")]
    assert (await registry.http.get("/v1/enterprises/e77")).status_code == 404


async def test_the_worker_imports_contacts_and_keeps_their_addresses_locked(registry: Registry) -> None:
    unit = {"code": "jingxin", "name": "区经信局", "kind": "bureau"}
    assert (await registry.http.post("/v1/units", json=unit)).is_success
    body = "单位,角色,姓名,电子邮箱\njingxin,联络员,王五,wang@example.com\n"
    job = await sent(registry, "contacts", body)
    told = {name: getattr(registry.settings, name) for name in WorkerSettings.model_fields}
    await look(registry, WorkerSettings.model_construct(**told))
    done = await read(registry, job)
    assert done["problem"] is None
    clear = await registry.as_("registry:read", "contacts:deliver")
    shown = (await clear.get("/v1/contacts", params={"unit": "jingxin"})).json()["items"]
    assert [contact["email"] for contact in shown] == ["wang@example.com"]
    async with registry.database.owner() as connection:
        stored = await connection.fetchval("SELECT content->>'email' FROM registry.contact")
    assert Lock.unlock(registry.settings.addresses(), stored, "jingxin/liaison") == "wang@example.com"


async def test_rows_of_a_job_are_seen_by_the_unit_for_which_it_was_sent_and_those_above(registry: Registry) -> None:
    for unit in ("jingxin", "keji"):
        sent_unit = {"code": unit, "name": unit, "kind": "bureau"}
        assert (await registry.http.post("/v1/units", json=sent_unit)).is_success
    desk, stranger = [await registry.as_("registry:read", "registry:write", unit=unit) for unit in ("jingxin", "keji")]
    body = "单位,角色,姓名,电子邮箱\njingxin,联络员,王五,wang@example.com\n".encode()
    job = (await desk.post("/v1/contacts:import", content=body, headers={**LATER, "Content-Type": CSV})).json()
    for path in ("", "/rows"):
        asked = [await client.get(f"/v1/jobs/{job['id']}{path}") for client in (desk, registry.http, stranger)]
        assert [answer.status_code for answer in asked] == [200, 200, 404]

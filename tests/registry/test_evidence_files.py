"""Evidence files over HTTP: kept by their hash, seen by whom they concern, never changed."""

import hashlib
from datetime import timedelta
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from services.kit.limits import FILE_BYTES
from tests.registry.running import REGION, START, Registry
from tests.registry.samples import applied, faults, small_part

PDF = b"%PDF-1.7\n1 0 obj\n"
SHA256 = hashlib.sha256(PDF).hexdigest()


async def sent(http: httpx.AsyncClient, name: str = "开工证明.pdf", content: bytes = PDF) -> httpx.Response:
    """A file, sent in a form."""
    return await http.post("/v1/files", files={"file": (name, content, "application/octet-stream")})


async def test_a_file_is_kept_under_the_hash_of_its_bytes(registry: Registry) -> None:
    made = await sent(registry.http)
    read = await registry.http.get(f"/v1/files/{SHA256}")
    described = await registry.http.get(f"/v1/files/{SHA256}/metadata")
    assert (made.status_code, made.headers["location"]) == (201, f"/registry/v1/files/{SHA256}")
    assert read.content == PDF
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"].startswith("attachment; ")
    assert read.headers["x-content-type-options"] == "nosniff"
    assert described.json() == made.json()
    assert made.json() == {
        "sha256": SHA256,
        "name": "开工证明.pdf",
        "size": len(PDF),
        "media_type": "application/pdf",
        "client_id": "administrator",
        "unit": None,
        "at": "2018-07-16T01:00:00+00:00",
    }


async def test_what_the_caller_has_is_not_sent_again(registry: Registry) -> None:
    await sent(registry.http)
    again = await registry.http.get(f"/v1/files/{SHA256}", headers={"If-None-Match": f'"{SHA256}"'})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_same_bytes_under_another_name_are_kept_once_and_both_names_stay(registry: Registry) -> None:
    await sent(registry.http)
    await sent(registry.http)
    await registry.show(START + timedelta(days=1))
    await sent(registry.http, "许可证.pdf")
    listed = (await registry.http.get("/v1/files", params={"sha256": SHA256, "total": True})).json()
    assert [file["name"] for file in listed["items"]] == ["许可证.pdf", "开工证明.pdf"]
    assert listed["total"] == 2
    async with registry.database.owner() as connection:
        assert await connection.fetchval("SELECT count(*) FROM registry.file") == 1
        acts = await connection.fetch("SELECT details FROM registry.audit WHERE act = 'file.keep'")
    assert len(acts) == 2


async def test_a_file_is_seen_by_its_unit_and_those_above_until_an_object_refers_to_it(registry: Registry) -> None:
    await applied(registry, small_part())
    sender = await registry.as_("files:submit", "registry:read", unit="jingxin")
    colleague = await registry.as_("registry:read", unit="jingxin")
    above = await registry.as_("registry:read", unit="government")
    beside = await registry.as_("registry:read", unit="keji")
    await sent(sender)

    async def seen() -> list[int]:
        return [
            (await http.get(f"/v1/files/{SHA256}")).status_code
            for http in (sender, colleague, above, registry.http, beside)
        ]

    assert await seen() == [200, 200, 200, 200, 404]
    assert (await beside.get("/v1/files")).json()["items"] == []
    assert (await beside.get(f"/v1/files/{SHA256}/metadata")).status_code == 404
    async with registry.database.owner() as connection:
        await connection.execute(
            "INSERT INTO registry.file_use (region, id, sha256, subject, at) "
            "VALUES ($1, gen_random_uuid(), $2, 'project:P01', now())",
            REGION,
            SHA256,
        )
    assert await seen() == [200, 200, 200, 200, 200]
    listed = (await beside.get("/v1/files", params={"subject": "project:P01"})).json()
    assert [file["unit"] for file in listed["items"]] == ["jingxin"]


async def test_who_sends_the_same_bytes_learns_nothing_of_the_other_sender(registry: Registry) -> None:
    await applied(registry, small_part())
    scopes = ("files:submit", "registry:read")
    first, second = [await registry.as_(*scopes, unit=unit) for unit in ("jingxin", "keji")]
    await sent(first, "甲方合同.pdf")
    await sent(second, "乙方合同.pdf")
    for http, name in ((first, "甲方合同.pdf"), (second, "乙方合同.pdf")):
        assert [file["name"] for file in (await http.get("/v1/files")).json()["items"]] == [name]
        assert (await http.get(f"/v1/files/{SHA256}/metadata")).json()["name"] == name
        assert quote(name) in (await http.get(f"/v1/files/{SHA256}")).headers["content-disposition"]
    assert len((await registry.http.get("/v1/files")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("证明.exe", b"MZ\x90\x00", 415, "file-kind"),
        ("证明.png", PDF, 415, "file-kind"),
        ("意见.docx", b"PK\x03\x04 broken", 422, "file-unsafe"),
        ("大.pdf", PDF.ljust(FILE_BYTES + 1), 413, "file-too-large"),
        ("更大.pdf", PDF.ljust(FILE_BYTES + (2 << 20)), 413, "too-large"),
    ],
)
async def test_a_file_that_is_not_taken_says_why_in_both_languages(
    shared: Registry, name: str, content: bytes, status: int, code: str
) -> None:
    answer = await sent(shared.http, name, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    english = await shared.http.post("/v1/files", files={"file": (name, content)}, headers={"Accept-Language": "en"})
    assert english.json()["title"] != answer.json()["title"]
    if code != "too-large":
        assert faults(answer.json()) == [("/body/file", code)]


@pytest.mark.parametrize(
    "request_",
    [{"json": {}}, {"data": {"file": "text"}}, {"content": b"--x", "headers": {"content-type": "multipart/form-data"}}],
)
async def test_what_is_no_form_with_a_file_is_a_problem(shared: Registry, request_: dict[str, object]) -> None:
    answer = await shared.http.post("/v1/files", **request_)  # type: ignore[arg-type]  # what httpx takes
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/files/abc", f"/v1/files/{SHA256.upper()}/metadata"])
async def test_what_is_no_hash_is_refused(shared: Registry, path: str) -> None:
    assert (await shared.http.get(path)).status_code == 422


async def test_keeping_a_file_needs_its_scope(shared: Registry) -> None:
    reader = await shared.as_("registry:read", "registry:write")
    assert (await sent(reader)).status_code == 403


async def test_nothing_of_a_file_is_ever_changed(registry: Registry) -> None:
    await sent(registry.http)
    async with registry.database.owner() as connection:
        for table in ("file", "file_upload"):
            with pytest.raises(asyncpg.PostgresError, match="never changed"):
                await connection.execute(f"UPDATE registry.{table} SET sha256 = 'x'")  # noqa: S608 - our own names
            with pytest.raises(asyncpg.PostgresError, match="never changed"):
                await connection.execute(f"DELETE FROM registry.{table}")  # noqa: S608 - as above

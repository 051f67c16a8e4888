"""Every error of an app, the framework's included, is a problem; on a small app of the tests' own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Form
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import ClientDisconnect

from services.kit.app import Parts, create_app
from services.kit.auth import Caller, Verifier, may
from services.kit.clock import Instant
from services.kit.db import Database
from services.kit.errors import Conflict, Faulty, Refused, problems
from services.kit.queue import Doorbell
from services.kit.settings import ServiceSettings

router = APIRouter()


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    at: Instant


@router.post("/things", operation_id="thing_create", responses=problems(409))
async def create(body: Body) -> Body:
    return body


@router.get("/things", operation_id="things_list")
async def list_things() -> None:
    return None


@router.post("/forms", operation_id="form_send")
async def send(name: Annotated[str, Form()]) -> str:
    return name


@router.get("/refused", operation_id="thing_refuse")
async def refuse() -> None:
    faults = [Faulty("/rows/2/value", "nan", "a number was expected", "应为数值")]
    raise Refused("nothing was loaded", zh="未导入任何数据", pointer="/rows", faults=faults)


@router.get("/conflict", operation_id="thing_conflict")
async def conflict() -> None:
    raise Conflict("the plan is active")


@router.get("/defect", operation_id="thing_break")
async def defect() -> None:
    raise RuntimeError("secret detail")


@router.get("/busy", operation_id="thing_wait")
async def busy() -> None:
    raise PoolTimeoutError("pool")


@router.get("/down", operation_id="thing_down")
async def down() -> None:
    raise ConnectionRefusedError


@router.get("/gone", operation_id="thing_gone")
async def gone() -> None:
    raise asyncpg.InterfaceError("connection is closed")


@router.get("/torn", operation_id="thing_torn")
async def torn() -> None:
    raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")


@router.get("/killed", operation_id="thing_killed")
async def killed() -> None:
    raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


@router.get("/starting", operation_id="thing_starting")
async def starting() -> None:
    raise AsyncAdapt_asyncpg_dbapi.Error("starting up", asyncpg.CannotConnectNowError("starting up"))  # type: ignore[no-untyped-call]  # asyncpg and SQLAlchemy leave it untyped


@router.get("/broken-off", operation_id="thing_broken_off")
async def broken_off() -> None:
    raise ClientDisconnect


@router.get("/slow", operation_id="thing_slow")
async def slow() -> None:
    await asyncio.sleep(30)


@router.post("/work:run", operation_id="work_run")
async def work() -> str:
    await asyncio.sleep(0.6)
    return "done"


@router.get("/streamed", operation_id="thing_streamed")
async def streamed() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"begun, "
        await asyncio.sleep(0.6)
        yield b"ended"

    return StreamingResponse(pieces())


@router.get("/mine", operation_id="thing_mine")
async def mine(caller: Annotated[Caller, may("admin")]) -> str:
    return caller.client_id


class NoKeys:
    async def key(self, _kid: str, /) -> None:
        return None


@pytest_asyncio.fixture(loop_scope="session")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    settings = ServiceSettings(database_url="postgresql://nobody@127.0.0.1:1/none", request_seconds=0.3)

    @asynccontextmanager
    async def parts(_app: FastAPI) -> AsyncIterator[Parts]:
        db = Database(settings.database_url)
        yield Parts(settings, db, Verifier(NoKeys()), Doorbell(None, "none"))
        await db.close()

    app = create_app(title="Test", description="A test's app.", routers=[router], parts=parts)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


async def test_a_refusal_names_every_fault_with_its_place(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refused", headers={"Accept-Language": "en-GB"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [
        {"pointer": "/rows", "code": "refused", "detail": "nothing was loaded"},
        {"pointer": "/rows/2/value", "code": "nan", "detail": "a number was expected"},
    ]


async def test_what_takes_too_long_is_answered_in_time(client: httpx.AsyncClient) -> None:
    answer = await client.get("/slow", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "too-slow")
    assert answer.headers["retry-after"]
    assert answer.json()["detail"] == "there is no answer within 0.3 s; nothing was written"


async def test_a_body_that_does_not_come_is_not_waited_for(client: httpx.AsyncClient) -> None:
    async def one_byte() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    answer = await client.post("/things", content=one_byte(), headers={"Content-Length": "100"})
    assert (answer.status_code, answer.json()["code"]) == (408, "request-too-slow")


@pytest.mark.parametrize(
    ("method", "path", "body"), [("POST", "/work:run", b'"done"'), ("GET", "/streamed", b"begun, ended")]
)
async def test_work_and_what_has_begun_to_be_answered_take_what_they_take(
    client: httpx.AsyncClient, method: str, path: str, body: bytes
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.content) == (200, body)


async def test_a_sender_that_goes_away_is_no_defect_of_ours(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get("/broken-off")
    assert (answer.status_code, answer.json()["code"]) == (400, "broken-off")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_problem_speaks_chinese_unless_english_is_asked_for(client: httpx.AsyncClient) -> None:
    assert (await client.get("/refused")).json()["detail"] == "未导入任何数据"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/things", 405, "method-not-allowed"),
        ("POST", "/things", 422, "invalid"),
        ("GET", "/conflict", 409, "conflict"),
        ("GET", "/defect", 500, "internal"),
        ("GET", "/busy", 503, "unavailable"),
        ("GET", "/down", 503, "unavailable"),
        ("GET", "/gone", 503, "unavailable"),
        ("GET", "/torn", 503, "unavailable"),
        ("GET", "/killed", 503, "unavailable"),
        ("GET", "/starting", 503, "unavailable"),
        ("GET", "/mine", 401, "unauthenticated"),
        ("GET", "/readyz", 503, "unavailable"),
    ],
)
async def test_every_error_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (body["code"], body["status"]) == (code, status)
    assert body["trace_id"] == answer.headers["x-request-id"]


async def test_a_defect_does_not_tell_its_inside(client: httpx.AsyncClient) -> None:
    assert "secret" not in (await client.get("/defect")).text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"at": "2018-07-16T09:00:00"}, "/body/at"),
        ({"at": 1600000000}, "/body/at"),
        ({"at": "1600000000"}, "/body/at"),
        ({"at": "9999-01-01T00:00Z"}, "/body/at"),
        ({"at": "2018-07-16T09:00Z", "x": 1}, "/body/x"),
    ],
)
async def test_an_instant_without_zone_or_range_and_an_unknown_field_are_refused(
    client: httpx.AsyncClient, body: dict[str, object], pointer: str
) -> None:
    answer = await client.post("/things", json=body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Type": "application/xml"}, {}])
async def test_a_body_that_is_not_said_to_be_json_is_an_unsupported_media_type(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post("/things", content=b'{"at": "2018-07-16T09:00:00Z"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json")


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
async def test_a_body_over_a_mebibyte_is_refused_whatever_it_is(client: httpx.AsyncClient, kind: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(1025):
            yield b" " * 1024

    answer = await client.post("/things", content=chunks(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "请求内容最多 1048576 字节"


@pytest.mark.parametrize(
    ("method", "path", "en", "zh"),
    [
        (
            "GET",
            "/nowhere",
            "there is nothing at /nowhere: read /docs or /openapi.json",
            "没有此地址：/nowhere；接口文档见 /docs 或 /openapi.json",
        ),
        (
            "DELETE",
            "/things",
            "/things takes GET, HEAD, POST, not DELETE: read /docs or /openapi.json",
            "/things 只接受 GET、HEAD、POST，不接受 DELETE；接口文档见 /docs 或 /openapi.json",
        ),
    ],
)
async def test_a_wrong_address_is_told_in_both_languages_with_what_there_is(
    client: httpx.AsyncClient, method: str, path: str, en: str, zh: str
) -> None:
    assert (await client.request(method, path)).json()["detail"] == zh
    english = await client.request(method, path, headers={"Accept-Language": "en"})
    assert english.json()["detail"] == en
    assert english.headers.get("allow") == ("GET, HEAD, POST" if method == "DELETE" else None)


async def test_an_endless_address_is_not_repeated_whole(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/" + "x" * 5000)).json()["detail"]) < 300


async def test_a_form_that_cannot_be_read_is_told_in_both_languages(client: httpx.AsyncClient) -> None:
    for language, said in (("en", "the body cannot be read ("), ("zh", "请求内容无法读取（")):
        headers = {"Content-Type": "multipart/form-data; boundary=f", "Accept-Language": language}
        answer = await client.post("/forms", content=b"red", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable-body")
        assert answer.json()["detail"].startswith(said)


@pytest.mark.parametrize(
    "body", ['{"at": "新"}'.encode("gb18030"), b"[" * 100_000, b"\x1f\x8b\x08"], ids=["gb18030", "nested", "gzip"]
)
async def test_a_body_that_is_no_text_is_refused_by_its_place(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [fault["pointer"].split("/")[1] for fault in answer.json()["errors"]] == ["body"]


@pytest.mark.parametrize(
    ("liked", "language"),
    [
        ("en;q=0, zh", "zh"),
        ("de, en;q=0.1", "en"),
        ("zh, en", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("zh-CN;q=0.5, en;q=0.8", "en"),
        ("de", "zh"),
        ("en;q=many", "zh"),
        ("", "zh"),
    ],
)
async def test_the_language_that_is_liked_better_is_spoken(
    client: httpx.AsyncClient, liked: str, language: str
) -> None:
    answer = await client.get("/refused", headers={"Accept-Language": liked})
    assert answer.headers["content-language"] == language


async def test_a_body_of_a_mebibyte_is_read(client: httpx.AsyncClient) -> None:
    body = b'{"at": "2018-07-16T09:00:00Z"}'.ljust(1024 * 1024)
    answer = await client.post("/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer", "Bearer not.a.token", "Bearer " + "x" * 9000])
async def test_a_header_that_is_no_token_of_ours_is_unauthenticated(client: httpx.AsyncClient, header: str) -> None:
    assert (await client.get("/mine", headers={"Authorization": header})).status_code == 401


async def test_a_caller_s_own_trace_is_answered_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez", headers={"X-Request-Id": "abc123"})).headers["x-request-id"] == "abc123"


async def test_a_trace_that_could_forge_log_lines_is_replaced(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez", headers={"X-Request-Id": "a b\tc"})).headers["x-request-id"] != "a b\tc"


async def test_the_document_shows_problems_and_no_framework_errors(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "409" in document["paths"]["/things"]["post"]["responses"]


async def test_whatever_takes_json_declares_what_it_does_not_take(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert {"413", "415"} <= set(document["paths"]["/things"]["post"]["responses"])
    assert "415" not in document["paths"]["/refused"]["get"]["responses"]


async def test_an_unknown_field_of_a_request_is_told_with_the_known_ones(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", json={"at": "2018-07-16T09:00:00+08:00", "inn": 1})
    assert [fault["detail"] for fault in answer.json()["errors"]] == ["没有这个字段；可用字段：at"]

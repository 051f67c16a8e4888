"""The index over the three apps."""

import httpx
import pytest
from fastapi import FastAPI

from services.embedded.web import mounted
from services.kit import handlers


@pytest.mark.parametrize(
    ("method", "path", "status", "en", "zh"),
    [
        (
            "GET",
            "/nowhere",
            404,
            "there is nothing at /nowhere: the documents of the services are listed at /",
            "没有此地址：/nowhere；各服务的接口文档见 /",
        ),
        (
            "DELETE",
            "/",
            405,
            "/ takes GET, HEAD, not DELETE: the documents of the services are listed at /",
            "/ 只接受 GET、HEAD，不接受 DELETE；各服务的接口文档见 /",
        ),
        (
            "GET",
            "/registry/nowhere",
            404,
            "there is nothing at /registry/nowhere: read /registry/docs or /registry/openapi.json",
            "没有此地址：/registry/nowhere；接口文档见 /registry/docs 或 /registry/openapi.json",
        ),
    ],
)
async def test_a_wrong_address_is_told_in_both_languages_with_where_to_read(
    method: str, path: str, status: int, en: str, zh: str
) -> None:
    house = mounted({"registry": FastAPI()})
    handlers.install(house.routes[1].app)  # type: ignore[attr-defined]  # a mount has its app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house), base_url="http://test") as client:
        for language, said in (("en", en), ("zh", zh)):
            answer = await client.request(method, path, headers={"Accept-Language": language})
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert answer.json()["detail"] == said


async def test_what_is_nowhere_is_a_problem_with_a_trace_to_quote() -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(mounted({"registry": FastAPI()})), base_url="http://test"
    ) as client:
        answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]

"""The index over the three apps."""

import httpx
from fastapi import FastAPI

from services.embedded.web import mounted


async def test_what_is_nowhere_is_a_problem_with_a_trace_to_quote() -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(mounted({"registry": FastAPI()})), base_url="http://test"
    ) as client:
        answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]

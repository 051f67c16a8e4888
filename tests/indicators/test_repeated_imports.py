"""Figures that are sent again under an idempotency key."""

import asyncio

import httpx

from tests.indicators import samples
from tests.platform import Platform

HEADS = "indicator,subject,period,value,unit\n"


async def send(platform: Platform, key: str, file: str | bytes) -> httpx.Response:
    return await platform.indicators.post(
        "/v1/observations:import",
        params={"plan": samples.PLAN},
        content=file,
        headers={**samples.CSV, "Idempotency-Key": key},
        timeout=60,
    )


async def test_a_file_sent_again_is_answered_as_the_first_time(in_set_up: Platform) -> None:
    first, again = [await send(in_set_up, "reports", samples.reports()) for _ in range(2)]
    assert first.status_code == again.status_code == 201
    assert first.json()["recorded"] > 2000
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    other = await send(in_set_up, "reports", samples.reports() + b"\n")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_files_at_once_do_not_starve_each_other_of_connections(in_set_up: Platform) -> None:
    """Each takes a second connection for the copy of the registry beside the one that it holds."""
    lines = samples.reports().decode().splitlines()
    files = [f"{lines[0]}\n{line}\n" for line in lines[1:13]]

    async def until_it_is_taken(key: str, file: str) -> int:
        while (answer := await send(in_set_up, key, file)).status_code == httpx.codes.SERVICE_UNAVAILABLE:
            assert answer.headers["retry-after"]  # its turn did not come in time
        return answer.status_code

    taken = asyncio.gather(*(until_it_is_taken(f"key-{n}", file) for n, file in enumerate(files)))
    assert await asyncio.wait_for(taken, 120) == [201] * 12

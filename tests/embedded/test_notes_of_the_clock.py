"""The starter's notes of the business clock."""

import asyncio
from typing import cast

import asyncpg
import pytest

from services.embedded import clock
from services.embedded.postgres import PostgresServer


class CutOff:
    """A server that is killed in the middle of every statement."""

    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, 0

    async def connect(self) -> asyncpg.Connection:
        self.asked += 1
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_the_clock_is_noted_again_after_postgres_was_killed(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "NOTED_EVERY", 0.001)
    server = CutOff(error)
    noting = asyncio.create_task(clock.keep_noted(cast("PostgresServer", server)))
    await asyncio.sleep(0.1)
    noting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await noting
    assert server.asked > 1

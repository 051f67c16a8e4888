"""A command is a client like others: where it has asked too often it waits as long as it is told."""

import time

import pytest

from services.cli.connection import Api
from services.cli.stopped import Stopped
from tests.databases import TestDatabase
from tests.registry.running import ADMINISTRATORS_KEY, BASE, running, settings_for


async def test_a_command_that_asks_too_often_waits_and_goes_on(database: TestDatabase) -> None:
    async with running(settings_for(database, rate_client=2, rate_seconds=1), database) as registry:
        begun = time.monotonic()
        async with Api(BASE, ADMINISTRATORS_KEY, transport=registry.transport) as api:
            made = [
                await api.send("POST", "/registry/v1/industries", {"code": f"i{number}", "name": f"产业{number}"})
                for number in range(5)
            ]
            assert [each["code"] for each in made] == ["i0", "i1", "i2", "i3", "i4"]
        assert time.monotonic() - begun >= 2


async def test_a_command_does_not_wait_for_an_hour(database: TestDatabase) -> None:
    async with (
        running(settings_for(database, rate_client=1, rate_seconds=3600), database) as registry,
        Api(BASE, ADMINISTRATORS_KEY, transport=registry.transport) as api,
    ):
        await api.get("/registry/v1/industries")
        with pytest.raises(Stopped, match="3600"):
            await api.get("/registry/v1/industries")

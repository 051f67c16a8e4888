from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from services.embedded import binaries, valkey
from services.embedded.directory import hold
from services.embedded.process import Supervisor
from services.embedded.valkey import RedisServer


async def test_redis_answers_whoever_has_the_password(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url()) as client:
        assert await client.ping() is True


async def test_redis_refuses_whoever_has_no_password(redis_server: RedisServer) -> None:
    async with Redis(host=redis_server.host, port=redis_server.port) as client:
        with pytest.raises(AuthenticationError):
            await client.ping()


async def test_redis_keeps_nothing_on_disk_and_little_in_memory(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url(), decode_responses=True) as client:
        kept = await client.config_get("save", "appendonly", "maxmemory")
    assert kept == {"save": "", "appendonly": "no", "maxmemory": str(64 * 1024 * 1024)}


async def test_the_platform_is_told_when_there_is_no_redis(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place))
    monkeypatch.setattr(binaries, "_wheel", lambda _package: None)
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            assert await valkey.start(directory, supervisor) is None

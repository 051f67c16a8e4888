import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded.directory import DataDirectory, hold
from services.embedded.environment import Address, Environment
from services.embedded.postgres import PostgresServer
from services.embedded.valkey import RedisServer
from services.kit.claims import SCOPES

PASSWORDS = {f"duban_{service}": f"word-of-{service}" for service in ("registry", "indicators", "notifier")}


@pytest.fixture
def directory(place: Path) -> Iterator[DataDirectory]:
    with hold(place / "data") as held:
        yield held


def told(directory: DataDirectory, redis: RedisServer | None = None) -> Environment:
    server = PostgresServer("127.0.0.1", 5432, 18, directory.path, PASSWORDS)
    return Environment(directory, Address(8000), server, redis, 2525)


@pytest.mark.parametrize(
    ("service", "secrets"),
    [
        ("indicators", set()),
        ("notifier", {"DUBAN_CONTACT_KEY"}),
        ("registry", {"DUBAN_CONTACT_KEY"}),
    ],
)
def test_a_worker_is_told_no_secret_that_it_does_not_need(
    directory: DataDirectory, service: str, secrets: set[str]
) -> None:
    names = set(told(directory).worker(service))
    known = {"DUBAN_CONTACT_KEY", "DUBAN_SIGNING_KEY", "DUBAN_KEY_SECRET", "DUBAN_FIXED_KEYS"}
    assert names & known == secrets


def test_each_app_has_a_database_role_of_its_own(directory: DataDirectory) -> None:
    web = told(directory).web()
    for service in ("registry", "indicators", "notifier"):
        assert f"duban_{service}:word-of-{service}@" in web[f"DUBAN_{service.upper()}_DATABASE_URL"]


def test_secrets_are_the_same_at_every_start(directory: DataDirectory) -> None:
    assert told(directory).web() == told(directory).web()


def test_the_administrator_may_do_everything_and_a_worker_may_not(directory: DataDirectory) -> None:
    keys = {key["client_id"]: key for key in json.loads(told(directory).web()["DUBAN_FIXED_KEYS"])}
    assert set(keys["administrator"]["scopes"]) == set(SCOPES)
    assert all("admin" not in key["scopes"] for name, key in keys.items() if name != "administrator")


def test_without_redis_nobody_is_told_of_one(directory: DataDirectory) -> None:
    assert "DUBAN_REDIS_URL" not in told(directory).worker("notifier")
    redis = RedisServer("127.0.0.1", 6379, "word")
    assert told(directory, redis).worker("notifier")["DUBAN_REDIS_URL"] == redis.url()


def test_what_is_said_to_other_platforms_is_not_passed_on(
    directory: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_API_KEY", "of another platform")
    monkeypatch.setenv("DUBAN_POOL_SIZE", "64")
    assert told(directory).worker("indicators")["DUBAN_API_KEY"] != "of another platform"
    assert "DUBAN_POOL_SIZE" not in told(directory).worker("indicators")

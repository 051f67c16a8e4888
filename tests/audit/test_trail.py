"""The audit trail of the three services: sealed in order, refused to change, and checked behind its back."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from services.cli import audits
from services.cli.connection import Api
from services.cli.stopped import Stopped
from services.embedded.postgres import PostgresServer
from services.kit import audit
from services.kit.audit import sealing
from services.kit.chain import Anchor
from services.kit.db import Database
from services.registry.versions.tables import Audit
from tests.databases import TestDatabase, fresh_database
from tests.platform import ADMIN_KEY, BASE, REGION, Platform, running_platform

SERVICES = ("registry", "indicators", "notifier")
DEEDS = 30
TAMPERINGS = 200


async def deeds(platform: Platform, number: int) -> None:
    """So many acts of the registry."""
    for place in range(number):
        body = {"client_id": f"desk-{secrets.token_hex(6)}", "scopes": ["registry:read"], "days": place + 1}
        assert (await platform.registry.post("/v1/keys", json=body)).status_code == 201


async def further(platform: Platform, service: str, number: int) -> None:
    """So many entries of a service whose acts need a plan, written as the service's role does."""
    connection = await platform.database.server.connect(f"duban_{service}", platform.database.name)
    for place in range(number):
        await connection.execute(
            f"INSERT INTO {service}.audit (region, id, at, client_id, act, subject, details) "  # noqa: S608
            "VALUES ($1, gen_random_uuid(), platform.now(), 'desk', 'test.act', $2, $3)",
            REGION,
            f"test:{place}",
            f'{{"place": {place}, "share": 0.{place}0, "名称": "甲"}}',
        )
    await connection.close()


async def anchors(platform: Platform) -> list[Anchor]:
    clients = {"registry": platform.registry, "indicators": platform.indicators, "notifier": platform.notifier}
    return [Anchor.read((await clients[name].get("/v1/audit/anchor")).json()["anchor"]) for name in SERVICES]


async def verify(platform: Platform, *kept: Anchor) -> list[str]:
    """What `duban audit verify` says is wrong."""
    async with Api(BASE, ADMIN_KEY, transport=platform.transport) as api:
        try:
            await audits.verify(api, kept, keep=None)
        except Stopped as stopped:
            return list(stopped.details)
    return []


async def entries(platform: Platform, **asked: object) -> list[dict[str, Any]]:
    answer = await platform.registry.get("/v1/audit", params={"limit": 200, **asked})  # type: ignore[dict-item]  # httpx takes them
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_every_deed_is_numbered_and_chained_in_order(platform: Platform) -> None:
    await deeds(platform, 5)
    told = await entries(platform, order="earliest")
    assert [entry["position"] for entry in told] == [1, 2, 3, 4, 5]
    assert [entry["details"]["changes"]["scopes"] for entry in told] == [[None, ["registry:read"]]] * 5
    assert [entry["position"] for entry in await entries(platform)] == [5, 4, 3, 2, 1]
    assert await verify(platform) == []


async def test_concurrent_deeds_and_sealers_make_one_chain(platform: Platform) -> None:
    db: Database = platform.apps["registry"].state.parts.db
    other = Database(platform.database.url("registry"), size=4)
    stop = asyncio.Event()

    async def keep_sealing(of: Database) -> None:
        while not stop.is_set():
            await audit.seal(of, Audit)
            await asyncio.sleep(0)

    sealers = [asyncio.create_task(keep_sealing(of)) for of in (db, other, other)]
    for _ in range(10):
        await asyncio.gather(*(deeds(platform, 1) for _ in range(6)))
    stop.set()
    await asyncio.gather(*sealers)
    await other.close()
    assert [entry["position"] for entry in await entries(platform, order="earliest")] == list(range(1, 61))
    assert await verify(platform) == []


async def test_what_a_sealer_finds_later_stands_after_what_was_sealed(platform: Platform) -> None:
    """An entry that was made early and committed late follows those that were committed before it."""
    connection = await platform.database.server.connect("duban_registry", platform.database.name)
    early = connection.transaction()
    await early.start()
    await connection.execute(
        "INSERT INTO registry.audit (region, id, at, client_id, act, details) "
        "VALUES ($1, '00000000-0000-7000-8000-000000000000', platform.now(), 'desk', 'early', '{}')",
        REGION,
    )
    await deeds(platform, 1)
    assert [entry["act"] for entry in await entries(platform)] == ["key.make"]
    await early.commit()
    await connection.close()
    assert [entry["act"] for entry in await entries(platform)] == ["early", "key.make"]
    assert await verify(platform) == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET act = 'other'",
        "UPDATE {table} SET position = position + 1",
        "UPDATE {table} SET position = NULL, hash = NULL",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        (
            "INSERT INTO {table} (region, id, at, client_id, act, details, position, hash) "
            "SELECT region, gen_random_uuid(), at, client_id, act, details, 99, hash FROM {table} LIMIT 1"
        ),
    ],
)
async def test_sealed_entries_cannot_be_changed(platform: Platform, service: str, statement: str) -> None:
    """Neither by the service's own role nor, in passing, by the owner of the tables."""
    await further(platform, service, 2)
    await anchors(platform)  # seals
    for role in (f"duban_{service}", "duban"):
        connection = await platform.database.server.connect(role, platform.database.name)
        with pytest.raises((asyncpg.RaiseError, asyncpg.InsufficientPrivilegeError)):
            await connection.execute(statement.format(table=f"{service}.audit"))
        await connection.close()
    assert await verify(platform) == []


async def test_the_trail_is_filtered(platform: Platform) -> None:
    await deeds(platform, 2)
    first, second = await entries(platform, order="earliest")
    assert await entries(platform, subject=first["subject"]) == [first]
    assert await entries(platform, act="key.revoke") == []
    assert len(await entries(platform, act="key.make", client_id="administrator")) == 2
    assert await entries(platform, since="2200-01-01T00:00:00Z") == []
    assert await entries(platform, until="1900-01-02T00:00:00Z") == []
    page = (await platform.registry.get("/v1/audit", params={"limit": 1, "total": True})).json()
    assert (page["items"], page["total"]) == ([second], 2)
    assert await entries(platform, limit=1, cursor=page["next"]) == [first]


@pytest.mark.parametrize("path", ["/v1/audit", "/v1/audit/anchor"])
async def test_the_trail_is_for_auditors_of_the_whole_region(platform: Platform, path: str) -> None:
    unit = {"code": "a", "name": "甲", "kind": "bureau"}
    assert (await platform.registry.post("/v1/units", json=unit)).status_code == 201
    for service in SERVICES:
        of_unit = await platform.as_(service, "audit:read", unit="a")
        assert (await of_unit.get(path)).status_code == 403
        reader = await platform.as_(service, "registry:read")
        assert (await reader.get(path)).status_code == 403
        auditor = await platform.as_(service, "audit:read")
        assert (await auditor.get(path)).status_code == 200


async def test_an_empty_trail_has_an_anchor_of_nothing(platform: Platform) -> None:
    answer = (await platform.notifier.get("/v1/audit/anchor")).json()
    assert (answer["position"], answer["hash"]) == (0, "0" * 64)
    assert await verify(platform) == []


async def test_a_worker_seals_and_says_an_anchor(platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    db: Database = platform.apps["registry"].state.parts.db
    look = sealing(db, Audit, REGION)
    await deeds(platform, 2)
    with caplog.at_level("INFO", logger="services.kit.audit"):
        assert [await look(), await look()] == [2, 0]
    (said,) = [record.getMessage() for record in caplog.records]
    assert Anchor.read(said).position == 2
    assert await verify(platform, Anchor.read(said)) == []


async def test_the_command_keeps_anchors_and_holds_the_trail_to_them(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "anchors.txt"
    await deeds(platform, 3)
    async with Api(BASE, ADMIN_KEY, transport=platform.transport) as api:
        for _ in range(2):  # what is kept already is not written twice
            await audits.verify(api, audits.anchors_of([], file), keep=file)
        assert len(file.read_text().splitlines()) == 1
        await behind(platform.database, "DELETE FROM registry.audit WHERE position = 3")
        with pytest.raises(Stopped, match="broken at 1 place"):
            await audits.verify(api, audits.anchors_of([], file), keep=file)
    assert len(file.read_text().splitlines()) == 1
    assert "registry: 3 entries, unbroken" in capsys.readouterr().out
    with pytest.raises(Stopped, match="an anchor was expected"):
        audits.anchors_of(["nonsense"], None)


# Behind its back: with triggers off, as only a superuser can.


async def behind(database: TestDatabase, *statements: str) -> None:
    """Statements for which no trigger is asked."""
    connection = await database.server.connect("postgres", database.name)
    await connection.execute("SET session_replication_role = replica")
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


COLUMNS: dict[str, str] = {
    "client_id": "client_id || 'x'",
    "act": "'key.read'",
    "subject": "coalesce(subject, '') || '0'",
    "at": "at + interval '1 microsecond'",
    "id": "gen_random_uuid()",
    "region": "'330110'",
    "details": 'details || \'{{"by": "nobody"}}\'',
    "details = empty": "'{{}}'",
    "hash": "sha256(hash)",
}


def edit(luck: random.Random, table: str, last: int) -> list[str]:
    column = luck.choice(sorted(COLUMNS))
    value = COLUMNS[column].format()
    return [f"UPDATE {table} SET {column.split()[0]} = {value} WHERE position = {luck.randint(1, last)}"]  # noqa: S608


def delete(luck: random.Random, table: str, last: int) -> list[str]:
    """One entry or some that follow one another; up to the end of the chain as well."""
    first = luck.randint(1, last)
    return [f"DELETE FROM {table} WHERE position BETWEEN {first} AND {first + luck.choice((0, 0, 1, last))}"]  # noqa: S608


def delete_and_close_the_gap(luck: random.Random, table: str, last: int) -> list[str]:
    gone = luck.randint(1, last - 1)
    return [
        f"DELETE FROM {table} WHERE position = {gone}",  # noqa: S608
        f"UPDATE {table} SET position = -position WHERE position > {gone}",  # noqa: S608
        f"UPDATE {table} SET position = -position - 1 WHERE position < 0",  # noqa: S608
    ]


def swap(luck: random.Random, table: str, last: int) -> list[str]:
    """Two entries change places; their hashes stay with them or with the places."""
    one, two = luck.sample(range(1, last + 1), 2)
    moved = [
        f"UPDATE {table} SET position = -1 WHERE position = {one}",  # noqa: S608
        f"UPDATE {table} SET position = {one} WHERE position = {two}",  # noqa: S608
        f"UPDATE {table} SET position = {two} WHERE position = -1",  # noqa: S608
    ]
    with_places = (
        f"UPDATE {table} AS a SET hash = b.hash FROM {table} AS b "  # noqa: S608
        f"WHERE (a.position, b.position) IN (({one}, {two}), ({two}, {one}))"
    )
    return moved + ([with_places] if luck.random() < 0.5 else [])


WAYS: tuple[Callable[[random.Random, str, int], list[str]], ...] = (edit, edit, delete, delete_and_close_the_gap, swap)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chained(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    """Three chains."""
    async with fresh_database(postgres_server, template_database) as database, running_platform(database) as platform:
        await deeds(platform, DEEDS)
        for service in ("indicators", "notifier"):
            await further(platform, service, DEEDS)
        yield platform


@pytest.mark.untraced
async def test_every_edit_deletion_and_swap_behind_its_back_is_found(chained: Platform) -> None:
    """Against anchors kept outside, as without them nobody could know of the end of a chain that it was cut off."""
    luck = random.Random(20261126)  # noqa: S311 - the same tamperings at every run
    kept = await anchors(chained)
    for service in SERVICES:
        await behind(chained.database, f"CREATE TABLE {service}.kept AS TABLE {service}.audit")
    missed = []
    for number in range(TAMPERINGS):
        service = luck.choice(SERVICES)
        table = f"{service}.audit"
        statements = luck.choice(WAYS)(luck, table, DEEDS)
        await behind(chained.database, *statements)
        if not [said for said in await verify(chained, *kept) if said.startswith(f"{service}: ")]:
            missed.append((number, statements))
        await behind(chained.database, f"DELETE FROM {table}", f"INSERT INTO {table} TABLE {service}.kept")  # noqa: S608
    assert missed == []
    assert await verify(chained, *kept) == []

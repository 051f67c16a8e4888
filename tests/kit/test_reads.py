"""Lists as the helper builds them, on a table of the tests' own."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, select
from starlette.requests import Request

from services.embedded.postgres import PostgresServer
from services.kit import reads
from services.kit.db import Database
from services.kit.errors import NotFound
from services.kit.paging import BadCursor, CursorOfAnother, opened, question, sealed
from services.kit.reads import COUNTED_TO, One, Page, tagged
from tests.databases import fresh_database

thing = Table(
    "thing",
    MetaData(schema="registry"),
    Column("id", Integer),
    Column("name", String),
    Column("region", String),
    Column("version", Integer),
    Column("note", Integer),
)
by_region = select(thing.c.id, thing.c.name, thing.c.version).where(thing.c.region == bindparam("region"))
PAGE = Page(by_region, sort=thing.c.name, identity=thing.c.id, filters={"name": thing.c.name == bindparam("name")})
BACKWARD = Page(by_region, sort=thing.c.name, identity=thing.c.id, descending=True)
SORTED = Page(
    by_region.add_columns(thing.c.note),
    sort=thing.c.name,
    identity=thing.c.id,
    sorts={"note": thing.c.note, "name": thing.c.name},
)
ONE = One(by_region.where(thing.c.id == bindparam("id")), what="unit")


def request(*none_match: str, method: str = "GET") -> Request:
    """A request with a field `If-None-Match` for each of these."""
    headers = [(b"if-none-match", value.encode()) for value in none_match]
    return Request({"type": "http", "method": method, "headers": headers})


Row = tuple[int, str, str, int, int | None]
NOTES = [3, None, 1, None, 2, 3, None, 1, 2, 2]
FEW: list[Row] = [(n, f"名{n // 3}", "330109", 1, NOTES[n]) for n in range(10)] + [(99, "别处", "330110", 1, None)]


@asynccontextmanager
async def things(server: PostgresServer, template: str, rows: list[Row]) -> AsyncIterator[Database]:
    """A database with a table of things."""
    async with fresh_database(server, template) as database:
        async with database.owner() as owner:
            await owner.execute("CREATE TABLE registry.thing (id int, name text, region text, version int, note int)")
            await owner.copy_records_to_table("thing", schema_name="registry", records=rows)
        db = Database(database.url("registry"), size=1)
        yield db
        await db.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def db(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Database]:
    async with things(postgres_server, template_database, FEW) as made:
        yield made


async def walk(db: Database, page: Page, limit: int, *, sort: str | None = None) -> list[int]:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        async with db.driver() as driver:
            answer = orjson.loads(await page.fetch(driver, region="330109", limit=limit, cursor=cursor, sort=sort))
        assert len(answer["items"]) <= limit
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 9, 10, 11])
async def test_pages_of_any_size_show_every_row_once_in_order(db: Database, limit: int) -> None:
    assert await walk(db, PAGE, limit) == list(range(10))


async def test_a_descending_list_is_the_ascending_one_reversed(db: Database) -> None:
    assert await walk(db, BACKWARD, 3) == list(reversed(range(10)))


async def test_items_hold_just_the_columns_of_the_select(db: Database) -> None:
    async with db.driver() as driver:
        answer = orjson.loads(await PAGE.fetch(driver, region="330109", limit=1))
    assert answer["items"] == [{"id": 0, "name": "名0", "version": 1}]


async def test_a_filter_takes_part_only_when_it_has_a_value(db: Database) -> None:
    async with db.driver() as driver:
        filtered = orjson.loads(await PAGE.fetch(driver, region="330109", given={"name": "名1"}, total=True))
        unfiltered = orjson.loads(await PAGE.fetch(driver, region="330109", given={"name": None}, total=True))
    assert filtered["total"] == 3
    assert unfiltered["total"] == 10


async def test_the_total_counts_all_pages(db: Database) -> None:
    async with db.driver() as driver:
        first = orjson.loads(await PAGE.fetch(driver, region="330109", limit=4))
        answer = orjson.loads(await PAGE.fetch(driver, region="330109", limit=4, cursor=first["next"], total=True))
    assert answer["total"] == 10


async def test_an_empty_list_is_a_list(db: Database) -> None:
    async with db.driver() as driver:
        assert orjson.loads(await PAGE.fetch(driver, region="000000")) == {"items": [], "next": None}


@pytest.mark.parametrize(
    "cursor", ["", "x", "????", base64.urlsafe_b64encode(b"[1,2]").decode(), base64.urlsafe_b64encode(b"{}").decode()]
)
def test_a_cursor_that_no_list_gave_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        opened(cursor)


@pytest.mark.parametrize("key", [("名1", "x"), ("名1", "9" * 30), ("a\0", "1")])
async def test_a_cursor_that_was_made_up_is_refused(db: Database, key: tuple[str, str]) -> None:
    cursor = sealed(question(PAGE.name, None, {}, {"region": "330109"}), *key)
    async with db.driver() as driver:
        with pytest.raises(BadCursor):
            await PAGE.fetch(driver, region="330109", cursor=cursor)


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (BACKWARD, {}),
        (SORTED, {}),
        (PAGE, {"given": {"name": "名1"}}),
        (PAGE, {"region": "330110"}),
        (SORTED, {"sort": "note"}),
    ],
)
async def test_a_cursor_of_another_list_another_order_or_other_filters_is_refused(
    db: Database, page: Page, asked: dict[str, Any]
) -> None:
    async with db.driver() as driver:
        cursor = orjson.loads(await PAGE.fetch(driver, region="330109", limit=1))["next"]
        with pytest.raises(CursorOfAnother):
            await page.fetch(driver, cursor=cursor, **{"region": "330109", **asked})


async def test_limit_and_total_may_change_from_page_to_page_and_who_asks_too(db: Database) -> None:
    async with db.driver() as driver:
        first = orjson.loads(await PAGE.fetch(driver, region="330109", limit=2, unit_path="a"))
        answer = orjson.loads(
            await PAGE.fetch(driver, region="330109", limit=5, total=True, cursor=first["next"], unit_path="b")
        )
    assert [item["id"] for item in answer["items"]] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("key", [("名称", "42"), (None, "42")])
def test_a_cursor_opens_to_what_was_sealed(key: tuple[str | None, str]) -> None:
    assert opened(sealed("asked", *key)) == ("asked", *key)


@pytest.mark.parametrize("limit", [1, 2, 3, 9, 10, 11])
@pytest.mark.parametrize("sort", ["note", "-note", "name", "-name"])
async def test_a_sorted_list_shows_every_row_once_and_what_has_no_key_last(db: Database, sort: str, limit: int) -> None:
    def key(number: int) -> tuple[bool, Any, int]:
        value = NOTES[number] if sort.endswith("note") else number // 3
        way = -1 if sort.startswith("-") else 1
        return value is None, way * (value or 0), way * number

    assert await walk(db, SORTED, limit, sort=sort) == sorted(range(10), key=key)


async def test_a_file_is_sorted_as_the_pages_are(db: Database) -> None:
    async with db.driver() as driver, driver.transaction():
        found = [row async for rows in SORTED.every(driver, region="330109", sort="-note") for row in rows]
    assert [orjson.loads(row)["id"] for row in found] == await walk(db, SORTED, 3, sort="-note")


async def test_the_own_order_by_its_name_continues_a_list_without_one(db: Database) -> None:
    async with db.driver() as driver:
        first = orjson.loads(await SORTED.fetch(driver, region="330109", limit=4))
        rest = orjson.loads(await SORTED.fetch(driver, region="330109", limit=4, cursor=first["next"], sort="name"))
    assert [item["id"] for item in rest["items"]] == [4, 5, 6, 7]


async def test_one_thing_comes_with_its_version_as_etag(db: Database) -> None:
    answer = await ONE.answer(db, request(), key=3, region="330109", id=3)
    assert orjson.loads(bytes(answer.body)) == {"id": 3, "name": "名1", "version": 1}
    assert answer.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    "held",
    [('"1"',), ('W/"1"',), ('"7", "1"',), ('"7",W/"1"',), ('"7"', '"1"'), ('"a,b", "1"',), ("*",), (" * ",)],
    ids=str,
)
async def test_a_thing_the_caller_has_already_is_not_sent_again(db: Database, held: tuple[str, ...]) -> None:
    answer = await ONE.answer(db, request(*held), key=3, region="330109", id=3)
    assert (answer.status_code, answer.headers["etag"]) == (304, '"1"')


@pytest.mark.parametrize("held", ['"7"', '"11"', "1", '"7", *', "W/*", '"*"', '"0,1"', ""])
async def test_a_thing_of_which_the_caller_has_another_version_is_sent(db: Database, held: str) -> None:
    answer = await ONE.answer(db, request(held), key=3, region="330109", id=3)
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_what_was_written_is_answered_whatever_the_caller_had(method: str) -> None:
    assert tagged(request("*", method=method), b'{"a":1}', version=1).status_code == 200


async def test_a_thing_of_another_region_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        await ONE.answer(db, request(), key=99, region="330109", id=99)


def test_what_has_no_version_is_tagged_by_its_bytes() -> None:
    assert tagged(request(), b'{"a":1}').headers["etag"] != tagged(request(), b'{"a":2}').headers["etag"]


NAMES = [
    *("浙江甲" for _ in range(30)),
    *("杭州乙" for _ in range(3)),
    *("杭州甲" for _ in range(30)),
    *("浙江乙" for _ in range(5)),
]


def searching(*, descending: bool = False, counted_to: int = COUNTED_TO) -> Page:
    """A list with a search: `q` is asked of each row, `exact` is what an index would answer."""
    holds = thing.c.name.contains(bindparam("q"))
    return Page(
        by_region,
        sort=thing.c.id,
        identity=thing.c.id,
        filters={
            "q": holds,
            "exact": thing.c.name.contains(bindparam("exact")),
            "odd": thing.c.id % 2 == bindparam("odd"),
        },
        search=("q", "exact"),
        descending=descending,
        counted_to=counted_to,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def many(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Database]:
    rows: list[Row] = [(number, name, "330109", 1, None) for number, name in enumerate(NAMES)]
    async with things(postgres_server, template_database, rows) as made:
        yield made


@pytest.fixture
def named(many: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Rows of which a search walks along 8 first, and along 20 where 2 of those hold what is looked for."""
    for name, rows in {"NEAR": 8, "HITS": 2, "FURTHER": 20}.items():
        monkeypatch.setattr(reads, name, rows)
    return many


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("q", ["浙江", "杭州", "甲", "乙", "州乙", "丙", "江"])
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
async def test_a_search_finds_the_same_whether_it_walks_or_asks_the_index(
    named: Database, q: str, limit: int, *, descending: bool
) -> None:
    page, seen, cursor = searching(descending=descending), list[int](), None
    while True:
        async with named.driver() as driver:
            given = {"q": q, "exact": q}
            answer = orjson.loads(
                await page.fetch(driver, region="330109", limit=limit, cursor=cursor, given=given, total=True)
            )
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    expected = [number for number, name in enumerate(NAMES) if q in name]
    assert seen == (expected[::-1] if descending else expected)
    assert answer["total"] == len(expected)


async def test_a_search_with_another_filter_finds_what_both_mean(named: Database) -> None:
    async with named.driver() as driver:
        answer = orjson.loads(
            await searching().fetch(driver, region="330109", given={"q": "乙", "exact": "乙", "odd": 1}, total=True)
        )
    expected = [number for number, name in enumerate(NAMES) if "乙" in name and number % 2 == 1]
    assert [item["id"] for item in answer["items"]] == expected
    assert answer["total"] == len(expected)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"q": "甲", "exact": "甲"}, {"total": None, "more_than": 34}),
        ({"q": "浙江", "exact": "浙江"}, {"total": None, "more_than": 34}),
        ({"q": "浙江", "exact": "浙江", "odd": 1}, {"total": 18}),
        ({"q": "杭州", "exact": "杭州"}, {"total": 33}),
        ({"q": "丙", "exact": "丙"}, {"total": 0}),
        ({"odd": 1}, {"total": 34}),
        ({}, {"total": 68}),
    ],
)
async def test_the_matches_of_a_search_are_counted_up_to_a_bound_and_all_else_exactly(
    named: Database, given: dict[str, object], told: dict[str, object]
) -> None:
    page = searching(counted_to=34)
    async with named.driver() as driver:
        answer = orjson.loads(await page.fetch(driver, region="330109", limit=2, given=given, total=True))
    assert {name: answer.get(name) for name in told} == told
    assert ("more_than" in answer) is ("more_than" in told)


async def test_a_search_with_just_as_many_matches_as_are_counted_has_its_total(named: Database) -> None:
    async with named.driver() as driver:
        given: dict[str, object] = {"q": "杭州", "exact": "杭州"}
        at = await searching(counted_to=33).fetch(driver, region="330109", given=given, total=True)
        above = await searching(counted_to=32).fetch(driver, region="330109", given=given, total=True)
    assert [orjson.loads(page)["total"] for page in (at, above)] == [33, None]

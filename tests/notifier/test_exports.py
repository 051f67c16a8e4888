"""Lists of the notifier as files, and how many connections a list takes."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event

from services.embedded.postgres import PostgresServer
from services.kit.office.writing import CSV, XLSX
from services.notifier.exports import OFFERS
from tests.databases import fresh_database
from tests.exported import misnamed, rows
from tests.notifier.others import START, Notifier, sample, with_mailbox
from tests.sorting import check


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Notifier]:
    """Notices, decisions, digests and deliveries, for tests that only read."""
    async with fresh_database(postgres_server, template_database) as database, with_mailbox(database) as notifier:
        await notifier.load(sample(), matters={"T01", "T05"})
        notifier.others.show("T01", "red", START)
        notifier.others.show("T05", "yellow", START)
        await notifier.run(START)
        yield notifier


@pytest.mark.parametrize("offer", OFFERS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_every_field_of_every_list_has_a_chinese_name(offer: tuple[Any, Any]) -> None:
    assert misnamed(offer) == set()


@pytest.mark.parametrize("media", [CSV, XLSX])
@pytest.mark.parametrize("path", ["decisions", "deliveries", "digests"])
async def test_a_file_holds_all_pages_of_the_list(seen: Notifier, path: str, media: str) -> None:
    answer = await seen.http.get(f"/v1/{path}", params={"limit": 1}, headers={"Accept": media})
    page = (await seen.http.get(f"/v1/{path}", params={"limit": 1, "total": True})).json()
    told = rows(answer, media)
    assert len(told) == page["total"] > 0
    assert str(told[0]["内部编号"]) == page["items"][0]["id"]


async def test_the_notices_come_as_a_sheet_beside_their_table(seen: Notifier) -> None:
    told = rows(await seen.http.get("/v1/notices", headers={"Accept": XLSX}), XLSX)
    assert {(row["事项"], row["灯"], row["单独发送"]) for row in told} == {("T01", "红灯", "是"), ("T05", "黄灯", "否")}
    assert {row["立项时间"].isoformat() for row in told} == {START.replace(tzinfo=None).isoformat()}
    table = await seen.http.get("/v1/notices", headers={"Accept": CSV})
    assert table.text.startswith("unit,matter,light,level,to,copy,own_message,digest\n")


async def test_people_read_names_and_programs_read_codes(seen: Notifier) -> None:
    notices = rows(await seen.http.get("/v1/notices", headers={"Accept": XLSX}), XLSX)
    assert {(row["状态"], row["要求"], row["主送"]) for row in notices} >= {("在办", "回复", "联络员、主要负责人")}
    for path, column, shown, kept in (
        ("decisions", "决定", "立项", "opened"),
        ("decisions", "起因", "亮灯变化", "light"),
        ("deliveries", "类型", "督办通知单", "notice"),
        ("deliveries", "渠道", "电子邮件", "email"),
        ("digests", "投递状态", "已接收", "accepted"),
    ):
        for media, word in ((XLSX, shown), (CSV, kept)):
            told = rows(await seen.http.get(f"/v1/{path}", headers={"Accept": media}), media)
            assert word in {row[column] for row in told}, (path, column, told)


async def test_code_lists_say_what_the_values_are_called(seen: Notifier) -> None:
    lists = {each["name"]: each for each in (await seen.http.get("/v1/code-lists")).json()["items"]}
    assert "NoticeView.state" in lists["notice-states"]["fields"]
    states = (await seen.http.get("/v1/code-lists/notice-states")).json()["items"]
    assert [state["zh"] for state in states] == ["在办", "已签收", "待核实", "已办结"]
    reasons = {item["code"] for item in (await seen.http.get("/v1/code-lists/decision-reasons")).json()["items"]}
    decisions = (await seen.http.get("/v1/decisions")).json()["items"]
    assert {decision["reason"] for decision in decisions} <= reasons


async def test_every_list_comes_in_every_order_that_its_document_offers(seen: Notifier) -> None:
    assert await check(seen.http, {}) >= 2


@pytest.mark.parametrize(
    ("path", "q", "there"),
    [
        ("notices", "t05", True),
        ("notices", "区", True),
        ("notices", "没有的", False),
        ("decisions", "T01", True),
        ("decisions", "没有的", False),
        ("deliveries", "区", True),
        ("deliveries", "没有的", False),
    ],
)
async def test_notices_decisions_and_messages_are_searched(seen: Notifier, path: str, q: str, *, there: bool) -> None:
    answer = await seen.http.get(f"/v1/{path}", params={"q": q})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert bool(answer.json()["items"]) is there


@pytest.mark.parametrize("path", ["notices", "notices/{notice}", "decisions", "deliveries", "digests"])
async def test_a_read_takes_one_connection(seen: Notifier, path: str) -> None:
    path = path.format(notice=(await seen.notice("T01"))["id"])
    pool = seen.app.state.parts.db.engine.sync_engine.pool
    taken = 0

    def out(*_: object) -> None:
        nonlocal taken
        taken += 1

    event.listen(pool, "checkout", out)
    try:
        assert (await seen.http.get(f"/v1/{path}")).status_code == httpx.codes.OK
    finally:
        event.remove(pool, "checkout", out)
    assert taken == 1

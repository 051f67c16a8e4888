"""The first decision on the sample plan: who gets what on Monday 2018-07-16 at 09:00."""

import csv
from collections import Counter
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest_asyncio

from services.embedded.postgres import PostgresServer
from tests.databases import fresh_database
from tests.notifier.others import START, Notifier, sample, with_mailbox

DATA = Path(__file__).parents[1] / "data"
JUDGED = ("coverage_date", "actual", "scheduled", "goal", "gap", "lag_pp")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def decided(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Notifier]:
    """The sample plan, with the lights of its answers, decided once."""
    async with fresh_database(postgres_server, template_database) as database, with_mailbox(database) as notifier:
        await notifier.load(sample())
        with (DATA / "answers-2018-06-30.csv").open(encoding="utf-8") as answers:
            for row in csv.DictReader(answers):
                judged = {name: row[name] or None for name in JUDGED}
                notifier.others.show(row["target"], row["light"], START, reason=row["reason"] or None, **judged)
        await notifier.run(START)
        yield notifier


async def test_the_notices_are_those_of_the_published_list(decided: Notifier) -> None:
    answer = await decided.http.get("/v1/notices", headers={"Accept": "text/csv"})
    assert answer.text == (DATA / "notices-2018-07-16.csv").read_text(encoding="utf-8")


async def test_the_mailbox_holds_22_mails_each_once(decided: Notifier) -> None:
    mailbox = (await decided.http.get("/v1/mailbox")).json()
    assert mailbox["mails"] == 22
    assert set(Counter(mail["message_id"] for mail in mailbox["items"]).values()) == {1}


async def test_ten_mails_are_digests_and_twelve_are_messages_of_their_own(decided: Notifier) -> None:
    kinds = Counter(one["kind"] for one in await decided.items("/v1/deliveries", state="accepted"))
    assert kinds == {"digest": 10, "notice": 12}


async def test_every_mail_says_that_its_data_are_synthetic(decided: Notifier) -> None:
    async with decided.database.owner() as connection:
        raw = await connection.fetch("SELECT raw FROM notifier.kept_mail")
    mails = [message_from_bytes(row["raw"], policy=default) for row in raw]
    assert all(mail["X-Duban-Data"] == "synthetic" and "合成数据" in mail.get_content() for mail in mails)


async def test_a_red_matter_goes_to_liaison_and_principal_with_the_support_in_copy(decided: Notifier) -> None:
    notice = await decided.notice("T01")
    mails = (await decided.http.get("/v1/mailbox")).json()["items"]
    [mail] = [mail for mail in mails if notice["deliveries"][0]["id"] in mail["message_id"]]
    assert (mail["to"].count("@"), mail["cc"].count("@"), len(mail["recipients"])) == (2, 1, 3)


async def test_every_target_has_a_decision_with_its_reason(decided: Notifier) -> None:
    decisions = await decided.items("/v1/decisions")
    assert len(decisions) == 65
    assert all(decision["reason"] for decision in decisions)


async def test_units_with_nothing_open_are_recorded_and_sent_nothing(decided: Notifier) -> None:
    idle = await decided.items("/v1/digests", sent=False)
    assert idle
    assert all(one["reason"] == "nothing_open" and one["delivery"] is None for one in idle)


async def test_doing_it_again_does_nothing_more(decided: Notifier) -> None:
    before = (await decided.http.get("/v1/summary")).json()
    await decided.run(START)
    assert (await decided.http.get("/v1/summary")).json() == before


async def test_the_next_thing_due_is_the_digest_a_week_later(decided: Notifier) -> None:
    assert (await decided.run(START))["next"] == "2018-07-23T09:00:00+08:00"


async def test_long_names_are_shown_without_the_folds_of_their_header(decided: Notifier) -> None:
    mails = (await decided.http.get("/v1/mailbox")).json()["items"]
    names = {mail["to"].rpartition(" <")[0].rpartition(", ")[2] for mail in mails}
    assert "湘湖未来智造小镇主要负责人（样例）" in names

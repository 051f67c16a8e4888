"""What becomes of a message when the mail server misbehaves, when a process dies, and when two work at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError

from services.kit.db import Database
from services.notifier.channels.rules import Channel, Message, Outcome, Result
from services.notifier.deliveries import store
from services.notifier.deliveries.rules import Settled
from services.notifier.deliveries.service import Sender
from services.notifier.settings import Settings
from tests.databases import TestDatabase
from tests.notifier.others import REGION, START, Notifier, at, running, sample
from tests.notifier.sinks import DROP, HANG, Sink, sink


@asynccontextmanager
async def red(database: TestDatabase, mail: Sink, *matters: str, **more: object) -> AsyncIterator[Notifier]:
    """The notifier before a sink; these matters turn red at the start, outside of any digest's time."""
    async with running(database, smtp_port=mail.port, **more) as notifier:
        await notifier.load(sample(), matters={"T01", "T04", "T05", "T08", "T22"})
        await notifier.run(START)
        await notifier.set_clock(at("2018-07-16 10:00"))
        for matter in matters or ("T01",):
            notifier.others.show(matter, "red", at("2018-07-16 10:00"))
        yield notifier


async def only(notifier: Notifier) -> dict[str, Any]:
    """The one delivery with its attempts."""
    [delivery] = await notifier.items("/v1/deliveries")
    answer = await notifier.http.get(f"/v1/deliveries/{delivery['id']}")
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("answers", "state", "result"),
    [
        ({}, "accepted", "accepted"),
        ({"dot": DROP}, "unknown", "unknown"),
        ({"dot": HANG}, "unknown", "unknown"),
        ({"dot": "451 later"}, "retry_wait", "retry"),
        ({"dot": "554 never"}, "rejected", "rejected"),
        ({"DATA": DROP}, "retry_wait", "retry"),
        ({"DATA": "554 never"}, "rejected", "rejected"),
        ({"MAIL": "421 busy"}, "retry_wait", "retry"),
        ({"MAIL": "550 not from you"}, "rejected", "rejected"),
        ({"RCPT": "450 mailbox busy"}, "retry_wait", "retry"),
        ({"RCPT": "550 nobody here"}, "rejected", "rejected"),
        ({"RCPT": DROP}, "retry_wait", "retry"),
        ({"RCPT": HANG}, "retry_wait", "retry"),
        ({"greeting": "554 closed"}, "retry_wait", "retry"),
        ({"greeting": DROP}, "retry_wait", "retry"),
    ],
)
async def test_an_answer_means_what_the_table_of_answers_says(
    database: TestDatabase, answers: dict[str, str], state: str, result: str
) -> None:
    async with sink(**answers) as mail, red(database, mail, smtp_seconds=0.5) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (delivery["state"], [one["result"] for one in delivery["tries"]]) == (state, [result])


async def test_no_connection_is_tried_again(database: TestDatabase) -> None:
    async with sink() as mail:
        closed = Sink(port=mail.port)
    async with red(database, closed) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        assert (await only(notifier))["state"] == "retry_wait"


async def test_an_unknown_message_is_never_sent_again_by_itself(database: TestDatabase) -> None:
    async with sink(dot=DROP) as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        mail.answers.clear()
        await notifier.run(at("2018-07-16 16:00"))
        assert (len(mail.taken), (await only(notifier))["state"]) == (1, "unknown")


async def test_a_message_that_was_refused_for_a_while_is_sent_when_its_pause_is_over(database: TestDatabase) -> None:
    async with sink(dot="451 later") as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        mail.answers.clear()
        await notifier.run(at("2018-07-16 10:00"))
        assert len(mail.taken) == 1  # the pause is real time
        async with database.owner() as connection:
            await connection.execute("UPDATE notifier.delivery SET next_try_at = clock_timestamp()")
        await notifier.run(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (delivery["state"], [one["result"] for one in delivery["tries"]]) == ("accepted", ["retry", "accepted"])


async def test_the_same_message_carries_the_same_message_id_each_time(database: TestDatabase) -> None:
    async with sink(dot="451 later") as mail, red(database, mail) as notifier:
        for _ in range(2):
            async with database.owner() as connection:
                await connection.execute("UPDATE notifier.delivery SET next_try_at = clock_timestamp()")
            await notifier.run(at("2018-07-16 10:00"))
        ids = {line for taken in mail.taken for line in taken.splitlines() if line.startswith("Message-ID:")}
        assert (len(mail.taken), len(ids)) == (2, 1)


async def test_a_message_goes_to_the_recipients_that_are_taken_and_the_refused_ones_are_visible(
    database: TestDatabase,
) -> None:
    async with sink() as mail, red(database, mail) as notifier:
        mail.refuse_recipient = "principal"
        await notifier.run(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (delivery["state"], delivery["tries"][0]["excerpt"][:25]) == ("accepted", "1 of 3 recipients refused")


async def test_answers_are_kept_without_addresses(database: TestDatabase) -> None:
    async with sink(RCPT="550 <someone@example.gov.cn> is nobody") as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        assert (await only(notifier))["tries"][0]["excerpt"] == "<***@***> is nobody"


async def test_a_connection_is_used_for_many_mails(database: TestDatabase) -> None:
    async with sink() as mail, red(database, mail, "T01", "T04", "T05", "T08", "T22") as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        assert (len(mail.taken), mail.connections <= 3) == (5, True)


async def test_a_kept_connection_that_died_is_replaced_before_the_mail_begins(database: TestDatabase) -> None:
    async with sink() as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        mail.answers["RSET"] = DROP
        notifier.others.show("T04", "red", at("2018-07-16 11:00"))
        await notifier.run(at("2018-07-16 11:00"))
        assert (len(mail.taken), mail.connections) == (2, 2)


async def test_a_unit_without_contacts_gets_a_rejected_delivery_with_its_reason(database: TestDatabase) -> None:
    async with sink() as mail, red(database, mail) as notifier:
        for change in [one for one in notifier.others.changes if one["kind"] == "contact"]:
            notifier.others.say("contact", change["code"], None, START)
        await notifier.run(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (delivery["state"], delivery["reason"], delivery["tries"]) == ("rejected", "no_recipient", [])


async def test_a_mail_that_cannot_be_written_is_rejected_after_one_try(database: TestDatabase) -> None:
    async with sink() as mail, red(database, mail) as notifier:
        for change in [one for one in notifier.others.changes if one["kind"] == "contact"]:
            broken = {**change["content"], "email": "a..b@example.gov.cn"}
            notifier.others.say("contact", change["code"], broken, START)
        await notifier.run(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (delivery["state"], [one["result"] for one in delivery["tries"]]) == ("rejected", ["rejected"])
        assert (mail.taken, "example" in delivery["reason"]) == ([], False)


async def test_messages_of_a_closed_plan_are_cancelled(database: TestDatabase) -> None:
    async with sink(dot="451 later") as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        plan = {**notifier.others.changes[-1]["content"], "state": "closed"}
        notifier.others.say("plan", sample().plan.code, plan, at("2018-07-16 11:00"))
        async with database.owner() as connection:
            await connection.execute("UPDATE notifier.delivery SET next_try_at = clock_timestamp()")
        await notifier.run(at("2018-07-16 12:00"))
        delivery = await only(notifier)
        assert (delivery["state"], delivery["reason"]) == ("cancelled", "plan_closed")


async def test_a_retry_that_falls_after_hours_waits_for_the_next_morning(database: TestDatabase) -> None:
    async with sink(dot="451 later") as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        async with database.owner() as connection:
            await connection.execute("UPDATE notifier.delivery SET next_try_at = clock_timestamp()")
        await notifier.run(at("2018-07-16 20:00"))
        delivery = await only(notifier)
        assert (delivery["state"], delivery["due_at"]) == ("pending", "2018-07-17T01:00:00+00:00")


class Counting:
    """A channel that takes everything and counts it."""

    name = "email"
    call_seconds = 1.0

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    async def send(self, message: Message) -> Outcome:
        await asyncio.sleep(0.005)
        self.sent[str(message.id)] += 1
        return Outcome(Result.ACCEPTED, 250)

    async def close(self) -> None:
        """Nothing is held."""


class Failing(Counting):
    """A channel with a defect."""

    async def send(self, message: Message) -> Outcome:
        raise ZeroDivisionError(message.subject)


def sender_of(notifier: Notifier, channel: Channel) -> Sender:
    works = notifier.app.state.parts.works
    return Sender(**{**works.sender.__dict__, "channels": {"email": channel}, "stopping": asyncio.Event()})


async def queued(database: TestDatabase, count: int) -> None:
    """Copies of the one delivery that there is."""
    async with database.owner() as connection:
        await connection.execute(
            "INSERT INTO notifier.delivery SELECT (jsonb_populate_record(d, jsonb_build_object("
            "'id', gen_random_uuid(), 'dedupe_key', 'copy:' || n))).* "
            "FROM notifier.delivery AS d, generate_series(2, $1) AS n",
            count,
        )
        await connection.execute(
            "INSERT INTO notifier.notice SELECT (jsonb_populate_record(t, jsonb_build_object("
            "'id', d.id, 'matter', d.dedupe_key))).* FROM notifier.notice AS t, notifier.delivery AS d "
            "WHERE d.dedupe_key LIKE 'copy:%'"
        )
        await connection.execute(
            "INSERT INTO notifier.notice_message SELECT region, id, 'orange', id FROM notifier.delivery "
            "WHERE dedupe_key LIKE 'copy:%'"
        )


@asynccontextmanager
async def waiting(database: TestDatabase, count: int = 1) -> AsyncIterator[Notifier]:
    """The notifier with so many messages that wait."""
    async with sink(dot="451 later") as mail, red(database, mail) as notifier:
        await notifier.run(at("2018-07-16 10:00"))
        async with database.owner() as connection:
            await connection.execute("UPDATE notifier.delivery SET state = 'pending', next_try_at = NULL")
        await queued(database, count)
        yield notifier


async def test_several_senders_at_once_send_each_message_once(database: TestDatabase) -> None:
    async with waiting(database, 40) as notifier:
        channel = Counting()
        senders = [sender_of(notifier, channel) for _ in range(4)]
        for number, sender in enumerate(senders):
            sender.owner = f"sender-{number}"
        await asyncio.gather(*(sender.send_due(at("2018-07-16 10:00")) for sender in senders))
        assert (len(channel.sent), set(channel.sent.values())) == (40, {1})


async def test_a_defect_in_a_channel_leaves_the_message_unknown(database: TestDatabase) -> None:
    async with waiting(database) as notifier:
        await sender_of(notifier, Failing()).send_due(at("2018-07-16 10:00"))
        assert (await only(notifier))["state"] == "unknown"


async def test_a_stopping_sender_claims_nothing(database: TestDatabase) -> None:
    async with waiting(database) as notifier:
        sender = sender_of(notifier, Counting())
        sender.stopping.set()
        assert await sender.send_due(at("2018-07-16 10:00")) == 0
        assert (await only(notifier))["state"] == "pending"


@asynccontextmanager
async def claimed(database: TestDatabase, *, lease_seconds: float) -> AsyncIterator[tuple[Database, store.Claim]]:
    """A claim of the one message, by a process that then does nothing more."""
    db = Database(database.url("notifier"))
    try:
        async with db.edge() as session:
            [claim] = await store.claim(
                session, REGION, "dead", at("2018-07-16 10:00"), limit=1, lease_seconds=lease_seconds
            )
        yield db, claim
    finally:
        await db.close()


async def test_a_message_whose_process_died_before_the_call_is_sent_by_another(database: TestDatabase) -> None:
    async with waiting(database) as notifier, claimed(database, lease_seconds=0.2):
        channel = Counting()
        await sender_of(notifier, channel).send_due(at("2018-07-16 10:00"))
        assert (sum(channel.sent.values()), (await only(notifier))["state"]) == (1, "accepted")


async def test_a_message_whose_process_died_in_the_call_becomes_unknown(database: TestDatabase) -> None:
    async with waiting(database) as notifier, claimed(database, lease_seconds=0.3) as (db, claim):
        async with db.edge() as session:
            assert await store.begin(session, claim, call_seconds=0, business_at=START, addressed=[]) is not None
        channel = Counting()
        await sender_of(notifier, channel).send_due(at("2018-07-16 10:00"))
        delivery = await only(notifier)
        assert (sum(channel.sent.values()), delivery["state"], delivery["tries"][-1]["result"]) == (0, "unknown", None)


async def test_a_late_finish_changes_nothing(database: TestDatabase) -> None:
    async with waiting(database) as notifier, claimed(database, lease_seconds=0.2) as (db, claim):
        await sender_of(notifier, Counting()).send_due(at("2018-07-16 10:00"))
        before = await only(notifier)
        async with db.edge() as session:
            late = await store.finish(
                session, claim, 1, Outcome(Result.REJECTED, 550), Settled("rejected"), accepted_at=START, ms=1
            )
        assert (late, await only(notifier)) == (False, before)


async def test_a_claim_that_does_not_outlive_the_call_makes_no_attempt(database: TestDatabase) -> None:
    async with waiting(database), claimed(database, lease_seconds=5) as (db, claim), db.edge() as session:
        assert await store.begin(session, claim, call_seconds=10, business_at=START, addressed=[]) is None


def test_a_claim_that_no_call_could_outlive_is_refused() -> None:
    told = {"database_url": "postgresql://none", "contact_key": "none", "smtp_seconds": 60, "lease_seconds": 60}
    with pytest.raises(ValidationError, match="lease_seconds"):
        Settings.model_validate(told)

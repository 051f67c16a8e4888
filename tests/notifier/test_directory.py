"""The notifier's copies: what ends, what is masked, what was sealed with another key."""

import base64
import secrets

import httpx

from tests.databases import TestDatabase
from tests.notifier.others import START, Notifier, at, running, sample
from tests.notifier.sinks import sink


async def test_a_matter_whose_responsibility_ended_has_no_owner_any_more(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    notifier.others.show("T01", "red", START)
    await notifier.run(START)
    notifier.others.say("responsibility", "T01", None, at("2018-08-01 10:00"))
    await notifier.advance(at("2018-08-01 10:00"))
    notice = await notifier.notice("T01")
    assert (notice["state"], notice["close_reason"]) == ("closed", "no_owner")


async def test_a_change_of_support_alone_keeps_the_notice(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    notifier.others.show("T01", "red", START)
    await notifier.run(START)
    lead = (await notifier.notice("T01"))["unit"]
    notifier.others.own("T01", lead, [], at("2018-08-01 10:00"))
    await notifier.advance(at("2018-08-01 10:00"))
    notice = await notifier.notice("T01")
    assert [(one["cause"], one["act"]) for one in notice["decisions"]] == [("light", "opened"), ("owner", "kept")]


async def test_a_calendar_that_ended_counts_weekends_only(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    notifier.others.say("calendar", "2018", None, START)
    notifier.others.show("T01", "red", at("2018-10-01 10:00"))
    await notifier.advance(at("2018-10-01 10:00"))
    assert (await notifier.notice("T01"))["issued_at"] == "2018-10-01T02:00:00+00:00"


async def test_masked_addresses_are_refused_and_nothing_is_copied(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    for change in notifier.others.changes:
        if change["kind"] == "contact":
            change["content"]["email"] = "l***@***"
    answer = await notifier.http.post("/v1/due:run", json={"until": START.isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (503, "address-masked")


async def test_a_message_whose_addresses_were_sealed_with_another_key_is_rejected(database: TestDatabase) -> None:
    async with sink() as mail:
        async with running(database, smtp_port=mail.port) as notifier:
            await notifier.load(sample(), matters={"T01"})
            await notifier.run(START)
            others = notifier.others
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        async with running(database, smtp_port=mail.port, contact_key=key) as notifier:
            notifier.others.changes, notifier.others.lights = others.changes, others.lights
            notifier.others.show("T01", "red", at("2018-07-16 10:00"))
            await notifier.run(at("2018-07-16 10:00"))
            [delivery] = await notifier.items("/v1/deliveries")
    assert (delivery["state"], delivery["reason"], mail.taken) == ("rejected", "address-unreadable", [])


async def test_a_light_of_a_plan_without_a_ladder_is_decided_with_its_reason(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    notifier.others.show("T01", "red", START, plan="unsupervised")
    await notifier.run(START)
    [decision] = await notifier.items("/v1/decisions")
    assert (decision["act"], decision["reason"]) == ("none", "no_ladder")


async def test_a_naive_instant_is_refused(notifier: Notifier) -> None:
    answer = await notifier.http.post("/v1/due:run", json={"until": "2018-07-16T09:00:00"})
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY

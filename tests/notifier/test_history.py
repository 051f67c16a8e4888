"""What happens to matters in the months after the first decision, on the sample's ladder, owners and calendar."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from services.embedded.postgres import PostgresServer
from services.plan_file.parts import split
from tests.databases import fresh_database
from tests.notifier.others import START, Notifier, at, sample, with_mailbox
from tests.plan_file.samples import XIAOSHAN, plan_of


async def begun(notifier: Notifier, **lights: str) -> Notifier:
    """The sample plan with these lights at its start, decided."""
    await notifier.load(sample(), matters={"T01", "T05", "T08", "T10", "T26"})
    for target, light in lights.items():
        notifier.others.show(target, light, START)
    await notifier.run(START)
    return notifier


def unit_called(name: str) -> str:
    [code] = [unit.code for unit in sample().units if unit.name == name]
    return code


def acts(notice: dict[str, Any]) -> list[str]:
    return [step["act"] for step in notice["steps"]]


async def test_a_blue_that_turns_red_becomes_orange_in_the_same_notice(notifier: Notifier) -> None:
    await begun(notifier, T08="yellow")
    blue = await notifier.notice("T08")
    notifier.others.show("T08", "red", at("2018-08-12 10:00"))
    await notifier.advance(at("2018-08-12 10:00"))
    orange = await notifier.notice("T08")
    assert (orange["id"], blue["level"], orange["level"]) == (blue["id"], "blue", "orange")
    assert acts(orange) == ["opened", "raised"]


async def test_a_message_decided_on_a_sunday_leaves_on_monday_at_nine(notifier: Notifier) -> None:
    await begun(notifier, T08="yellow")
    notifier.others.show("T08", "red", at("2018-08-12 10:00"))
    await notifier.advance(at("2018-08-13 12:00"))
    [message] = (await notifier.notice("T08"))["deliveries"]
    assert message["due_at"] == "2018-08-13T01:00:00+00:00"
    assert (message["state"], message["accepted_at"]) == ("accepted", "2018-08-13T01:00:00+00:00")


async def test_nothing_is_sent_before_the_message_is_due(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "red", at("2018-08-12 10:00"))
    done = await notifier.run(at("2018-08-12 23:00"))
    [message] = (await notifier.notice("T08"))["deliveries"]
    assert (message["state"], done["next"]) == ("pending", "2018-08-13T01:00:00Z")


async def test_an_orange_whose_light_leaves_red_waits_for_verification(notifier: Notifier) -> None:
    await begun(notifier, T26="red")
    notifier.others.show("T26", "done", at("2018-09-17 10:00"))
    await notifier.advance(at("2018-10-08 09:00"))
    notice = await notifier.notice("T26")
    digests = await notifier.items("/v1/digests", notice=notice["id"])
    assert notice["state"] == "awaiting_verification"
    assert max(digest["cycle_at"] for digest in digests) == "2018-09-17T01:00:00+00:00"


async def test_an_orange_that_comes_back_red_is_open_again_without_a_second_message(notifier: Notifier) -> None:
    await begun(notifier, T26="red")
    notifier.others.show("T26", "yellow", at("2018-08-01 10:00"))
    notifier.others.show("T26", "red", at("2018-08-02 10:00"))
    await notifier.advance(at("2018-08-02 12:00"))
    notice = await notifier.notice("T26")
    assert (notice["state"], len(notice["deliveries"])) == ("open", 1)
    assert acts(notice) == ["opened", "awaiting_verification", "reopened"]


async def test_a_blue_closes_on_green_and_a_later_yellow_opens_a_new_notice(notifier: Notifier) -> None:
    await begun(notifier, T10="yellow")
    notifier.others.show("T10", "green", at("2018-08-01 10:00"))
    notifier.others.show("T10", "yellow", at("2018-08-20 10:00"))
    await notifier.advance(at("2018-08-20 10:00"))
    states = [(one["state"], one["close_reason"]) for one in await notifier.items("/v1/notices", matter="T10")]
    assert states == [("closed", "light_green"), ("open", None)]


async def test_a_grey_light_keeps_the_notice_and_says_why(notifier: Notifier) -> None:
    await begun(notifier, T10="yellow")
    notifier.others.show("T10", "grey", at("2018-08-01 10:00"), reason="no_data")
    await notifier.advance(at("2018-08-01 10:00"))
    notice = await notifier.notice("T10")
    assert (notice["state"], notice["decisions"][-1]["act"], notice["decisions"][-1]["reason"]) == (
        "open",
        "kept",
        "no_data",
    )


async def test_limits_count_working_days_from_the_day_after_issue(notifier: Notifier) -> None:
    await begun(notifier, T08="yellow", T01="red")
    assert [(await notifier.notice(code))["limit_on"] for code in ("T08", "T01")] == ["2018-07-19", "2018-07-23"]


async def test_a_reminder_is_issued_by_the_first_digest_that_holds_it(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "yellow", at("2018-09-19 10:00"))
    await notifier.run(at("2018-09-19 10:00"))
    before = await notifier.notice("T08")
    await notifier.advance(at("2018-09-25 09:00"))
    after = await notifier.notice("T08")
    assert (before["limit_on"], after["issued_at"], after["limit_on"]) == (
        None,
        "2018-09-25T01:00:00+00:00",
        "2018-09-28",
    )


@pytest.mark.parametrize(("when", "overdue"), [("2018-07-23 23:59", False), ("2018-07-24 00:00", True)])
async def test_an_unanswered_orange_is_overdue_after_the_last_day_of_its_limit(
    notifier: Notifier, when: str, overdue: bool
) -> None:
    await begun(notifier, T01="red")
    [notice] = await notifier.items("/v1/notices", at=at(when).isoformat())
    assert notice["overdue"] is overdue


async def test_digests_move_off_rest_days_and_merge_there(notifier: Notifier) -> None:
    await begun(notifier, T01="red")
    await notifier.advance(at("2018-10-15 09:00"))
    cycles = [digest["cycle_at"][:16] for digest in await notifier.items("/v1/digests", sent=True)]
    assert cycles[-5:] == [f"2018-{day}T01:00" for day in ("09-10", "09-17", "09-25", "10-08", "10-15")]


async def test_no_mail_leaves_on_a_rest_day_or_outside_the_hours(notifier: Notifier) -> None:
    await begun(notifier, T01="red", T08="yellow")
    notifier.others.show("T08", "red", at("2018-10-02 03:00"))
    await notifier.advance(at("2018-10-02 12:00"))
    [message] = (await notifier.notice("T08"))["deliveries"]
    assert message["due_at"] == "2018-10-08T01:00:00+00:00"


async def test_a_message_whose_matter_recovers_before_it_leaves_is_cancelled(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "red", at("2018-08-11 10:00"))
    notifier.others.show("T08", "green", at("2018-08-12 10:00"))
    await notifier.advance(at("2018-08-14 10:00"))
    [message] = (await notifier.notice("T08"))["deliveries"]
    assert (message["state"], message["attempts"]) == ("cancelled", 0)


async def test_a_cancelled_message_goes_out_once_when_its_matter_comes_back(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "red", at("2018-08-11 10:00"))
    notifier.others.show("T08", "green", at("2018-08-12 10:00"))
    notifier.others.show("T08", "red", at("2018-08-14 10:00"))
    await notifier.advance(at("2018-08-14 10:00"))
    notice = await notifier.notice("T08")
    mails = (await notifier.http.get("/v1/mailbox")).json()["items"]
    own = [mail for mail in mails if notice["deliveries"][0]["id"] in mail["message_id"]]
    assert (len(own), notice["limit_on"]) == (1, "2018-08-21")


async def test_a_new_lead_unit_gets_a_notice_of_its_own_and_the_old_one_ends(notifier: Notifier) -> None:
    await begun(notifier, T01="red")
    notifier.others.own("T01", unit_called("区科技局"), [], at("2018-08-01 10:00"))
    await notifier.advance(at("2018-08-01 10:00"))
    found = [(one["unit_name"], one["state"], one["close_reason"]) for one in await notifier.items("/v1/notices")]
    assert found == [("区经信局", "closed", "handed_over"), ("区科技局", "open", None)]


async def test_a_matter_without_an_owner_gets_no_notice_and_the_reason_is_kept(notifier: Notifier) -> None:
    await begun(notifier, T99="red")
    [decision] = await notifier.items("/v1/decisions", matter="T99")
    assert (decision["act"], decision["reason"]) == ("none", "no_owner")


async def test_an_owner_who_comes_later_gets_the_notice_then(notifier: Notifier) -> None:
    await begun(notifier, T99="red")
    notifier.others.own("T99", unit_called("区科技局"), [], at("2018-08-01 10:00"))
    await notifier.advance(at("2018-08-01 10:00"))
    assert (await notifier.notice("T99"))["opened_at"] == "2018-08-01T02:00:00+00:00"


async def test_a_running_notice_keeps_the_ladder_with_which_it_began(notifier: Notifier) -> None:
    await begun(notifier, T08="yellow")
    await notifier.set_clock(at("2018-08-01 10:00"))
    text = XIAOSHAN.replace("limit_days: 3", "limit_days: 8").replace("limit_days: 5", "limit_days: 9")
    answer = await notifier.apply(split(plan_of(text)))
    assert [change["kind"] for change in answer.json()["changes"]] == ["ladder"]
    notifier.others.show("T08", "red", at("2018-08-06 10:00"))
    notifier.others.show("T10", "red", at("2018-08-06 10:00"))
    await notifier.advance(at("2018-08-06 10:00"))
    found = {code: await notifier.notice(code) for code in ("T08", "T10")}
    assert [(one["ladder_version"], one["limit_on"]) for one in found.values()] == [
        (1, "2018-08-13"),
        (2, "2018-08-17"),
    ]


async def test_several_missed_digests_are_made_once_late(notifier: Notifier) -> None:
    await begun(notifier, T01="red")
    await notifier.run(at("2018-08-08 10:00"))  # nobody looked in between
    async with notifier.database.owner() as connection:
        fires = await connection.fetch("SELECT made, reason, digests FROM notifier.schedule_fire ORDER BY fire_at")
    assert [tuple(fire) for fire in fires] == [
        (True, None, 1),
        (False, "missed", 0),
        (False, "missed", 0),
        (True, None, 1),
    ]


async def test_a_digest_waits_until_the_lights_are_complete(notifier: Notifier) -> None:
    await begun(notifier, T01="red")
    notifier.others.complete_to = at("2018-07-20 10:00")
    await notifier.set_clock(at("2018-07-24 10:00"))
    answer = await notifier.http.post("/v1/due:run", json={"until": at("2018-07-24 10:00").isoformat()})
    assert answer.json()["done_to"] == "2018-07-20T02:00:00Z"
    assert len(await notifier.items("/v1/digests", sent=True)) == 1


async def test_the_first_digest_waits_for_the_first_lights_of_its_plan(notifier: Notifier) -> None:
    await notifier.load(sample(), matters={"T01"})
    notifier.others.plans.clear()  # complete up to this instant, as it was just before the plan became active
    notifier.others.complete_to = START
    early = await notifier.http.post("/v1/due:run", json={"until": START.isoformat()})
    assert datetime.fromisoformat(early.json()["done_to"]) < START
    notifier.others.show("T01", "red", START)
    notifier.others.plans.add("xiaoshan-2017-2019")
    assert datetime.fromisoformat((await notifier.run(START))["done_to"]) == START
    assert len(await notifier.items("/v1/digests", sent=True)) == 1


async def test_nothing_leaves_before_its_instant(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "red", at("2018-08-12 10:00"))
    await notifier.run(at("2018-08-12 10:00"))
    answer = await notifier.http.post("/v1/due:run", json={"until": at("2018-08-13 09:00").isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "not-yet")
    assert (await notifier.notice("T08"))["deliveries"][0]["state"] == "pending"


async def test_a_service_that_is_away_is_told_after_what_is_known_was_done(notifier: Notifier) -> None:
    await begun(notifier)
    notifier.others.show("T08", "red", at("2018-08-12 10:00"))
    await notifier.run(at("2018-08-12 10:00"))
    notifier.others.away = True
    await notifier.set_clock(at("2018-08-13 09:00"))
    answer = await notifier.http.post("/v1/due:run", json={"until": at("2018-08-13 09:00").isoformat()})
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert (await notifier.notice("T08"))["deliveries"][0]["state"] == "accepted"


MONTHS = [
    ("T08", "red", "2018-08-12 10:00"),
    ("T10", "green", "2018-08-15 15:30"),
    ("T26", "done", "2018-09-17 10:00"),
    ("T10", "yellow", "2018-10-03 00:00"),
    ("T26", "red", "2018-10-20 00:00"),
]


async def told(notifier: Notifier) -> list[Any]:
    """The whole history without ids."""
    history: list[Any] = []
    for path, names in {
        "/v1/notices": ("matter", "level", "state", "opened_at", "issued_at", "limit_on", "red_since", "closed_at"),
        "/v1/decisions": ("matter", "unit", "at", "act", "reason", "level"),
        "/v1/digests": ("unit", "cycle_at", "at", "reason", "state"),
        "/v1/deliveries": ("unit", "kind", "subject", "state", "due_at", "created_at", "attempts", "accepted_at"),
    }.items():
        history.append(sorted([str(one[name]) for name in names] for one in await notifier.items(path)))
    return history


async def test_day_by_day_and_at_once_come_to_the_same_history(
    notifier: Notifier, postgres_server: PostgresServer, template_database: str
) -> None:
    days = [START.replace(day=1, month=month) for month in range(8, 12)]
    steps = sorted([*(at(when) for *_, when in MONTHS), *days])
    await begun(notifier, T08="yellow", T10="yellow", T26="red", T01="red")
    for step in steps:
        for target, light, when in MONTHS:
            if at(when) == step:
                notifier.others.show(target, light, step)
        await notifier.advance(step)
    by_day = await told(notifier)
    async with fresh_database(postgres_server, template_database) as other, with_mailbox(other) as again:
        await begun(again, T08="yellow", T10="yellow", T26="red", T01="red")
        for target, light, when in MONTHS:
            again.others.show(target, light, at(when))
        await again.advance(steps[-1])
        assert await told(again) == by_day

"""What the registry says of contacts, units and working days, and what it does to what is open."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.directory.rules import Instead, Reached, heirs, reached, stands_for
from services.notifier.letters.rules import stand_in_note
from tests.notifier.others import START, Notifier, at, official_days, sample

Json = dict[str, Any]
MATTER = "T01"


@pytest.fixture
async def waiting(notifier: Notifier) -> Notifier:
    """One matter, not yet red."""
    await notifier.load(sample(), matters={MATTER})
    await notifier.run(START)
    return notifier


def lead() -> str:
    """Who leads the matter."""
    return next(one.lead for one in sample().responsibilities if one.matter == MATTER)


def liaison(**more: object) -> Json:
    """The lead's liaison."""
    return {"unit": lead(), "role": "liaison", "person": "张三", "email": "zhang@example.com", **more}


async def only_try(notifier: Notifier) -> Json:
    """The last try of the only message."""
    [delivery] = await notifier.items("/v1/deliveries", kind="notice")
    found: Json = (await notifier.http.get(f"/v1/deliveries/{delivery['id']}")).json()["tries"][-1]
    return found


async def red(notifier: Notifier, when: str) -> Json:
    """The matter turns red; the mail about it."""
    notifier.others.show(MATTER, "red", at(when))
    await notifier.advance(at(when))
    mails = await notifier.items("/v1/mailbox")
    return mails[-1]


@pytest.mark.parametrize(
    ("day", "person", "absent"),
    [
        ("2018-07-19", "张三", None),
        ("2018-07-20", "王五", "张三"),
        ("2018-08-03", "王五", "张三"),
        ("2018-08-06", "张三", None),
    ],
)
async def test_on_the_days_of_a_stand_in_messages_go_to_that_person_with_a_note(
    waiting: Notifier, day: str, person: str, absent: str | None
) -> None:
    stand_in = {"valid_from": "2018-07-20", "valid_to": "2018-08-03", "person": "王五", "email": "wang@example.com"}
    waiting.others.say("contact", f"{lead()}/liaison", liaison(stand_ins=[stand_in]), START)
    mail = await red(waiting, f"{day} 10:00")
    addressed = next(
        one for one in (await only_try(waiting))["addressed"] if (one["as"], one["role"]) == ("to", "liaison")
    )
    assert (addressed["person"], addressed["for"]) == (person, absent)
    assert ("本件由王五代张三签收办理。" in str(mail)) == (absent is not None)
    assert ("wang@example.com" in str(mail)) == (absent is not None)


async def test_from_its_day_a_hand_over_sends_open_matters_to_the_new_person(waiting: Notifier) -> None:
    following = {"valid_from": "2018-07-23", "person": "李四", "email": "li@example.com", "reason": None}
    waiting.others.say("contact", f"{lead()}/liaison", liaison(next=[following]), START)
    await red(waiting, "2018-07-20 10:00")
    await waiting.advance(at("2018-07-23 12:00"))
    tries = []
    for delivery in await waiting.items("/v1/deliveries"):
        found = (await waiting.http.get(f"/v1/deliveries/{delivery['id']}")).json()
        people = [one["person"] for one in found["tries"][-1]["addressed"] if one["as"] == "to"]
        tries.append((delivery["kind"], people))
    assert [(kind, people[0]) for kind, people in tries] == [("notice", "张三"), ("digest", "李四")]


async def test_a_contact_that_ended_has_no_stand_in_either(waiting: Notifier) -> None:
    stand_in = {"valid_from": "2018-07-20", "valid_to": "2018-08-03", "person": "王五", "email": "wang@example.com"}
    waiting.others.say("contact", f"{lead()}/liaison", liaison(stand_ins=[stand_in]), START)
    waiting.others.say("contact", f"{lead()}/liaison", None, START)
    await red(waiting, "2018-07-20 10:00")
    addressed = (await only_try(waiting))["addressed"]
    assert [one["role"] for one in addressed if one["as"] == "to"] == ["principal"]


async def test_a_message_that_waits_goes_to_the_successor(waiting: Notifier) -> None:
    """It turned red on a Saturday; on Sunday its unit is dissolved; on Monday its successor's liaison gets the letter."""
    waiting.others.show(MATTER, "red", at("2018-07-21 10:00"))
    await waiting.advance(at("2018-07-21 10:00"))
    sunday = at("2018-07-22 10:00")
    old = next(one for one in sample().units if one.code == lead())
    waiting.others.say("unit", "heir", {"code": "heir", "name": "新局", "parent": None}, sunday)
    gone = {**old.model_dump(mode="json"), "path": f"heir.{lead()}", "successors": ["heir"]}
    waiting.others.say("unit", lead(), gone, sunday)
    waiting.others.say("contact", f"{lead()}/liaison", None, sunday)
    waiting.others.say("contact", "heir/liaison", liaison(unit="heir", person="李四"), sunday)
    waiting.others.own(MATTER, "heir", [], sunday)
    await waiting.advance(at("2018-07-23 12:00"))
    [delivery] = await waiting.items("/v1/deliveries", kind="notice")
    assert (delivery["state"], delivery["unit"], delivery["unit_name"]) == ("accepted", "heir", "新局")
    tried = await only_try(waiting)
    assert [(one["unit"], one["person"]) for one in tried["addressed"] if one["as"] == "to"] == [("heir", "李四")]
    notice = await waiting.notice(MATTER)
    assert (notice["unit"], notice["state"], notice["written_as"]) == ("heir", "open", old.name)


async def test_a_matter_that_goes_to_another_unit_is_handed_over_as_before(waiting: Notifier) -> None:
    await red(waiting, "2018-07-20 10:00")
    other = next(one.code for one in sample().units if one.code != lead())
    waiting.others.own(MATTER, other, [], at("2018-07-23 10:00"))
    await waiting.advance(at("2018-07-23 10:00"))
    states = [(one["unit"], one["state"], one["close_reason"]) for one in await waiting.items("/v1/notices")]
    assert states == [(lead(), "closed", "handed_over"), (other, "open", None)]


async def limits(notifier: Notifier) -> tuple[str, bool]:
    """The limit of the matter's notice, and whether it is provisional."""
    notice = await notifier.notice(MATTER)
    return notice["limit_on"], notice["limit_provisional"]


def year(of: int, exceptions: dict[str, bool], **more: object) -> Json:
    """A year's working days."""
    return {"year": of, "published": True, "exceptions": exceptions, **more}


async def test_a_new_notice_of_working_days_moves_limits_that_have_not_passed(waiting: Notifier) -> None:
    await red(waiting, "2018-07-20 10:00")
    before = await limits(waiting)
    free = {**official_days(2018), "2018-07-23": False, "2018-07-24": False}
    waiting.others.say("calendar", "2018", year(2018, free, document="国办发明电〔2018〕1号"), at("2018-07-20 15:00"))
    await waiting.advance(at("2018-07-20 15:00"))
    after = await limits(waiting)
    assert before[0] < after[0]
    step = (await waiting.notice(MATTER))["steps"][-1]
    assert (step["act"], step["by"]) == ("limit_moved", "calendar")
    assert step["reason"] == f"2018年工作日安排（国办发明电〔2018〕1号）：{before[0]} → {after[0]}"


async def test_limits_that_have_passed_or_were_answered_stay(waiting: Notifier) -> None:
    await red(waiting, "2018-07-20 10:00")
    before = await limits(waiting)
    late = at(f"{before[0]} 10:00").replace(day=at(f"{before[0]} 10:00").day + 1)
    await waiting.advance(late)
    free = {**official_days(2018), "2018-07-23": False}
    waiting.others.say("calendar", "2018", year(2018, free), late)
    await waiting.advance(late)
    assert await limits(waiting) == before


async def test_a_limit_in_a_year_without_a_notice_is_provisional_until_it_is_out(waiting: Notifier) -> None:
    await red(waiting, "2018-12-28 10:00")
    limit, provisional = await limits(waiting)
    assert (limit[:4], provisional) == ("2019", True)
    waiting.others.say("calendar", "2019", year(2019, {"2019-01-01": False}), at("2018-12-28 12:00"))
    await waiting.advance(at("2018-12-28 12:00"))
    moved, provisional = await limits(waiting)
    assert (moved > limit, provisional) == (True, False)


async def test_a_calendar_that_changes_nothing_leaves_no_step(waiting: Notifier) -> None:
    await red(waiting, "2018-07-20 10:00")
    steps = len((await waiting.notice(MATTER))["steps"])
    waiting.others.say("calendar", "2018", year(2018, official_days(2018), document="同前"), at("2018-07-20 15:00"))
    await waiting.advance(at("2018-07-20 15:00"))
    assert len((await waiting.notice(MATTER))["steps"]) == steps


days = st.dates(min_value=START.date())
persons = st.lists(st.tuples(st.booleans(), days, st.none() | days), max_size=5)


@given(persons, days)
def test_who_is_reached_is_a_stand_in_of_the_day_or_the_last_who_took_over(people: list[Any], day: Any) -> None:  # noqa: ANN401
    others = [Instead(f"p{nth}", b"", *one) for nth, one in enumerate(people)]
    found = reached(Reached("u", "liaison", "p", b""), others, day)
    held = max(
        (one for one in others if not one.stands_in and one.first <= day), key=lambda one: one.first, default=None
    )
    inside = [
        one.person for one in others if one.stands_in and one.first <= day and (one.last is None or day <= one.last)
    ]
    if inside:
        assert found.person in inside
        assert found.for_ is not None
    elif held is None:
        assert found == Reached("u", "liaison", "p", b"")
    else:
        holders = [one.person for one in others if not one.stands_in and one.first == held.first]
        assert (found.person in holders, found.for_) == (True, None)


def test_heirs_are_followed_to_the_end_and_one_heir_stands_for_its_forerunner() -> None:
    successors = {"a": ["b"], "b": ["c", "d"], "c": ["e"]}
    assert heirs("a", successors) == {"b", "c", "d", "e"}
    assert (stands_for("a", successors), stands_for("c", successors), stands_for("x", successors)) == ("b", "e", "x")
    assert heirs("a", {"a": ["b", "c"], "b": ["c"]}) == {"b", "c"}


def test_a_note_names_everyone_who_stands_in_once() -> None:
    assert stand_in_note([]) == ""
    assert (
        stand_in_note([("王", "张"), ("王", "张"), ("李", "赵")]) == "\n\n本件由王代张签收办理；本件由李代赵签收办理。"
    )

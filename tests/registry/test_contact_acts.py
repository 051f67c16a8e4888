"""Hand-overs and stand-ins of contacts over HTTP."""

from datetime import datetime
from typing import Any

import pytest

from tests.registry.reforms import district, person
from tests.registry.running import Registry
from tests.registry.samples import applied, faults

Json = dict[str, Any]
PATH = "/v1/units/health/contacts/liaison"
ZHANG = {"person": "health联络员", "email": "health.liaison@example.com"}


def following(**more: object) -> Json:
    """A hand-over to 李四."""
    usual = {"old": ZHANG["person"], "person": "李四", "email": "li.si@example.com", "valid_from": "2018-09-01"}
    return {**usual, **more}


def standing_in(first: str = "2018-07-20", last: str = "2018-08-03", **more: object) -> Json:
    """A stand-in of 王五."""
    usual = {"person": "王五", "email": "wang.wu@example.com", "reason": "出差"}
    return {"valid_from": first, "valid_to": last, **usual, **more}


@pytest.fixture
async def town(registry: Registry) -> Registry:
    """The district."""
    await applied(registry, district())
    return registry


async def contact(registry: Registry, on: str | None = None) -> Json:
    """The contact on a day."""
    found: Json = (await registry.http.get(PATH, params={} if on is None else {"on": on})).json()
    return found


async def handed_over(registry: Registry, **more: object) -> Json:
    """Hand over; the answer."""
    answer = await registry.http.post(f"{PATH}/hand-overs", json=following(**more))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_hand_over_of_today_is_made_at_once(town: Registry) -> None:
    made = await handed_over(town, valid_from="2018-07-16")
    assert (made["person"], made["email"], made["since"]) == ("李四", "li.si@example.com", "2018-07-16")


async def test_a_hand_over_yet_to_come_is_made_on_its_day(town: Registry) -> None:
    made = await handed_over(town)
    assert (made["person"], made["next"][0]["person"]) == (ZHANG["person"], "李四")
    assert (await contact(town, on="2018-08-31"))["person"] == ZHANG["person"]
    assert (await contact(town, on="2018-09-01"))["person"] == "李四"
    await town.show(datetime.fromisoformat("2018-09-01T00:00:00+08:00"))
    now = await contact(town)
    assert (now["person"], now["since"], now["next"]) == ("李四", "2018-09-01", [])


async def test_the_next_hand_over_is_from_who_took_over(town: Registry) -> None:
    await handed_over(town)
    answer = await town.http.post(f"{PATH}/hand-overs", json=following())
    assert faults(answer.json()) == [("/body/old", "other-person"), ("/body/valid_from", "before-predecessor")]
    await handed_over(town, old="李四", person="赵六", email="zhao@example.com", valid_from="2018-10-01")
    assert [one["person"] for one in (await contact(town))["next"]] == ["李四", "赵六"]


async def test_a_stand_in_acts_on_its_days_and_history_keeps_it(town: Registry) -> None:
    made = await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    assert (made.status_code, made.json()["acting"], made.json()["person"]) == (200, None, ZHANG["person"])
    for day, acting in (("2018-07-19", None), ("2018-07-20", "王五"), ("2018-08-03", "王五"), ("2018-08-04", None)):
        shown = await contact(town, on=day)
        assert (shown["acting"] and shown["acting"]["person"], shown["person"]) == (acting, ZHANG["person"])
    history = (await town.http.get(f"{PATH}/history")).json()["items"]
    assert [len(one["content"]["stand_ins"]) for one in history] == [0, 1]


async def test_days_have_one_stand_in(town: Registry) -> None:
    await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    overlapping = await town.http.post(f"{PATH}/stand-ins", json=standing_in("2018-08-03", "2018-08-10"))
    reversed_ = await town.http.post(f"{PATH}/stand-ins", json=standing_in("2018-09-03", "2018-09-01"))
    after = await town.http.post(f"{PATH}/stand-ins", json=standing_in("2018-08-04", "2018-08-04"))
    assert faults(overlapping.json()) == [("/body/valid_from", "overlap")]
    assert faults(reversed_.json()) == [("/body/valid_to", "dates-reversed")]
    assert after.status_code == 200


async def test_a_stand_in_ends_early_or_is_withdrawn(town: Registry) -> None:
    await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    await town.show(datetime.fromisoformat("2018-07-25T09:00:00+08:00"))
    path = f"{PATH}/stand-ins/2018-07-20"
    assert (await town.http.delete(path)).status_code == 428
    assert (await town.http.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    ended = await town.http.delete(path, headers={"If-Match": '"2"'})
    assert (ended.json()["stand_ins"][0]["valid_to"], ended.json()["acting"]) == ("2018-07-24", None)
    await town.http.post(f"{PATH}/stand-ins", json=standing_in("2018-09-01", "2018-09-02"))
    withdrawn = await town.http.delete(f"{PATH}/stand-ins/2018-09-01", headers={"If-Match": "*"})
    assert [one["valid_from"] for one in withdrawn.json()["stand_ins"]] == ["2018-07-20"]
    missing = await town.http.delete(f"{PATH}/stand-ins/2018-09-01", headers={"If-Match": "*"})
    assert missing.status_code == 404


async def test_addresses_of_those_to_come_are_masked_and_locked_too(town: Registry) -> None:
    await handed_over(town)
    await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    reader = await town.as_("registry:read")
    shown = (await reader.get(PATH, params={"on": "2018-07-20"})).json()
    assert (shown["next"][0]["email"], shown["acting"]["email"]) == ("l***@***", "w***@***")
    fed = [one["content"] for one in await town.feed(reader) if one["kind"] == "contact"][-1]
    assert (fed["next"][0]["email"], fed["stand_ins"][0]["email"]) == ("l***@***", "w***@***")
    past = (await reader.get(f"{PATH}/history")).json()["items"][-1]["content"]
    assert past["stand_ins"][0]["email"] == "w***@***"
    async with town.database.owner() as connection:
        said = await connection.fetch(
            "SELECT content::text AS said FROM registry.contact UNION ALL SELECT content::text FROM registry.version "
            "UNION ALL SELECT details::text FROM registry.audit"
        )
    assert [row for row in said if "@" in row["said"].replace("***@***", "")] == []


async def test_a_plan_file_that_names_the_old_person_brings_nobody_back(town: Registry) -> None:
    await handed_over(town, valid_from="2018-07-16")
    await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    assert (await applied(town, district()))["changes"] == []
    newer = district(contacts=[person("health", person="孙七", email="sun@example.com")])
    await applied(town, newer)
    shown = await contact(town)
    assert (shown["person"], len(shown["stand_ins"])) == ("孙七", 1)


async def test_to_correct_a_contact_keeps_its_stand_ins(town: Registry) -> None:
    await town.http.post(f"{PATH}/stand-ins", json=standing_in())
    answer = await town.http.put(PATH, json=person("health", person="张三"), headers={"If-Match": '"2"'})
    assert (answer.json()["person"], len(answer.json()["stand_ins"])) == ("张三", 1)


async def test_units_change_their_own_contacts_only(town: Registry) -> None:
    liaison = await town.as_("registry:read", "registry:write", unit="ageing")
    for path, sent in ((f"{PATH}/hand-overs", following()), (f"{PATH}/stand-ins", standing_in())):
        assert (await liaison.post(path, json=sent)).status_code == 404
    assert (await liaison.get(f"{PATH}/history")).status_code == 404
    own = await town.as_("registry:read", "registry:write", unit="health")
    assert (await own.post(f"{PATH}/stand-ins", json=standing_in())).status_code == 200


async def test_who_held_a_role_that_ended_is_still_read_by_who_sees_the_unit(town: Registry) -> None:
    kept = district(contacts=[one for one in district()["contacts"] if one["unit"] != "health"])
    await applied(town, kept, prune=True)
    assert (await town.http.get(PATH)).status_code == 404
    own, another = [await town.as_("registry:read", unit=unit) for unit in ("health", "ageing")]
    for reader in (town.http, own):
        items = (await reader.get(f"{PATH}/history")).json()["items"]
        assert [one["content"] and one["content"]["person"] for one in items] == [ZHANG["person"], None]
    assert (await another.get(f"{PATH}/history")).status_code == 404
    assert (await town.http.get("/v1/units/economy/contacts/principal/history")).status_code == 404


async def test_a_role_that_nobody_holds_is_not_handed_over(town: Registry) -> None:
    missing = await town.http.post("/v1/units/economy/contacts/principal/hand-overs", json=following())
    assert missing.status_code == 404

"""Reorganisations (机构改革) over HTTP: one act, everything together, every fault named."""

from typing import Any

import pytest

from tests.registry.reforms import (
    HEALTH,
    SUCCEEDED,
    before_the_reform,
    carried_out,
    district,
    merged,
    person,
    reform,
    refused,
    renamed,
    share,
    split,
)
from tests.registry.running import START, Registry
from tests.registry.samples import PLAN, applied, faults, owned, taken_to, unit

Json = dict[str, Any]


@pytest.fixture
async def town(registry: Registry) -> Registry:
    """The district, before its reform."""
    return await before_the_reform(registry)


async def read(registry: Registry, path: str, **params: object) -> Json:
    """An answer."""
    answer = await registry.http.get(path, params=params)  # type: ignore[arg-type]  # plain values
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def matters(registry: Registry, **params: object) -> list[str]:
    """The matters of a list of responsibilities."""
    return [one["matter"] for one in (await read(registry, "/v1/responsibilities", **params))["items"]]


async def test_a_unit_that_is_succeeded_ends_the_day_before(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    old, new = await read(town, "/v1/units/health"), await read(town, "/v1/units/wellness")
    assert (old["valid_to"], old["successor"], old["successors"]) == ("2019-01-28", "wellness", ["wellness"])
    assert (new["valid_from"], new["name"]) == ("2019-01-29", "区卫生健康局")


async def test_the_successor_takes_over_what_it_led_and_supported(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    assert await matters(town, unit="wellness", role="lead") == ["T01"]
    assert await matters(town, unit="wellness", role="support") == ["T02", "T04"]
    supported = (await read(town, f"/v1/plans/{PLAN}/responsibilities/T02"))["support"]
    assert supported == ["wellness", "invest"]


async def test_an_earlier_instant_still_knows_the_old_unit(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    path, then = f"/v1/plans/{PLAN}/responsibilities/T01", "2019-01-01T00:00:00+08:00"
    assert (await read(town, path, known_at=then))["lead"] == "health"
    assert (await read(town, path))["lead"] == "wellness"


async def test_lists_by_the_old_name_find_the_successor_with_a_note(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    page = await read(town, "/v1/responsibilities", unit="区卫计局")
    assert [one["matter"] for one in page["items"]] == ["T01", "T02", "T04"]
    assert page["note"]["units"] == [{"code": "wellness", "name": "区卫生健康局"}]
    assert page["note"]["zh"] == "区卫计局 已于 2019-01-28 撤销，职责由 区卫生健康局 承接"
    by_code = await read(town, "/v1/units", unit="health")
    assert [one["code"] for one in by_code["items"]] == ["ageing", "health", "wellness"]


async def test_lists_by_a_present_name_have_no_note(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    assert "note" not in await read(town, "/v1/responsibilities", unit="区卫生健康局")


async def test_a_renamed_unit_keeps_its_code_and_is_found_by_its_old_name(town: Registry) -> None:
    await carried_out(town, reform(renamed("economy", "区经济和信息化局")))
    found = await read(town, "/v1/units/economy")
    [former] = found["former_names"]
    assert (found["name"], former["name"], former["valid_to"]) == ("区经济和信息化局", "区经信局", "2019-01-28")
    page = await read(town, "/v1/responsibilities", unit="区经信局")
    assert [one["matter"] for one in page["items"]] == ["T01", "T02"]
    assert page["note"]["zh"] == "区经信局 自 2019-01-28 次日起更名为 区经济和信息化局（样例〔2019〕1号）"
    assert [one["code"] for one in (await read(town, "/v1/units", q="经信"))["items"]] == ["economy"]


async def test_contacts_go_to_the_successor(town: Registry) -> None:
    done = await carried_out(town, SUCCEEDED)
    contact = await read(town, "/v1/units/wellness/contacts/liaison")
    assert (contact["person"], contact["email"]) == ("health联络员", "health.liaison@example.com")
    assert (await town.http.get("/v1/units/health/contacts/liaison")).status_code == 404
    assert [(one["unit"], one["role"], one["change"]) for one in done["effects"]["contacts"]] == [
        ("health", "liaison", "ended"),
        ("health", "principal", "ended"),
        ("wellness", "liaison", "handed_over"),
        ("wellness", "principal", "handed_over"),
    ]
    page = await read(town, "/v1/contacts", unit="区卫计局")
    assert ([one["role"] for one in page["items"]], page["note"]["asked"]) == (["liaison", "principal"], "区卫计局")


async def test_a_contact_named_anew_takes_the_place_of_the_old_ones(town: Registry) -> None:
    sent = reform(
        merged("health", "invest", into="economy"),
        contacts=[person("economy", person="新联络员", email="new@example.com")],
    )
    await carried_out(town, sent)
    contact = await read(town, "/v1/units/economy/contacts/liaison")
    assert (contact["person"], contact["email"]) == ("新联络员", "new@example.com")


async def test_children_of_a_dissolved_unit_go_under_its_successor(town: Registry) -> None:
    done = await carried_out(town, SUCCEEDED)
    assert (await read(town, "/v1/units/ageing"))["path"] == "government.wellness.ageing"
    assert {"unit": "ageing", "change": "moved", "before": "health", "after": "wellness", "successors": []} in done[
        "effects"
    ]["units"]


async def test_who_sees_the_successor_sees_what_was_the_old_units(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    assert (await read(town, "/v1/units/health"))["path"] == "government.wellness.health"
    assert (await read(town, "/v1/units/health"))["parent"] == "government"


async def test_where_lead_and_support_become_one_it_leads_and_is_named_once(town: Registry) -> None:
    await carried_out(town, reform(merged("health", "invest", into="economy"), contacts=[]))
    owners = {
        code: await read(town, f"/v1/plans/{PLAN}/responsibilities/{code}") for code in ("T01", "T02", "T03", "T04")
    }
    assert {code: (one["lead"], one["support"]) for code, one in owners.items()} == dict.fromkeys(
        owners, ("economy", [])
    )


async def test_after_a_split_no_part_alone_is_the_successor(town: Registry) -> None:
    await carried_out(town, reform(split("invest", share("health", "T03"), share("economy", rest=True))))
    old = await read(town, "/v1/units/invest")
    assert (old["successor"], old["successors"]) == (None, ["health", "economy"])


async def test_a_split_gives_each_matter_to_one_part(town: Registry) -> None:
    sent = reform(
        split("invest", share("promotion", "T03", contacts=["liaison"]), share("economy", rest=True)),
        units=[unit("promotion", "区投资促进局", parent="government")],
    )
    done = await carried_out(town, sent)
    assert await matters(town, unit="promotion") == ["T03"]
    assert await matters(town, unit="economy", role="lead") == ["T02", "T04"]
    assert (await read(town, "/v1/units/promotion/contacts/liaison"))["person"] == "invest联络员"
    assert (await read(town, "/v1/units/invest"))["successors"] == ["promotion", "economy"]
    assert (await read(town, "/v1/units/invest"))["path"] == "government.invest"
    assert done["effects"]["warnings"] == []
    page = await read(town, "/v1/responsibilities", unit="区招商局")
    assert [one["matter"] for one in page["items"]] == ["T01", "T02", "T03", "T04"]


async def test_a_dry_run_says_exactly_what_the_act_then_does_and_writes_nothing(town: Registry) -> None:
    before = await town.feed()
    answer = await town.http.post("/v1/reorganisations", json=SUCCEEDED, params={"dry_run": True})
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True)
    assert await town.feed() == before
    assert (await town.http.get("/v1/reorganisations/reform-2019")).status_code == 404
    done = await carried_out(town, SUCCEEDED)
    assert done["effects"] == answer.json()["effects"]
    written = [(one["kind"], one["code"]) for one in (await town.feed())[len(before) :]]
    assert sorted(written) == sorted(
        [("reorganisation", "reform-2019")]
        + [("unit", code) for code in ("ageing", "health", "wellness")]
        + [("contact", f"{of}/{role}") for of in ("health", "wellness") for role in ("liaison", "principal")]
        + [("responsibility", code) for code in ("T01", "T02", "T04")]
    )
    assert written[0] == ("reorganisation", "reform-2019")


async def test_units_that_lead_and_have_no_liaison_are_warned_of(town: Registry) -> None:
    sent = reform(
        split("invest", share("promotion", "T03"), share("economy", rest=True)),
        units=[unit("promotion", "区投资促进局")],
    )
    done = await carried_out(town, sent)
    assert [(one["code"], one["unit"]) for one in done["effects"]["warnings"]] == [("no-liaison", "promotion")]


async def test_it_is_one_audited_act_that_can_be_read(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    shown = await read(town, "/v1/reorganisations/reform-2019")
    assert (shown["document"], shown["effective_on"], shown["acts"]) == (
        "样例〔2019〕1号",
        "2019-01-29",
        [{"act": "merge", "units": ["health"], "into": "wellness"}],
    )
    for asked in ({"unit": "health"}, {"q": "〔2019〕1"}, {"since": "2019-01-29", "until": "2019-01-29"}):
        assert [one["code"] for one in (await read(town, "/v1/reorganisations", **asked))["items"]] == ["reform-2019"]
    for asked in ({"unit": "economy"}, {"since": "2019-01-30"}):
        assert (await read(town, "/v1/reorganisations", **asked))["items"] == []
    async with town.database.owner() as connection:
        acts = await connection.fetch(
            "SELECT subject, details FROM registry.audit WHERE act = 'reorganisation.carry_out'"
        )
    assert [row["subject"] for row in acts] == ["reorganisation:reform-2019"]
    assert "example.com" not in str([row["details"] for row in acts])


async def test_the_same_reorganisation_is_carried_out_once(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    again = await town.http.post("/v1/reorganisations", json=SUCCEEDED)
    assert (again.status_code, again.json()["code"]) == (409, "exists")
    assert again.json()["detail"] == ("机构调整 reform-2019 已存在；已经实施，不能更改；另一次机构调整请使用新代码")


async def test_to_apply_the_plan_file_again_undoes_nothing(town: Registry) -> None:
    """The file still speaks of the units of 2017; what the reform made of them is the registry's own."""
    sent = reform(merged("health", into="wellness"), renamed("economy", "区经济和信息化局"), units=[HEALTH])
    await carried_out(town, sent)
    assert (await applied(town, district()))["changes"] == []
    assert (await read(town, "/v1/units/economy"))["name"] == "区经济和信息化局"


async def test_a_file_that_says_something_new_counts(town: Registry) -> None:
    await carried_out(town, reform(renamed("economy", "区经济和信息化局")))
    newer = district()
    newer["units"][4]["name"] = "区数字经济局"
    await applied(town, newer)
    assert (await read(town, "/v1/units/economy"))["name"] == "区数字经济局"


async def test_nothing_new_is_put_on_a_dissolved_unit(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    newer = district(responsibilities=[owned("T05", "health")])
    by_file = await town.http.put(f"/v1/plans/{PLAN}", json=newer)
    assert faults(by_file.json()) == [("/body/responsibilities/0/lead", "unit-dissolved")]
    body = {**owned("T05", "economy", "health"), "plan": PLAN, "valid_from": None, "valid_to": None}
    by_hand = await town.http.put(f"/v1/plans/{PLAN}/responsibilities/T05", json=body)
    assert faults(by_hand.json()) == [("/body/support/0", "unit-dissolved")]
    contact = await town.http.put("/v1/units/health/contacts/liaison", json=person("health"))
    assert faults(contact.json()) == [("/body/unit", "unit-dissolved")]


async def test_what_reorganisations_wrote_is_not_changed_by_hand(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    kept = await read(town, "/v1/units/health")
    body = {name: value for name, value in kept.items() if name not in {"id", "version", "recorded_at", "path"}}
    tag = {"If-Match": f'"{kept["version"]}"'}
    same = await town.http.put("/v1/units/health", json={**body, "name_en": "Health"}, headers=tag)
    assert (same.status_code, same.json()["successors"]) == (200, ["wellness"])
    tag = {"If-Match": same.headers["etag"]}
    other = await town.http.put("/v1/units/health", json={**body, "successors": ["economy"]}, headers=tag)
    assert faults(other.json()) == [("/body/successors", "by-reorganisation")]


async def test_a_new_unit_may_bear_the_name_of_a_dissolved_one(town: Registry) -> None:
    sent = reform(merged("health", into="again"), units=[unit("again", "区卫计局", parent="government")])
    await carried_out(town, sent)
    page = await read(town, "/v1/responsibilities", unit="区卫计局")
    assert ([one["matter"] for one in page["items"]], "note" in page) == (["T01", "T02", "T04"], False)


async def test_matters_that_ended_before_stay_where_they_were(town: Registry) -> None:
    body = {**owned("T03", "invest"), "plan": PLAN, "valid_from": None, "valid_to": "2018-12-31"}
    kept = await town.http.put(f"/v1/plans/{PLAN}/responsibilities/T03", json=body, headers={"If-Match": '"1"'})
    assert kept.status_code == 200
    await carried_out(town, reform(merged("invest", into="economy")))
    assert (await read(town, f"/v1/plans/{PLAN}/responsibilities/T03"))["lead"] == "invest"


async def test_a_closed_plan_is_left_alone(town: Registry) -> None:
    await taken_to(town.http, "closed")
    done = await carried_out(town, SUCCEEDED)
    assert done["effects"]["matters"] == []


async def test_a_caller_of_a_unit_reorganises_nothing(town: Registry) -> None:
    writer = await town.as_("registry:read", "registry:write", unit="health")
    answer = await writer.post("/v1/reorganisations", json=SUCCEEDED)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_unit_cannot_end_before_it_began_or_twice(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    again = reform(merged("health", into="economy"), code="again")
    young = reform(merged("wellness", into="economy"), code="young")
    assert await refused(town, again) == [("/body/acts/0/units/0", "already-ended")]
    assert await refused(town, young) == [("/body/effective_on", "before-it-began")]
    into_old = reform(merged("invest", into="health"), code="into-old")
    assert await refused(town, into_old) == [("/body/acts/0/into", "already-ended")]
    too_early = reform(merged("invest", into="wellness"), code="early", effective_on="2019-01-01")
    assert await refused(town, too_early) == [("/body/acts/0/into", "successor-not-begun")]


async def test_a_line_of_successors_is_followed_to_its_end(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    later = reform(merged("wellness", into="economy"), code="later", effective_on="2019-02-01")
    await carried_out(town, later)
    page = await read(town, "/v1/responsibilities", unit="区卫计局")
    assert page["note"]["units"] == [{"code": "economy", "name": "区经信局"}]
    assert [one["matter"] for one in page["items"]] == ["T01", "T02", "T04"]
    assert (await read(town, "/v1/units/health"))["path"] == "government.economy.wellness.health"


async def test_units_are_listed_as_they_existed_on_a_day(town: Registry) -> None:
    await carried_out(town, SUCCEEDED)
    for day, there in (("2019-01-28", "health"), ("2019-01-29", "wellness")):
        found = await read(town, "/v1/units", valid_on=day, kind="bureau")
        assert there in {one["code"] for one in found["items"]}
        assert len({"health", "wellness"} & {one["code"] for one in found["items"]}) == 1


async def test_the_clock_decides_whether_a_day_has_come(town: Registry) -> None:
    await town.show(START)
    assert await refused(town, SUCCEEDED) == [("/body/effective_on", "in-future")]

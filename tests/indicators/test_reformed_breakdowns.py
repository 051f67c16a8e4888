"""A reform hands the parts of targets over with everything else: the successor has them, and what nobody has is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
from docx import Document

from tests.indicators import samples
from tests.platform import START, Platform
from tests.registry.reforms import merged, person, reform, share, split
from tests.registry.samples import taken_to, unit

PATH = f"/v1/plans/{samples.PLAN}/targets/T05/breakdown"
LETTER = f"/v1/plans/{samples.PLAN}/units/{{}}/responsibility-letter"
TOWNS = ("yinong_town", "yiqiao_town")
HALVES = [{"unit": town, "value": "250", "note": town} for town in TOWNS]
NEW = unit("newtown", "新围镇", kind="town")
ROLES = ("liaison", "principal", "deputy_head")


async def divided(platform: Platform, parts: list[dict[str, Any]]) -> None:
    made = await platform.indicators.put(PATH, json={"parts": parts, "document": "样例〔2018〕1号"})
    assert made.status_code == httpx.codes.CREATED, made.text


async def carried_out(platform: Platform, *acts: dict[str, Any], units: list[dict[str, Any]]) -> None:
    contacts = [person(one["code"], role) for one in units for role in ROLES]
    sent = reform(*acts, effective_on="2018-07-16", units=units, contacts=contacts)
    done = await platform.registry.post("/v1/reorganisations", json=sent)
    assert done.status_code == httpx.codes.CREATED, done.text


async def reformed(platform: Platform, *acts: dict[str, Any], units: list[dict[str, Any]]) -> None:
    """The registry carries a reform out, and indicators takes it a minute later."""
    await carried_out(platform, *acts, units=units)
    await samples.due(platform, START + timedelta(minutes=1))


async def read(platform: Platform) -> dict[str, Any]:
    answer = await platform.indicators.get(PATH)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    return found


async def test_the_parts_of_merged_towns_are_the_new_towns_and_the_old_version_stays(running: Platform) -> None:
    years = [{"unit": town, "year": 2018, "value": "100"} for town in TOWNS]
    await divided(running, [*HALVES, *years, *({**each, "year": 2019, "value": "150"} for each in years)])
    before = await read(running)
    await reformed(running, merged(*TOWNS, into="newtown"), units=[NEW])
    after = await read(running)
    assert [(part["unit"], part["year"], part["value"]) for part in after["parts"]] == [
        ("newtown", None, "500"),
        ("newtown", 2018, "200"),
        ("newtown", 2019, "300"),
    ]
    assert (after["version"], after["by"], after["document"]) == (2, "duban", "样例〔2018〕1号")
    assert (after["reaches"], after["dissolved"], after["parts"][0]["note"]) == (True, [], "yinong_town；yiqiao_town")
    history = (await running.indicators.get(f"{PATH}/history")).json()["items"]
    assert [one["parts"] for one in history] == [before["parts"], after["parts"]]
    await samples.due(running, START + timedelta(minutes=2))
    assert await read(running) == after
    trail = (await running.indicators.get("/v1/audit", params={"subject": f"target:{samples.PLAN}/T05"})).json()
    assert ("target.divide", "duban") in [(one["act"], one["client_id"]) for one in trail["items"]]


async def test_the_new_town_sees_what_it_took_over_and_signs_for_it_and_the_old_one_signs_nothing(
    running: Platform,
) -> None:
    await divided(running, HALVES)
    await reformed(running, merged(*TOWNS, into="newtown"), units=[NEW])
    town = await running.as_("indicators", "indicators:read", unit="newtown")
    listed = (await town.get("/v1/breakdowns")).json()["items"]
    assert [(one["target"], one["dissolved"]) for one in listed] == [("T05", [])]
    letter = Document(BytesIO((await town.get(LETTER.format("newtown"))).content))
    [row] = [row for table in letter.tables for row in table.rows if "（T05）" in row.cells[1].text]
    assert row.cells[4].text == "合计500项"
    old = await running.indicators.get(LETTER.format("yinong_town"))
    assert (old.status_code, old.json()["code"]) == (409, "unit-dissolved")
    assert "新围镇（newtown）" in old.json()["detail"]


async def test_a_letter_asked_for_right_after_a_reform_knows_of_it(running: Platform) -> None:
    await divided(running, HALVES)
    await carried_out(running, merged(*TOWNS, into="newtown"), units=[NEW])
    letter = await running.indicators.get(LETTER.format("newtown"))
    assert letter.status_code == httpx.codes.OK, letter.text
    assert (await read(running))["version"] == 2


async def test_the_part_of_a_town_that_was_split_stays_and_is_told_until_somebody_divides_anew(
    running: Platform,
) -> None:
    await divided(running, HALVES)
    east, west = ({**NEW, "code": code, "name": name} for code, name in (("east", "新东镇"), ("west", "新西镇")))
    parted = split("yinong_town", share("east", rest=True), share("west"))
    await reformed(running, parted, units=[east, west])
    told = [{"unit": "yinong_town", "successors": ["east", "west"]}]
    after = await read(running)
    assert (after["version"], after["dissolved"], after["reaches"]) == (1, told, True)
    listed = (await running.indicators.get("/v1/breakdowns", params={"plan": samples.PLAN})).json()["items"]
    assert [one["dissolved"] for one in listed] == [told]
    match = {"If-Match": '"1"'}
    more = [{**HALVES[0], "value": "300"}, {**HALVES[1], "value": "200"}]
    again = await running.indicators.put(PATH, json={"parts": more}, headers=match)
    assert (again.status_code, [fault["code"] for fault in again.json()["errors"]]) == (422, ["unit-dissolved"])
    assert "新东镇（east）、新西镇（west）" in again.json()["errors"][0]["detail"]
    anew = [{"unit": "east", "value": "125"}, {"unit": "west", "value": "125"}, HALVES[1]]
    done = await running.indicators.put(PATH, json={"parts": anew}, headers=match)
    assert (done.status_code, done.json()["dissolved"]) == (200, []), done.text


async def test_nothing_of_a_closed_plan_is_handed_over(running: Platform) -> None:
    await divided(running, HALVES)
    await taken_to(running.registry, "closed", plan=samples.PLAN)
    await reformed(running, merged(*TOWNS, into="newtown"), units=[NEW])
    assert [part["unit"] for part in (await read(running))["parts"]] == [*TOWNS]

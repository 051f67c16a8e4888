"""Dividing targets over units and years, and the letters of responsibility that come of it, over HTTP."""

from collections import Counter
from io import BytesIO
from typing import Any

import httpx
import pytest
from docx import Document

from services.indicators.breakdowns.schemas import BreakdownView
from services.plan_file.parts import IndicatorsPart
from tests.indicators import samples
from tests.indicators.test_plan_apply import with_goal, without
from tests.indicators.test_target_changes import approved
from tests.platform import Platform
from tests.registry.reforms import merged, reform
from tests.registry.samples import part, taken_to

LETTER = f"/v1/plans/{samples.PLAN}/units/{{}}/responsibility-letter"
BY_YEAR = [{"year": 2017, "value": "300"}, {"year": 2018, "value": "350"}, {"year": 2019, "value": "350"}]
BY_UNIT = [
    {"unit": "economic_development_zone", "value": "400"},
    {"unit": "science_city", "value": "350"},
    {"unit": "yiqiao_town", "value": "250", "note": "含义桥高端智造产业园"},
]


def path(target: str) -> str:
    return f"/v1/plans/{samples.PLAN}/targets/{target}/breakdown"


async def divided(platform: Platform, target: str, parts: list[dict[str, Any]], **headers: str) -> httpx.Response:
    return await platform.indicators.put(path(target), json={"parts": parts}, headers=headers)


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_count_is_divided_over_units_and_over_years(in_set_up: Platform) -> None:
    made = await divided(in_set_up, "T03", [*BY_UNIT, *BY_YEAR])
    assert (made.status_code, made.headers["etag"]) == (201, '"1"'), made.text
    read = (await in_set_up.indicators.get(path("T03"))).json()
    assert read == made.json()
    assert (read["goal"], read["unit_of_measure"], read["reaches"]) == ("1000", "家", True)
    assert read["sums"] == [
        {"dimension": "units", "parts": "1000", "remaining": "0"},
        {"dimension": "years", "parts": "1000", "remaining": "0"},
    ]


async def test_a_dissolved_unit_gets_no_new_part_and_its_successor_has_what_it_had(running: Platform) -> None:
    assert (await divided(running, "T03", BY_UNIT)).status_code == 201
    body = reform(merged("yiqiao_town", into="science_city"), effective_on="2018-07-16")
    carried_out = await running.registry.post("/v1/reorganisations", json=body)
    assert carried_out.is_success, carried_out.text
    assert (await divided(running, "T03", BY_UNIT, **{"If-Match": '"1"'})).status_code == 412
    answer = await divided(running, "T03", BY_UNIT, **{"If-Match": '"2"'})
    assert faults(answer) == [("/body/parts/2/unit", "unit-dissolved")]
    assert "（science_city） 承接" in answer.json()["errors"][0]["detail"]
    taken = (await running.indicators.get(path("T03"))).json()["parts"]
    assert [(part["unit"], part["value"]) for part in taken] == [
        ("economic_development_zone", "400"),
        ("science_city", "600"),
    ]


async def test_parts_that_miss_the_whole_are_refused_with_what_remains(in_set_up: Platform) -> None:
    answer = await divided(in_set_up, "T03", BY_UNIT[:2])
    assert (answer.status_code, answer.json()["code"]) == (422, "breakdown")
    assert faults(answer) == [("/body/parts", "short-of-the-whole")]
    assert "总目标 1000：尚余 250" in answer.json()["errors"][0]["detail"]
    assert (await in_set_up.indicators.get(path("T03"))).status_code == 404


@pytest.mark.parametrize(
    ("target", "reason"),
    [("T01", "倍数属于总体"), ("T02", "比率"), ("T07", "增速"), ("T15", "增速"), ("T17", "节点目标")],
)
async def test_what_cannot_be_summed_is_refused_with_the_reason(loaded: Platform, target: str, reason: str) -> None:
    answer = await divided(loaded, target, [{"unit": "science_city", "value": "10"}])
    assert (answer.status_code, answer.json()["code"]) == (422, "not-divisible")
    assert reason in answer.json()["detail"]


async def test_a_years_output_is_divided_over_units_only(in_set_up: Platform) -> None:
    by_years = await divided(in_set_up, "T19", [{"year": 2018, "value": "20"}, {"year": 2019, "value": "30"}])
    assert faults(by_years) == [("/body/parts/0/year", "not-by-years"), ("/body/parts/1/year", "not-by-years")]
    by_units = [{"unit": "xianghu_future_town", "value": "49.5"}, {"unit": "yiqiao_town", "value": "0.5"}]
    assert (await divided(in_set_up, "T19", by_units)).status_code == 201


async def test_a_breakdown_is_replaced_with_if_match_and_keeps_its_history(in_set_up: Platform) -> None:
    await divided(in_set_up, "T03", BY_YEAR)
    assert (await divided(in_set_up, "T03", BY_UNIT)).status_code == 428
    assert (await divided(in_set_up, "T03", BY_UNIT, **{"If-Match": '"2"'})).status_code == 412
    replaced = await divided(in_set_up, "T03", BY_UNIT, **{"If-Match": '"1"'})
    same = await divided(in_set_up, "T03", BY_UNIT, **{"If-Match": '"2"'})
    assert (replaced.status_code, replaced.json()["version"], same.json()["version"]) == (200, 2, 2)
    history = (await in_set_up.indicators.get(f"{path('T03')}/history")).json()["items"]
    assert [(one["version"], len(one["parts"])) for one in history] == [(1, 3), (2, 3)]


async def test_a_breakdown_says_when_its_target_moved_away(in_set_up: Platform) -> None:
    await divided(in_set_up, "T03", BY_UNIT)
    await samples.apply(in_set_up, "indicators", with_goal("T03", 1200))
    read = (await in_set_up.indicators.get(path("T03"))).json()
    assert (read["goal"], read["reaches"], read["sums"][0]["remaining"]) == ("1200", False, "200")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([{"value": "1000"}], ("/body/parts/0", "part-of-nothing")),
        ([{"unit": "nobody", "value": "1000"}], ("/body/parts/0/unit", "unknown-reference")),
        ([{"year": 2020, "value": "1000"}], ("/body/parts/0/year", "outside-target")),
        ([{"unit": "talent", "value": "999.5"}, {"unit": "talent", "value": "0.5"}], ("/body/parts", "part-twice")),
    ],
)
async def test_every_faulty_part_is_named(
    loaded: Platform, parts: list[dict[str, Any]], found: tuple[str, str]
) -> None:
    answer = await divided(loaded, "T03", parts)
    assert answer.status_code == 422
    assert found in faults(answer)


@pytest.mark.parametrize(
    "body",
    [
        {"parts": []},
        {"parts": [{"unit": "talent", "value": 0.1}]},
        {"parts": [{"unit": "talent", "share": "1"}]},
        {},
        [],
    ],
    ids=str,
)
async def test_a_body_of_another_shape_is_refused(loaded: Platform, body: object) -> None:
    assert (await loaded.indicators.put(path("T03"), json=body)).status_code == 422


async def test_what_is_not_there_cannot_be_divided_or_read(loaded: Platform) -> None:
    assert (await divided(loaded, "T99", BY_UNIT)).status_code == 404
    no_plan = LETTER.replace(samples.PLAN, "no-plan").format("science_technology")
    for gone in (path("T04"), f"{path('T04')}/history", LETTER.format("nobody"), no_plan):
        assert (await loaded.indicators.get(gone)).status_code == 404, gone


async def test_the_parts_of_a_target_that_was_ended_stay_without_a_whole(in_set_up: Platform) -> None:
    await divided(in_set_up, "T03", BY_UNIT)
    await samples.apply(in_set_up, "indicators", without("T03"), prune=True)
    read = BreakdownView.model_validate((await in_set_up.indicators.get(path("T03"))).json())
    assert (read.measure, read.goal, read.goal_on, read.reaches, read.sums) == (None, None, None, False, [])
    assert [(part.unit, str(part.value)) for part in read.parts] == [(part["unit"], part["value"]) for part in BY_UNIT]


async def test_nothing_of_a_closed_plan_is_divided(running: Platform) -> None:
    await taken_to(running.registry, "closed", plan=samples.PLAN)
    assert (await divided(running, "T03", BY_UNIT)).status_code == 409


async def test_breakdowns_are_listed_for_whom_they_concern(in_set_up: Platform) -> None:
    await divided(in_set_up, "T03", BY_UNIT)
    await divided(in_set_up, "T19", [{"unit": "xianghu_future_town", "value": "50"}])
    seen = {}
    for unit in ("yiqiao_town", "science_technology", "transport"):
        caller = await in_set_up.as_("indicators", "indicators:read", "plans:apply", unit=unit)
        seen[unit] = [one["target"] for one in (await caller.get("/v1/breakdowns")).json()["items"]]
        assert (await caller.get(path("T03"))).status_code == (200 if seen[unit] else 404)
        assert (await caller.put(path("T03"), json={"parts": BY_YEAR})).status_code == 403
    assert seen == {"yiqiao_town": ["T03"], "science_technology": ["T03"], "transport": []}
    listed = (
        await in_set_up.indicators.get("/v1/breakdowns", params={"unit": "xianghu_future_town", "total": True})
    ).json()
    assert ([one["target"] for one in listed["items"]], listed["total"]) == (["T19"], 1)


async def test_a_division_is_in_the_audit(in_set_up: Platform) -> None:
    await divided(in_set_up, "T03", BY_UNIT)
    async with in_set_up.database.owner() as connection:
        subject = await connection.fetchval("SELECT subject FROM indicators.audit WHERE act = 'target.divide'")
    assert subject == f"target:{samples.PLAN}/T03"


async def opened(client: httpx.AsyncClient, unit: str) -> Any:  # noqa: ANN401 - a document
    answer = await client.get(LETTER.format(unit))
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return Document(BytesIO(answer.content))


def table(document: Any, head: str) -> list[list[str]]:  # noqa: ANN401 - as above
    """The rows of the table with this head in its second column."""
    [found] = [one for one in document.tables if one.cell(0, 1).text == head]
    return [[cell.text for cell in row.cells] for row in found.rows]


async def test_a_letter_holds_the_units_parts_its_targets_and_its_tasks_in_the_plans_words(in_set_up: Platform) -> None:
    cells = [{**part, "year": 2019} for part in BY_UNIT]
    await divided(in_set_up, "T03", [*BY_UNIT, *cells])
    document = await opened(in_set_up.indicators, "science_technology")
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "目标责任书" in texts
    assert "自2017年1月1日起至2019年12月31日止。各项目标另有时限的，从其时限。" in texts
    rows = {row[1]: row for row in table(document, "目标")[1:]}
    [t05] = [row for name, row in rows.items() if name.endswith("（T05）")]
    assert t05[2:5] == ["牵头", "2019年12月31日前累计不低于500项", "与总体要求相同"]
    assert "突破500项关键技术" in t05[5]
    [t03] = [row for name, row in rows.items() if name.endswith("（T03）")]
    assert t03[2:5] == ["配合", "2019年12月31日前累计不低于1000家", "配合牵头单位完成"]
    tasks = table(document, "任务")
    assert any("（C20）" in row[1] and row[2] == "配合" and "子基金" in row[3] for row in tasks[1:])
    signed = [cell.text for row in document.tables[-1].rows for cell in row.cells]
    assert {"区科技局", "（盖章）", "主要负责人签字："} <= set(signed)


async def test_a_town_that_leads_nothing_has_its_part_in_its_letter(in_set_up: Platform) -> None:
    cells = [{**part, "year": 2019} for part in BY_UNIT]
    await divided(in_set_up, "T03", [*BY_UNIT, *cells])
    document = await opened(in_set_up.indicators, "science_city")
    [row] = [row for row in table(document, "目标") if "（T03）" in row[1]]
    assert (row[2], row[4]) == ("分解", "2019年350家；合计350家")


async def test_a_letter_is_an_official_document_on_a4_with_typefaces_to_fall_back_on(loaded: Platform) -> None:
    answer = await loaded.indicators.get(LETTER.format("economy_information"))
    document = Document(BytesIO(answer.content))
    section = document.sections[0]
    sides = [side.mm for side in (section.page_width, section.page_height) if side is not None]
    assert [round(side) for side in sides] == [210, 297]
    assert [run.font.name for run in document.paragraphs[0].runs] == ["方正小标宋简体"]
    [fonts] = [
        part.blob.decode() for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml"
    ]
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts


async def test_a_unit_reads_its_own_letter_and_no_others(loaded: Platform) -> None:
    caller = await loaded.as_("indicators", "indicators:read", unit="talent")
    assert (await caller.get(LETTER.format("talent"))).status_code == 200
    assert (await caller.get(LETTER.format("science_technology"))).status_code == 404


async def test_a_unit_without_anything_has_nothing_to_sign(loaded: Platform) -> None:
    answer = await loaded.indicators.get(LETTER.format("project_owners"))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-sign")
    assert "无须签订责任书" in answer.json()["detail"]


async def test_a_letter_says_by_which_approval_a_target_asks_for_something_else_than_its_words(
    in_set_up: Platform,
) -> None:
    before, after = ({"checkpoints": [{"date": "2019-12-31", "value": value}]} for value in ("500", "600"))
    code = await approved(in_set_up, "T05", before=before, changes=after)
    assert "经批准调整" not in await said_of(in_set_up.indicators, "science_technology", "T05")
    taken = await in_set_up.indicators.post(f"/v1/plans/{samples.PLAN}/targets/T05/changes", json={"request": code})
    assert taken.status_code == 200, taken.text
    said = await said_of(in_set_up.indicators, "science_technology", "T05")
    assert "突破500项关键技术" in said
    assert said.endswith("；经批准调整为2019年12月31日前累计不低于600项（萧政办复〔2018〕12号）")


async def said_of(client: httpx.AsyncClient, unit: str, code: str) -> str:
    [row] = [row for row in table(await opened(client, unit), "目标") if f"（{code}）" in row[1]]
    found: str = row[5]
    return found


async def test_tasks_that_a_later_plan_continues_stand_in_its_letter_with_the_plan_whose_words_they_are(
    in_set_up: Platform,
) -> None:
    first = await follows(in_set_up, samples.PLAN, "plan-b")
    old = await opened(in_set_up.indicators, "science_technology")
    assert "无任务。" in [paragraph.text for paragraph in old.paragraphs]
    new = table(await opened_of(in_set_up, "plan-b"), "任务")[1:]
    assert [row[1].split("（")[-1] for row in new] == [f"{code}）" for code in first]
    name = samples.parts().registry.plan.name
    assert all(row[3].startswith(f"《{name}》") for row in new)
    await follows(in_set_up, "plan-b", "plan-c")
    before = len(in_set_up.transport.asked)
    assert [row[3] for row in table(await opened_of(in_set_up, "plan-c"), "任务")[1:]] == [row[3] for row in new]
    asked = Counter(path for path in in_set_up.transport.asked[before:] if path.startswith("/registry/v1/"))
    assert len(new) > 1
    assert asked["/registry/v1/tasks"] == 3  # of each plan once, however many tasks go on
    assert asked[f"/registry/v1/plans/{samples.PLAN}"] == 1
    assert not [path for path in asked if "/tasks/" in path]
    gone = await in_set_up.indicators.get(LETTER.replace(samples.PLAN, "plan-b").format("science_technology"))
    assert (gone.status_code, gone.json()["code"]) == (409, "nothing-to-sign")
    assert "其未完成任务已转入 plan-c" in gone.json()["detail"]


async def follows(platform: Platform, plan: str, successor: str) -> list[str]:
    """A plan without anything of its own continues another one; the tasks of the science bureau that it takes over."""
    sent = part(successor)
    made = await platform.registry.put(f"/v1/plans/{successor}", json=sent)
    assert made.status_code == 200, made.text
    header = samples.parts().indicators.header.model_copy(update={"plan": successor, "name": sent["plan"]["name"]})
    measured = IndicatorsPart(header=header, indicators=[], policies=[], targets=[]).model_dump(mode="json")
    told = await platform.indicators.put(f"/v1/plans/{successor}", json=measured)
    assert told.status_code == 200, told.text
    done = await platform.registry.post(f"/v1/plans/{plan}/successor", json={"successor": successor})
    assert done.status_code == 200, done.text
    listed = await platform.registry.get("/v1/tasks", params={"plan": successor, "unit": "science_technology"})
    return [one["code"] for one in listed.json()["items"]]


async def opened_of(platform: Platform, plan: str) -> Any:  # noqa: ANN401 - a document
    answer = await platform.indicators.get(LETTER.replace(samples.PLAN, plan).format("science_technology"))
    assert answer.status_code == 200, answer.text
    return Document(BytesIO(answer.content))

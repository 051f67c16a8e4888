"""Prospects and activities by sheet: of the caller's unit, stages left to steps, contact persons locked and masked."""

from typing import Any

import pytest

from services.kit.office.writing import XLSX
from tests.registry.running import Registry
from tests.registry.samples import applied, small_part
from tests.registry.sheets import counts, done, refused, send, workbook

HEADER = ("代码", "名称", "产业", "来源地", "线索来源", "洽谈单位", "首次接触日期", "联系人")
WANG = "王某（虚构）；0571-8280 0000；wang@example.com"
KUNLUN = ("kunlun", "昆仑数据（样例）", "信息产业", "北京", "大会", "区科技局", "2018-05-18", WANG)
OTHER = ("other", "另一家（样例）", "information", "上海", "大会", "jingxin", "2018-05-18", None)
ACTIVITY = "代码,名称,类型,开始日期,结束日期,地点,主办单位,对接对象\n"
HELD = "beijing,北京推介会（样例）,推介会,2018-05-18,,北京,区科技局、jingxin,kunlun\n"
SCOPES = ("registry:read", "prospects:read", "prospects:write")


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    await applied(registry, small_part())
    return registry


async def read(registry: Registry, path: str) -> Any:  # noqa: ANN401 - JSON
    return (await registry.http.get(f"/v1/{path}")).json()


async def test_a_new_prospect_begins_its_way_with_its_first_lead(planned: Registry) -> None:
    assert counts(await done(planned, "prospects", workbook(HEADER, KUNLUN, OTHER), dry_run=True)) == (2, 0, 0)
    assert (await read(planned, "prospects"))["items"] == []
    assert counts(await done(planned, "prospects", workbook(HEADER, KUNLUN, OTHER))) == (2, 0, 0)
    found = await read(planned, "prospects/kunlun")
    assert (found["stage"], found["stage_since"], found["unit"]) == ("lead", "2018-05-18", "keji")
    steps = (await read(planned, "prospects/kunlun/steps"))["items"]
    assert [(step["from_stage"], step["to_stage"], step["on"]) for step in steps] == [(None, "lead", "2018-05-18")]
    assert counts(await done(planned, "prospects", workbook(HEADER, KUNLUN, OTHER))) == (0, 0, 2)


async def test_a_sheet_leaves_the_stage_the_day_of_the_lead_and_the_contact_person(planned: Registry) -> None:
    await done(planned, "prospects", workbook(HEADER, KUNLUN))
    step = {"to": "contact", "on": "2018-06-01"}
    assert (await planned.http.post("/v1/prospects/kunlun/steps", json=step)).status_code == 201
    renamed = (KUNLUN[0], "昆仑（样例）", *KUNLUN[2:7], None)
    assert counts(await done(planned, "prospects", workbook(HEADER, renamed))) == (0, 1, 0)
    found = await read(planned, "prospects/kunlun")
    assert (found["stage"], found["name"], found["contact"]["phone"]) == ("contact", "昆仑（样例）", "0571-8280 0000")
    assert len((await read(planned, "prospects/kunlun/steps"))["items"]) == 2
    moved = workbook(("代码", "首次接触日期"), ("kunlun", "2018-05-19"))
    assert await refused(planned, "prospects", moved) == [("企业!B2", "fixed")]
    later = workbook(HEADER, ("late", *KUNLUN[1:6], "2018-07-17", None))
    assert await refused(planned, "prospects", later) == [("企业!G2", "in-future")]


async def test_contact_persons_are_locked_and_a_masked_export_changes_nothing(planned: Registry) -> None:
    await done(planned, "prospects", workbook(HEADER, KUNLUN, OTHER))
    async with planned.database.owner() as connection:
        stored = await connection.fetchval(
            "SELECT string_agg(content::text, '') FROM registry.version WHERE kind = 'prospect'"
        )
    assert "example.com" not in stored
    http = await planned.as_(*SCOPES)
    sheet = await http.get("/v1/prospects", headers={"Accept": XLSX})
    assert counts(await done(http, "prospects", sheet.content)) == (0, 0, 2)
    masked = workbook(("代码", "联系人"), ("kunlun", "李***"), ("other", "王***"))
    assert await refused(http, "prospects", masked) == [("企业!B2", "masked"), ("企业!B3", "masked")]
    another = workbook(("代码", "联系人"), ("kunlun", "李某（虚构）"))
    assert counts(await done(http, "prospects", another)) == (0, 1, 0)
    assert (await read(planned, "prospects/kunlun"))["contact"]["person"] == "李某（虚构）"


async def test_a_caller_of_a_unit_imports_prospects_of_its_own_only(planned: Registry) -> None:
    http = await planned.as_(*SCOPES, unit="keji")
    assert counts(await done(http, "prospects", workbook(HEADER, KUNLUN))) == (1, 0, 0)
    assert await refused(http, "prospects", workbook(HEADER, KUNLUN, OTHER)) == [("企业!F3", "unknown-reference")]
    await done(planned, "prospects", workbook(HEADER, OTHER))
    taken = ("other", *KUNLUN[1:])
    assert await refused(http, "prospects", workbook(HEADER, taken)) == [("企业!A2", "other-unit")]
    assert (await read(planned, "prospects/other"))["unit"] == "jingxin"


async def test_activities_are_imported_by_who_took_part(planned: Registry) -> None:
    await done(planned, "prospects", workbook(HEADER, KUNLUN))
    http = await planned.as_(*SCOPES, unit="keji")
    assert counts(await done(http, "activities", ACTIVITY + HELD)) == (1, 0, 0)
    assert counts(await done(http, "activities", ACTIVITY + HELD)) == (0, 0, 1)
    found = await read(planned, "activities/beijing")
    assert (found["units"], found["met"], found["kind"]) == (["keji", "jingxin"], ["kunlun"], "promotion")
    foreign = HELD.replace("区科技局、jingxin", "jingxin").replace("beijing", "shanghai")
    assert await refused(http, "activities", ACTIVITY + foreign) == [("G2", "other-unit")]
    assert counts(await done(planned, "activities", ACTIVITY + foreign)) == (1, 0, 0)
    taken = HELD.replace("beijing", "shanghai")
    assert await refused(http, "activities", ACTIVITY + taken) == [("A2", "other-unit")]
    wrong = HELD.replace("2018-05-18,,", "2018-05-18,2018-05-17,").replace("kunlun", "nobody")
    assert await refused(planned, "activities", ACTIVITY + wrong) == [
        ("E2", "dates-reversed"),
        ("H2", "unknown-reference"),
    ]


async def test_who_keeps_prospects_need_not_keep_the_registry(planned: Registry) -> None:
    keeper = await planned.as_(*SCOPES)
    assert (await keeper.get("/v1/prospects:template")).status_code == 200
    assert counts(await done(keeper, "prospects", workbook(HEADER, KUNLUN))) == (1, 0, 0)
    assert (await send(keeper, "industries", "代码,名称\nx,甲\n")).status_code == 403
    writer = await planned.as_("registry:read", "registry:write")
    for objects in ("prospects", "activities"):
        assert (await writer.get(f"/v1/{objects}:template")).status_code == 403
        assert (await send(writer, objects, workbook(HEADER, KUNLUN))).status_code == 403

"""Rosters by sheet: items proposed, a thousand recognised from one document, withdrawn; what is wrong at its cell."""

import re
from typing import Any

import httpx
import pytest

from services.kit.office.writing import XLSX
from tests.registry.lives import kept
from tests.registry.running import Registry
from tests.registry.samples import applied, enterprise, industry, small_part
from tests.registry.sheets import counts, done, refused, send, workbook

LEADING = {"code": "leading", "name": "龙头企业名册", "lists": "enterprise", "unit": "jingxin"}
TEAMS = {"code": "teams", "name": "创新团队名册", "lists": "team", "unit": "keji"}
PROPOSED = ("名册", "序号", "名称", "归属", "对应对象", "备注")
RECOGNISED = ("名册", "序号", "认定日期", "认定依据")
DOCUMENT = "关于公布龙头企业名单的通知；萧经信〔2018〕1号"
ONE = ("龙头企业名册", 1, "甲", "产业:信息产业", "企业:杭州第1有限公司", None)
TWO = ("leading", "2", "乙", "industry:bio", "杭州第2有限公司", "备注")


@pytest.fixture
async def keeping(registry: Registry) -> Registry:
    more = [enterprise(f"e{n}", f"杭州第{n}有限公司") for n in range(1, 4)]
    of_plan = small_part()
    both = [industry(), industry("bio", name="生物产业")]
    await applied(registry, {**of_plan, "enterprises": [*of_plan["enterprises"], *more], "industries": both})
    for roster in (LEADING, TEAMS):
        assert (await registry.http.post("/v1/rosters", json=roster)).status_code == 201
    return registry


async def read(http: httpx.AsyncClient, item: str) -> dict[str, Any]:
    roster, _, code = item.partition("/")
    found: dict[str, Any] = (await http.get(f"/v1/rosters/{roster}/items/{code}")).json()
    return found


async def test_items_are_proposed_by_sheet_as_over_http(keeping: Registry) -> None:
    said = await done(keeping, "roster-items", workbook(PROPOSED, ONE, TWO), dry_run=True)
    assert (counts(said), [item["code"] for item in said["items"]]) == ((2, 0, 0), ["leading/1", "leading/2"])
    assert (await keeping.http.get("/v1/rosters/leading/items")).json()["items"] == []
    assert counts(await done(keeping, "roster-items", workbook(PROPOSED, ONE, TWO))) == (2, 0, 0)
    over_http = {"code": "3", "name": "丙", "subject": "industry:bio", "thing": "enterprise:e3", "note": None}
    await keeping.http.post("/v1/rosters/leading/items", json=over_http)
    first, third = await read(keeping.http, "leading/1"), await read(keeping.http, "leading/3")
    told = {"code": "1", "name": "甲", "subject": "industry:information", "thing": "enterprise:e1"}
    own = {name: third[name] for name in ("id", "recorded_at")}
    assert {**first, **own} == {**third, **told}
    assert counts(await done(keeping, "roster-items", workbook(PROPOSED, ONE, TWO))) == (0, 0, 2)


async def test_a_thousand_items_are_recognised_from_one_document(keeping: Registry) -> None:
    """A clerk proposes teams by one sheet and recognises them by another: four columns, the document in a merged cell."""
    teams = [("创新团队名册", n, f"第{n}团队", "信息产业", None, None) for n in range(1, 1001)]
    assert counts(await done(keeping, "roster-items", workbook(PROPOSED, *teams))) == (1000, 0, 0)
    made = workbook(RECOGNISED, *(("创新团队名册", n, "2018年5月31日", None) for n in range(1, 1001)))
    made.worksheets[0]["D2"].value = DOCUMENT
    made.worksheets[0].merge_cells("D2:D1001")
    assert counts(await done(keeping, "roster-items", made)) == (0, 1000, 0)
    found = (await keeping.http.get("/v1/rosters/teams/count", params={"as_of": "2018-06-30"})).json()
    assert (found["total"], found["by_subject"][0]["subject"]) == (1000, "industry:information")
    history = (await keeping.http.get("/v1/rosters/teams/items/7/history")).json()["items"]
    assert [one["content"]["state"] for one in history] == ["proposed", "recognised"]
    assert history[1]["content"]["evidence"] == [
        {"title": "关于公布龙头企业名单的通知", "document_number": "萧经信〔2018〕1号", "file": None}
    ]
    assert counts(await done(keeping, "roster-items", made)) == (0, 0, 1000)


async def test_items_are_withdrawn_by_sheet_and_another_takes_the_place(keeping: Registry) -> None:
    whole = (*PROPOSED, "认定日期", "认定依据", "撤销日期", "撤销原因")
    await done(keeping, "roster-items", workbook(whole, (*ONE, "2018-05-31", DOCUMENT, None, None)))
    gone = (*ONE, "2018-05-31", DOCUMENT, "2018-07-01", "迁出本区")
    again = ("leading", 7, *ONE[2:], "2018-07-01", DOCUMENT, None, None)
    assert counts(await done(keeping, "roster-items", workbook(whole, gone, again))) == (1, 1, 0)
    days = [("2018-06-30", 1), ("2018-07-01", 1)]
    for day, number in days:
        found = (await keeping.http.get("/v1/rosters/leading/count", params={"as_of": day})).json()
        assert found["total"] == number
    assert (await read(keeping.http, "leading/1"))["withdrawal"] == "迁出本区"


async def test_every_fault_of_an_item_is_named_by_its_cell(keeping: Registry) -> None:
    whole = (*PROPOSED, "认定日期", "认定依据", "撤销日期", "撤销原因")
    rows = (
        ("没有的名册", 1, "甲", "信息产业", None, None),
        ("teams", 2, "乙", "信息产业", "e1", None),
        ("leading", 3, "丙", "信息产业", None, None),
        ("leading", 4, "丁", "plan", "e2", None, "2018-07-17", DOCUMENT),
        ("leading", 5, "戊", "信息产业", "e3", None, "2018-07-01", None),
        ("teams", 6, "己", "信息产业", None, None, "2018-07-01", "口头"),
        ("teams", 7, "庚", "信息产业", None, None, None, None, "2018-07-01", None),
        ("teams", 8, "辛", "信息产业", None, None),
        ("teams", 9, " 辛 ", "信息产业", None, None),
        ("teams", "9号", "壬", "信息产业", None, None),
    )
    answer = await send(keeping, "roster-items", workbook(whole, *rows))
    assert all(re.search("[一-鿿]{3}", fault["detail"]) for fault in answer.json()["errors"]), answer.text
    found = [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
    assert found == [
        ("企业!A2", "unknown-name"),
        ("企业!E3", "other-kind"),
        ("企业!E4", "other-kind"),
        ("企业!D5", "unknown-name"),
        ("企业!G6", "half"),
        ("企业!H7", "invalid"),
        ("企业!I8", "half"),
        ("企业!C10", "twice"),
        ("企业!B11", "matter-code-shape"),
    ]
    assert (await keeping.http.get("/v1/rosters/teams/items")).json()["items"] == []


async def test_what_happened_to_an_item_stays(keeping: Registry) -> None:
    await done(keeping, "roster-items", workbook(PROPOSED, ONE, TWO))
    await done(keeping, "roster-items", workbook(RECOGNISED, ("leading", 1, "2018-05-31", DOCUMENT)))
    for row, place in (
        (("leading", 1, "2018-06-01", DOCUMENT), "C2"),
        (("leading", 1, None, None), "C2"),
        (("leading", 1, "2018-05-31", "别的文件；1号"), "C2"),
        (("leading", 2, "2018-07-17", DOCUMENT), "C2"),
    ):
        found = await refused(keeping, "roster-items", workbook(RECOGNISED, row))
        assert [cell for cell, _ in found] == [f"企业!{place}"], row
    moved = workbook(PROPOSED, ("leading", 1, "甲", "industry:bio", "e1", None))
    assert await refused(keeping, "roster-items", moved) == [("企业!D2", "wrong-step")]
    renamed = workbook(("名册", "序号", "名称"), ("leading", 1, "甲公司"))
    assert counts(await done(keeping, "roster-items", renamed)) == (0, 1, 0)
    item = await read(keeping.http, "leading/1")
    assert (item["name"], item["state"], item["version"]) == ("甲公司", "recognised", 3)


async def test_nothing_stands_in_a_roster_twice_whether_it_is_there_or_in_the_file(keeping: Registry) -> None:
    await done(keeping, "roster-items", workbook(PROPOSED, ONE))
    twice = workbook(PROPOSED, ("leading", 8, "别名", *ONE[3:]), ("leading", 9, "甲", *ONE[3:4], "e3", None))
    assert await refused(keeping, "roster-items", twice) == [("企业!E2", "twice"), ("企业!C3", "twice")]
    elsewhere = workbook(PROPOSED, ("leading", 8, "甲", "生物产业", "e1", None))
    assert counts(await done(keeping, "roster-items", elsewhere)) == (1, 0, 0)


async def test_files_that_items_rest_on_are_kept_here_and_seen_by_who_sees_the_items(keeping: Registry) -> None:
    await done(keeping, "roster-items", workbook(PROPOSED, ONE, TWO))
    nowhere = f"名单；；{'0' * 64}"
    row = ("leading", 1, "2018-05-31", nowhere)
    assert await refused(keeping, "roster-items", workbook(RECOGNISED, row)) == [("企业!D2", "unknown-file")]
    there = f"文件名称=名单；佐证文件={await kept(keeping.http, '名单.pdf')}"
    rows = [("leading", n, "2018-05-31", there) for n in (1, 2)]
    await done(keeping, "roster-items", workbook(RECOGNISED, *rows), dry_run=True)
    reader = await keeping.as_("registry:read", unit="keji")
    asked = {"subject": "roster_item:leading/2"}
    assert (await reader.get("/v1/files", params=asked)).json()["items"] == []
    await done(keeping, "roster-items", workbook(RECOGNISED, *rows))
    assert [one["name"] for one in (await reader.get("/v1/files", params=asked)).json()["items"]] == ["名单.pdf"]


async def test_a_unit_keeps_the_items_of_its_own_rosters(keeping: Registry) -> None:
    own = await keeping.as_("registry:read", "registry:write", unit="jingxin")
    assert counts(await done(own, "roster-items", workbook(PROPOSED, ONE))) == (1, 0, 0)
    others = workbook(PROPOSED, TWO, ("teams", 1, "甲", "单位:区科技局", None, None))
    assert await refused(own, "roster-items", others) == [("企业!A3", "other-unit")]


async def test_items_that_go_out_come_in_without_any_change(keeping: Registry) -> None:
    whole = (*PROPOSED, "认定日期", "认定依据", "撤销日期", "撤销原因")
    rows = [(*ONE, "2018-05-31", DOCUMENT, "2018-07-01", "迁出本区"), (*TWO, "2018-05-31", f"{DOCUMENT}\n名单；2号")]
    await done(keeping, "roster-items", workbook(whole, *rows))
    sheet = await keeping.http.get("/v1/rosters/leading/items", headers={"Accept": XLSX})
    assert counts(await done(keeping, "roster-items", sheet.content)) == (0, 0, 2)
    as_csv = await keeping.http.get("/v1/rosters/leading/items", headers={"Accept": "text/csv"})
    assert counts(await done(keeping, "roster-items", as_csv.content.decode())) == (0, 0, 2)


async def test_an_import_of_items_is_in_the_feed_and_in_the_audit(keeping: Registry) -> None:
    await done(keeping, "roster-items", workbook(PROPOSED, ONE))
    assert [change["code"] for change in await keeping.feed() if change["kind"] == "roster_item"] == ["leading/1"]
    async with keeping.database.owner() as connection:
        acts = await connection.fetchval("SELECT count(*) FROM registry.audit WHERE act = 'roster_item.import'")
    assert acts == 1

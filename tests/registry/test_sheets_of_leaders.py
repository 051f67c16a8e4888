"""Leaders' contacts and visits by sheet: codes are the registry's, people know them by leader, subject and day."""

import pytest

from services.kit.office.writing import CSV, XLSX
from tests.registry.lives import People, kept, people
from tests.registry.running import Registry
from tests.registry.samples import unit
from tests.registry.sheets import counts, done, items, merged, refused, send, workbook

CONTACT = ("编号", "联系领导", "联系对象", "起始日期", "终止日期", "联系部门")
LI = (None, "李副区长", "项目:项目P01", "2017-01-01", None, "区经信局")
PARK = (None, "deputy_li", "载体：信息港小镇", "2017-01-01", "2018-06-30", None)
VISIT = ("编号", "走访领导", "走访对象", "走访日期", "地点", "同行人员", "走访所见", "佐证文件")
TENTH = (None, "李副区长", "项目P01", "2018年7月10日", "信息港小镇", "区经信局局长、某总", "主体结构已封顶", None)
NINTH = (None, "deputy_li", "enterprise:e22", "2018-07-09", None, None, "用电负荷不足", None)


@pytest.fixture
async def who(registry: Registry) -> People:
    return await people(registry)


async def test_contacts_and_visits_without_a_code_get_the_next_in_the_order_of_their_rows(who: People) -> None:
    said = await done(who.office, "leader-contacts", workbook(CONTACT, LI, PARK), dry_run=True)
    assert [(one["row"], one["code"], one["change"]) for one in said["items"]] == [
        (2, "C0001", "created"),
        (3, "C0002", "created"),
    ]
    assert await items(who.office, "leader-contacts") == []
    assert counts(await done(who.office, "leader-contacts", workbook(CONTACT, LI, PARK))) == (2, 0, 0)
    first, second = await items(who.office, "leader-contacts")
    assert (first["leader"], first["subject"], first["liaison"]) == ("deputy_li", "project:P01", "jingxin")
    assert (second["code"], second["subject"], second["valid_to"]) == ("C0002", "carrier:info-port", "2018-06-30")
    assert counts(await done(who.other, "visits", workbook(VISIT, TENTH, NINTH))) == (2, 0, 0)
    visits = await items(who.office, "visits")
    assert [(one["code"], one["on"], one["people"]) for one in visits] == [
        ("V0001", "2018-07-10", ["区经信局局长", "某总"]),
        ("V0002", "2018-07-09", []),
    ]


async def test_a_row_without_a_code_is_what_people_know_by_leader_subject_and_day(who: People) -> None:
    await done(who.office, "leader-contacts", workbook(CONTACT, LI, PARK))
    ended = (*LI[:4], "2018-06-30", LI[5])
    said = await done(who.office, "leader-contacts", workbook(CONTACT, ended, PARK))
    assert [(one["code"], one["change"]) for one in said["items"]] == [("C0001", "changed"), ("C0002", "unchanged")]
    without = workbook(CONTACT[1:5], ("李副区长", "项目P01", "2018-07-01", None))
    said = await done(who.office, "leader-contacts", without)
    assert [(one["code"], one["change"]) for one in said["items"]] == [("C0003", "created")]
    await done(who.other, "visits", workbook(VISIT, TENTH))
    told = workbook(("走访领导", "走访对象", "走访日期", "走访所见"), ("李副区长", "项目P01", "2018-07-10", "已通电"))
    assert counts(await done(who.other, "visits", told)) == (0, 1, 0)
    (visit,) = await items(who.office, "visits")
    assert (visit["seen"], visit["place"], visit["version"]) == ("已通电", "信息港小镇", 2)


async def test_a_row_with_a_code_is_that_one_whatever_else_it_says(who: People) -> None:
    await done(who.other, "visits", workbook(VISIT, TENTH))
    moved = workbook(("编号", "走访日期"), ("V0001", "2018-07-11"))
    assert counts(await done(who.other, "visits", moved)) == (0, 1, 0)
    assert [one["on"] for one in await items(who.office, "visits")] == ["2018-07-11"]
    answer = await send(who.other, "visits", workbook(VISIT, ("V0009", *TENTH[1:])))
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("企业!A2", "unknown-number")
    assert fault["detail"] == "没有编号为 V0009 的记录：编号由系统给出，新增请将此格留空"
    known_by_nothing = workbook(("编号", "地点"), (None, "某地"))
    assert {code for _, code in await refused(who.other, "visits", known_by_nothing)} == {"column-missing"}
    lacking = workbook(("走访领导", "地点"), ("deputy_li", "某地"))
    assert {code for _, code in await refused(who.other, "visits", lacking)} == {"column-missing"}


async def test_one_thing_in_two_rows_names_the_other_row(who: People) -> None:
    again = ("C0001", "deputy_li", "project:P01", "2017-01-01", "2018-01-01", None)
    for rows in ((LI, LI), (LI, PARK, LI)):
        answer = await send(who.office, "leader-contacts", workbook(CONTACT, *rows))
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == (f"企业!A{len(rows) + 1}", "twice")
        assert fault["detail"] == "deputy_li、project:P01、2017-01-01 已见于第 2 行"
    await done(who.office, "leader-contacts", workbook(CONTACT, LI))
    for first, second in ((LI, again), (again, LI), (again, again)):
        twice = workbook(CONTACT, first, second)
        assert await refused(who.office, "leader-contacts", twice) == [("企业!A3", "twice")]


async def test_two_visits_of_one_day_are_told_apart_by_their_codes(who: People) -> None:
    one = {"leader": "deputy_li", "subject": "project:P01", "on": "2018-07-10", "seen": "上午"}
    for seen in ("上午", "下午"):
        assert (await who.other.post("/v1/visits", json={**one, "seen": seen})).status_code == 201
    answer = await send(who.other, "visits", workbook(VISIT, TENTH))
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("企业!A2", "ambiguous-name")
    assert "V0001、V0002" in fault["detail"]
    both = workbook(("编号", *VISIT[1:4]), ("V0001", *TENTH[1:4]), ("V0002", *TENTH[1:4]))
    assert counts(await done(who.other, "visits", both)) == (0, 0, 2)


async def test_contacts_are_judged_as_one_by_one(who: People) -> None:
    rows = (
        (None, "区经信局", "项目P01", "2017-01-01", None, None),
        (None, "没有的领导", "项目P01", "2017-01-01", None, None),
        (None, "deputy_li", "industry:information", "2017-01-01", None, None),
        (None, "deputy_li", "project:P99", "2017-01-01", None, "nobody"),
        (None, "deputy_li", "项目P02", "2018-07-01", "2018-06-30", None),
        (None, "deputy_li", "enterprise:e22", "2017-01-01", None, None),
        (None, "deputy_li", "enterprise:e22", "2018-01-01", None, None),
        (None, "deputy_li", None, "去年", None, None),
    )
    assert await refused(who.office, "leader-contacts", workbook(CONTACT, *rows)) == [
        ("企业!B2", "no-leader"),
        ("企业!B3", "unknown-name"),
        ("企业!C4", "no-subject-of-contact"),
        ("企业!C5", "unknown-reference"),
        ("企业!F5", "unknown-reference"),
        ("企业!E6", "dates-reversed"),
        ("企业!D7", "in-contact-already"),
        ("企业!D8", "in-contact-already"),
        ("企业!C9", "missing"),
        ("企业!D9", "day"),
    ]
    await done(who.office, "leader-contacts", workbook(CONTACT, LI))
    sent = {"leader": "deputy_li", "subject": "project:P01", "valid_from": "2018-01-01"}
    one_by_one = (await who.office.post("/v1/leader-contacts", json=sent)).json()["errors"]
    beside = await send(who.office, "leader-contacts", workbook(CONTACT, (None, *LI[1:3], "2018-01-01", None, None)))
    assert [one["detail"] for one in beside.json()["errors"]] == [one["detail"] for one in one_by_one]
    assert await items(who.office, "leader-contacts?leader=deputy_li&subject=enterprise:e22") == []


async def test_visits_are_judged_as_one_by_one_and_their_files_seen_with_them(who: People) -> None:
    file = await kept(who.other, "照片.pdf")
    rows = (
        (*TENTH[:3], "2018-07-17", *TENTH[4:]),
        (*TENTH[:3], "2018-07-08", *TENTH[4:6], None, None),
        (*TENTH[:3], "2018-07-07", *TENTH[4:7], "0" * 64),
        (*TENTH[:2], "plan", "2018-07-06", *TENTH[4:]),
    )
    assert await refused(who.other, "visits", workbook(VISIT, *rows)) == [
        ("企业!D2", "day-in-future"),
        ("企业!G3", "missing"),
        ("企业!H4", "unknown-file"),
        ("企业!C5", "no-subject-of-contact"),
    ]
    assert counts(await done(who.other, "visits", workbook(VISIT, (*TENTH[:7], file)))) == (1, 0, 0)
    for subject in ("visit:V0001", "project:P01"):
        assert [one["name"] for one in await items(who.lead, f"files?subject={subject}")] == ["照片.pdf"]
    elsewhere = workbook(("编号", "走访对象"), ("V0001", "载体:信息港小镇"))
    assert counts(await done(who.other, "visits", elsewhere)) == (0, 1, 0)
    assert [one["name"] for one in await items(who.lead, "files?subject=carrier:info-port")] == ["照片.pdf"]


async def test_contacts_are_the_whole_regions_and_visits_of_who_speaks_for_the_leader(who: People) -> None:
    http = await who.registry.as_("registry:read", "registry:write", unit="deputy_li")
    assert (await send(http, "leader-contacts", workbook(CONTACT, LI))).status_code == 403
    assert (await send(who.other, "leader-contacts", workbook(CONTACT, LI))).status_code == 403
    assert (await send(http, "visits", workbook(VISIT, TENTH))).status_code == 403
    assert await refused(who.lead, "visits", workbook(VISIT, TENTH)) == [("企业!B2", "other-unit")]
    another = unit("deputy_wang", "王副区长", kind="leader", parent="government")
    assert (await who.registry.http.post("/v1/units", json=another)).status_code == 201
    await done(who.registry, "visits", workbook(VISIT, TENTH, (None, "王副区长", *NINTH[2:])))
    taken = workbook(("编号", "走访领导", "走访所见"), ("V0002", "deputy_li", "改写"))
    assert await refused(who.other, "visits", taken) == [("企业!A2", "other-unit")]
    sheet = await who.other.get("/v1/visits", headers={"Accept": XLSX})
    assert counts(await done(who.other, "visits", sheet.content)) == (0, 0, 2)


async def test_contacts_and_visits_of_a_merged_enterprise_are_found_under_the_one_that_stands(who: People) -> None:
    contact = (None, "deputy_li", "enterprise:e22", *PARK[3:])
    await done(who.office, "leader-contacts", workbook(CONTACT, contact))
    await done(who.other, "visits", workbook(VISIT, NINTH))
    await merged(who.registry)
    for http, objects, header, row in (
        (who.office, "leader-contacts", CONTACT, contact),
        (who.other, "visits", VISIT, NINTH),
    ):
        (kept,) = await items(who.office, objects)
        for code in (None, kept["code"]):
            for subject in ("enterprise:e22", "enterprise:e23"):
                said = await done(http, objects, workbook(header, (code, row[1], subject, *row[3:])))
                assert [(one["code"], one["change"]) for one in said["items"]] == [(kept["code"], "unchanged")]
    new = workbook(VISIT, (*NINTH[:3], "2018-07-08", *NINTH[4:]))
    assert counts(await done(who.other, "visits", new)) == (1, 0, 0)
    assert {one["subject"] for one in await items(who.office, "visits")} == {"enterprise:e23"}


async def test_contacts_and_visits_that_go_out_come_in_without_any_change(who: People) -> None:
    await done(who.office, "leader-contacts", workbook(CONTACT, LI, PARK))
    file = await kept(who.other, "照片.pdf")
    told = (*TENTH[:6], "第一行\n第二行", file)
    sent = {"leader": "deputy_li", "subject": "project:P01", "on": "2018-07-01", "seen": "第一行\n第二行：=1+1"}
    assert (await who.other.post("/v1/visits", json=sent)).status_code == 201
    await done(who.other, "visits", workbook(VISIT, told, NINTH))
    for objects, http, rows in (("leader-contacts", who.office, 2), ("visits", who.other, 3)):
        for media in (XLSX, CSV):
            sheet = await http.get(f"/v1/{objects}", headers={"Accept": media})
            again = sheet.content if media == XLSX else sheet.content.decode("utf-8-sig")
            assert counts(await done(http, objects, again)) == (0, 0, rows)

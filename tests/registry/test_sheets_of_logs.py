"""Leaders' contacts, visits, payments and publicity by sheet: found by what people know them by, judged as one by one."""

import json
from typing import Any

import httpx
import pytest

from services.kit.office.writing import CSV, XLSX
from tests.registry.lives import People, kept, people
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, small_part, unit
from tests.registry.sheets import counts, done, refused, send, workbook

CONTACT = ("编号", "联系领导", "联系对象", "起始日期", "终止日期", "联系部门")
LI = (None, "李副区长", "项目:项目P01", "2017-01-01", None, "区经信局")
PARK = (None, "deputy_li", "载体：信息港小镇", "2017-01-01", "2018-06-30", None)
VISIT = ("编号", "走访领导", "走访对象", "走访日期", "地点", "同行人员", "走访所见", "佐证文件")
TENTH = (None, "李副区长", "项目P01", "2018年7月10日", "信息港小镇", "区经信局局长、某总", "主体结构已封顶", None)
NINTH = (None, "deputy_li", "enterprise:e22", "2018-07-09", None, None, "用电负荷不足", None)


@pytest.fixture
async def who(registry: Registry) -> People:
    return await people(registry)


async def items(http: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await http.get(f"/v1/{path}")).json()["items"]
    return found


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


async def merged(registry: Registry) -> None:
    """What was e22 is e23 from now on."""
    made = enterprise("e23", "合成数据交易有限公司", number=1)
    assert (await registry.http.post("/v1/enterprises", json=made)).status_code == 201
    said = {"duplicate": "e22", "duplicate_version": 1, "reason": "同一企业", "decisions": {}}
    answer = await registry.http.post("/v1/enterprises/e23/merge", json=said, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text


async def test_contacts_and_visits_of_a_merged_enterprise_are_found_under_the_one_that_stands(who: People) -> None:
    await done(who.other, "visits", workbook(VISIT, NINTH))
    await merged(who.registry)
    again = workbook(VISIT, (*NINTH[:2], "enterprise:e23", *NINTH[3:]))
    said = await done(who.other, "visits", again, dry_run=True)
    assert [one["code"] for one in said["items"]] == ["V0001"]


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


PAYMENT = ("计划", "政策工具", "兑现日期", "兑现金额", "企业", "项目", "收款方", "依据文号", "备注")
FIRST = (PLAN, "合成子基金", "2018-03-01", "30", "杭州钱塘大数据交易中心有限公司", None, None, "样例〔2018〕1号", None)
SECOND = (PLAN, "subfund", "2018-03-02", "0.004亿元", None, "项目P01", None, "样例〔2018〕2号", "第一笔")
THIRD = (PLAN, "subfund", "2018-03-03", "40.50", None, None, "某双创团队", "样例〔2018〕3号", None)
PUBLISHED = ("计划", "刊发日期", "媒体", "标题", "链接", "刊发单位", "任务")
DAILY = (PLAN, "2018-05-18", "萧山日报", "从蓝图到产业", "https://news.example/1", "区科技局", "示范区")
STATION = (PLAN, "2018-05-19", "萧山电视台", "一年间", None, "jingxin", None)
OF_INSTRUMENTS = f"/v1/plans/{PLAN}/instruments"


@pytest.fixture
async def paying(registry: Registry) -> Registry:
    await applied(registry, small_part())
    fund = {
        "plan": PLAN,
        "code": "subfund",
        "name": "合成子基金",
        "kind": "fund",
        "unit": "jingxin",
        "committed": "100",
    }
    other = {"plan": PLAN, "code": "talent", "name": "合成人才专项", "kind": "talent", "unit": "keji"}
    for one in (fund, other):
        assert (await registry.http.put(f"{OF_INSTRUMENTS}/{one['code']}", json=one)).status_code == 200
    return registry


async def test_a_ledger_that_is_sent_again_adds_only_its_new_rows(paying: Registry) -> None:
    said = await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND), dry_run=True)
    assert (counts(said), said["recorded_at"]) == ((2, 0, 0), None)
    assert await items(paying.http, "payments") == []
    assert counts(await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND))) == (2, 0, 0)
    said = await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND, THIRD))
    assert [(one["row"], one["code"], one["change"]) for one in said["items"]] == [
        (2, f"{PLAN}/subfund", "unchanged"),
        (3, f"{PLAN}/subfund", "unchanged"),
        (4, f"{PLAN}/subfund", "created"),
    ]
    first, second, third = await items(paying.http, "payments")
    assert (first["enterprise"], first["amount"], second["project"], second["amount"]) == ("e22", "30", "P01", "40")
    assert (third["receiver"], third["amount"], third["document"]) == ("某双创团队", "40.5", "样例〔2018〕3号")
    assert counts(await done(paying, "publicity", workbook(PUBLISHED, DAILY))) == (1, 0, 0)
    assert counts(await done(paying, "publicity", workbook(PUBLISHED, STATION, DAILY))) == (1, 0, 1)
    published = await items(paying.http, "publicity")
    assert [(one["medium"], one["unit"], one["task"]) for one in published] == [
        ("萧山日报", "keji", "C01"),
        ("萧山电视台", "jingxin", None),
    ]


async def test_what_is_paid_too_much_is_told_and_not_refused_as_one_by_one(paying: Registry) -> None:
    rows = workbook(PAYMENT, FIRST, SECOND, THIRD)
    for dry_run in (True, False):
        said = await done(paying, "payments", rows, dry_run=dry_run)
        assert [(one["code"], one["over"]) for one in said["findings"]] == [("paid-more-than-committed", "10.5")]
    assert (await paying.http.get("/v1/payment-sums")).json()["findings"] == said["findings"]
    assert (await done(paying, "payments", rows))["findings"] == []


@pytest.mark.parametrize(
    ("objects", "header", "row"), [("payments", PAYMENT, FIRST), ("publicity", PUBLISHED, STATION)]
)
async def test_two_equal_rows_are_one_row_too_many(
    paying: Registry, objects: str, header: tuple[str, ...], row: tuple[object, ...]
) -> None:
    cell = f"企业!{'H' if objects == 'payments' else 'D'}"
    answer = await send(paying, objects, workbook(header, row, row))
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"{cell}3", "twice")
    assert fault["detail"] == "与第 2 行完全相同：请删除其中一行；确为两条的，请写明不同之处"
    await done(paying, objects, workbook(header, row))
    assert await refused(paying, objects, workbook(header, row, row)) == [(f"{cell}3", "twice")]


async def test_entries_that_were_recorded_twice_one_by_one_come_in_as_they_went_out(paying: Registry) -> None:
    sent = {"amount": "30", "day": "2018-03-01", "document": "样例〔2018〕1号", "enterprise": "e22"}
    for _ in range(2):
        assert (await paying.http.post(f"{OF_INSTRUMENTS}/subfund/payments", json=sent)).status_code == 201
    assert counts(await done(paying, "payments", workbook(PAYMENT, FIRST, FIRST))) == (0, 0, 2)
    assert await refused(paying, "payments", workbook(PAYMENT, FIRST, FIRST, FIRST)) == [("企业!H4", "twice")]


async def test_what_was_taken_back_is_not_recorded_anew_by_the_same_row(paying: Registry) -> None:
    await done(paying, "payments", workbook(PAYMENT, FIRST))
    (paid,) = await items(paying.http, "payments")
    back = {"day": "2018-04-01", "document": "样例〔2018〕9号", "reason": "重复拨付"}
    reversal = f"/v1/plans/{PLAN}/payments/{paid['id']}/reversal"
    assert (await paying.http.post(reversal, json=back)).status_code == 201
    assert counts(await done(paying, "payments", workbook(PAYMENT, FIRST))) == (0, 0, 1)
    anew = (*FIRST[:8], "冲销后重新兑现")
    assert counts(await done(paying, "payments", workbook(PAYMENT, FIRST, anew))) == (1, 0, 1)
    taken_back = (*FIRST[:3], "-30", *FIRST[4:7], "样例〔2018〕8号", None)
    assert await refused(paying, "payments", workbook(PAYMENT, taken_back)) == [("企业!D2", "not-positive")]
    await done(paying, "publicity", workbook(PUBLISHED, DAILY))
    (entry,) = await items(paying.http, "publicity")
    withdrawal = f"/v1/plans/{PLAN}/publicity/{entry['id']}/withdrawal"
    assert (await paying.http.post(withdrawal, json={"reason": "误登"})).status_code == 200
    assert counts(await done(paying, "publicity", workbook(PUBLISHED, DAILY))) == (0, 0, 1)
    assert await items(paying.http, "publicity") == []


async def test_a_row_is_what_it_says_in_the_columns_that_there_are(paying: Registry) -> None:
    await done(paying, "payments", workbook(PAYMENT, SECOND))
    without_note = workbook(PAYMENT[:8], SECOND[:8])
    assert counts(await done(paying, "payments", without_note)) == (0, 0, 1)
    assert counts(await done(paying, "payments", workbook(PAYMENT, (*SECOND[:8], "第二笔")))) == (1, 0, 0)
    assert counts(await done(paying, "payments", workbook(PAYMENT, (*SECOND[:8], None)))) == (1, 0, 0)
    lacking = workbook(PAYMENT[:7], FIRST[:7])
    assert await refused(paying, "payments", lacking) == [("企业!A1", "column-missing")]


async def test_a_payment_to_an_enterprise_that_was_merged_is_there_under_the_one_that_stands(paying: Registry) -> None:
    await done(paying, "payments", workbook(PAYMENT, FIRST))
    await merged(paying)
    again = [(*FIRST[:4], code, *FIRST[5:]) for code in ("e22", "e23")]
    for row in again:
        assert counts(await done(paying, "payments", workbook(PAYMENT, row))) == (0, 0, 1)
    new = (*FIRST[:4], "e22", *FIRST[5:8], "另一笔")
    assert await refused(paying, "payments", workbook(PAYMENT, new)) == [("企业!E2", "merged")]


async def test_payments_are_judged_as_one_by_one_at_their_cells(paying: Registry) -> None:
    rows = (
        (PLAN, "subfund", "2018-07-17", "0", "e22", None, None, "1号", None),
        (PLAN, "没有的基金", "2018-03-01", "1", "e22", None, None, "2号", None),
        (PLAN, "none", "2018-03-01", "1", "e99", None, None, "3号", None),
        ("nowhere", "subfund", "2018-03-01", "1", None, "P99", None, "4号", None),
        (PLAN, "subfund", "2018-03-01", "1", "e22", None, "某团队", "5号", None),
        (PLAN, "subfund", "2018-03-01", "1", None, None, None, None, None),
        (PLAN, "subfund", "去年", "三万", None, None, None, "7号", None),
    )
    assert await refused(paying, "payments", workbook(PAYMENT, *rows)) == [
        ("企业!C2", "in-future"),
        ("企业!D2", "not-positive"),
        ("企业!B3", "unknown-name"),
        ("企业!B4", "unknown-reference"),
        ("企业!E4", "unknown-reference"),
        ("企业!A5", "unknown-reference"),
        ("企业!F5", "unknown-reference"),
        ("企业!G6", "one-receiver"),
        ("企业!H7", "missing"),
        ("企业!C8", "day"),
        ("企业!D8", "number"),
    ]
    assert await items(paying.http, "payments") == []
    none = workbook(PAYMENT, (*FIRST[:4], None, None, None, *FIRST[7:]))
    sent = {"amount": "30", "day": "2018-03-01", "document": "样例〔2018〕1号"}
    one_by_one = (await paying.http.post(f"{OF_INSTRUMENTS}/subfund/payments", json=sent)).json()["errors"]
    by_sheet = (await send(paying, "payments", none)).json()["errors"]
    assert [one["code"] for one in by_sheet] == [one["code"] for one in one_by_one] == ["one-receiver"]


async def test_publicity_is_judged_as_one_by_one_at_its_cells(paying: Registry) -> None:
    rows = (
        (PLAN, "2018-07-17", "某报", "甲", "ftp://x", "区科技局", "C99"),
        ("nowhere", "2018-05-18", "某报", "乙", None, "nobody", None),
        (PLAN, "2018-05-18", None, "丙", None, "区科技局", "没有的任务"),
    )
    assert await refused(paying, "publicity", workbook(PUBLISHED, *rows)) == [
        ("企业!B2", "in-future"),
        ("企业!E2", "link"),
        ("企业!G2", "unknown-reference"),
        ("企业!A3", "unknown-reference"),
        ("企业!F3", "unknown-reference"),
        ("企业!C4", "missing"),
        ("企业!G4", "unknown-name"),
    ]
    assert await items(paying.http, "publicity") == []


async def test_a_unit_adds_what_it_pays_and_published_itself(paying: Registry) -> None:
    keji = await paying.as_("registry:read", "tasks:report", unit="keji")
    others = workbook(PAYMENT, FIRST, (PLAN, "talent", *THIRD[2:]))
    assert await refused(keji, "payments", others) == [("企业!B2", "other-unit")]
    await done(paying, "payments", workbook(PAYMENT, FIRST))
    assert counts(await done(keji, "payments", others)) == (1, 0, 1)
    assert await refused(keji, "publicity", workbook(PUBLISHED, DAILY, STATION)) == [("企业!F3", "other-unit")]
    assert counts(await done(keji, "publicity", workbook(PUBLISHED, DAILY))) == (1, 0, 0)
    writer = await paying.as_("registry:read", "registry:write")
    for objects in ("payments", "publicity"):
        assert (await send(writer, objects, workbook(PAYMENT, FIRST))).status_code == 403
        assert (await keji.get(f"/v1/{objects}:template")).status_code == 200


async def test_ledgers_that_go_out_come_in_without_any_change(paying: Registry) -> None:
    await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND))
    sent = {"amount": "40.50", "day": "2018-03-03", "receiver": "某双创团队", "document": "0123", "note": "=1+1；甲=乙"}
    assert (await paying.http.post(f"{OF_INSTRUMENTS}/talent/payments", json=sent)).status_code == 201
    await done(paying, "publicity", workbook(PUBLISHED, DAILY, STATION))
    paid = (await items(paying.http, "payments"))[0]
    back = {"day": "2018-04-01", "document": "样例〔2018〕9号", "reason": "重复拨付"}
    await paying.http.post(f"/v1/plans/{PLAN}/payments/{paid['id']}/reversal", json=back)
    (entry, _) = await items(paying.http, "publicity")
    await paying.http.post(f"/v1/plans/{PLAN}/publicity/{entry['id']}/withdrawal", json={"reason": "误登"})
    for path, rows in (("payments", 4), ("publicity", 1), ("publicity?withdrawn=true", 2)):
        for media in (XLSX, CSV):
            sheet = await paying.http.get(f"/v1/{path}", headers={"Accept": media})
            again = sheet.content if media == XLSX else sheet.content.decode("utf-8-sig")
            assert counts(await done(paying, path.partition("?")[0], again)) == (0, 0, rows)


async def test_a_ledger_is_one_deed_of_the_trail_with_what_it_was_about(paying: Registry) -> None:
    await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND))
    await done(paying, "payments", workbook(PAYMENT, FIRST, SECOND))
    async with paying.database.owner() as connection:
        (details,) = [
            json.loads(row["details"])
            for row in await connection.fetch("SELECT details FROM registry.audit WHERE act = 'payment.import'")
        ]
    assert (details["rows"], details["created"], details["unchanged"]) == (2, 2, 0)
    assert details["imported"] == [{"subject": f"instrument:{PLAN}/subfund", "entries": 2}]

"""Payments and publicity by sheet: a ledger that is sent again adds its new rows, judged as one by one."""

import json

import pytest
from sqlalchemy import Engine, event

from services.kit.office.writing import CSV, XLSX
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, small_part
from tests.registry.sheets import counts, done, items, merged, refused, send, workbook

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
    paid = {one["id"]: one for one in await items(paying.http, "payments")}
    assert {one["subject"] for one in details["imported"]} == {f"instrument:{PLAN}/subfund"}
    assert {one["id"] for one in details["imported"]} == {*paid}
    for one in details["imported"]:
        assert one["changes"]["amount"] == [None, paid[one["id"]]["amount"]]
        assert one["changes"]["document"] == [None, paid[one["id"]]["document"]]


async def test_findings_of_many_instruments_are_asked_for_at_once(paying: Registry) -> None:
    rows, asked = [FIRST, SECOND, (PLAN, "talent", *THIRD[2:])], list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    for few in (rows[:1], rows):
        event.listen(Engine, "before_cursor_execute", note)
        said = await done(paying, "payments", workbook(PAYMENT, *few), dry_run=True)
        event.remove(Engine, "before_cursor_execute", note)
        assert sum("sum(registry.payment.amount)" in statement for statement in asked) == 1
        asked.clear()
    assert [(one["instrument"], one["code"]) for one in said["findings"]] == [("talent", "paid-without-commitment")]

"""Instruments of support and what was paid of them: exact, never silently too much, taken back only openly."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, small_part

PATH = f"/v1/plans/{PLAN}/instruments"


def instrument(code: str = "subfund", **more: object) -> dict[str, Any]:
    """A sub-fund of 100 万元, for the task C01."""
    usual = {"name": "工信经济新兴产业子基金", "kind": "fund", "task": "C01", "unit": "jingxin", "committed": "100"}
    return {"plan": PLAN, "code": code, **usual, **more}


async def planned(registry: Registry, **more: Any) -> None:  # noqa: ANN401 - of any field
    await applied(registry, small_part())
    made = await registry.http.put(f"{PATH}/subfund", json=instrument(**more))
    assert made.status_code == 200, made.text


async def paid(registry: Registry, amount: str, day: str = "2018-03-01", **to: str) -> httpx.Response:
    sent = {"amount": amount, "day": day, "document": "萧经信〔2018〕12号", **(to or {"enterprise": "e22"})}
    return await registry.http.post(f"{PATH}/subfund/payments", json=sent)


async def sums(registry: Registry, **params: str) -> dict[str, Any]:
    answer = await registry.http.get("/v1/payment-sums", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_payments_are_summed_exactly_by_instrument_year_and_receiver(registry: Registry) -> None:
    await planned(registry)
    await paid(registry, "0.1")
    await paid(registry, "0.2", "2017-12-31", project="P01")
    await paid(registry, "10.000000000001", receiver="某双创团队")
    found = await sums(registry, plan=PLAN)
    assert found["paid"] == "10.300000000001"
    assert found["by_instrument"][0] | {"name": ""} == {
        "plan": PLAN,
        "instrument": "subfund",
        "name": "",
        "committed": "100",
        "paid": "10.300000000001",
        "left": "89.699999999999",
    }
    assert found["by_year"] == [{"year": 2017, "paid": "0.2"}, {"year": 2018, "paid": "10.100000000001"}]
    receivers = {(one["enterprise"], one["receiver"]): one["paid"] for one in found["by_receiver"]}
    assert receivers == {("e22", "杭州钱塘大数据交易中心有限公司"): "0.3", (None, "某双创团队"): "10.000000000001"}
    assert found["findings"] == []


@pytest.mark.parametrize(
    ("params", "total"),
    [({"year": "2017"}, "2"), ({"enterprise": "e22"}, "3"), ({"project": "P01"}, "2"), ({"year": "2016"}, "0")],
)
async def test_sums_and_lists_are_narrowed_alike(registry: Registry, params: dict[str, str], total: str) -> None:
    await planned(registry)
    await paid(registry, "1")
    await paid(registry, "2", "2017-12-31", project="P01")
    await paid(registry, "4", receiver="某高校")
    assert (await sums(registry, **params))["paid"] == total
    listed = (await registry.http.get("/v1/payments", params={**params, "total": "true"})).json()
    assert str(sum(int(one["amount"]) for one in listed["items"])) == total
    assert listed["total"] == len(listed["items"])


async def test_more_paid_than_committed_is_recorded_with_a_finding(registry: Registry) -> None:
    await planned(registry, by_year=[{"year": 2018, "committed": "60"}, {"year": 2019, "committed": "40"}])
    first = (await paid(registry, "60")).json()
    second = (await paid(registry, "0.5")).json()
    third = (await paid(registry, "50")).json()
    assert first["findings"] == []
    assert [(one["code"], one["year"], one["over"]) for one in second["findings"]] == [
        ("paid-more-than-committed", 2018, "0.5")
    ]
    assert [(one["year"], one["over"]) for one in third["findings"]] == [(None, "10.5"), (2018, "50.5")]
    found = await sums(registry, plan=PLAN, year="2017")
    assert (found["paid"], found["findings"]) == ("0", third["findings"])


async def test_what_was_paid_without_a_commitment_is_a_finding(registry: Registry) -> None:
    await planned(registry, committed=None)
    [finding] = (await paid(registry, "1")).json()["findings"]
    assert (finding["code"], finding["committed"], finding["over"]) == ("paid-without-commitment", None, "1")


async def test_a_payment_is_taken_back_openly_and_once(registry: Registry) -> None:
    await planned(registry)
    payment = (await paid(registry, "123456789012345678.123456789012")).json()["payment"]
    path = f"/v1/plans/{PLAN}/payments/{payment['id']}/reversal"
    sent = {"day": "2018-04-01", "document": "萧经信〔2018〕20号", "reason": "重复拨付"}
    reversal = await registry.http.post(path, json=sent)
    assert reversal.status_code == 201, reversal.text
    assert (reversal.json()["payment"]["amount"], reversal.json()["findings"]) == (
        "-123456789012345678.123456789012",
        [],
    )
    assert (await sums(registry, plan=PLAN))["paid"] == "0"
    again = await registry.http.post(path, json=sent)
    of_reversal = f"/v1/plans/{PLAN}/payments/{reversal.json()['payment']['id']}/reversal"
    assert (again.status_code, again.json()["code"]) == (409, "reversed")
    assert (await registry.http.post(of_reversal, json=sent)).json()["code"] == "reversed"
    assert len((await registry.http.get("/v1/payments")).json()["items"]) == 2


async def test_a_reversal_is_not_before_the_payment(registry: Registry) -> None:
    await planned(registry)
    payment = (await paid(registry, "1")).json()["payment"]
    sent = {"day": "2018-02-28", "document": "文件", "reason": "重复"}
    answer = await registry.http.post(f"/v1/plans/{PLAN}/payments/{payment['id']}/reversal", json=sent)
    assert faults(answer.json()) == [("/body/day", "before-payment")]
    gone = f"/v1/plans/{PLAN}/payments/01900000-0000-7000-8000-000000000000/reversal"
    assert (await registry.http.post(gone, json=sent)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"amount": "0"}, ("/body/amount", "not-positive")),
        ({"amount": "-5"}, ("/body/amount", "not-positive")),
        ({"day": "2018-07-17"}, ("/body/day", "in-future")),
        ({"enterprise": "nobody"}, ("/body/enterprise", "unknown-reference")),
        ({"project": "P01"}, ("/body", "one-receiver")),
        ({"enterprise": None}, ("/body", "one-receiver")),
    ],
)
async def test_a_payment_that_cannot_be_is_refused(
    registry: Registry, changed: dict[str, Any], found: tuple[str, str]
) -> None:
    await planned(registry)
    sent = {"amount": "1", "day": "2018-03-01", "document": "文件", "enterprise": "e22", **changed}
    answer = await registry.http.post(f"{PATH}/subfund/payments", json=sent)
    assert (answer.status_code, faults(answer.json())) == (422, [found])
    assert (await registry.http.get("/v1/payments")).json()["items"] == []


async def test_a_unit_records_what_it_pays(registry: Registry) -> None:
    await planned(registry)
    sent = {"amount": "1", "day": "2018-03-01", "document": "文件", "enterprise": "e22"}
    for unit, status in (("jingxin", 201), ("keji", 403)):
        caller = await registry.as_("tasks:report", unit=unit)
        assert (await caller.post(f"{PATH}/subfund/payments", json=sent)).status_code == status
    assert (await registry.http.post(f"{PATH}/nothing/payments", json=sent)).status_code == 404


async def test_an_instrument_is_replaced_and_keeps_its_history(registry: Registry) -> None:
    await planned(registry)
    without = await registry.http.put(f"{PATH}/subfund", json=instrument(committed="200"))
    replaced = await registry.http.put(f"{PATH}/subfund", json=instrument(committed="200"), headers={"If-Match": '"1"'})
    history = (await registry.http.get(f"{PATH}/subfund/history")).json()["items"]
    assert (without.status_code, replaced.json()["committed"]) == (428, "200")
    assert [one["content"]["committed"] for one in history] == ["100", "200"]
    assert (await registry.http.get(f"{PATH}/subfund")).json() == replaced.json()


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"kind": "fund"}, 1),
        ({"kind": "talent"}, 0),
        ({"q": "子基金"}, 1),
        ({"task": "C01"}, 1),
        ({"unit": "区经信局"}, 1),
    ],
)
async def test_instruments_are_found(registry: Registry, params: dict[str, str], count: int) -> None:
    await planned(registry)
    assert len((await registry.http.get("/v1/instruments", params=params)).json()["items"]) == count


async def test_every_fault_of_an_instrument_is_named(registry: Registry) -> None:
    await applied(registry, small_part())
    years = [{"year": 2018, "committed": "-1"}, {"year": 2018, "committed": "2"}]
    sent = instrument(committed="-5", by_year=years, task="C99", unit="nobody")
    answer = await registry.http.put(f"{PATH}/subfund", json=sent)
    assert sorted(faults(answer.json())) == [
        ("/body/by_year", "years-miss-the-whole"),
        ("/body/by_year/0/committed", "negative"),
        ("/body/by_year/1/year", "year-twice"),
        ("/body/committed", "negative"),
        ("/body/task", "unknown-reference"),
        ("/body/unit", "unknown-reference"),
    ]


async def test_a_payment_cannot_be_changed_even_in_the_database(registry: Registry) -> None:
    await planned(registry)
    await paid(registry, "1")
    async with registry.database.owner() as connection:
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await connection.execute("UPDATE registry.payment SET amount = 2")

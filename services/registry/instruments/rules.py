"""Instruments of support (政策工具) and what was paid of them (兑现): exact sums in 万元, and what does not add up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.kit.errors import Conflict, Faulty
from services.plan_file.scalars import plain, total
from services.registry.versions.rules import HENCEFORTH, Content, Reference, searched


class ReversedAlready(Conflict):
    """A payment is reversed once, and a reversal not at all."""

    code = "reversed"

    def __init__(self) -> None:
        super().__init__(
            "this payment was reversed, or is a reversal itself; record a new payment instead",
            zh="该笔兑现已冲销，或本身即为冲销记录；请另行登记兑现",
        )


@dataclass(frozen=True)
class Paid:
    """What was paid of an instrument in a year to one receiver, reversals taken off, in 万元."""

    plan: str
    instrument: str
    year: int
    enterprise: str | None
    receiver: str
    amount: Decimal


def columns(instrument: Content) -> dict[str, object]:
    """The columns of the row of today."""
    own = {name: instrument[name] for name in ("plan", "task", "kind", "unit")}
    return {**own, **searched(instrument["name"], instrument["code"], instrument["document"])}


def references(instrument: Content, at: str = "/body") -> Iterator[Reference]:
    """The plan and the unit that an instrument names, which must be there."""
    yield Reference(f"{at}/plan", "plan", instrument["plan"])
    if instrument["unit"] is not None:
        yield Reference(f"{at}/unit", "unit", instrument["unit"], instrument["valid_to"] or HENCEFORTH)


def faults(instrument: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with an instrument by itself: amounts below 0, a year twice, years that miss the whole."""
    committed = instrument["committed"]
    if committed is not None and Decimal(committed) < 0:
        yield _negative(f"{at}/committed", committed)
    seen: set[int] = set()
    for place, one in enumerate(instrument["by_year"]):
        if Decimal(one["committed"]) < 0:
            yield _negative(f"{at}/by_year/{place}/committed", one["committed"])
        if one["year"] in seen:
            yield Faulty(
                f"{at}/by_year/{place}/year", "year-twice", f"{one['year']} stands twice", f"年度 {one['year']} 重复"
            )
        seen.add(one["year"])
    summed = total(Decimal(one["committed"]) for one in instrument["by_year"])
    if instrument["by_year"] and (committed is None or summed != Decimal(committed)):
        yield Faulty(
            f"{at}/by_year",
            "years-miss-the-whole",
            f"the years sum to {plain(summed)} 万元; committed is {committed or 'not said'}",
            f"各年合计 {plain(summed)} 万元，与承诺总额 {committed or '（未填）'} 不一致",
        )


def no_such_instrument(payment: Content, at: str) -> Faulty:
    """That the plan has no such instrument as was paid of."""
    plan, code = payment["plan"], payment["instrument"]
    said = (f"the plan {plan} has no instrument {code}", f"计划 {plan} 没有政策工具 {code}")
    return Faulty(f"{at}/instrument", "unknown-reference", *said)


def _negative(at: str, amount: str) -> Faulty:
    return Faulty(at, "negative", f"0 万元 or more was expected, not {amount}", f"金额应不小于 0 万元，而不是 {amount}")


def payment_faults(payment: Mapping[str, Any], at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a payment by itself: nothing paid, or not exactly one receiver."""
    if Decimal(payment["amount"]) <= 0:
        yield Faulty(
            f"{at}/amount",
            "not-positive",
            f"more than 0 万元 was expected, not {payment['amount']}; what was wrong is reversed",
            f"兑现金额应大于 0 万元，而不是 {payment['amount']}；错误登记请用冲销",
        )
    receivers = [name for name in ("enterprise", "project", "receiver") if payment[name] is not None]
    if len(receivers) != 1:
        yield Faulty(
            at,
            "one-receiver",
            "name one receiver: an enterprise, a project, or by name whoever is neither",
            "应填写一个兑现对象：企业、项目，或（两者均不是时）名称",
        )


def sums(paid: Iterable[Paid], instruments: Iterable[Content]) -> dict[str, Any]:
    """What was paid in all, by instrument, year and receiver, in 万元 as exact numbers."""
    rows = list(paid)
    receivers = sorted({(row.enterprise or "", row.receiver) for row in rows})
    return {
        "paid": plain(_total(rows)),
        "by_instrument": [_of_instrument(instrument, rows) for instrument in instruments],
        "by_year": [
            {"year": year, "paid": plain(_total(row for row in rows if row.year == year))}
            for year in sorted({row.year for row in rows})
        ],
        "by_receiver": [
            {
                "enterprise": enterprise or None,
                "receiver": name,
                "paid": plain(
                    _total(row for row in rows if (row.enterprise or "", row.receiver) == (enterprise, name))
                ),
            }
            for enterprise, name in receivers
        ],
    }


def _of_instrument(instrument: Content, paid: Iterable[Paid]) -> dict[str, Any]:
    amount, committed = _total(_of(instrument, paid)), _amount(instrument["committed"])
    return {
        "plan": instrument["plan"],
        "instrument": instrument["code"],
        "name": instrument["name"],
        "committed": None if committed is None else plain(committed),
        "paid": plain(amount),
        "left": None if committed is None else plain(total([committed], less=amount)),
    }


def findings(instrument: Content, paid: Iterable[Paid]) -> Iterator[dict[str, Any]]:
    """Where more was paid than was committed, in all or in a year, or without anything committed."""
    rows = list(_of(instrument, paid))
    amount, committed = _total(rows), _amount(instrument["committed"])
    if amount > (committed or 0):
        yield _finding(instrument, None, committed, amount)
    for one in instrument["by_year"]:
        in_year = _total(row for row in rows if row.year == one["year"])
        if in_year > Decimal(one["committed"]):
            yield _finding(instrument, one["year"], Decimal(one["committed"]), in_year)


def _finding(instrument: Content, year: int | None, committed: Decimal | None, paid: Decimal) -> dict[str, Any]:
    code, over = instrument["code"], plain(total([paid], less=committed))
    when_en, when_zh = ("", "") if year is None else (f" in {year}", f"{year} 年")
    said_en = "nothing was" if committed is None else f"{plain(committed)} 万元 were"
    said_zh = "未登记承诺金额" if committed is None else f"承诺 {plain(committed)} 万元"
    return {
        "code": "paid-without-commitment" if committed is None else "paid-more-than-committed",
        "plan": instrument["plan"],
        "instrument": code,
        "year": year,
        "committed": None if committed is None else plain(committed),
        "paid": plain(paid),
        "over": over,
        "en": f"{code}: {said_en} committed{when_en}, {plain(paid)} 万元 paid, {over} 万元 too many",
        "zh": f"{code}：{when_zh}{said_zh}，已兑现 {plain(paid)} 万元，超出 {over} 万元",
    }


def _of(instrument: Content, paid: Iterable[Paid]) -> Iterator[Paid]:
    return (row for row in paid if (row.plan, row.instrument) == (instrument["plan"], instrument["code"]))


def _amount(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _total(rows: Iterable[Paid]) -> Decimal:
    return total(row.amount for row in rows)

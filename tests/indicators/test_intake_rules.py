"""What one row of figures says, by itself: pure rules."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from services.indicators.observations.intake import rows
from services.indicators.observations.intake.rules import (
    OPTIONAL,
    REQUIRED,
    Cells,
    Row,
    UnreadableError,
    Wrong,
    day,
    instant,
    missing_columns,
    number,
    period,
    read,
)
from services.indicators.observations.intake.sentences import SENTENCES, faulty

CELLS = {"indicator": "va", "subject": "plan", "period": "2018-06", "value": "27.9", "unit": "亿元"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("27.9", "27.9"), ("-3", "-3"), ("0", "0"), ("007", "7"), ("123456789012345678.123456789012",) * 2],
)
def test_a_number_is_taken_exactly(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "too-many-digits") for text in ("0.1234567890123", "1234567890123456789")),
        *((text, "not-a-number") for text in ("", "一", "1,000", "1e3", "1.", ".5", "- 5", "１２", "1 2", "-")),
        *((text, "not-finite") for text in ("NaN", "nan", "sNaN", "-inf", "Infinity", "∞")),
        *((text, "formula-text") for text in ("=1+1", "+1", "@x", "-A1", "-(1)", "- cmd")),
    ],
)
def test_what_is_no_number_says_why(text: str, code: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        number(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "frequency", "end"),
    [
        ("2018", "year", date(2018, 12, 31)),
        ("2018-H1", "half", date(2018, 6, 30)),
        ("2018-H2", "half", date(2018, 12, 31)),
        ("2018-Q3", "quarter", date(2018, 9, 30)),
        ("2016-02", "month", date(2016, 2, 29)),
        ("2018-12", "month", date(2018, 12, 31)),
    ],
)
def test_a_period_is_a_frequency_and_a_last_day(text: str, frequency: str, end: date) -> None:
    assert period(text) == (frequency, end)


@pytest.mark.parametrize("text", ["2018-13", "2018-00", "2018-Q5", "2018-H3", "18-06", "2018-6", "0018", "2018/06", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        period(text)


@pytest.mark.parametrize(
    "text", ["2018-07-12T10:00:00", "2018-07-12", "2018-02-30T10:00:00Z", "1018-07-12T10:00:00Z", "yesterday"]
)
def test_an_instant_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        instant(text)


def test_an_instant_keeps_its_zone() -> None:
    assert instant("2018-07-12 10:00+08:00") == datetime.fromisoformat("2018-07-12T02:00:00+00:00")


@pytest.mark.parametrize("text", ["2018-07-01", "2018/7/1", "2018.7.1", "２０１８年７月１日", "20180701"])
def test_a_day_is_taken_as_people_write_it(text: str) -> None:
    assert day(text) == date(2018, 7, 1)


@pytest.mark.parametrize("text", ["2018-02-30", "2018年7月", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        day(text)


def row_of(cells: Cells) -> Row:
    row = read(2, cells)
    assert isinstance(row, Row)
    return row


def test_a_row_that_is_right_is_read() -> None:
    row = row_of(CELLS | {"comparable_base": "20", "recorded_at": "2018-07-12T10:00:00Z", "status": "published"})
    assert (row.value, row.comparable_base, row.status, row.dated, row.wrong) == (
        Decimal("27.9"),
        Decimal(20),
        "approved",
        True,
        [],
    )


def test_every_field_that_is_wrong_is_named() -> None:
    row = row_of(
        CELLS | {"value": "x", "comparable_base": "y", "recorded_at": "z", "period": "p", "status": "s", "class": "c"},
    )
    assert {wrong.field for wrong in row.wrong} == {
        "value",
        "comparable_base",
        "recorded_at",
        "period",
        "status",
        "class",
    }
    assert not row.dated


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "字" * 501])
@pytest.mark.parametrize("field", ["indicator", "status", "note"])
def test_what_a_database_cannot_keep_is_refused_and_not_repeated(field: str, text: str) -> None:
    wrong = read(2, CELLS | {field: text})
    assert wrong == Wrong(2, field, "not-a-text", right="500")


def test_long_cells_that_are_fit_make_a_long_row_that_is_fit() -> None:
    assert row_of(CELLS | {"note": "字" * 400, "reporter": "字" * 400}).wrong == []


def test_a_rejected_row_is_recorded_as_reported() -> None:
    row = row_of(CELLS | {"status": "rejected"})
    assert (row.rejected, row.status) == (True, "reported")


def test_a_header_with_a_column_twice_is_refused() -> None:
    wrong = missing_columns([*REQUIRED, "note", "note"], REQUIRED, OPTIONAL)
    assert [(each.field, each.code) for each in wrong] == [("note", "column-twice")]


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_kind_of_fault_has_a_sentence_in_both_languages(code: str) -> None:
    told = faulty(Wrong(2, "value", code, "given", "right"))
    assert told.pointer == "/rows/2/value"
    assert told.en != told.zh
    assert "{" not in told.en + told.zh


async def parsed(*chunks: bytes) -> list[rows.Cells]:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return [each async for each in rows.read(stream(), rows.exact(("a", "b"), ("c",)))]


async def test_a_row_may_come_in_pieces() -> None:
    found = await parsed(b"a,", b"b\r", b"\n1,", b"2\n\n3", b",4")
    assert [(each.line, each.cells) for each in found] == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})]


async def test_a_row_in_another_encoding_is_its_own_fault_only() -> None:
    found = await parsed("a,b\n一,二\n".encode(), "一,二\n".encode("gbk"), b"3,4\n")
    assert [each.wrong and each.wrong.code for each in found] == [None, "not-utf8", None]


async def test_a_row_without_end_is_given_up() -> None:
    found = await parsed(b"a,b\n", b'"' + b"x" * 70_000, b"y" * 70_000, b"\n1,2\n")
    assert [(each.line, each.wrong and each.wrong.code) for each in found] == [(2, "row-too-long"), (3, None)]


async def test_a_quote_that_never_ends_costs_its_own_row_only() -> None:
    found = await parsed(b'a,b\n1,"2\n' + b"3,4\n" * 30_000)
    assert len(found) == 30_001
    assert [each.wrong.code for each in found if each.wrong] == ["bad-quotes"]


class Weighed(bytes):
    """Bytes that know how many of them were copied or looked through, in themselves and in what is made of them."""

    handled: ClassVar[int] = 0

    def _noted(self, made: bytes) -> "Weighed":
        Weighed.handled += len(made)
        return Weighed(made)

    def __add__(self, other: Any) -> "Weighed":  # noqa: ANN401 - whatever bytes take
        return self._noted(super().__add__(other))

    def __radd__(self, other: bytes) -> "Weighed":
        return self._noted(other + bytes(self))

    def split(self, *how: Any, **more: Any) -> list[bytes]:  # noqa: ANN401 - as above
        return [self._noted(part) for part in super().split(*how, **more)]

    def count(self, *of: Any) -> int:  # noqa: ANN401 - as above
        Weighed.handled += len(self)
        return super().count(*of)


async def test_quotes_that_never_end_are_read_with_the_work_of_other_rows() -> None:
    sent = Weighed((b'"' + b"\n" * 65_530) * 16)
    Weighed.handled = 0
    assert len(await parsed(b"a,b\n", sent)) == 8
    assert len(sent) < Weighed.handled < 4 * len(sent)


async def test_too_many_cells_are_a_fault() -> None:
    assert [each.wrong and each.wrong.code for each in await parsed(b"a,b\n1,2,3\n")] == ["too-many-cells"]


async def test_a_header_in_another_encoding_is_refused() -> None:
    with pytest.raises(rows.BadHeaderError) as refused:
        await parsed("一,二\n".encode("gbk"))
    assert [wrong.code for wrong in refused.value.wrong] == ["not-utf8"]

"""What is written: nothing is taken for a formula, no code loses digits, and all of it comes back."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.office import delimited
from services.kit.office.delimited import NotCsv
from services.kit.office.form import Entry, Form, as_csv, as_xlsx
from services.kit.office.writing import CsvWriter, XlsxWriter, guarded, precise, unguarded


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 571", "-1+1", "--1", "@cmd", "\t=1", "＝1", "913301091234567890", "0012", "'=1", "'0012"],
)
def test_what_a_spreadsheet_would_compute_or_cut_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        *("企业", "e01", "330109", "0", "A-1", "'甲'", "91330109MA2ABCDE1X", "甲=乙"),
        *("2018-07-01", "2018-09", "27.9", "-3.5", "-1", "3E5", "1,000", "12.5%", "2018-07-01T08:00:00+00:00"),
    ],
)
def test_what_nobody_mistakes_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.sampled_from("'=+-@09.E甲a,\t＝ "), max_size=12))
def test_what_is_guarded_can_be_told_from_what_was_written_so(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_csv_is_what_excel_opens() -> None:
    file = io.BytesIO()
    writer = CsvWriter(file)
    writer.row(["代码", "名称"])
    writer.row(["91330109123456789" + "0", '=HYPERLINK("x")'])
    writer.row([Decimal("-3.5"), None])
    writer.close()
    text = file.getvalue()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = [*csv.reader(io.StringIO(text.decode("utf-8-sig")))]
    assert rows[1:] == [["'913301091234567890", '\'=HYPERLINK("x")'], ["-3.5", ""]]


def test_days_and_numbers_are_such_in_a_csv() -> None:
    file = io.BytesIO()
    writer = CsvWriter(file)
    writer.row([date(2018, 7, 1), "2018-07-01", datetime(2018, 7, 1, 8, tzinfo=UTC), Decimal("-3.5"), "-3.5", 7])
    writer.close()
    assert file.getvalue().decode("utf-8-sig") == ("2018-07-01,2018-07-01,2018-07-01T08:00:00+00:00,-3.5,-3.5,7\r\n")


def test_a_day_that_excel_counts_wrongly_is_a_text() -> None:
    file = io.BytesIO()
    writer = XlsxWriter(file, "表")
    writer.row(["日"])
    writer.row([date(1900, 2, 28)])
    writer.row([date(1900, 3, 1)])
    writer.close()
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [sheet["A2"].value, sheet["A3"].value] == ["1900-02-28", datetime(1900, 3, 1)]  # noqa: DTZ001 - as Excel has it


def test_xlsx_holds_texts_where_a_number_would_lose_digits_and_no_formula() -> None:
    file = io.BytesIO()
    writer = XlsxWriter(file, "表", widths=[20])
    writer.row(["代码", "数", "公式"])
    writer.row(["913301091234567890", Decimal("12.5"), "=1+1"])
    writer.row([Decimal(1234567890123456789), 3, "''=1"])
    writer.close()
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["s", "n", "s"],
        ["s", "n", "s"],
    ]
    assert sheet["A2"].number_format == "@"
    assert sheet["C2"].quotePrefix
    assert sheet["A3"].value == "1234567890123456789"


@pytest.mark.parametrize(
    ("number", "kept"), [("30000", True), ("0.1", True), ("1E+15", False), ("123456789012345.6", False)]
)
def test_numbers_are_precise_up_to_fifteen_digits(number: str, kept: bool) -> None:
    assert precise(Decimal(number)) is kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_with_the_signs_that_excel_uses(encoding: str, sign: str) -> None:
    text = f'代码{sign}名称\r\n\r\ne01{sign}"甲""{sign}\n乙"\r\n{sign}\r\n'
    rows = [*delimited.rows(io.BytesIO(text.encode(encoding)))]
    assert [(number, [cell.text for cell in row]) for number, row in rows] == [
        (1, ["代码", "名称"]),
        (3, ["e01", f'甲"{sign}\n乙']),
    ]


@pytest.mark.parametrize(
    "content",
    [b'a,b\n"c', b"a,b\n" + b"x" * 40_000, b"\xff\xff\xff,\x80", b"\xff\xfe\x00\xd8\x00", b",".join([b"a"] * 300)],
    ids=["open quote", "long cell", "no text", "broken utf-16", "wide"],
)
def test_what_is_no_csv_is_refused(content: bytes) -> None:
    with pytest.raises(NotCsv) as caught:
        list(delimited.rows(io.BytesIO(content)))
    assert caught.value.zh != caught.value.detail


def test_more_rows_than_are_taken_at_once_are_refused() -> None:
    with pytest.raises(NotCsv):
        list(delimited.rows(io.BytesIO(b"a\nb\nc\n"), 2))


def test_a_form_offers_what_is_allowed_even_where_the_list_is_long() -> None:
    many = [f"选项{number:03}" for number in range(100)]
    entries = [
        Entry("甲（a）", text=True, required=True, allowed=["是", "否"], told=["甲", "含义"]),
        Entry("乙（b）", text=True, required=False, allowed=many, told=["乙", "含义"]),
        Entry("丙（c）", text=False, required=False, allowed=["一", "二"], told=["丙", "含义"], one_of=False),
    ]
    made = Form("表", "说明", ["列", "含义"], entries, ["一句话"])
    opened = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    rules = {str(rule.sqref): rule.formula1 for rule in opened["表"].data_validations.dataValidation}
    assert rules == {"A2:A50001": '"是,否"', "B2:B50001": "'说明'!$E$2:$E$101"}
    assert [cell.value for cell in opened["说明"]["E"]][:3] == ["乙（b）", "选项000", "选项001"]
    assert opened["表"].column_dimensions["A"].width > 10
    assert all(sheet.sheet_state == "visible" for sheet in opened.worksheets)
    assert as_csv(made).decode("utf-8-sig") == "甲（a）,乙（b）,丙（c）\r\n"


def test_reading_a_csv_leaves_the_limits_of_other_readers_alone() -> None:
    before = csv.field_size_limit()
    assert len(list(delimited.rows(io.BytesIO(b"a,b\n1,2\n")))) == 2
    assert csv.field_size_limit() == before

"""What stands in cells, as people put it there and another program wrote it."""

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.office import cells
from services.kit.office.cells import Cell, column_of, letters
from services.kit.office.workbook import TooMany, Workbook
from services.kit.office.writing import XlsxWriter
from tests.kit.office.samples import book, part, rewritten, saved, with_shared_strings

SHEET = "xl/worksheets/sheet1.xml"


def read(made: openpyxl.Workbook | io.BytesIO) -> list[list[tuple[str, str]]]:
    opened = Workbook(made if isinstance(made, io.BytesIO) else saved(made))
    return [[(cell.kind, cell.text) for cell in row] for _, row in opened.rows(opened.sheets[0])]


def one(value: object, number_format: str = "General") -> tuple[str, str]:
    made = book([value])
    made.worksheets[0]["A1"].number_format = number_format
    ((found,),) = read(made)
    return found


@pytest.mark.parametrize(
    ("value", "form", "found"),
    [
        ("企业", "General", ("text", "企业")),
        ("a\nb", "General", ("text", "a\nb")),
        (30000, "General", ("number", "30000")),
        (0.1 + 0.2, "General", ("number", "0.3")),
        (-1.50, "General", ("number", "-1.5")),
        (1e-7, "General", ("number", "0.0000001")),
        (913301091234567890, "General", ("number", "913301091234568000")),
        (12345.6, '#,##0.00"万元"', ("number", "12345.6")),
        (12345.6, "G/通用格式", ("number", "12345.6")),
        (0.125, "0.0%", ("percent", "0.125")),
        (0.5, "0%", ("percent", "0.5")),
        (dt.date(2018, 7, 1), "yyyy-mm-dd", ("date", "2018-07-01")),
        (dt.date(2018, 7, 1), 'yyyy"年"m"月"d"日"', ("date", "2018-07-01")),
        (dt.datetime(2018, 7, 1, 9, 30), "yyyy/m/d h:mm", ("date", "2018-07-01 09:30")),  # noqa: DTZ001 - Excel knows no zones
        (dt.time(9, 30), "h:mm", ("text", "09:30")),
        (True, "General", ("yes-no", "true")),
        (False, "General", ("yes-no", "false")),
    ],
)
def test_a_cell_is_what_a_person_sees(value: object, form: str, found: tuple[str, str]) -> None:
    assert one(value, form) == found


def test_days_of_workbooks_that_count_from_1904_are_the_same_days() -> None:
    made = book([dt.date(2018, 7, 1)])
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read(made) == [[("date", "2018-07-01")]]


def test_errors_are_errors_and_numbers_that_are_none_too() -> None:
    made = saved(book(["#N/A"]))
    sheet = part(made, SHEET)
    assert read(made) == [[("error", "#N/A")]]
    broken = sheet.replace(b't="e"', b"").replace(b"#N/A", b"nan")
    assert read(rewritten(made, {SHEET: broken})) == [[("error", "nan")]]


def test_texts_within_cells_runs_and_escapes_are_put_together() -> None:
    made = saved(book(["x"]))
    sheet = part(made, SHEET)
    inline = b'<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>_x000D_b_x005F_</t></r><rPh><t>c</t></rPh></is></c>'
    start, end = sheet.index(b"<c "), sheet.index(b"</c>") + 4
    assert read(rewritten(made, {SHEET: sheet[:start] + inline + sheet[end:]})) == [[("text", "a\rb_")]]
    lone = inline.replace(b"_x000D_", b"_xD800_")
    assert read(rewritten(made, {SHEET: sheet[:start] + lone + sheet[end:]})) == [[("text", "a_xD800_b_")]]


def test_texts_that_stand_beside_the_sheet_are_found() -> None:
    made = with_shared_strings(["甲", "乙"], ["乙", "甲"])
    assert read(made) == [[("text", "甲"), ("text", "乙")], [("text", "乙"), ("text", "甲")]]
    sheet = part(made, SHEET).replace(b"<v>1</v>", b"<v>77</v>")
    assert read(rewritten(made, {SHEET: sheet})) == [[("text", "甲")], [("text", "甲")]]


def test_elements_of_a_prefix_are_the_same_elements() -> None:
    made = saved(book(["甲", 1]))
    sheet = part(made, SHEET).decode()
    for name in (
        "worksheet",
        "sheetData",
        "row",
        "c",
        "v",
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetView",
        "sheetFormatPr",
        "pageMargins",
        "outlinePr",
        "pageSetUpPr",
        "selection",
    ):
        sheet = (
            sheet.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    sheet = sheet.replace("xmlns=", "xmlns:x=")
    assert read(rewritten(made, {SHEET: sheet.encode()})) == [[("text", "甲"), ("number", "1")]]


def test_rows_and_cells_without_their_names_are_counted() -> None:
    made = saved(book(["甲", "乙"], ["丙"]))
    sheet = part(made, SHEET)
    for name in (b' r="A1"', b' r="B1"', b' r="A2"', b' r="1"', b' r="2"'):
        sheet = sheet.replace(name, b"")
    opened = Workbook(rewritten(made, {SHEET: sheet}))
    assert [*opened.rows(opened.sheets[0])] == [
        (1, [Cell(1, "text", "甲"), Cell(2, "text", "乙")]),
        (2, [Cell(1, "text", "丙")]),
    ]


def test_blank_rows_and_columns_are_nothing() -> None:
    made = book(["甲", None, " "], [None], ["", "乙"])
    made.worksheets[0]["A900"].number_format = "@"
    assert read(made) == [[("text", "甲")], [("text", "乙")]]


def test_a_survey_finds_what_nobody_sees() -> None:
    made = book(["甲", "乙", "=1+1"], ["丙"], ["丁"])
    sheet = made.worksheets[0]
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A3:B4")
    made.create_sheet("暗").sheet_state = "veryHidden"
    opened = Workbook(saved(made))
    first, second = opened.sheets
    opened.survey(first)
    assert (first.formulas, first.formula_count, [block.name for block in first.merged]) == (["C1"], 1, ["A3:B4"])
    assert first.hides(2, 1)
    assert first.hides(1, 2)
    assert not first.hides(1, 1)
    assert (first.hidden, second.hidden, second.name) == (False, True, "暗")


def test_rows_beyond_what_is_taken_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "ROWS", 2)
    with pytest.raises(TooMany):
        read(book(["a"], ["b"], ["c"]))


def test_columns_beyond_what_is_taken_at_once_are_refused() -> None:
    with pytest.raises(TooMany):
        read(book(["a"] * (cells.COLUMNS + 1)))


@given(st.integers(1, 18_000))
def test_columns_are_named_as_excel_does(number: int) -> None:
    assert column_of(letters(number)) == number


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)


@given(st.lists(TEXTS.filter(lambda text: text.strip() and "_x" not in text), min_size=1, max_size=5))
def test_texts_that_we_write_are_read_back_as_they_were(texts: list[str]) -> None:
    file = io.BytesIO()
    writer = XlsxWriter(file, "表")
    writer.row(["标题"])
    writer.row(texts)
    writer.close()
    assert read(file)[1] == [("text", text) for text in texts]

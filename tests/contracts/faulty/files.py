"""Every way in which a file to an import can be wrong: what it is, what it holds beside its cells, each cell of it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

import openpyxl

from services.indicators.observations.intake import rules as intake
from services.kit.office.archive import COMPOUND, ENCRYPTED_STREAM
from services.kit.office.cells import letters
from services.kit.office.writing import CSV, XLSX
from services.registry import main
from services.registry.sheets.columns import columns
from services.registry.sheets.reading import Rows
from services.registry.sheets.rules import Column
from services.registry.sheets.service import Sheets
from tests.contracts.faulty import makers
from tests.contracts.faulty.makers import NAME, SHEET, Row
from tests.contracts.faulty.requests import FaultyRequest

WRONG: dict[str, tuple[tuple[Any, str], ...]] = {
    "text": (("字" * 4001, "text-long"), ("甲\x07乙", "not-text")),
    "code": (("没有这个，不是代码！", ""), ("\0", "not-text")),
    "integer": (("三", "number"), ("2017.5", "whole-number"), ("9" * 30, "too-many-digits"), ("-7", "")),
    "number": (("三万", "number"), ("1e999", ""), ("12 斤", "number"), ("#N/A", "")),
    "day": (("2018-02-30", "day"), ("去年", "day"), ("9999999", "day")),
    "choice": (("无此选项", "choice"),),
    "yes-no": (("也许", "yes-no"),),
    "texts": (('["没有收尾', "json"),),
    "thing": (("colour=red", "thing"), ("{", "json")),
    "things": (("colour=red", "thing"), ('[{"colour": "red"}]', ""), ("[" * 3000, "json")),
}
"""Cells that say nothing a column of a kind could mean, and the code of the fault where only one is right."""


@cache
def forms() -> Mapping[str, Rows]:
    """What can be imported, by name."""
    return Sheets(main.bodies(), main.views()).forms


def of_registry() -> Iterator[FaultyRequest]:
    """Faulty sheets of each kind of object, faulty notices of working days, faulty evidence."""
    for objects, kind in forms().items():
        told = [column for column in columns(kind.model, kind.name) if column.name not in kind.passed]
        yield from _sheets(objects, kind, told)
    yield from _of_notice()
    yield from _evidence()


def of_indicators() -> Iterator[FaultyRequest]:
    """Faulty files of figures and of milestones reached."""
    figures = dict(zip(intake.REQUIRED, ("va_growth", "plan:a", "2018-06", "1.5", "%"), strict=True))
    wrong = {"period": ("june", "2018-13"), "value": ("much", "NaN", "=1+1", "1e999"), "indicator": ("none",)}
    wrong |= {"subject": ("nothing", "x" * 600), "recorded_at": ("yesterday",), "status": ("good",), "class": ("slow",)}
    yield from _of_rows("observations", figures, intake.OPTIONAL, wrong)
    reached = dict(zip(intake.MILESTONE_REQUIRED, ("M01", "2018-06-30", "文件"), strict=True))
    of_milestones = {"target": ("none",), "done_on": ("june", "2018-02-30"), "recorded_at": ("yesterday",)}
    yield from _of_rows("milestones", reached, intake.MILESTONE_OPTIONAL, of_milestones)


def _sheets(objects: str, kind: Rows, told: list[Column]) -> Iterator[FaultyRequest]:
    right = {column.name: _right(column) for column in told}
    path = f"/v1/{objects}:import"

    def sent(fault: str, content: bytes, media: str, *, code: str = "", pointer: str | None = None) -> FaultyRequest:
        return FaultyRequest(
            f"{objects} as a file: {fault} ({'csv' if media == CSV else 'xlsx'})",
            "POST",
            path,
            content,
            headers={"Content-Type": media},
            code=code,
            pointer=pointer,
        )

    for fault, content, code in chain(_no_workbooks(told, right), _no_workbooks_inside(told, right)):
        yield sent(fault, content, XLSX, code=code)
    for fault, content, place, code in _spoiled(kind, told, right):
        yield sent(fault, content, XLSX, pointer=place, code=code)
    for fault, content, at, code in _csvs(kind, told, right):
        yield sent(fault, content, CSV, pointer=at, code=code)
    for number, column in enumerate(told, start=1):
        for value, code in [*WRONG.get(column.kind, ()), *([] if column.optional else [("", "missing")])]:
            row, cell = {**right, column.name: value}, f"{letters(number)}2"
            of = code if value or column.name != "code" else ""  # of some, another field tells whose row it is
            yield sent(f"{column.name}={value[:20]!r}", makers.csv(told, row), CSV, pointer=cell, code=of)
            if value.isprintable():  # openpyxl writes nothing else
                content = makers.xlsx(told, row)
                yield sent(f"{column.name}={value[:20]!r}", content, XLSX, pointer=f"{NAME}!{cell}", code=of)


def _right(column: Column) -> str:
    """A cell that a column takes by itself."""
    if column.kind == "choice":
        return next(iter(column.choices))
    usual = {"integer": "2018", "number": "1", "day": "2018-07-01", "yes-no": "是", "text": "合成"}
    if column.kind in usual:
        return usual[column.kind]
    return "" if column.optional else column.example or "e01"


def _no_workbooks(told: list[Column], right: Row) -> Iterator[tuple[str, bytes, str]]:
    """Files that are no workbook, or none that is whole."""
    whole = makers.xlsx(told, right)
    directory = bytearray(whole)
    directory[whole.rfind(b"PK\x05\x06") + 16 : whole.rfind(b"PK\x05\x06") + 20] = b"\xff\xff\xff\x7f"
    yield from (
        ("empty", b"", "not-a-zip"),
        ("a CSV", makers.csv(told, right), "not-a-zip"),
        ("a PDF", b"%PDF-1.7 " + bytes(100), "not-a-zip"),
        ("NULs", bytes(4096), "not-a-zip"),
        ("xls", COMPOUND + bytes(600), "old-format"),
        ("with a password", COMPOUND + bytes(600) + ENCRYPTED_STREAM, "encrypted"),
        ("cut off", whole[: len(whole) // 2], "damaged"),
        ("without its end", whole[:-10], "damaged"),
        ("a directory that points elsewhere", bytes(directory), "damaged"),
        ("nothing but a beginning", b"PK\x03\x04" + bytes(100), "damaged"),
        ("a zip bomb", makers.bomb(), "grows-too-large"),
        ("thousands of parts", makers.of_many_parts(), "too-many-entries"),
        (
            "a docx",
            makers.with_part(makers.zipped("[Content_Types].xml", "word/document.xml"), "_rels/.rels", b"<r/>"),
            "other-format",
        ),
        ("an empty zip of Office", makers.zipped("[Content_Types].xml"), "other-format"),
    )


def _no_workbooks_inside(told: list[Column], right: Row) -> Iterator[tuple[str, bytes, str]]:
    """Workbooks that hold what none may hold."""
    whole = makers.xlsx(told, right)
    for name, code in {
        "xl/vbaProject.bin": "macros",
        "xl/macrosheets/sheet1.xml": "macros",
        "xl/externalLinks/externalLink1.xml": "external-links",
        "xl/connections.xml": "external-links",
        "xl/embeddings/oleObject1.bin": "embedded-objects",
        "xl/activeX/activeX1.xml": "embedded-objects",
    }.items():
        yield name, makers.with_part(whole, name, b"x"), code
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    yield "a document type", makers.with_part(whole, SHEET, entity), "declared-entities"
    yield "broken XML", makers.with_part(whole, SHEET, b"<worksheet><sheetData>"), "damaged"
    yield "XML that is no text", makers.with_part(whole, SHEET, b"<worksheet>\xff\xfe\x00</worksheet>"), "damaged"


def _formula(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["A2"].value = "=1+1"


def _hidden_row(book: openpyxl.Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True


def _hidden_column(book: openpyxl.Workbook) -> None:
    book.worksheets[0].column_dimensions["A"].hidden = True


def _hidden_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("暗表").sheet_state = "hidden"


def _very_hidden_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("暗表").sheet_state = "veryHidden"


def _merged(book: openpyxl.Workbook) -> None:
    book.worksheets[0].merge_cells("A2:B2")


def _outside(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["AZ2"].value = "填表人"


def _no_header(book: openpyxl.Workbook) -> None:
    book.worksheets[0].delete_rows(1)
    book.worksheets[0]["A1"].value = "甲"


def _no_rows(book: openpyxl.Workbook) -> None:
    book.worksheets[0].delete_rows(2)


def _error(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["A2"].value = "#N/A"


def _digits_lost(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["A2"].value = 913301091234567890


def _no_key(book: openpyxl.Workbook) -> None:
    book.worksheets[0].delete_cols(1)


SPOILING: dict[str, tuple[Callable[[openpyxl.Workbook], None], str, str]] = {
    "a formula": (_formula, f"{NAME}!A2", "formula"),
    "a hidden row": (_hidden_row, f"{NAME}!{{first}}2", "hidden"),
    "a hidden column": (_hidden_column, f"{NAME}!A", "hidden"),
    "a hidden sheet": (_hidden_sheet, "暗表", "hidden-sheet"),
    "a sheet hidden by a macro": (_very_hidden_sheet, "暗表", "hidden-sheet"),
    "merged over columns": (_merged, f"{NAME}!A2:B2", "merged"),
    "a cell outside": (_outside, f"{NAME}!AZ2", "beyond-columns"),
    "no header": (_no_header, f"{NAME}!A1", "no-header"),
    "no rows": (_no_rows, f"{NAME}!A2", "no-rows"),
    "an error": (_error, f"{NAME}!A2", "error-cell"),
    "digits lost": (_digits_lost, f"{NAME}!A2", ""),
    "no key": (_no_key, f"{NAME}!A", ""),
}
"""What is done to a workbook that was right, where that must be named, and by which code where only one is right.

`first` is the first column that has something in it.
"""


def _spoiled(kind: Rows, told: list[Column], right: Row) -> Iterator[tuple[str, bytes, str, str]]:
    first = letters(next(place for place, column in enumerate(told, start=1) if right[column.name]))
    for fault, (spoil, pointer, code) in SPOILING.items():
        made = makers.book(told, right)
        spoil(made)
        yield fault, makers.saved(made), pointer.format(first=first), code
    key = letters(1 + [column.name for column in told].index(kind.key[-1]))
    yield "the same twice", makers.xlsx(told, right, right), f"{NAME}!{key}3", "twice"
    unknown = makers.book(told, right)
    unknown.worksheets[0].cell(1, len(told) + 1).value = "颜色"
    yield "an unknown column", makers.saved(unknown), f"{NAME}!{letters(len(told) + 1)}1", "unknown-column"
    twice = makers.book(told, right)
    twice.worksheets[0].cell(1, len(told) + 1).value = told[0].header
    yield "a column twice", makers.saved(twice), f"{NAME}!{letters(len(told) + 1)}1", "column-twice"


def _csvs(kind: Rows, told: list[Column], right: Row) -> Iterator[tuple[str, bytes, str | None, str]]:
    whole = makers.csv(told, right)
    key = letters(1 + [column.name for column in told].index(kind.key[-1]))
    yield from (
        ("empty", b"", "A1", "no-header"),
        ("a workbook", makers.xlsx(told, right), None, ""),
        ("not in any encoding of text", b"\xff\xff\xff\x80" + whole, None, "not-csv"),
        ("half a character", whole[:-1] + b"\xe4\xb8", None, "not-csv"),
        ("UTF-16 cut off", "代码".encode("utf-16") + b"\x00", None, "not-csv"),
        ("a quote without end", whole + b'\r\n"a', None, "not-csv"),
        ("NULs", whole + b"\r\n" + bytes(100), "A3", "not-text"),
        ("no header", b"a,b,c\r\n1,2,3\r\n", "A1", "no-header"),
        ("no rows", makers.csv(told), "A2", "no-rows"),
        ("hundreds of columns", b"," * 300, None, "not-csv"),
        ("a cell without bound", b'"' + b"x" * 40_000 + b'"', None, "not-csv"),
        ("an unknown column", "颜色,".encode() + whole, "A1", "unknown-column"),
        ("the same twice", makers.csv(told, right, right), f"{key}3", "twice"),
    )


def _of_rows(
    objects: str, right: Row, optional: tuple[str, ...], wrong: dict[str, tuple[str, ...]]
) -> Iterator[FaultyRequest]:
    """Files of rows whose cells are named by line and field."""
    header = ",".join(right)

    def sent(fault: str, content: bytes, pointer: str | None = None) -> FaultyRequest:
        told = {"Content-Type": CSV}
        path = f"/v1/{objects}:import"
        return FaultyRequest(f"{objects} as a file: {fault}", "POST", path, content, headers=told, pointer=pointer)

    line = ",".join(right.values())
    yield sent("empty", b"", "/rows/1")
    yield sent("a workbook", makers.saved(openpyxl.Workbook()), "/rows/1")
    yield sent("not UTF-8", f"{header}\n{line}，\n".encode("gb18030"), "/rows/2")
    yield sent("UTF-16 cut off", f"{header}\n".encode("utf-16") + b"\x00")
    yield sent("NULs", f"{header}\n{line}\0\n".encode(), "/rows/2")
    yield sent("nothing but NULs", bytes(5000), "/rows/1")
    yield sent("a quote without end", f'{header}\n"{line}\n'.encode(), "/rows/2")
    yield sent("a cell too few", f"{header}\n{line.rpartition(',')[0]}\n".encode(), "/rows/2")
    yield sent("a cell too many", f"{header}\n{line},x\n".encode(), "/rows/2")
    yield sent("an unknown column", f"{header},colour\n{line},red\n".encode(), "/rows/1")
    yield sent("a column twice", f"{header},{header}\n{line},{line}\n".encode(), "/rows/1")
    yield sent("a line without bound", f"{header}\n{'x' * 100_000}\n".encode(), "/rows/2")
    yield sent("a cell without bound", f"{header}\n{line.replace(next(iter(right.values())), 'x' * 9000)}\n".encode())
    for name in right:
        left = [other for other in right if other != name]
        short = f"{','.join(left)}\n{','.join(right[other] for other in left)}\n"
        yield sent(f"no column {name}", short.encode(), "/rows/1")
        empty = {**right, name: ""}
        yield sent(f"{name} empty", f"{header}\n{','.join(empty.values())}\n".encode(), "/rows/2")
    for name, values in wrong.items():
        for value in values:
            row = {**right, name: value}
            text = f"{','.join(row)}\n{','.join(row.values())}\n"
            yield sent(f"{name}={value[:20]!r}", text.encode(), f"/rows/2/{name}" if len(value) < len(text) else None)
    assert set(wrong) <= {*right, *optional}


def _of_notice() -> Iterator[FaultyRequest]:
    """Yearly notices of working days."""
    header = "类别,名称,开始,结束\n"
    for fault, content, pointer in (
        ("empty", b"", "/rows/1"),
        ("a workbook", makers.saved(openpyxl.Workbook()), "/rows/1"),
        ("NULs", (header + "放假,元旦\0,2019-01-01,\n").encode(), "/rows/1"),
        ("not in any encoding", b"\xff\xff\x80", "/rows/1"),
        ("a quote without end", (header + '放假,"元旦,2019-01-01,\n').encode(), "/rows/"),
        ("other columns", b"colour,size\nred,1\n", "/rows/1"),
        ("a cell too few", (header + "放假,元旦\n").encode(), "/rows/2"),
        ("no such kind", (header + "调整,元旦,2019-01-01,\n").encode(), "/rows/2/kind"),
        ("no name", (header + "放假,,2019-01-01,\n").encode(), "/rows/2/name"),
        ("no day", (header + "放假,元旦,元旦当天,\n").encode(), "/rows/2/first"),
        ("a day that is none", (header + "放假,元旦,2019-02-30,\n").encode(), "/rows/2/first"),
        ("a number without bound", (header + f"放假,元旦,{'9' * 90}-1-1,\n").encode(), "/rows/2/first"),
        ("several worked days in a row", (header + "上班,元旦,2019-01-01,2019-01-03\n").encode(), "/rows/2/last"),
    ):
        yield FaultyRequest(
            f"notice as a file: {fault}",
            "PUT",
            "/v1/calendars/2019/notice",
            content,
            query={"document": "合成〔2018〕1号"},
            headers={"Content-Type": CSV, "If-Match": "*"},
            pointer=pointer,
        )


def _evidence() -> Iterator[FaultyRequest]:
    """Evidence files that are none."""
    workbook = makers.saved(openpyxl.Workbook())
    for fault, name, content in (
        ("empty", "a.pdf", b""),
        ("a program that is called pdf", "a.pdf", b"MZ\x90\x00" + bytes(100)),
        ("a page", "a.html", b"<html><script>1</script></html>"),
        ("a workbook cut off", "a.xlsx", workbook[: len(workbook) // 2]),
        ("a workbook with macros", "a.xlsx", makers.with_part(workbook, "xl/vbaProject.bin", b"x")),
        ("a zip bomb by its own account", "a.xlsx", makers.said_to_grow(workbook)),
        ("a zip", "a.zip", makers.zipped("a.txt")),
        ("with a password", "a.xlsx", COMPOUND + bytes(600) + ENCRYPTED_STREAM),
        ("text with NULs", "a.txt", b"a\0b"),
        ("a name that climbs", "../../a.exe", b"%PDF-1.7"),
    ):
        form = f'--f\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        yield FaultyRequest(
            f"evidence as a file: {fault}",
            "POST",
            "/v1/files",
            form + content + b"\r\n--f--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=f"},
        )

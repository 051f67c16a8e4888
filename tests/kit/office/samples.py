"""Office files to read: as openpyxl writes them, and made to deceive."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl
import xlsxwriter


def book(*rows: Sequence[object], name: str = "Sheet1") -> openpyxl.Workbook:
    """A workbook with one sheet of these rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(row)
    return made


def saved(made: openpyxl.Workbook) -> io.BytesIO:
    """The workbook as a file."""
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def with_shared_strings(*rows: Sequence[str]) -> io.BytesIO:
    """A file whose texts stand beside the sheet, as Excel writes it; openpyxl leaves them in the cells."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("Sheet1")
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    made.close()
    file.seek(0)
    return file


def rewritten(file: io.BytesIO, changes: Mapping[str, bytes | None], *, more: Iterable[str] = ()) -> io.BytesIO:
    """The file with parts replaced, taken out (None), or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = changes.get(name, before.read(name))
            if content is not None:
                after.writestr(name, content)
        for name, content in changes.items():
            if name not in before.namelist() and content is not None:
                after.writestr(name, content)
        for name in more:
            after.writestr(name, b"x")
    made.seek(0)
    return made


def part(file: io.BytesIO, name: str) -> bytes:
    """A part of the file."""
    file.seek(0)
    with zipfile.ZipFile(file) as opened:
        return opened.read(name)

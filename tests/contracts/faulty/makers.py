"""Workbooks and CSVs, right ones and such as nobody should open."""

import io
import zipfile
from functools import cache

import openpyxl

from services.registry.sheets.rules import Column

SHEET = "xl/worksheets/sheet1.xml"
BOMB = bytes(32 * 1024 * 1024)
NAME = "填报"
"""Of a sheet."""

Row = dict[str, str]


def book(told: list[Column], *rows: Row) -> openpyxl.Workbook:
    """A workbook with a header and rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = NAME
    sheet.append([column.header for column in told])
    for row in rows:
        sheet.append([row.get(column.name) or None for column in told])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    """Its bytes."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def xlsx(told: list[Column], *rows: Row) -> bytes:
    """A workbook as a file."""
    return saved(book(told, *rows))


def csv(told: list[Column], *rows: Row) -> bytes:
    """A CSV."""
    lines = [[column.header for column in told], *([row.get(column.name, "") for column in told] for row in rows)]
    return "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A file of Office with another part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for other in before.namelist():
            if other != name:
                after.writestr(other, before.read(other))
        after.writestr(name, part)
    return made.getvalue()


@cache
def bomb() -> bytes:
    """A workbook whose one sheet grows a thousand times."""
    return with_part(saved(openpyxl.Workbook()), SHEET, BOMB)


def said_to_grow(content: bytes) -> bytes:
    """A file whose directory says that a part of it grows to two GiB."""
    size = content.find(b"PK\x01\x02") + 24
    return content[:size] + b"\xff\xff\xff\x7f" + content[size + 4 :]


@cache
def of_many_parts() -> bytes:
    """A workbook with thousands of parts."""
    made = io.BytesIO(saved(openpyxl.Workbook()))
    with zipfile.ZipFile(made, "a") as after:
        for number in range(2001):
            after.writestr(f"xl/media/{number}.bin", b"")
    return made.getvalue()


def zipped(*names: str) -> bytes:
    """A zip with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as after:
        for name in names:
            after.writestr(name, b"<x/>")
    return made.getvalue()

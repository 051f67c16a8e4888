"""A sheet to be filled in: a header, cells that take what they should, and a second sheet that explains the first."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import xlsxwriter

from services.kit.codes import code_list
from services.kit.office.cells import letters
from services.kit.office.writing import guarded

FileFormat = Literal["xlsx", "csv"]
FILE_FORMATS: Final = code_list(
    "file-formats",
    "文件格式",
    "formats of templates",
    {"xlsx": ("Excel 工作簿", "Excel workbook"), "csv": ("CSV 文本", "CSV")},
    FileFormat,
)
FILLED_ROWS: Final = 50_000
"""So many rows have the lists of allowed values."""
INLINE: Final = 250
"""A list of allowed values may be so long within a rule; a longer one stands on the second sheet."""
WIDE: Final = 60


@dataclass(frozen=True)
class Entry:
    """One column of a form."""

    header: str
    text: bool
    """Its cells are texts, so that a code of 18 digits stays one."""
    required: bool
    allowed: Sequence[str] = ()
    told: Sequence[str] = ()
    """The row that explains it, by the headings of the form's second sheet."""
    one_of: bool = True
    """A cell holds one of the allowed values, not several."""


@dataclass(frozen=True)
class Form:
    """A form: its two sheets."""

    name: str
    explained: str
    headings: Sequence[str]
    entries: Sequence[Entry]
    notes: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    """What is filled in already."""


def as_csv(form: Form) -> bytes:
    """The header and what is filled in, in UTF-8 with a mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([entry.header for entry in form.entries])
    writer.writerows([guarded(cell) for cell in row] for row in form.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(form: Form) -> bytes:
    """The form as a workbook."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, explained = book.add_worksheet(form.name), book.add_worksheet(form.explained)
    must = book.add_format({"bold": True, "num_format": "@", "bottom": 1, "bg_color": "#FCE4D6", "text_wrap": True})
    may = book.add_format({"bold": True, "num_format": "@", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    lists = _explain(book, explained, form)
    for place, entry in enumerate(form.entries):
        sheet.set_column(place, place, min(max(2 * len(entry.header), 12), 40), text if entry.text else None)
        sheet.write_string(0, place, entry.header, must if entry.required else may)
        if entry.allowed and entry.one_of:
            rule = {"validate": "list", "source": lists[place], "ignore_blank": not entry.required}
            sheet.data_validation(1, place, FILLED_ROWS, place, rule)
    for line, row in enumerate(form.rows, start=1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(line, place, cell, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _explain(book: Any, sheet: Any, form: Form) -> dict[int, Any]:  # noqa: ANN401 - xlsxwriter tells no types
    """Fill the second sheet; the lists of allowed values by column, where they are too long for a rule of their own."""
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, heading in enumerate(form.headings):
        sheet.write_string(0, place, heading, bold)
        sheet.set_column(place, place, WIDE if place == 1 else 24)
    for row, entry in enumerate(form.entries, start=1):
        for place, said in enumerate(entry.told):
            sheet.write_string(row, place, said, wrapped)
    for row, note in enumerate(form.notes, start=len(form.entries) + 2):
        sheet.write_string(row, 0, note)
    found: dict[int, Any] = {}
    for place, entry in enumerate(form.entries):
        if len(",".join(entry.allowed)) <= INLINE and not any("," in value for value in entry.allowed):
            found[place] = list(entry.allowed)
            continue
        aside = len(form.headings) + 1 + place
        sheet.write_column(0, aside, [entry.header, *entry.allowed])
        name = letters(aside + 1)
        found[place] = f"='{form.explained}'!${name}$2:${name}${len(entry.allowed) + 1}"
    return found

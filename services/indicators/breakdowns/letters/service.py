"""A letter of responsibility as a Word document, in the look of official documents (GB/T 9704-2012, 党政机关公文格式).

A4, margins 37/26/35/28 mm, title in 小标宋 二号, headings in 黑体, text in 仿宋 三号 on lines of 28 points. Few computers have
方正小标宋 and 仿宋_GB2312, so the document's own font table names what to take instead.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from services.indicators.breakdowns.letters import rules
from services.indicators.breakdowns.letters.rules import Letter

TITLE, HEADING, TEXT = "方正小标宋简体", "黑体", "仿宋_GB2312"
INSTEAD: Final = {TITLE: "华文中宋", HEADING: "SimHei", TEXT: "仿宋"}
"""What is taken where a typeface is not there."""

SIZE_TITLE, SIZE_TEXT, SIZE_TABLE = Pt(22), Pt(16), Pt(10.5)
LINE = Pt(28)
WIDTHS: Final = {6: (10, 28, 13, 32, 32, 41), 4: (10, 46, 13, 87)}
"""Widths of the columns in mm; each row sums to the 156 mm between the margins."""


def document(letter: Letter) -> bytes:
    """The letter as docx. The same letter gives the same bytes but for the time stamps of its archive."""
    made = Document()
    _page(made)
    _fonts(made)
    for line in rules.title(letter):
        _paragraph(made, line, font=TITLE, size=SIZE_TITLE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(made, "")
    _text(made, rules.opening(letter))
    _heading(made, "一、目标")
    _table(made, rules.TARGET_HEADS, rules.target_rows(letter), nothing="无分解目标。")
    _heading(made, "二、任务")
    _table(made, rules.TASK_HEADS, rules.task_rows(letter), nothing="无任务。")
    _heading(made, "三、责任期限")
    _text(made, rules.term(letter))
    _heading(made, "四、责任要求")
    for duty in rules.duties():
        _text(made, duty)
        made.paragraphs[-1].paragraph_format.keep_with_next = True  # nobody signs a page of its own
    _paragraph(made, "").paragraph_format.keep_with_next = True
    _signatures(made, letter)
    core = made.core_properties
    core.title, core.author = "".join(rules.title(letter)), letter.issuer
    core.created = core.modified = datetime.combine(letter.signed_on, datetime.min.time(), tzinfo=UTC)
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _page(made: Docx) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
        Mm(37),
        Mm(26),
        Mm(35),
        Mm(28),
    )
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", None), (None, "PAGE"), (" —", None)):
        run = footer.add_run(text or "")
        _typeface(run, TEXT, Pt(14))
        if field is not None:
            for kind, content in (("begin", None), (None, field), ("end", None)):
                element = OxmlElement("w:instrText" if content else "w:fldChar")
                if content:
                    element.text = content
                else:
                    element.set(qn("w:fldCharType"), str(kind))
                run._r.append(element)  # noqa: SLF001 - python-docx has no fields of its own


def _fonts(made: Docx) -> None:
    """Default typefaces, and in the font table what may stand for them."""
    normal: Any = made.styles["Normal"]
    normal.font.name, normal.font.size = TEXT, SIZE_TEXT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), TEXT)
    part = made.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    entries = "".join(
        f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in INSTEAD.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")  # noqa: SLF001 - a part without a class of its own


def _typeface(run: Any, font: str, size: Pt, *, bold: bool = False) -> None:  # noqa: ANN401 - a run
    run.font.name, run.font.size, run.font.bold = font, size, bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - the only way to the East Asian typeface


def _paragraph(
    made: Any,  # noqa: ANN401 - a document or a cell
    text: str,
    *,
    font: str = TEXT,
    size: Pt = SIZE_TEXT,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> Paragraph:
    paragraph: Paragraph = made.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if align is not None:
        paragraph.alignment = align
    _typeface(paragraph.add_run(text), font, size)
    return paragraph


def _text(made: Docx, text: str) -> None:
    """A paragraph of text, two characters in."""
    _paragraph(made, text, align=WD_ALIGN_PARAGRAPH.JUSTIFY).paragraph_format.first_line_indent = SIZE_TEXT * 2


def _heading(made: Docx, text: str) -> None:
    paragraph = _paragraph(made, text, font=HEADING)
    paragraph.paragraph_format.first_line_indent = SIZE_TEXT * 2
    paragraph.paragraph_format.keep_with_next = True


def _table(made: Docx, heads: Sequence[str], rows: Iterable[Sequence[str]], *, nothing: str) -> None:
    """A table whose head is repeated on every page, or a sentence where there is nothing to list."""
    listed = list(rows)
    if not listed:
        _text(made, nothing)
        return
    table = made.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS[len(heads)], strict=True):
        column.width = Mm(width)
    for number, texts in enumerate((heads, *listed)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no names for these two
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        if number == 0:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for cell, text, width in zip(row.cells, texts, WIDTHS[len(heads)], strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            centred = number == 0 or len(text) <= 3  # noqa: PLR2004 - numbers and roles
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
            _typeface(paragraph.add_run(text), HEADING if number == 0 else TEXT, SIZE_TABLE)


def _signatures(made: Docx, letter: Letter) -> None:
    """Both parties side by side, kept on one page."""
    signed = rules.signatures(letter)
    table = made.add_table(rows=len(signed[0]), cols=2)
    table.autofit = False
    for column, lines in enumerate(signed):
        for row, line in enumerate(lines):
            cell = table.cell(row, column)
            cell.width = Mm(78)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.keep_with_next = row < len(lines) - 1
            paragraph.paragraph_format.line_spacing = Pt(40)
            _typeface(paragraph.add_run(line), TEXT, Pt(14))

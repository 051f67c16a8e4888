"""The tables of a plan's annexes, found by the words of their headers, in a text of one cell a paragraph or in a docx.

In a text a merged cell stands once, where its group begins: the rows below lack it. Rows are told apart by their
number, and cells by what they can be: a number, an amount, years, an industry that was named before.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Name = Literal["number", "industry", "enterprise", "direction", "project", "investment", "years"]

HEADINGS: Final[Mapping[str, Name]] = {
    "序号": "number",
    "编号": "number",
    "产业": "industry",
    "产业类别": "industry",
    "所属产业": "industry",
    "产业领域": "industry",
    "行业": "industry",
    "企业名称": "enterprise",
    "企业": "enterprise",
    "实施企业": "enterprise",
    "实施单位": "enterprise",
    "项目单位": "enterprise",
    "培育方向": "direction",
    "培育重点": "direction",
    "项目名称": "project",
    "项目": "project",
    "计划总投资": "investment",
    "总投资": "investment",
    "投资额": "investment",
    "项目总投资": "investment",
    "项目实施年度": "years",
    "实施年度": "years",
    "实施年限": "years",
    "建设年限": "years",
    "建设起止年限": "years",
    "起止年限": "years",
}
"""What the columns of such tables are called."""
CALLED: Final[Mapping[Name, str]] = {
    "number": "序号",
    "industry": "产业类别",
    "enterprise": "企业名称",
    "direction": "培育方向",
    "project": "项目名称",
    "investment": "计划总投资",
    "years": "实施年度",
}
NEEDED: Final[Mapping[str, frozenset[Name]]] = {
    "projects": frozenset({"industry", "enterprise", "project", "investment", "years"}),
    "enterprises": frozenset({"industry", "enterprise", "direction"}),
}
"""The columns by which a table is known to list projects or enterprises."""
PARTS_OF_A_HEADING: Final = 3
"""A heading may be broken over so many paragraphs."""
WITH_UNIT: Final = re.compile(r"([^()]+)(?:\((?:单位:)?(元|万元|亿元)\))?")
AMOUNT: Final = re.compile(r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?(?:元|万元|亿元)?")
YEARS: Final = re.compile(r"[0-9.月/]*(?:19|20)[0-9]{2}年?[0-9.月/]*(?:(?:[-—–~至到]+)(?:19|20)[0-9]{2}年?[0-9.月/]*)?")


@dataclass(frozen=True)
class Cell:
    """A text, and where it stands: a line of a text, or a row of a table."""

    text: str
    line: int


@dataclass(frozen=True)
class Fault:
    """What keeps a table from being read, and where."""

    where: str
    en: str
    zh: str


@dataclass
class Row:
    """One row: its cells by column; a cell that is missing is None."""

    line: int
    cells: dict[Name, str | None]


@dataclass
class Annex:
    """A table that was found."""

    kind: str
    """`enterprises` or `projects`."""
    title: str
    columns: tuple[Name, ...]
    unit: str | None
    """In which investments stand, where the header says so."""
    place: str
    """`第 138 行` or `表 1`."""
    in_table: bool
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def where(self, line: int) -> str:
        """A row as a person finds it."""
        return f"{self.place}第 {line} 行" if self.in_table else f"第 {line} 行"


def squeezed(text: str) -> str:
    """A text without blanks, full-width signs as half-width: how headings and numbers are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def in_text(paragraphs: Sequence[tuple[Cell, bool]]) -> list[Annex]:
    """The tables in paragraphs; the flag of each says whether it is set in, as running text is and cells are not."""
    found: list[Annex] = []
    at, title = 0, ""
    while at < len(paragraphs):
        columns, unit, after = _header(paragraphs, at)
        kind = _kind(columns)
        if kind is None:
            text = squeezed(paragraphs[at][0].text)
            title = paragraphs[at][0].text.strip() if text.startswith("附") else title
            at += 1
            continue
        annex = Annex(kind, title, columns, unit, f"第 {paragraphs[at][0].line} 行", in_table=False)
        end = after
        while end < len(paragraphs) and not paragraphs[end][1] and not _begins(paragraphs, end):
            end += 1
        _Rows(annex, [cell for cell, _ in paragraphs[after:end]]).read()
        found.append(annex)
        at = end
    return found


def in_table(rows: Sequence[Sequence[str]], *, number: int, title: str) -> Annex | None:
    """The table of a document; None where its header has other words."""
    for top, header in enumerate(rows[:3]):
        named = [_heading(squeezed(text)) for text in header]
        columns = tuple(name for name, _ in named if name is not None)
        kind = _kind(columns)
        if kind is None:
            continue
        unit = next((unit for _, unit in named if unit is not None), None)
        annex = Annex(kind, title, columns, unit, f"表 {number} ", in_table=True)
        for line, cells in enumerate(rows[top + 1 :], start=top + 2):
            if any(cell.strip() for cell in cells):
                by_name = {name: text.strip() or None for (name, _), text in zip(named, cells, strict=False) if name}
                annex.rows.append(Row(line, {**dict.fromkeys(columns), **by_name}))
                _check(annex, annex.rows[-1], len(annex.rows))
        return annex
    return None


def _kind(columns: Sequence[Name]) -> str | None:
    if len({*columns}) != len(columns):
        return None
    return next((kind for kind, needed in NEEDED.items() if needed <= {*columns}), None)


def _heading(text: str) -> tuple[Name | None, str | None]:
    found = WITH_UNIT.fullmatch(text)
    name = HEADINGS.get(found[1]) if found else None
    return (name, found[2] if found and name == "investment" else None)


def _header(paragraphs: Sequence[tuple[Cell, bool]], at: int) -> tuple[tuple[Name, ...], str | None, int]:
    """The columns that are named from here on, the unit of the investment, and where the header ends."""
    columns: list[Name] = []
    unit = None
    while at < len(paragraphs):
        for parts in range(PARTS_OF_A_HEADING, 0, -1):
            joined = "".join(squeezed(cell.text) for cell, _ in paragraphs[at : at + parts])
            name, of = _heading(joined)
            if name is not None:
                columns.append(name)
                unit, at = of or unit, at + parts
                break
        else:
            break
    return tuple(columns), unit, at


def _begins(paragraphs: Sequence[tuple[Cell, bool]], at: int) -> bool:
    """Whether another annex begins here."""
    return squeezed(paragraphs[at][0].text).startswith("附件") or _kind(_header(paragraphs, at)[0]) is not None


class _Rows:
    """The rows of a table of one cell a paragraph."""

    def __init__(self, annex: Annex, cells: Sequence[Cell]) -> None:
        self.annex, self.cells = annex, cells
        self.industries: set[str] = set()
        self.above: str | None = None

    def read(self) -> None:
        """All rows, those that cannot be divided too."""
        at = 0
        while at < len(self.cells):
            taken, row = self._row(at)
            self.annex.rows.append(row)
            _check(self.annex, row, len(self.annex.rows))
            if row.cells["industry"] is not None:
                self.above = row.cells["industry"]
                self.industries.add(self.above)
            at += taken

    def _row(self, at: int) -> tuple[int, Row]:
        """One row from here on: all its cells, or without the merged one, or with one that is missing.

        Best is a division after which the next row begins; else one that this row alone bears out.
        """
        columns, number = self.annex.columns, len(self.annex.rows) + 1
        for sure in ("next", "row", "numbered otherwise"):
            for lacking in (None, "industry", *(name for name in columns if name not in {"industry", "number"})):
                there = [name for name in columns if name != lacking]
                texts = [cell.text.strip() for cell in self.cells[at : at + len(there)]]
                cells: dict[Name, str | None] = dict(zip(there, texts, strict=False))
                whole = len(texts) == len(there) and self._fits(cells, None if sure == "numbered otherwise" else number)
                if whole and (sure != "next" or self._goes_on(at + len(there), number + 1)):
                    above: dict[Name, str | None] = {"industry": self.above} if lacking == "industry" else {}
                    return len(there), Row(self.cells[at].line, {**dict.fromkeys(columns), **cells, **above})
        return self._given_up(at, number)

    def _fits(self, cells: Mapping[Name, str | None], number: int | None) -> bool:
        """Whether each cell can be what its column says; without `number` any number will do."""
        for name, text in cells.items():
            plain = squeezed(text or "")
            wrong = (
                (name == "number" and (plain != str(number) if number else not plain.isdigit()))
                or (name == "investment" and not AMOUNT.fullmatch(plain))
                or (name == "years" and not YEARS.fullmatch(plain))
                or (name not in {"number", "investment", "years"} and re.fullmatch(r"[0-9.,]*", plain) is not None)
                or (name not in {"industry", "years"} and text in self.industries)
                or (name in {"industry", "direction", "project"} and plain.endswith("公司"))
            )
            if wrong:
                return False
        return "industry" in cells or self.above is not None

    def _goes_on(self, at: int, number: int) -> bool:
        """Whether the table ends here or the next row begins, as far as its number says."""
        if at >= len(self.cells):
            return True
        if "number" not in self.annex.columns:
            return True
        place = self.annex.columns.index("number")
        near = self.cells[at + max(place - 1, 0) : at + place + 1]
        return any(squeezed(cell.text) == str(number) for cell in near)

    def _given_up(self, at: int, number: int) -> tuple[int, Row]:
        """A row that cannot be divided: everything up to the next one's number."""
        columns = self.annex.columns
        end = at + 1
        while end < len(self.cells) and squeezed(self.cells[end].text) != str(number + 1):
            end += 1
        if end < len(self.cells) and "number" in columns:
            end = max(end - columns.index("number"), at + 1)
        row = Row(self.cells[at].line, dict.fromkeys(columns))
        said = "、".join(cell.text.strip() for cell in self.cells[at:end])[:80]
        where = self.annex.where(row.line)
        known = "、".join(CALLED[name] for name in columns)
        self.annex.faults.append(
            Fault(
                where,
                f"row {number} cannot be divided into {len(columns)} cells ({known}): {said}",
                f"第 {number} 项不能分成 {len(columns)} 格（{known}）：{said}",
            )
        )
        return end - at, row


def _check(annex: Annex, row: Row, number: int) -> None:
    """Name what a row lacks, and a number that is out of order."""
    if annex.faults and annex.faults[-1].where == annex.where(row.line):
        return
    for name, text in row.cells.items():
        if text is None:
            annex.faults.append(
                Fault(
                    annex.where(row.line),
                    f"row {number} has no {name} ({CALLED[name]})",
                    f"第 {number} 项缺少“{CALLED[name]}”",
                )
            )
    said = row.cells.get("number")
    if said is not None and squeezed(said) != str(number):
        annex.faults.append(
            Fault(annex.where(row.line), f"row {number} has the number {said}", f"第 {number} 项的序号为 {said}")
        )

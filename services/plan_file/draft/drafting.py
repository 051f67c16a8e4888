"""What the annex tables say, as the beginning of a plan file; what they do not say is left open, as comments."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from services.kit.office import document
from services.plan_file.draft.tables import Annex, Cell, Fault, Row, in_table, in_text, squeezed
from services.plan_file.scalars import plain
from services.plan_file.writing import dumped

SET_IN: Final = ("\u3000", "  ")
"""How running text begins, and a cell does not."""
AMOUNT: Final = re.compile(r"([0-9,]+(?:\.[0-9]+)?)(元|万元|亿元)?")
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
IN_WAN: Final[Mapping[str, int]] = {"元": -4, "万元": 0, "亿元": 4}
"""Powers of ten from a unit to 万元, in which a plan file keeps investments."""
PLAN_OF_ANNEX: Final = re.compile(r"附[件表录]?[0-9一二三四五六七八九十]*[:.、]*(.+?(?:计划|方案|规划|意见))")
ISSUED: Final = re.compile(r"来源:(.+?)((?:19|20)[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日")

OPEN: Final[Mapping[str, str]] = {
    "code": "方案代码 code of the plan，如 district-2017-2019",
    "region": '行政区划代码 GB/T 2260，加引号 in quotes，如 "330109"',
    "issued_by": "印发单位 issuing office",
    "issued_on": "印发日期 day of issue，如 2017-05-02",
    "start": "计划开始前最后一日 the last day before it begins，如 2016-12-31",
    "end": "计划最后一日 its last day，如 2019-12-31",
    "known_from": "起算时点 from when the file counts，如 2016-12-31T00:00:00+08:00",
}
"""What a plan must say and an annex does not."""
SECTIONS_LEFT: Final = (
    ("units", "责任单位 who answers"),
    ("contacts", "联系人 who receives notices"),
    ("carriers", "行动载体 places"),
    ("tasks", "任务 commitments without a number"),
    ("responsibilities", "责任分工 who leads and supports"),
    ("indicators", "指标 what is measured"),
    ("policies", "亮灯规则 when which light is shown"),
    ("targets", "目标 what is promised"),
    ("ladder", "督办阶梯 levels of supervision (必填 needed)"),
    ("sending", "发送时段 hours of sending (必填 needed)"),
    ("digests", "每周汇总 weekly digests"),
)


@dataclass
class Draft:
    """What was found in a published plan."""

    source: str
    annexes: list[Annex]
    known: dict[str, Any] = field(default_factory=dict)
    """Of the plan itself."""
    industries: list[dict[str, Any]] = field(default_factory=list)
    enterprises: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def drafted(content: bytes, name: str) -> Draft:
    """Read a published plan, text or docx. Raises `Unsafe` for a file that must not be read."""
    if content.startswith((b"PK", b"\xd0\xcf")):
        blocks = document.blocks(io.BytesIO(content))
        said = [block.text for block in blocks if isinstance(block, document.Paragraph)]
        annexes = [*_of_document(blocks)]
    else:
        said = _text(content).splitlines()
        numbered = ((Cell(line.strip(), number), line.startswith(SET_IN)) for number, line in enumerate(said, start=1))
        annexes = in_text([(cell, set_in) for cell, set_in in numbered if cell.text])
    draft = Draft(name, annexes, _plan(said, annexes, name))
    draft.faults += [fault for annex in annexes for fault in annex.faults]
    if not draft.faults:
        _fill(draft)
    return draft


def written(draft: Draft) -> str:
    """The draft as YAML: a skeleton of a plan file, what is open marked by `待填 to fill in`."""
    plan = dumped({"plan": draft.known})
    open_ = "".join(
        f"  # {name}:    # 待填 to fill in: {what}\n" for name, what in OPEN.items() if name not in draft.known
    )
    head = (
        f"# 由 {draft.source} 的附件生成的方案文件草稿，待补全；duban plan check 会列出缺少的内容。",
        f"# Draft of a plan file from the annexes of {draft.source}; duban plan check names what is missing.",
        "format: duban-plan/1\n",
    )
    parts = ["\n".join(head), plan + open_]
    if draft.industries:
        note = "# 代码 code 为自动编号，请改为有意义的英文代码 numbered by itself: give codes that mean something\n"
        parts.append(note + dumped({"industries": draft.industries}))
    parts += [dumped({name: rows}) for name in ("enterprises", "projects") if (rows := getattr(draft, name))]
    parts.append("".join(f"# {name}:    # 待填 to fill in: {what}\n" for name, what in SECTIONS_LEFT))
    return "\n".join(parts)


def told(draft: Draft) -> list[tuple[str, str]]:
    """What was found, in English and Chinese."""
    lines = []
    for annex in draft.annexes:
        what, zh = ("enterprises", "家企业") if annex.kind == "enterprises" else ("projects", "个项目")
        groups = _counted(row.cells["industry"] or "?" for row in annex.rows)
        spread = ", ".join(f"{name} {count}" for name, count in groups.items())
        lines.append(
            (
                f"{len(annex.rows)} {what} at {annex.place.strip()}: {spread}",
                f"{annex.place.strip()}：{len(annex.rows)} {zh}（{spread}）",
            )
        )
    if draft.projects:
        total = plain(sum((project["investment"] for project in draft.projects), Decimal(0)))
        lines.append((f"investment of all projects: {total} 万元", f"项目计划总投资合计 {total} 万元"))
    return lines


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="replace")


def _of_document(blocks: Sequence[document.Paragraph | document.Table]) -> Iterable[Annex]:
    """Tables, and what stands in paragraphs as in a text."""
    title = ""
    for block in blocks:
        if isinstance(block, document.Paragraph):
            title = block.text.strip() if squeezed(block.text).startswith("附") else title
        elif (annex := in_table(block.rows, number=block.number, title=title)) is not None:
            yield annex
    loose = [block for block in blocks if isinstance(block, document.Paragraph) and block.text.strip()]
    yield from in_text([(Cell(block.text.strip(), block.number), block.text.startswith(SET_IN)) for block in loose])


def _plan(said: Sequence[str], annexes: Sequence[Annex], source: str) -> dict[str, Any]:
    """Of the plan itself what the titles and the last line tell."""
    known: dict[str, Any] = {}
    named = [found[1] for annex in annexes if (found := PLAN_OF_ANNEX.match(squeezed(annex.title)))]
    if named:
        known["name"] = named[0]
    issued = next((found for line in reversed(said) if (found := ISSUED.search(squeezed(line)))), None)
    if issued is not None:
        known["issued_by"] = issued[1]
        with suppress(ValueError):  # of what is no day, the office remains
            known["issued_on"] = date(int(issued[2]), int(issued[3]), int(issued[4]))
    return {**known, "source": source}


def _fill(draft: Draft) -> None:
    names = dict.fromkeys(row.cells["industry"] or "" for annex in draft.annexes for row in annex.rows)
    codes = {name: f"industry-{place}" for place, name in enumerate(names, start=1)}
    draft.industries = [{"code": code, "name": name} for name, code in codes.items()]
    for annex in draft.annexes:
        if annex.kind == "enterprises":
            draft.enterprises += [_enterprise(row, place, codes) for place, row in _numbered(draft.enterprises, annex)]
    known = {enterprise["name"]: enterprise["code"] for enterprise in draft.enterprises}
    for annex in draft.annexes:
        if annex.kind == "projects":
            draft.projects += [
                _project(draft, annex, row, number=place, codes=codes, known=known)
                for place, row in _numbered(draft.projects, annex)
            ]


def _numbered(before: Sequence[object], annex: Annex) -> list[tuple[int, Row]]:
    return [*enumerate(annex.rows, start=len(before) + 1)]


def _enterprise(row: Row, number: int, codes: Mapping[str, str]) -> dict[str, Any]:
    cells = row.cells
    return {
        "code": f"e{number:02}",
        "number": number,
        "name": cells["enterprise"],
        "industry": codes[cells["industry"] or ""],
        "direction": cells["direction"],
    }


def _project(
    draft: Draft, annex: Annex, row: Row, *, number: int, codes: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, Any]:
    cells = row.cells
    enterprise = cells["enterprise"] or ""
    years = [int(year) for year in YEAR.findall(squeezed(cells["years"] or ""))]
    carried = {"enterprise": known[enterprise]} if enterprise in known else {"enterprise_name": enterprise}
    if not years or years[-1] < years[0]:
        draft.faults.append(_unread(annex, row, number, "years", cells["years"] or ""))
    return {
        "code": f"P{number:02}",
        "name": cells["project"],
        "industry": codes[cells["industry"] or ""],
        **carried,
        "investment": _investment(draft, annex, row, number),
        "first_year": years[0] if years else 0,
        "last_year": years[-1] if years else 0,
    }


def _investment(draft: Draft, annex: Annex, row: Row, number: int) -> Decimal:
    """In 万元, exactly: by the unit in the cell, else by that of the header."""
    said = squeezed(row.cells["investment"] or "")
    found = AMOUNT.fullmatch(said)
    unit = (found[2] if found else None) or annex.unit
    if found is None or unit is None:
        draft.faults.append(_unread(annex, row, number, "investment", said))
        return Decimal(0)
    return Decimal(found[1].replace(",", "")).scaleb(IN_WAN[unit])


def _unread(annex: Annex, row: Row, number: int, what: str, said: str) -> Fault:
    right, zh = {
        "years": ("years such as 2017-2019 are needed", "应为如 2017-2019年"),
        "investment": (
            "an amount is needed, and 万元 or 亿元 in the header or the cell",
            "应为金额，并在表头或单元格写明万元或亿元",
        ),
    }[what]
    return Fault(
        annex.where(row.line),
        f"row {number}: {said!r} cannot be read: {right}",
        f"第 {number} 项“{said}”无法识别：{zh}",
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts

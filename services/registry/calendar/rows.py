"""The yearly notice as a CSV file, as people keep it: 类别, 名称, 开始, 结束."""

import csv
from collections.abc import Mapping
from datetime import date
from typing import Final

from services.kit.days import day
from services.kit.errors import Faulty
from services.registry.calendar.rules import Holiday, Notice

COLUMNS: Final[Mapping[str, str]] = {
    "类别": "kind",
    "名称": "name",
    "开始": "first",
    "结束": "last",
    "节日名称": "name",
    "开始日期": "first",
    "结束日期": "last",
    **{name: name for name in ("kind", "name", "first", "last")},
}
"""Names of columns, in Chinese or English, and what they hold."""
NEEDED: Final = ("kind", "first")
CALLED: Final = {"kind": "类别", "first": "开始"}
KINDS: Final[Mapping[str, str]] = {
    "放假": "holidays",
    "holiday": "holidays",
    "上班": "workdays",
    "调休": "workdays",
    "workday": "workdays",
}
ENCODINGS: Final = ("utf-8-sig", "gb18030")
LONGEST_CELL: Final = 100


class Rows:
    """A file's rows as a notice, where each of its entries stands, and what is wrong with rows by themselves."""

    def __init__(self, year: int, document: str, content: bytes) -> None:
        self.faults: list[Faulty] = []
        self.holidays: list[Holiday] = []
        self.workdays: list[date] = []
        self._lines: dict[tuple[str, int], int] = {}
        for line, cells in self._rows(content):
            self._take(line, cells)
        self.notice = Notice(year, document, tuple(self.holidays), tuple(self.workdays))

    def pointer(self, of: str, place: int, field: str) -> str:
        """The row (as an editor counts lines) and the cell of an entry."""
        return f"/rows/{self._lines[of, place]}/{field}"

    def _fault(self, line: int, field: str, code: str, en: str, zh: str) -> None:
        self.faults.append(Faulty(f"/rows/{line}/{field}", code, en, f"第 {line} 行：{zh}"))

    def _rows(self, content: bytes) -> list[tuple[int, dict[str, str]]]:
        text = _decoded(content)
        if text is None:
            self._fault(1, "row", "not-text", "save the file as CSV in UTF-8", "请将文件另存为 UTF-8 编码的 CSV")
            return []
        reader = csv.reader(text.splitlines(), strict=True)
        rows: list[tuple[int, list[str]]] = []
        try:
            rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
        except csv.Error:
            self._fault(reader.line_num, "row", "bad-quotes", "a quoted cell does not end", "引号未闭合")
            return []
        header = [COLUMNS.get(name.lower(), "") for name in rows[0][1]] if rows else []
        if missing := [name for name in NEEDED if name not in header]:
            self._fault(
                1,
                "row",
                "missing-column",
                f"the first row names the columns 类别, 名称, 开始, 结束 (kind, name, first, last); {missing[0]} is missing",
                f"首行须为列名：类别、名称、开始、结束；缺少：{CALLED[missing[0]]}",
            )
            return []
        for line, row in rows[1:]:
            if len(row) != len(header):
                self._fault(
                    line,
                    "row",
                    "cells",
                    f"it has {len(row)} cells where the header has {len(header)}",
                    f"有 {len(row)} 个单元格，表头有 {len(header)} 个",
                )
        return [(line, dict(zip(header, row, strict=True))) for line, row in rows[1:] if len(row) == len(header)]

    def _take(self, line: int, cells: dict[str, str]) -> None:
        kind = KINDS.get(cells["kind"].lower())
        if kind is None:
            self._fault(
                line, "kind", "bad-kind", f"{cells['kind']!r} is neither 放假 nor 上班", "类别只能是 放假 或 上班"
            )
        if (kind != "workdays" and not 1 <= len(cells.get("name", "")) <= LONGEST_CELL) or not cells.get(
            "name", ""
        ).isprintable():
            self._fault(line, "name", "bad-name", "name the holiday", "请填写节日名称")
        first = self._day(line, "first", cells["first"])
        last = self._day(line, "last", cells.get("last") or cells["first"])
        if kind is None or first is None or last is None:
            return
        if kind == "holidays":
            self._lines[kind, len(self.holidays)] = line
            self.holidays.append(Holiday(cells.get("name", ""), first, last))
        elif first != last:
            self._fault(line, "last", "one-day", "a worked day is one day; use a row each", "上班日须逐日填写")
        else:
            self._lines[kind, len(self.workdays)] = line
            self.workdays.append(first)

    def _day(self, line: int, field: str, text: str) -> date | None:
        found = day(text)
        if found is None:
            self._fault(
                line,
                field,
                "bad-day",
                f"{text[:LONGEST_CELL]!r} is no day; write 2018-10-01",
                f"{text[:LONGEST_CELL]} 不是日期；写法：2018-10-01、2018/10/1 或 2018年10月1日",
            )
        return found


def _decoded(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None

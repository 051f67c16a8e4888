"""A CSV of 1,000 figures with 40 faults of the 12 named kinds, and the same file mended."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

HEADER = ["indicator", "subject", "period", "value", "unit", "recorded_at", "status", "reporter", "note"]
Row = list[str]
Spoil = Callable[[Row], tuple[str, bytes | Row]]


def _with(column: str, value: str) -> Callable[[Row], tuple[str, Row]]:
    place = HEADER.index(column)
    return lambda row: (column, [*row[:place], value, *row[place + 1 :]])


def _too_early(row: Row) -> tuple[str, Row]:
    return "period", _with("recorded_at", "2016-12-31T10:00:00+08:00")(row)[1]


KINDS: dict[str, list[Spoil]] = {
    "unknown-indicator": [_with("indicator", "happiness"), _with("indicator", "va growth")],
    "unknown-subject": [_with("subject", "project:P99"), _with("subject", "P01"), _with("subject", "carrier:moon")],
    "unit-of-another-dimension": [_with("unit", "家"), _with("unit", "%"), _with("unit", "万")],
    "period-of-wrong-frequency": [_with("period", "2017-Q3"), _with("period", "2017"), _with("period", "2017-H1")],
    "not-a-number": [_with("value", "一百"), _with("value", "1,234"), _with("value", ""), _with("value", "12.5万")],
    "not-finite": [_with("value", "NaN"), _with("value", "-Infinity"), _with("value", "inf")],
    "formula-text": [
        _with("value", "=1+1"),
        _with("value", "+SUM(A1)"),
        _with("value", "@A1"),
        _with("value", "-cmd|'/C calc'!A0"),
    ],
    "period-not-ended": [_too_early] * 3,
    "reported-twice": [],
    "too-few-cells": [lambda row: ("row", row[:5]), lambda row: ("row", row[:8]), lambda row: ("row", row[:1])],
    "not-utf8": [lambda row: ("row", ",".join(row).encode("gb18030"))] * 4,
    "not-the-reporter": [_with("reporter", "区财政局"), _with("reporter", "区统计"), _with("reporter", "statistics")],
}
TWICE = 5
"""Faults of the kind `reported-twice`: a row that says again what one before it said, in other words."""


@dataclass
class Files:
    """The file, what is wrong with it by line, field and kind, and the file mended."""

    spoiled: bytes
    mended: bytes
    faults: set[tuple[int, str, str]] = field(default_factory=set)


def rows() -> list[Row]:
    """1,000 right rows: 30 projects by month, from January 2017 on."""
    months = [(2017 + n // 12, n % 12 + 1) for n in range(34)]
    return [
        [
            "investment_done",
            f"project:P{project:02}",
            f"{year}-{month:02}",
            f"{project * 1000 + year + month}.5",
            "万元",
            f"{date(year + month // 12, month % 12 + 1, 12)}T10:00:00+08:00",
            "published",
            "项目单位",
            '模拟数据，含逗号, 引号" 与中文',
        ]
        for year, month in months
        for project in range(1, 31)
    ][:1000]


def files() -> Files:
    """The two files; every 23rd row is spoiled, the kinds in turn."""
    good = rows()
    spoils = [(kind, spoil) for kind, ways in KINDS.items() for spoil in ways]
    lines: list[bytes] = [_line(HEADER)]
    faults: set[tuple[int, str, str]] = set()
    for n, row in enumerate(good):
        line, place = n + 2, n // 23
        if n % 23 or place >= len(spoils) + TWICE:
            lines.append(_line(row))
        elif place < len(spoils):
            kind, spoil = spoils[place]
            where, made = spoil(row)
            faults.add((line, where, kind))
            lines.append(made + b"\n" if isinstance(made, bytes) else _line(made))
        else:
            faults.add((line, "recorded_at", "reported-twice"))
            lines.append(_line([*good[n - 1][:3], "1", *good[n - 1][4:]]))
    return Files(b"".join(lines), b"".join([_line(HEADER), *map(_line, good)]), faults)


def _line(row: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue().encode()

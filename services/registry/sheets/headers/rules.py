"""Which row of a sheet is its header, and which field each of its columns is. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from services.kit.amounts import AREA, MONEY, compact, is_unit, stated, unit_in, words
from services.registry.sheets.rules import Column

HEADER_ROWS: Final = 20
"""A header is looked for in so many rows."""


@dataclass(frozen=True)
class Headed:
    """Where the columns of a sheet stand."""

    row: int
    columns: Mapping[int, tuple[Column, str | None]]
    """By place: the column and the unit that its header names, where it names one."""
    passed: Mapping[int, str]
    """Columns that an export has and an import does not take."""
    unknown: Mapping[int, str]
    """Headers that name no field, by place."""
    twice: Mapping[int, str]
    """Headers of a field that has a column already."""
    version: int | None = None
    """Where the version stands that a row replaces."""


def headed(
    rows: Iterable[tuple[int, Mapping[int, str]]], columns: Sequence[Column], passed: Mapping[str, str]
) -> Headed | None:
    """The header among the first rows: the one that names the most fields. None where none names at least one key.

    `rows` are numbers and texts by place, merged cells filled; a unit may stand in the row above (a header of two rows),
    or in a line there for all money of the table (单位：亿元).
    `passed` are titles of columns of exports that an import does not take, by code.
    """
    best: Headed | None = None
    above: Mapping[int, str] = {}
    money: str | None = None
    for number, texts in rows:
        found = _headed(number, texts, above, columns, passed)
        if found.columns and (best is None or len(found.columns) > len(best.columns)):
            best = replace(found, columns={place: _in(money, *each) for place, each in found.columns.items()})
        said = stated(texts.values())
        above = {} if said else texts  # a title that is merged over columns says nothing of each
        money = next((unit for unit in said if unit in MONEY), money)
    return best


def _in(money: str | None, column: Column, unit: str | None) -> tuple[Column, str | None]:
    """A column with the unit that its header names, else with the one that a line above states, if it holds money."""
    return column, unit or (money if _keeps(column, MONEY) else None)


def _keeps(column: Column, units: Container[str | None]) -> bool:
    """Whether numbers of the column, or of a field of its things, are kept in one of these units."""
    return any(each.unit in units for each in (column, *column.parts))


def _headed(
    number: int,
    texts: Mapping[int, str],
    above: Mapping[int, str],
    columns: Sequence[Column],
    passed: Mapping[str, str],
) -> Headed:
    by_name = {name: column for column in columns for name in (column.title, column.name)}
    found: dict[int, tuple[Column, str | None]] = {}
    left: dict[int, str] = {}
    unknown: dict[int, str] = {}
    twice: dict[int, str] = {}
    version = None
    for place, text in texts.items():
        called = [compact(text), *words(text)]
        column = next((by_name[word] for word in called if word in by_name), None)
        kept = next((code for code, title in passed.items() if {code, title} & {*called}), None)
        if column is not None and column.name not in {other.name for other, _ in found.values()}:
            unit = unit_in(text) or unit_in(above.get(place, ""))
            measured = column.kind in {"number", "integer"} or _keeps(column, {*MONEY, *AREA})
            found[place] = (column, unit if measured else None)
        elif column is not None:
            twice[place] = text
        elif kept is not None:
            left[place] = text
            version = place if kept == "version" else version
        elif text.strip():
            unknown[place] = text
    return Headed(number, found, left, unknown, twice, version)


def nearest(header: str, columns: Sequence[Column]) -> str:
    """What columns are called, those first that a header may have meant: `总投资(亿元)` is near 计划总投资."""
    said = "".join(word for word in words(header) if not is_unit(word))

    def alike(column: Column) -> float:
        return max(SequenceMatcher(None, said, name).ratio() for name in (column.title, column.name))

    return "、".join(column.header for column in sorted(columns, key=alike, reverse=True))

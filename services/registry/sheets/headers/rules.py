"""Which row of a sheet is its header, and which field each of its columns is. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from services.kit.amounts import (
    AREA,
    MONEY,
    MU,
    at_large,
    bare,
    compact,
    converted,
    is_money,
    stated,
    unit_in,
    words,
)
from services.registry.sheets.rules import Column

HEADER_ROWS: Final = 20
"""A header is looked for in so many rows."""
LIKELY: Final = 3
"""Where more columns than these are as likely as each other, none is."""


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
    unclear: Mapping[int, str] = field(default_factory=dict)
    """Columns of money of which nobody knows the unit, and what was said of it: several, or none that can be converted."""
    version: int | None = None
    """Where the version stands that a row replaces."""


def _names(header: str, columns: Iterable[Column]) -> list[str]:
    """What a header may name, the whole of it first; blanks part its words last: 统一社会信用 代码（18 位） is no 代码."""
    whole = bare(header)
    part_of_another = any(whole in column.title for column in columns)
    return [whole, *words(compact(header)), *([] if part_of_another else words(header))]


def likely(header: str, columns: Iterable[Column]) -> list[Column]:
    """The columns that a header most likely means that names none of them: 邮箱 is 电子邮箱, 手机 what 电话 says of itself.

    They are those that have the most pairs of its characters in their title, then in their meaning.
    """
    text = bare(header)
    if text.isascii():
        by_name = {column.name: column for column in columns}
        return [by_name[name] for name in get_close_matches(text.lower(), by_name, n=1)]
    pairs = {text[start : start + 2] for start in range(len(text) - 1)}
    scored = [
        (tuple(sum(pair in told for pair in pairs) for told in (column.title, column.meaning[0])), column)
        for column in columns
    ]
    best = max((score for score, _ in scored), default=(0, 0))
    found = [column for score, column in scored if score == best]
    return found if any(best) and len(found) <= LIKELY else []


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
    groups: dict[int, str] = {}
    money: tuple[str, ...] = ()
    for number, texts in rows:
        found = _headed(number, texts, {**groups, **above}, columns, passed)
        if found.columns and (best is None or len(found.columns) > len(best.columns)):
            best = _in(money, groups, found)
        said = stated(texts.values())
        alone = len({*texts.values()}) == 1
        above = {} if said and alone else texts  # a title that is merged over columns says nothing of each
        groups |= {place: text for place, text in above.items() if "单位" in compact(text) and unit_in(text)}
        money = tuple(filter(is_money, said)) or money
    return best


def _in(money: Sequence[str], groups: Mapping[int, str], found: Headed) -> Headed:
    """Columns of money whose headers name no unit are in the one that is stated for all; of several nobody knows which.

    Nor does anybody know what cannot be converted: 万美元, 折合亿元.
    """
    kept = {place: unit for place, (column, unit) in found.columns.items() if _keeps(column, MONEY)}
    unclear = {place: unit for place, unit in kept.items() if unit and is_money(unit) and unit not in MONEY}
    first = min(found.columns)
    title = groups.get(first) if first not in kept else None  # begins above what a row is called by: over no group
    reached = [place for place in kept if title is None or groups.get(place) != title]
    said = money or tuple(filter(is_money, at_large(groups, reached)))
    without = [place for place, unit in kept.items() if unit is None]
    if len(said) > 1 or not {*said} <= {*MONEY}:
        return replace(found, unclear=unclear | dict.fromkeys(without, "、".join(said)))
    columns = {place: (found.columns[place][0], unit) for unit in said for place in without}
    return replace(found, columns={**found.columns, **columns}, unclear=unclear)


def _fitting(column: Column, unit: str | None) -> str | None:
    """The unit of the cell above a column, where numbers of the column can be written in it: 万元 says nothing of years."""
    if unit is None:
        return None
    if _keeps(column, MONEY):
        return unit if is_money(unit) else None
    return (
        unit if any(converted(Decimal(MU), unit, each.unit) is not None for each in (column, *column.parts)) else None
    )


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
        column = next((by_name[word] for word in _names(text, columns) if word in by_name), None)
        kept = next((code for code, title in passed.items() if {code, title} & {*words(text), bare(text)}), None)
        if column is not None and column.name not in {other.name for other, _ in found.values()}:
            unit = unit_in(text) or _fitting(column, unit_in(above.get(place, "")))
            measured = column.kind in {"number", "integer"} or _keeps(column, {*MONEY, *AREA})
            found[place] = (column, unit if measured else None)
        elif column is not None:
            twice[place] = text
        elif kept is not None:
            left[place] = text
            version = place if kept == "version" else version
        elif text.strip():
            unknown[place] = text
    return Headed(number, found, left, unknown, twice, version=version)

"""What people write into cells, and what it means: one column of a sheet, a value in and out. Pure.

A value that is written out and read in again is the same value; see docs/how-to/excel.md for what else is understood.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

import orjson

from services.kit.amounts import AREA, MONEY, NOTHING, amount, canonical, compact, converted, is_unit
from services.kit.days import day

Kind = Literal[
    "text", "code", "integer", "number", "numbers", "day", "choice", "yes-no", "texts", "thing", "things", "json"
]

YES: Final = frozenset({"是", "有", "true", "yes", "y", "1", "√", "✓"})
NO: Final = frozenset({"否", "无", "false", "no", "n", "0", "×"})
SPLIT: Final = re.compile(r"[、；;\n]+")
SPLIT_CODES: Final = re.compile(r"[、；;,，\s]+")
PARTS: Final = re.compile(r"[；;]")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no person types, and no database takes."""
EQUALS: Final = re.compile("[=＝]")
NUMBERS_SPLIT: Final = re.compile(r"[、；;\s]+")
AFTER_THE_FIRST: Final = re.compile(r"\s*([^:：;；=＝\s]+)\s*[:：;；]\s*([^:：=＝]+)")
"""`2018：1000、2000`: the first value of a thing, and numbers."""
DECIMALS: Final = 12
"""What is kept of a number behind its point."""
WHOLE: Final = 18
"""And before it."""
PRECISE_DIGITS: Final = 15
"""What Excel keeps of a number; codes of 18 digits must be texts."""


class WrongError(ValueError):
    """A cell that cannot be taken: a code, and what its sentence names."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Column:
    """One column of a sheet: a field of an object, as people see it."""

    name: str
    """The field's own."""
    title: str
    kind: Kind
    optional: bool
    """It may be left empty."""
    emptied: object = None
    """What the field is when its cell is left empty."""
    unit: str | None = None
    """Unit of measure of a number, or 年 of a year."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """The values of a choice, or of a list of choices, and what they are called."""
    of_codes: bool = False
    """A list of codes, whose items hold no blanks and commas."""
    parts: tuple["Column", ...] = ()
    """Fields of a thing."""
    refers: tuple[str, ...] = ()
    """The kinds of objects that it names, by code or name."""
    typed: bool = False
    """It says of which kind the object is: `project:P01`."""
    meaning: tuple[str, str] = ("", "")
    """In Chinese and English."""
    example: str = ""

    said: Mapping[str, str] = field(default_factory=dict)
    """What people also call values of a choice, which are written by their codes."""

    @property
    def ordered(self) -> list["Column"]:
        """The fields of a thing, those first that it must have."""
        return sorted(self.parts, key=lambda part: part.optional)

    @property
    def fields(self) -> str:
        """What the fields of a thing are called."""
        return "、".join(
            f"{part.title}（{part.name}）" if part.title != part.name else part.name for part in self.ordered
        )

    @property
    def header(self) -> str:
        """What stands above it: title, code, unit."""
        unit = f"，{self.unit}" if self.unit in {*MONEY, *AREA} else ""
        return f"{self.title}（{self.name}{unit}）"


def read(column: Column, kind: str, text: str, unit: str | None = None) -> Any:  # noqa: ANN401 - a JSON value
    """The value in a cell. `unit` is what the header says that the column is written in. Raises WrongError."""
    if kind == "error":
        raise WrongError("error-cell", given=text)
    text = _tidy(text)
    if not text.isprintable() and CONTROL.search(text):
        raise WrongError("not-text")
    if not text or (column.optional and text in NOTHING):
        if not column.optional:
            raise WrongError("missing")
        return column.emptied
    if column.kind in NUMERIC:
        return _number(column, kind, text, unit)
    if column.kind == "numbers":
        return _numbers(column, _as_text(kind, text), unit)
    if column.kind == "day":
        return _day(text)
    if column.parts:
        return _things(column, _as_text(kind, text), unit)
    return READERS[column.kind](column, _as_text(kind, text))


def write(column: Column, value: object, *, labels: bool) -> str | int | Decimal | date | None:
    """The cell of a value. With `labels` choices go by what they are called."""
    if value is None or value == []:
        said: str | int | Decimal | date | None = None
    elif isinstance(value, bool):
        said = "是" if value else "否"
    elif isinstance(value, int):
        said = value
    elif column.kind == "number":
        said = Decimal(str(value))
    elif column.kind == "day":
        said = date.fromisoformat(str(value))
    elif column.kind == "numbers" and isinstance(value, list):
        said = "、".join(str(number) for number in value)
    elif column.kind == "texts" and isinstance(value, list):
        said = _written_texts(column, value, labels=labels)
    elif column.kind in {"thing", "things"} and isinstance(value, list | dict):
        said = _written_things(column, value, labels=labels)
    elif isinstance(value, list | dict):
        said = json.dumps(value, ensure_ascii=False)
    else:
        said = _written_text(column, str(value), labels=labels)
    return said


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().strip("\u3000\ufeff").strip()


def _joined(text: str) -> str:
    """Text that was broken into lines to fit a cell: Chinese is put together, words keep a blank."""
    first, *rest = (line.strip() for line in text.split("\n"))
    for line in rest:
        wide = first[-1:].isascii() and line[:1].isascii()
        first = f"{first} {line}" if wide and first and line else f"{first}{line}"
    return first


def _as_text(kind: str, text: str) -> str:
    """What a cell that is no text says as one."""
    if kind == "number" and len(text.lstrip("-").replace(".", "")) > PRECISE_DIGITS:
        raise WrongError("digits-lost", given=text)
    if kind == "percent":
        return f"{canonical(Decimal(text) * 100)}%"
    return text


def _number(column: Column, kind: str, text: str, unit: str | None) -> str | int:
    if kind in {"date", "yes-no"}:
        raise WrongError("number", given=text, example=_example(column))
    if kind == "percent":
        text = f"{canonical(Decimal(text) * 100)}%"
    found = amount(text)
    if found is None or (found.unit is not None and found.unit != column.unit and not is_unit(found.unit)):
        raise WrongError("number", given=text, example=_example(column))
    number = converted(found.number, found.unit or unit, column.unit)
    if number is None and column.unit is None:
        raise WrongError("no-unit", given=text, example=_example(column))
    if number is None:
        raise WrongError("other-unit", given=text, unit=column.unit)
    if column.kind == "integer":
        if abs(number) >= 10**PRECISE_DIGITS:
            raise WrongError("too-many-digits", given=text, whole=PRECISE_DIGITS, decimals=0)
        if number != number.to_integral_value():
            raise WrongError("whole-number", given=text, example=_example(column))
        return int(number)
    said = canonical(number)
    if abs(number) >= 10**WHOLE or len(said.partition(".")[2]) > DECIMALS:
        raise WrongError("too-many-digits", given=text, whole=WHOLE, decimals=DECIMALS)
    return said


def _example(column: Column) -> str:
    return column.example if column.example[:1].isdigit() else "2017" if column.unit == "年" else "30000"


def _numbers(column: Column, text: str, unit: str | None) -> Any:  # noqa: ANN401 - a JSON value
    """Numbers one after the other; commas part them where nothing else does, since they also stand within numbers."""
    if text.startswith("["):
        return _json(text)
    items = [item for item in NUMBERS_SPLIT.split(text) if item]
    if len(items) == 1:
        items = [item for item in re.split("[,，]", text) if item]
    return [_number(column, "text", item, unit) for item in items]


def _day(text: str) -> str:
    found = day(text)
    if found is None:
        raise WrongError("day", given=text)
    return found.isoformat()


def _yes_or_no(_column: Column, text: str) -> bool:
    plain = compact(text).casefold()
    if plain in YES or plain in NO:
        return plain in YES
    raise WrongError("yes-no", given=text)


def _code(column: Column, text: str) -> str:
    return _quoted(text) or (_joined(text) if column.refers else compact(text))


def _text(_column: Column, text: str) -> str:
    return _quoted(text) or _joined(text)


def _quoted(text: str) -> str | None:
    """A text that was written as a JSON string, since bare it would say something else."""
    if not (text.startswith('"') and text.endswith('"')):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if isinstance(found, str) and CONTROL.search(found):
        raise WrongError("not-text")
    return found if isinstance(found, str) else None


def _written_text(column: Column, text: str, *, labels: bool) -> str:
    if labels and text in column.choices:
        return column.choices[text]
    try:
        same = read(column, "text", text) == text
    except WrongError:
        same = column.kind not in {"text", "code"}
    return text if same else json.dumps(text, ensure_ascii=False)


def _choice(column: Column, text: str) -> str:
    plain = compact(text)
    for code, label in column.choices.items():
        if plain in {code, compact(label)}:
            return code
    if plain in column.said:
        return column.said[plain]
    raise WrongError("choice", given=text, known="、".join(dict.fromkeys(column.choices.values())))


def _texts(column: Column, text: str) -> list[Any]:
    if text.startswith("["):
        found: list[Any] = _json(text)
        return found
    items = [part.strip() for part in (SPLIT_CODES if column.of_codes else SPLIT).split(text)]
    items = [compact(item) if column.of_codes else item for item in items if item]
    return [_choice(column, item) for item in items] if column.choices else items


def _written_texts(column: Column, items: Sequence[object], *, labels: bool) -> str:
    said = [column.choices.get(str(item), str(item)) if labels else str(item) for item in items]
    joined = "、".join(said)
    plain = all(isinstance(item, str) for item in items) and not joined.startswith("[")
    if plain and joined not in NOTHING and [*_split(column, joined)] == said:
        return joined
    return json.dumps(items, ensure_ascii=False)


def _split(column: Column, text: str) -> Iterable[str]:
    return (part.strip() for part in (SPLIT_CODES if column.of_codes else SPLIT).split(_tidy(text)))


def _things(column: Column, text: str, unit: str | None) -> Any:  # noqa: ANN401 - a JSON value
    if text[0] in "[{":
        whole = _json(text)
        return [whole] if column.kind == "things" and isinstance(whole, dict) else whole
    things = [_thing(column, line, unit) for line in text.split("\n") if line.strip()]
    if column.kind == "things":
        return things
    if len(things) > 1:
        raise WrongError("one-thing", given=text)
    return things[0]


def _thing(column: Column, line: str, unit: str | None) -> dict[str, Any]:
    """A line `名=值；名=值`, names by title or code; without any name its values in the order of `Column.ordered`."""
    known = {name: part for part in column.parts for name in (part.name, part.title)}
    pairs = [pair.strip() for pair in PARTS.split(line)]
    if not any(EQUALS.search(pair) for pair in pairs):
        of_numbers = column.ordered[-1].kind == "numbers" and AFTER_THE_FIRST.fullmatch(line)
        pairs = [*of_numbers.groups()] if of_numbers else pairs
        if len(pairs) > len(column.parts):
            raise _no_thing(column, line.strip())
        return {part.name: _part(part, value, unit) for part, value in zip(column.ordered, pairs, strict=False)}
    thing: dict[str, Any] = {}
    for pair in filter(None, pairs):
        name, *value = EQUALS.split(pair, maxsplit=1)
        part = known.get(name.strip())
        if part is None or not value:
            raise _no_thing(column, pair)
        thing[part.name] = _part(part, value[0], unit)
    return thing


def _part(part: Column, text: str, unit: str | None) -> Any:  # noqa: ANN401 - a JSON value
    """A field of a thing; the unit of the column's header concerns the money in it."""
    return read(part, "text", text, unit if part.unit in MONEY else None)


def _no_thing(column: Column, given: str) -> WrongError:
    example = column.example or "；".join(f"{part.title}=…" for part in column.ordered)
    return WrongError("thing", given=given, known=column.fields, example=example.partition("\n")[0])


def _written_things(column: Column, value: list[Any] | dict[str, Any], *, labels: bool) -> str:
    """A line for each, or JSON where lines would not say the same."""
    things = value if isinstance(value, list) else [value]
    text = "\n".join(_line(column, thing, labels=labels) for thing in things)
    try:
        again = read(column, "text", text)
    except WrongError:
        again = None
    again = again if isinstance(again, list) else [again or {}]
    if [_whole(column, thing) for thing in again] == [_whole(column, thing) for thing in things]:
        return text
    return json.dumps(value, ensure_ascii=False)


def _line(column: Column, thing: Mapping[str, Any], *, labels: bool) -> str:
    pairs = ((part.name, write(part, thing.get(part.name), labels=labels)) for part in column.parts)
    return "；".join(f"{name}={said}" for name, said in pairs if said is not None)


def _whole(column: Column, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {part.name: part.emptied for part in column.parts} | dict(thing)


def _anything(_column: Column, text: str) -> Any:  # noqa: ANN401 - a JSON value
    return _json(text)


def _json(text: str) -> Any:  # noqa: ANN401 - a JSON value
    try:
        found = json.loads(text)
        orjson.dumps([[found]])  # as within a row: no huge numbers, halves of characters, nesting without end
    except (ValueError, RecursionError, TypeError) as error:
        raise WrongError("json", given=text) from error
    return found


NUMERIC: Final = frozenset({"integer", "number"})
READERS: Final[Mapping[str, Callable[[Column, str], Any]]] = {
    "text": _text,
    "code": _code,
    "choice": _choice,
    "yes-no": _yes_or_no,
    "texts": _texts,
    "json": _anything,
}
"""How the texts of all kinds are read that have neither units nor fields."""

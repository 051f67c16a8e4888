"""JSON as plain values: numbers stay exact, a key stands once, nothing is deeper than a plan file can be."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NoReturn, cast

from services.plan_file.faults import Fault, Path
from services.plan_file.tree import MAX_DEPTH, Tree, Value

_LONGEST_INTEGER: Final = 20
"""Characters; a longer one is no number that a plan file can hold, and is kept as a fraction."""


def grow_json(source: bytes) -> Tree:
    """Read JSON; what is wrong with it as JSON stands in `faults`, and then there is no value."""
    try:
        return Tree(_parsed(source), lined=False)
    except _FaultyError as error:
        return Tree(faults=[error.fault], lined=False)


class _FaultyError(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _parsed(source: bytes) -> dict[str, Value]:
    try:
        value: Value = json.loads(
            source.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=Decimal,
            parse_int=_integer,
            parse_constant=_no_number,
        )
    except _FaultyError:
        raise
    except UnicodeDecodeError as error:
        raise _FaultyError(Fault("not_utf8", ())) from error
    except RecursionError as error:
        raise _FaultyError(Fault("too_deep", (), {"most": MAX_DEPTH})) from error
    except ValueError as error:
        raise _FaultyError(Fault("json_syntax", (), {"problem": str(error)})) from error
    fault = _unfit(value, ())
    if fault is None and not isinstance(value, dict):
        fault = Fault("not_a_mapping", ())
    if fault is not None:
        raise _FaultyError(fault)
    return cast("dict[str, Value]", value)


def _once(pairs: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    for key, value in pairs:
        if key in mapping:
            raise _FaultyError(Fault("json_key_twice", (), {"key": key}))
        mapping[key] = value
    return mapping


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Decimal(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _unfit(value: Value, path: Path) -> Fault | None:
    """The first thing that is too deep, or half a character that no text can hold."""
    if len(path) > MAX_DEPTH:
        return Fault("too_deep", (), {"most": MAX_DEPTH})
    if isinstance(value, str) and not _whole(value):
        return Fault("half_character", path)
    if isinstance(value, dict):
        if not all(map(_whole, value)):
            return Fault("half_character", path)
        return next((fault for key, each in value.items() if (fault := _unfit(each, (*path, key)))), None)
    if isinstance(value, list):
        return next((fault for place, each in enumerate(value) if (fault := _unfit(each, (*path, place)))), None)
    return None


def _whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

"""A plan file read from its text: the plan, or every fault in it with its line."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Final, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.plan_file import scalars
from services.plan_file.faults import Fault, Path
from services.plan_file.json_tree import grow_json
from services.plan_file.model import PlanFile
from services.plan_file.rules import check
from services.plan_file.rules.check import MATTERS
from services.plan_file.tree import Tree, Value, grow

_FAULT_OF: Final = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "literal_error": "wrong_choice",
    "string_type": "text_needed",
    "string_too_short": "text_empty",
    "string_too_long": "text_long",
    "one_line": "one_line",
    "exact_number": "exact_number",
    "int_type": "whole_number",
    "greater_than": "not_above",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_big",
    "bool_type": "yes_no",
    "day": "day",
    "day_out_of_range": "day_far",
    "instant": "instant",
    "clock_time": "clock_time",
    "list_type": "list_needed",
    "too_short": "list_empty",
    "model_type": "mapping_needed",
}

_FAULT_OF_PATTERN: Final = {
    scalars.CODE: "code_shape",
    scalars.PLAN_SCOPED_CODE: "matter_code_shape",
    scalars.INDICATOR_CODE: "indicator_code_shape",
    scalars.UNIT_CODE: "unit_code_shape",
    scalars.REGION: "region_shape",
    scalars.SUBJECT: "subject_shape",
    scalars.EMAIL: "email_shape",
}

_STAND_INS: Final[Mapping[str, Value]] = {
    "format": "duban-plan/1",
    "plan": {
        "code": "unread",
        "name": "unread",
        "region": "000000",
        "issued_by": "unread",
        "issued_on": "1950-01-01",
        "start": "1900-01-01",
        "end": "2200-12-31",
        "known_from": "1950-01-01T00:00:00Z",
        "source": "unread",
    },
    "ladder": {
        "code": "unread",
        "name": "unread",
        "levels": [
            {
                "code": "unread",
                "name": "unread",
                "raised_by": [{"light": "red"}],
                "to": ["liaison"],
                "own_message": True,
                "digest": True,
                "asks": "reply",
                "channels": ["email"],
                "issued_by": "unread",
            }
        ],
    },
    "sending": {"opens": "00:00", "closes": "23:59"},
}
"""What stands for a faulty section that is no list, so that references between the others can still be checked."""


_SHOWN_LENGTH: Final = 60
"""As many characters of a faulty value as a message repeats."""


@dataclasses.dataclass(frozen=True)
class Reading:
    """What came of reading a plan file: a plan file without faults, or faults and no plan file."""

    plan_file: PlanFile | None
    faults: tuple[Fault, ...]


def read(source: bytes | str, *, plan_text: str | None = None) -> Reading:
    """Read and check a plan file. All faults are found at once, in the order of their lines.

    With `plan_text`, the published text of the plan, every phrase must stand in it. Faults of what could be read are
    found also where other parts of the file could not.
    """
    return _judged(grow(source), plan_text)


def read_json(source: bytes) -> Reading:
    """Read and check a plan file that came as JSON; faults have a path and no line."""
    return _judged(grow_json(source), None)


def _judged(tree: Tree, plan_text: str | None) -> Reading:
    if not isinstance(tree.value, dict):
        return Reading(None, tuple(tree.faults))
    faults = [*tree.faults]
    try:
        plan_file = PlanFile.model_validate(tree.value)
        faults += check(plan_file, plan_text=plan_text)
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults += map(shape_fault, details)
        faults += _faults_of_the_rest(tree.value, details, plan_text)
        plan_file = None
    placed = sorted((_placed(fault, tree) for fault in faults), key=lambda fault: (fault.line or 0, fault.where))
    return Reading(None if placed else plan_file, tuple(placed))


def _placed(fault: Fault, tree: Tree) -> Fault:
    if fault.line is not None or not tree.lined:
        return fault
    return dataclasses.replace(fault, line=tree.line_of(fault.path))


def shape_fault(detail: ErrorDetails) -> Fault:
    """The fault that pydantic found, with what would be right; its path is pydantic's."""
    kind, path, context = detail["type"], detail["loc"], detail.get("ctx", {})
    given = detail["input"]
    code = _FAULT_OF_PATTERN.get(str(context.get("pattern"))) or _FAULT_OF.get(kind, "invalid")
    values: dict[str, object] = {"given": _short(given), "problem": detail["msg"]}
    match code:
        case "missing":
            values["key"] = path[-1]
            path = path[:-1]
        case "unknown_key":
            values |= {"key": path[-1], "known": _keys(_model_at(path[:-1]))}
        case "mapping_needed":
            values["known"] = _keys(_model_at(path))
        case "wrong_choice":
            values["known"] = context["expected"].replace(" or ", ", ").replace("'", "")
        case "text_long":
            values["most"] = context["max_length"]
        case "too_small" | "too_big":
            values["bound"] = context.get("ge", context.get("le"))
        case "not_above":
            values["bound"] = context["gt"]
    return Fault(code, path, values)


def _short(given: object) -> str:
    match given:
        case str() | int() | float():
            text = str(given)
        case None:
            text = "null"
        case _:
            text = type(given).__name__
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _model_at(path: Path) -> type[BaseModel]:
    """Return the model that stands at a path of the document."""
    at: Any = PlanFile
    for step in path:
        at = get_args(at)[0] if isinstance(step, int) else at.model_fields[step].annotation
        at = get_args(at)[0] if isinstance(at, UnionType) else at
    return cast("type[BaseModel]", at)


def _keys(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def _faults_of_the_rest(
    document: dict[str, Value], details: Sequence[ErrorDetails], plan_text: str | None
) -> Iterator[Fault]:
    """Check what could be read, with stand-ins for what could not; faults that only a stand-in has are left out."""
    rest = _Rest(document, details)
    for fault in check(PlanFile.model_validate(rest.document), unread=rest.unread, plan_text=plan_text):
        if fault.path[0] not in rest.replaced and fault.values.get("section") not in rest.replaced:
            values = {
                key: rest.original(value) if isinstance(value, tuple) else value for key, value in fault.values.items()
            }
            yield dataclasses.replace(fault, path=rest.original(fault.path), values=values)


class _Rest:
    """A document without what could not be read."""

    def __init__(self, document: dict[str, Value], details: Sequence[ErrorDetails]) -> None:
        self.document = dict(document)
        self.replaced: set[str] = set()
        self.unread: dict[str, set[str] | None] = {"matters": set()}
        self.kept: dict[str, list[int]] = {}
        faulty: dict[str, set[int]] = {}
        for detail in details:
            section, *inside = detail["loc"]
            if inside and isinstance(inside[0], int):
                faulty.setdefault(str(section), set()).add(inside[0])
            else:
                self._leave_out(str(section))
        for section, indexes in faulty.items():
            self._leave_out_items(section, indexes)

    def original(self, path: Path) -> Path:
        """Return where a path of the rest stands in the whole document."""
        section, *inside = path
        if section not in self.kept or not inside:
            return path
        return (section, self.kept[str(section)][int(inside[0])], *inside[1:])

    def _leave_out(self, section: str) -> None:
        if section in _STAND_INS:
            self.document[section] = _STAND_INS[section]
            self.replaced.add(section)
            return
        self.document.pop(section, None)
        self.unread[section] = None
        if section in MATTERS:
            self.unread["matters"] = None

    def _leave_out_items(self, section: str, faulty: Collection[int]) -> None:
        items = cast("list[Value]", self.document[section])
        self.kept[section] = [index for index in range(len(items)) if index not in faulty]
        self.document[section] = [items[index] for index in self.kept[section]]
        codes = {
            str(item["code"])
            for item in (items[index] for index in faulty)
            if isinstance(item, dict) and "code" in item
        }
        self.unread[section] = codes
        matters = self.unread["matters"]
        if section in MATTERS and matters is not None:
            matters |= codes

"""The columns of an object's sheet, found in its wire model: whatever field a model gets has its column from then on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel

from services.kit.exports import Offer
from services.kit.heads import instant, kind_of
from services.kit.office.writing import Value
from services.registry.codes import CODES
from services.registry.sheets.naming.rules import REFERS, TYPED
from services.registry.sheets.rules import Column, Kind, write
from services.registry.sheets.sentences import CODE_FORMS, EXAMPLES, KINDS, SAID_VALUES, UNITS
from services.registry.sheets.titles import TITLES
from services.registry.versions.schemas import Listed, Short

CHINESE_TERM: Final = re.compile(r"[(（]([一-鿿][^()（）,，;；]*)[)）]|[^ -~]*?([一-鿿]{2,})")
PLAIN: Final[Mapping[tuple[object, object], Kind]] = {
    ("string", "date"): "day",
    ("string", "pattern"): "code",
    ("string", None): "text",
    ("integer", None): "integer",
    ("number", None): "number",
    ("boolean", None): "yes-no",
}
"""Types of JSON Schema, and formats that matter; a pattern that lets blanks stand (of a telephone number) is no code's."""
MONEY: Final = re.compile(r"\bin (元|万元|亿元|%)")


@cache
def offer(response_model: Any) -> Offer | None:  # noqa: ANN401 - whatever a route answers
    """How the items of a list look as rows of a file; None for what is no list of the registry."""
    model = item_of(response_model)
    if model is None:
        return None
    kind = model.__name__.removesuffix("View").lower()
    told = {column.name: column for column in columns(model, kind)}
    instants = {name for name, field in model.model_fields.items() if kind_of(field.annotation) is datetime}

    def cell(name: str, value: object, for_people: bool) -> Value:
        if name in instants and isinstance(value, str):
            return instant(value, for_people=for_people)
        return write(told[name], value, labels=for_people)

    return Offer(KINDS.get(kind, kind), {name: column.header for name, column in told.items()}, cell)


def item_of(response_model: Any) -> type[BaseModel] | None:  # noqa: ANN401 - whatever a route answers
    """What a list holds; None for what is no list."""
    generic = getattr(response_model, "__pydantic_generic_metadata__", None)
    found: type[BaseModel] | None = None
    if generic and generic["origin"] is Listed:
        (found,) = generic["args"]
    elif isinstance(response_model, type) and issubclass(response_model, Short):
        (found,) = get_args(response_model.model_fields["items"].annotation)
    return found


@cache
def columns(model: type[BaseModel], kind: str) -> tuple[Column, ...]:
    """The columns of a model's fields, in their order. `kind` is that of the object."""
    whole = model.model_json_schema(mode="validation")
    return _columns(whole, whole, kind)


def titled(known: Sequence[Column], way: Sequence[str]) -> str:
    """What a field is called, which may lie within things: `成员` and `名称（name）` for `members`, `name`."""
    found, among = None, known
    for step in way:
        found = next((column for column in among if column.name == step), None)
        among = found.parts if found else ()
    return found.header if found else "".join(way[-1:])


def _columns(schema: Mapping[str, Any], whole: Mapping[str, Any], kind: str) -> tuple[Column, ...]:
    required = set(schema.get("required", ()))
    return tuple(
        _column(name, given, whole, kind, required=name in required)
        for name, given in schema.get("properties", {}).items()
    )


def _column(name: str, given: Mapping[str, Any], whole: Mapping[str, Any], kind: str, *, required: bool) -> Column:
    told = {**_resolved(given, whole), **{key: value for key, value in given.items() if key != "$ref"}}
    inner, nullable = _without_null(told, whole)
    shape = _shape(inner, whole, kind, name)
    description = str(told.get("description") or "")
    named = TITLES.get(f"{kind}.{name}") or TITLES.get(name)
    title, meaning = named or (_title(told, name, description), description)
    if name == "code" and named and (form := CODE_FORMS.get(inner.get("pattern", ""))):
        meaning, description = (
            f"{form[0]}；{meaning}",
            description or f"{form[1]}; unique; there already: changed, else new",
        )
    called = CODES.of(str(choice) for choice in shape.choices)
    labels = {} if called is None else called.labels
    of_codes = shape.kind == "code" or shape.of_codes
    examples = [*told.get("examples", ()), *inner.get("examples", ())]
    column = Column(
        name=name,
        title=title,
        kind=shape.kind,
        optional=nullable or not required,
        emptied=told.get("default", [] if shape.kind in {"texts", "things"} else None),
        unit=UNITS.get(f"{kind}.{name}") or _unit(shape.kind, name, description),
        choices={str(choice): labels.get(str(choice), str(choice)) for choice in shape.choices},
        of_codes=shape.of_codes,
        parts=shape.parts,
        refers=(REFERS.get(f"{kind}.{name}") or REFERS.get(name, ())) if of_codes else (),
        said=SAID_VALUES.get(f"{kind}.{name}", {}),
        typed=of_codes and name in TYPED,
        meaning=(meaning, description or meaning),
    )
    example = [*examples, EXAMPLES.get(f"{kind}.{name}") or EXAMPLES.get(name, "")][0]
    return replace(column, example=example if isinstance(example, str) else str(write(column, example, labels=True)))


@dataclass(frozen=True)
class _Shape:
    """What values of a schema are."""

    kind: Kind
    choices: tuple[object, ...] = ()
    parts: tuple[Column, ...] = ()
    of_codes: bool = False


def _shape(inner: Mapping[str, Any], whole: Mapping[str, Any], kind: str, name: str) -> _Shape:
    choices = inner.get("enum") or ([inner["const"]] if "const" in inner else [])
    if choices:
        return _Shape("choice", tuple(choices))
    if any(each.get("type") == "number" for each in inner.get("anyOf", ())):
        return _Shape("number")
    if inner.get("type") == "array":
        return _shape_of_list(_shape(_resolved(inner.get("items", {}), whole), whole, kind, name))
    if inner.get("type") == "object" and "properties" in inner:
        return _Shape("thing", parts=_columns(inner, whole, name))
    form = inner.get("format") or ("pattern" if " " not in inner.get("pattern", " ") else None)
    return _Shape(PLAIN.get((inner.get("type"), form), PLAIN.get((inner.get("type"), None), "json")))


def _shape_of_list(item: _Shape) -> _Shape:
    if item.kind == "thing":
        return _Shape("things", parts=item.parts)
    if item.kind == "number":
        return _Shape("numbers")
    if item.kind in {"text", "code", "choice"}:
        return _Shape("texts", item.choices, of_codes=item.kind == "code")
    return _Shape("json")


def _resolved(given: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    ref = given.get("$ref")
    if ref is None:
        return given
    found: Mapping[str, Any] = whole["$defs"][str(ref).rpartition("/")[2]]
    return found


def _without_null(told: Mapping[str, Any], whole: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    of = told.get("anyOf")
    if of is None or {"type": "null"} not in of:
        return told, False
    rest = [_resolved(one, whole) for one in of if one != {"type": "null"}]
    return (rest[0] if len(rest) == 1 else {"anyOf": rest}), True


def _title(told: Mapping[str, Any], name: str, description: str) -> str:
    """The title that a model gives, or the Chinese term in the description."""
    given = str(told.get("title", ""))
    if re.search(r"[一-鿿]", given):
        return given
    found = CHINESE_TERM.search(description)
    return (found[1] or found[2]) if found else name


def _unit(of: Kind, name: str, description: str) -> str | None:
    if of == "integer" and name.endswith("year"):
        return "年"
    found = MONEY.search(description) if of in {"integer", "number"} else None
    return found[1] if found else None

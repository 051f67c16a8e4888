"""A body that an operation's schema would take, as near as a schema can say it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
DEPTH = 6
"""Schemas that refer to themselves are not followed further."""

TEXTS = (
    "information", "T01", "P01", "0001", "330109", "plan:plan-a", "industry:information", "2018-07-16", "2018-06",
    "2018-07-16T09:00:00+08:00", "09:00", "liaison@example.com", "27.9", "91330109MA2AXGUM5R", "0" * 64, "信息产业",
)  # fmt: skip
"""Texts of which the first that fits a pattern is taken."""


def resolved(schema: Json, document: Json) -> Json:
    """The schema with its reference followed and, of alternatives, the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema or "oneOf" in schema:
            alternatives: list[Json] = schema.get("anyOf") or schema["oneOf"]
            schema = next((each for each in alternatives if each.get("type") != "null"), alternatives[0])
        elif len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0]
        else:
            return schema


def nullable(schema: Json) -> bool:
    """Whether null is taken."""
    return any(each.get("type") == "null" for each in schema.get("anyOf") or schema.get("oneOf") or ())


def instance(schema: Json, document: Json, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """A value of a schema: its example, or the plainest one."""
    schema = schema if schema.get("examples") else resolved(schema, document)
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    if "const" in schema:
        return schema["const"]
    return PLAIN.get(schema.get("type", ""), _nothing)(schema, document, depth)


def _nothing(_schema: Json, _document: Json, _depth: int) -> None:
    return None


def _object(schema: Json, document: Json, depth: int) -> Json:
    of = schema.get("properties", {}) if depth < DEPTH else {}
    return {name: instance(each, document, depth + 1) for name, each in of.items()}


def _array(schema: Json, document: Json, depth: int) -> list[Any]:
    return [instance(schema["items"], document, depth + 1)] if "items" in schema and depth < DEPTH else []


PLAIN: dict[str, Callable[[Json, Json, int], Any]] = {
    "object": _object,
    "array": _array,
    "string": lambda schema, _document, _depth: text(schema),
    "integer": lambda schema, _document, _depth: max(schema.get("minimum", 1), 1),
    "number": lambda schema, _document, _depth: max(schema.get("minimum", 1), 1),
    "boolean": lambda _schema, _document, _depth: True,
}
"""The plainest value of each type."""


def text(schema: Json) -> str:
    """A text of a schema."""
    pattern, kind = schema.get("pattern"), schema.get("format")
    if pattern is not None:
        return next((each for each in TEXTS if re.search(pattern, each)), TEXTS[0])
    formats = {"date": "2018-07-16", "date-time": "2018-07-16T09:00:00+08:00", "uuid": "0198" + "0" * 28}
    return formats.get(kind or "", "信息产业")


def fields(
    schema: Json, document: Json, at: tuple[str, ...] = (), depth: int = 0
) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every field of a body, also inside of others, by the way to it; the first item stands for a list's items."""
    schema = resolved(schema, document)
    if depth >= DEPTH:
        return
    if schema.get("type") == "array" and "items" in schema:
        yield from fields(schema["items"], document, (*at, "0"), depth + 1)
    for name, each in schema.get("properties", {}).items():
        yield (*at, name), each
        yield from fields(each, document, (*at, name), depth + 1)


def required(schema: Json, document: Json, way: tuple[str, ...]) -> bool:
    """Whether the field at the end of a way must be there."""
    for step in way[:-1]:
        schema = resolved(schema, document)
        schema = schema["items"] if step == "0" and "items" in schema else schema["properties"][step]
    return way[-1] in resolved(schema, document).get("required", ())


def set_at(body: Any, way: tuple[str, ...], value: Any) -> Any:  # noqa: ANN401 - JSON
    """The body with another value at the end of a way."""
    if not way:
        return value
    if isinstance(body, list):
        return [set_at(body[0], way[1:], value), *body[1:]]
    return {**body, way[0]: set_at(body[way[0]], way[1:], value)}


def without(body: Any, way: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """The body without what is at the end of a way."""
    if isinstance(body, list):
        return [without(body[0], way[1:]), *body[1:]]
    if len(way) == 1:
        return {name: value for name, value in body.items() if name != way[0]}
    return {**body, way[0]: without(body[way[0]], way[1:])}


def reaches(body: Any, way: tuple[str, ...]) -> bool:  # noqa: ANN401 - JSON
    """Whether the body has what a way leads to."""
    for step in way:
        if isinstance(body, list) and body and step == "0":
            body = body[0]
        elif isinstance(body, Mapping) and step in body:
            body = body[step]
        else:
            return False
    return True

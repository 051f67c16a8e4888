"""Every way in which a request to an operation can be wrong: where, what is sent, and what must be named."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.contracts.faulty import bodies
from tests.contracts.faulty.bodies import Json

JSON = "application/json"
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (7, True, ["a"], {"a": 1}),
    "integer": ("many", 1.5, True, ["1"]),
    "number": ("many", True, ["1"]),
    "boolean": ("maybe", 2, ["true"]),
    "array": ("one", 1, {"0": "a"}),
    "object": ("one", 1, ["a"]),
}
"""Values that are none of a type."""

TYPES: dict[type, frozenset[str]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
}
LINE = 500
"""The longest text of one line, which holds no control character either."""

RAW = {
    "empty": b"",
    "not JSON": b'{"a": ',
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "NaN": b'{"a": NaN}',
    "list": b"[]",
    "text": b'"text"',
    "null": b"null",
    "deep": b'{"a":' * 2000 + b"1" + b"}" * 2000,
    "twice as large as may be": b'{"a": "' + b"x" * 2 * 1024 * 1024 + b'"}',
}
FILES = {
    "empty": b"",
    "no text": b"PK\x03\x04" + bytes(100),
    "not UTF-8": "indicator,subject\n指标,对象\n".encode("gb18030"),
    "unknown columns": b"colour,size\nred,1\n",
    "a cell too few": b"indicator,subject,period,value\na,b\n",
    "a quote without end": b'indicator,subject,period,value\n"a,b,c,d\n',
}
QUERIES = {
    "cursor": ("nothing", "W10", "x" * 2001),
    "known_at": ("2018-07-16", "yesterday", "2018-07-16T09:00:00", "9999-01-01T00:00:00Z"),
    "as_of": ("2018-02-30", "today", "2018"),
    "total": ("perhaps",),
    "q": ("", "x" * 501),
}
"""What is wrong for a parameter whatever its schema says; bounds and types are the schema's."""

FORMS = {
    "no file": b'--f\r\nContent-Disposition: form-data; name="colour"\r\n\r\nred\r\n--f--\r\n',
    "a text for a file": b'--f\r\nContent-Disposition: form-data; name="file"\r\n\r\nred\r\n--f--\r\n',
    "a file without a name": b'--f\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\nx\r\n--f--\r\n',
    "a program": b'--f\r\nContent-Disposition: form-data; name="file"; filename="a.exe"\r\n\r\nMZ\x90\x00\r\n--f--\r\n',
    "a broken container": b'--f\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\nPK\r\n--f--\r\n',
    "a form without end": b'--f\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-',
    "no form": b"red",
}
"""Forms with a file in which something is wrong, between the boundary `f`."""

PATHS = ("..%2F..", "%00", "a" * 300, "Ä", "a b", "'--")


@dataclass(frozen=True)
class FaultyRequest:
    """A request and the place that its refusal must name; no place where the whole of it is at fault."""

    name: str
    method: str
    path: str
    content: bytes | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    pointer: str | None = None
    code: str = ""
    """What the refusal, or one of its faults, must be called; empty where several are right."""


def faulty(document: Json) -> Iterator[FaultyRequest]:
    """Faulty requests to all operations of a service."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if operation.get("security"):
                yield from _faulty(document, path, method.upper(), operation)


def _faulty(document: Json, path: str, method: str, operation: Json) -> Iterator[FaultyRequest]:
    parameters = operation.get("parameters", [])
    asked = {
        parameter["name"]: str(bodies.instance(parameter["schema"], document))
        for parameter in parameters
        if parameter["in"] == "query" and parameter.get("required")
    }
    right = FaultyRequest(operation["operationId"], method, _path(path, parameters, document), query=asked)
    yield from _with_wrong_parameters(right, path, parameters, document)
    for kind, said in operation.get("requestBody", {}).get("content", {}).items():
        if kind == "text/csv":
            for fault, sent in FILES.items():
                yield replace(right, name=f"{right.name}: {fault}", content=sent, headers={"Content-Type": kind})
        elif kind == "multipart/form-data":
            for fault, sent in FORMS.items():
                headers = {"Content-Type": f"{kind}; boundary=f"}
                yield replace(right, name=f"{right.name}: {fault}", content=sent, headers=headers)
        elif kind == JSON:
            yield from _with_wrong_bodies(right, said["schema"], document)


def _with_wrong_parameters(
    right: FaultyRequest, path: str, parameters: list[Json], document: Json
) -> Iterator[FaultyRequest]:
    for left_out in right.query:
        query = {parameter: value for parameter, value in right.query.items() if parameter != left_out}
        yield replace(right, name=f"{right.name}: no {left_out}", query=query, pointer=f"/query/{left_out}")
    for parameter in parameters:
        if parameter["in"] == "query":
            for value in _wrong_words(parameter, document):
                name = f"{right.name}: {parameter['name']}={value[:40]!r}"
                query = {**right.query, parameter["name"]: value}
                yield replace(right, name=name, query=query, pointer=f"/query/{parameter['name']}")
        elif parameter["in"] == "path":
            for value in PATHS:
                there = _path(path, parameters, document, {parameter["name"]: value})
                yield replace(right, path=there, content=_sent({}) if right.method in {"PUT", "POST"} else None)


def _with_wrong_bodies(right: FaultyRequest, schema: Json, document: Json) -> Iterator[FaultyRequest]:
    for fault, sent in RAW.items():
        yield replace(right, name=f"{right.name}: {fault}", content=sent, headers={"Content-Type": JSON})
    yield replace(right, name=f"{right.name}: said to be text", content=b"{}", headers={"Content-Type": "text/plain"})
    for way, sent in _bodies(schema, document):
        yield replace(
            right,
            name=f"{right.name}: {'/'.join(way)}",
            content=sent,
            headers={"Content-Type": JSON, "If-Match": "*"},
            pointer="/body/" + "/".join(way),
        )


def _bodies(schema: Json, document: Json) -> Iterator[tuple[tuple[str, ...], bytes]]:
    body = bodies.instance(schema, document)
    if bodies.resolved(schema, document).get("additionalProperties") is False:
        yield ("colour",), _sent({**body, "colour": "red"})
    for way, of_field in bodies.fields(schema, document):
        if not bodies.reaches(body, way):
            continue
        if bodies.required(schema, document, way):
            yield way, _sent(bodies.without(body, way))
        if not bodies.nullable(of_field) and bodies.resolved(of_field, document).get("type"):
            yield way, _sent(bodies.set_at(body, way, None))
        for value in _wrong(of_field, document):
            yield way, _sent(bodies.set_at(body, way, value))


def _wrong(schema: Json, document: Json) -> Iterator[Any]:
    """Values that a field's schema does not take, by any of its alternatives."""
    alternatives = [schema, *(schema.get("anyOf") or schema.get("oneOf") or ())]
    taken = {bodies.resolved(each, document).get("type") for each in alternatives}
    plain = bodies.resolved(schema, document)
    if "enum" in plain or "const" in plain:
        yield "none-of-these"
    yield from (value for value in WRONG.get(plain.get("type", ""), ()) if not TYPES[type(value)] & taken)
    if "pattern" in plain:
        yield "～"
    if plain.get("minLength", 0) > 0:
        yield ""
    if "maxLength" in plain:
        yield "x" * (plain["maxLength"] + 1)
        if (plain["maxLength"], plain.get("minLength")) == (LINE, 1):
            yield from ("a\u0000b", "一行\n两行", " 前后有空格 ")
    if "minimum" in plain:
        yield plain["minimum"] - 1
    if "maximum" in plain:
        yield plain["maximum"] + 1


def _wrong_words(parameter: Json, document: Json) -> Iterator[str]:
    """Words that a parameter of the query does not take: there everything is text."""
    yield from QUERIES.get(parameter["name"], ())
    kind = bodies.resolved(parameter["schema"], document).get("type")
    if kind == "array":
        return
    for value in _wrong(parameter["schema"], document):
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and kind != "string"):
            yield str(value)


def _sent(body: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(body).encode()


def _path(path: str, parameters: list[Json], document: Json, said: dict[str, str] | None = None) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            value = (said or {}).get(parameter["name"]) or bodies.instance(
                {**parameter["schema"], **({"examples": parameter["examples"]} if "examples" in parameter else {})},
                document,
            )
            path = path.replace("{" + parameter["name"] + "}", str(value))
    return path

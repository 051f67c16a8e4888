"""What answers say in headers beside their limits, for OpenAPI documents: tags, places, repetitions.

Read off the operations, so that no route says it again: what is read by its key has a tag; what is created below a list whose
things are read by key is told where it is; what takes an `Idempotency-Key` says whether the answer is a kept one.
"""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

Json = dict[str, Any]
Answers = dict[int | str, Json]
FIRST: Final = "x-first"
"""Marks an `If-Match` that the first version of something needs not; the document says so in words."""
TAG, PLACE, REPLAYED = "ETag", "Location", "Idempotency-Replayed"
HELD: Final[Answers] = {304: {"description": "The caller has it: its tag is among those of `If-None-Match`"}}
"""For the `responses` of a read with a tag that is not by key."""
TAGGED: Final[Answers] = {200: {"headers": {TAG: {"$ref": f"#/components/headers/{TAG}"}}}}
"""For the `responses` of what tells a version, though more than that version is in it: it is always answered anew."""
TOLD_WHERE: Final[Answers] = {
    201: {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in (PLACE, TAG)}}
}
"""For the `responses` of a route that makes what is read elsewhere."""
HEADERS: Final[Json] = {
    TAG: {
        "description": "the version that this is: for `If-None-Match` of the next read and `If-Match` of a change",
        "schema": {"type": "string"},
        "example": '"3"',
        "required": True,
    },
    PLACE: {
        "description": "where it is read, a path from the root of the platform's address",
        "schema": {"type": "string", "format": "uri-reference"},
        "required": True,
    },
    REPLAYED: {
        "description": "`true` where this is the first answer again, to a request with the same `Idempotency-Key`",
        "schema": {"type": "string"},
    },
}
NONE_MATCH: Final[Json] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "tags that the caller has, or `*`: 304 without a body where one of them is still the right one",
}


def first(model: type[BaseModel]) -> Answers:
    """For the `responses` of a PUT that says by 201 that nothing was there before."""
    return {201: {"model": model, "description": "Nothing was there before: this is the first version"}}


def tried(model: type[BaseModel]) -> Answers:
    """For the `responses` of a POST that answers 201, and 200 to a dry run: nothing was recorded."""
    return {200: {"model": model, "description": "A dry run: everything was checked, nothing was recorded"}}


def describe(document: Json) -> Json:
    """Put headers, the answer 304 and whether `If-Match` is needed into each operation; returns the headers they refer to."""
    paths = document["paths"]
    shown = set()
    for path, item in paths.items():
        read = item.get("get")
        if read is None:
            continue
        done = read["responses"]["200"]
        changes_by_itself = "Retry-After" in done.get("headers", {})  # a job: it is always answered anew
        if "304" in read["responses"] or (path.endswith("}") and not changes_by_itself):
            read["responses"]["304"] = {**HELD[304], "headers": _headers(TAG)}
            read.setdefault("parameters", []).append(NONE_MATCH)
            _say(done, TAG)
        if TAG in done.get("headers", {}):
            shown.add(_schema(done))
    for path, item in paths.items():
        for method, operation in item.items():
            if method != "get":
                _tell(operation, shown - {""}, made_here=method == "post" and _read_below(paths, path))
    answers = [
        each for item in paths.values() for operation in item.values() for each in operation["responses"].values()
    ]
    told = {name for answer in answers for name, header in answer.get("headers", {}).items() if "$ref" in header}
    return {name: header for name, header in HEADERS.items() if name in told}


def _tell(operation: Json, shown: set[str], *, made_here: bool) -> None:
    given = {parameter["name"]: parameter for parameter in operation.get("parameters", ())}
    for status, answer in _done(operation):
        if _schema(answer) in shown:
            _say(answer, TAG)
        if status == "201" and made_here:
            _say(answer, PLACE, TAG)
        if "Idempotency-Key" in given:
            _say(answer, REPLAYED)
    match = given.get("If-Match")
    if match is not None:
        first = match["schema"].pop(FIRST, False)
        match["required"] = "428" in operation["responses"] and not first
        if match["required"]:
            match["schema"] = {"type": "string", "title": match["schema"].get("title", "If-Match")}


def _done(operation: Json) -> Iterator[tuple[str, Json]]:
    return ((status, answer) for status, answer in operation["responses"].items() if status.startswith("2"))


def _read_below(paths: Json, path: str) -> bool:
    """Whether the things of the list at `path` are read by their key."""
    return any("get" in item and below.rpartition("/{")[0] == path for below, item in paths.items() if below[-1] == "}")


def _schema(answer: Json) -> str:
    return str(answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", ""))


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _say(answer: Json, *names: str) -> None:
    answer["headers"] = {**answer.get("headers", {}), **_headers(*names)}

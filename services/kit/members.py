"""A member that stands twice in a JSON object is refused: readers differ in which one they take (RFC 8259, 4)."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

TOLD: Final = 100
"""So many are named."""
Way = tuple[str | int, ...]


class Members(list[tuple[str, Any]]):
    """The members of an object as they stand there."""


async def refuse_repeated(request: Request) -> None:
    """The dependency of every operation. The framework has read the body and keeps it; of two members it took the last."""
    route = request.scope.get("route")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not isinstance(route, APIRoute) or route.body_field is None or not _is_json(media):
        return
    body = await request.body()
    try:
        if not _repeats(body):
            return
        whole = json.loads(body, object_pairs_hook=Members)
    except (ValueError, RecursionError):  # no JSON, which is told already, or deeper than anything that is taken
        return
    raise RequestValidationError([_fault(way) for way in islice(_twice(whole), TOLD)])


def _is_json(media: str) -> bool:
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _repeats(body: bytes) -> bool:
    """Whether any object has a member twice."""
    found = False

    def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        told = dict(members)
        found |= len(told) < len(members)
        return told

    json.loads(body, object_pairs_hook=once)
    return found


def _twice(whole: object) -> Iterator[Way]:
    """Where members stand for the second time, in the order of the body."""
    left: list[tuple[Way, object]] = [(("body",), whole)]
    while left:
        way, value = left.pop()
        inner: list[tuple[Way, object]] = []
        if isinstance(value, Members):
            seen: set[str] = set()
            for name, each in value:
                if name in seen:
                    yield (*way, name)
                seen.add(name)
                inner.append(((*way, name), each))
        elif isinstance(value, list):
            inner = [((*way, place), each) for place, each in enumerate(value)]
        left += reversed(inner)


def _fault(way: Way) -> dict[str, object]:
    en, zh = "stands twice in one object: say it once", "在同一对象中出现两次：只能写一次"
    return {"type": "given_twice", "loc": way, "msg": en, "input": None, "ctx": {"zh": zh}}

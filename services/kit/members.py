"""A member that stands twice in a JSON object is refused: readers differ in which one they take (RFC 8259, 4)."""

import json
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

Members = list[tuple[str, Any]]


async def refuse_repeated(request: Request) -> None:
    """The dependency of every operation. The framework has read the body and keeps it; of two members it took the last."""
    route = request.scope.get("route")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not isinstance(route, APIRoute) or route.body_field is None or not _is_json(media):
        return
    twice: list[str] = []

    def once(members: Members) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            names = [name for name, _ in members]
            twice.extend(sorted({name for name in names if names.count(name) > 1}))
        return found

    try:
        json.loads(await request.body(), object_pairs_hook=once)
    except ValueError:  # which is told already
        return
    if twice:
        raise RequestValidationError([_fault(name) for name in dict.fromkeys(twice)])


def _is_json(media: str) -> bool:
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _fault(name: str) -> dict[str, object]:
    en, zh = "stands twice in one object: say it once", "在同一对象中出现两次：只能写一次"
    return {"type": "given_twice", "loc": ("body", name), "msg": en, "input": None, "ctx": {"zh": zh}}

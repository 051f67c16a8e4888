"""Names in a query that an operation does not know, or takes once and is given twice, are refused.

Else a misspelt `dry_run` writes, a misspelt filter answers everything, and of two values one is passed over unseen.
"""

import types
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.kit.auth import needed_by
from services.kit.sentences import unknown_name


class Taken(NamedTuple):
    """The names that an operation takes in its query."""

    known: frozenset[str] | None
    """None where a model of all of them refuses others itself, with what else is wrong."""
    lists: frozenset[str]
    """Those that may be given several times."""


async def refuse_unclear(request: Request) -> None:
    """The dependency of every operation."""
    route = request.scope.get("route")
    if not request.scope.get("query_string") or not isinstance(route, APIRoute):
        return
    if not hasattr(route, "query_names"):
        route.query_names = _taken(route)  # type: ignore[attr-defined]  # once for each; routes cannot be keys of a cache
    taken: Taken = route.query_names  # type: ignore[attr-defined]  # as above
    faults = [*_unknown(request, taken), *_repeated(request, taken)]
    if faults:
        raise RequestValidationError(faults)


def _taken(route: APIRoute) -> Taken:
    fields = [field for each in needed_by(route.dependant) for field in each.query_params]
    for field in fields:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            if model.model_config.get("extra") != "forbid":
                raise AssertionError(f"{route.path}: {model.__name__} takes any name")
            members = model.model_fields.items()
            return Taken(None, frozenset(each.alias or name for name, each in members if _is_list(each.annotation)))
    lists = frozenset(field.alias for field in fields if _is_list(field.field_info.annotation))
    return Taken(frozenset(field.alias for field in fields), lists)


def _is_list(annotation: Any) -> bool:  # noqa: ANN401 - whatever a field is
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_list(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return any(_is_list(each) for each in get_args(annotation))
    return origin is list


def _unknown(request: Request, taken: Taken) -> Iterator[dict[str, object]]:
    known = taken.known
    for name in [] if known is None else sorted({*request.query_params} - known):
        en, zh = unknown_name(name, known or ())
        yield _fault("extra_forbidden", name, request.query_params[name], en, zh)


def _repeated(request: Request, taken: Taken) -> Iterator[dict[str, object]]:
    names = [name for name, _ in request.query_params.multi_items()]
    for name in sorted({name for name in names if names.count(name) > 1} - taken.lists):
        values = request.query_params.getlist(name)
        en = f"given {len(values)} times: one value is taken"
        yield _fault("given_twice", name, values, en, f"出现 {len(values)} 次：只能给一个值")


def _fault(kind: str, name: str, given: object, en: str, zh: str) -> dict[str, object]:
    return {"type": kind, "loc": ("query", name), "msg": en, "input": given, "ctx": {"zh": zh}}

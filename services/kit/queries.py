"""Names in a query that an operation does not know are refused, as unknown fields of a body are.

Else a misspelt `dry_run` writes, and a misspelt filter answers everything.
"""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.kit.auth import needed_by
from services.kit.sentences import unknown_name


async def refuse_unknown(request: Request) -> None:
    """The dependency of every operation."""
    route = request.scope.get("route")
    if not request.scope.get("query_string") or not isinstance(route, APIRoute):
        return
    if not hasattr(route, "query_names"):
        route.query_names = _known(route)  # type: ignore[attr-defined]  # once for each; routes cannot be keys of a cache
    known: frozenset[str] | None = route.query_names  # type: ignore[attr-defined]  # as above
    unknown = [] if known is None else sorted(set(request.query_params) - known)
    if known is not None and unknown:
        raise RequestValidationError([_fault(name, request.query_params[name], known) for name in unknown])


def _known(route: APIRoute) -> frozenset[str] | None:
    """The names that an operation takes; None where a model of all of them refuses others itself, with what else is wrong."""
    fields = [field for each in needed_by(route.dependant) for field in each.query_params]
    for field in fields:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            if model.model_config.get("extra") != "forbid":
                raise AssertionError(f"{route.path}: {model.__name__} takes any name")
            return None
    return frozenset(field.alias for field in fields)


def _fault(name: str, given: str, known: frozenset[str]) -> dict[str, object]:
    en, zh = unknown_name(name, known)
    return {"type": "extra_forbidden", "loc": ("query", name), "msg": en, "input": given, "ctx": {"zh": zh}}

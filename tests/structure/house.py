"""The three apps as composed, without servers: what tests of the wiring walk over."""

import ast
import base64
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlalchemy import MetaData

from services.indicators import main as indicators
from services.indicators.settings import Settings as IndicatorsSettings
from services.kit.auth import current_caller
from services.kit.settings import ServiceSettings
from services.notifier import main as notifier
from services.notifier.settings import Settings as NotifierSettings
from services.registry import main as registry
from services.registry.settings import Settings as RegistrySettings

ROOT = Path(__file__).parents[2]
SERVICES = ("registry", "indicators", "notifier")
SETTINGS: dict[str, type[ServiceSettings]] = {
    "registry": RegistrySettings,
    "indicators": IndicatorsSettings,
    "notifier": NotifierSettings,
}
DOCUMENTS = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}
KEY = base64.b64encode(bytes(32)).decode()


@cache
def apps() -> dict[str, FastAPI]:
    """Each service's app; nothing is opened before its lifespan begins."""
    told: dict[str, Any] = {"database_url": "postgresql://nobody@127.0.0.1:1/none"}
    return {
        "registry": registry.create(
            RegistrySettings(signing_key=KEY, key_secret=KEY, contact_key=KEY, fixed_keys=[], **told)
        ),
        "indicators": indicators.create(IndicatorsSettings(**told)),
        "notifier": notifier.create(NotifierSettings(contact_key=KEY, **told)),
    }


@dataclass(frozen=True)
class Route:
    """One operation of one service."""

    service: str
    method: str
    path: str
    operation_id: str
    dependant: Dependant

    def __str__(self) -> str:
        return f"{self.method} /{self.service}{self.path}"

    @property
    def scopes(self) -> set[str] | None:
        """The scopes that its caller must have; None where nobody asks who calls."""
        found = [asked.own_oauth_scopes or [] for asked in _all(self.dependant) if asked.call is current_caller]
        return {scope for scopes in found for scope in scopes} if found else None


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for needed in dependant.dependencies:
        yield from _all(needed)


@cache
def routes() -> list[Route]:
    """Every operation, but for the pages that FastAPI makes of the document."""
    return [
        Route(service, method, context.path or "", context.operation_id, context.dependant)
        for service, app in apps().items()
        for context in iter_route_contexts(app.routes)
        if context.path not in DOCUMENTS
        for method in sorted(context.methods or ())
    ]


@cache
def document(service: str) -> dict[str, Any]:
    """The service's OpenAPI document."""
    return apps()[service].openapi()


def operations(service: str) -> dict[str, dict[str, Any]]:
    """The document's operations by "METHOD /path"."""
    return {
        f"{method.upper()} {path}": operation
        for path, item in document(service)["paths"].items()
        for method, operation in item.items()
    }


def answer_of(shown: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of an operation, also one that is written in one place for many."""
    if "$ref" not in answer:
        return answer
    kept: dict[str, Any] = shown["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return kept


def rooms(name: str) -> list[Path]:
    """Every file of this name in the three services."""
    return sorted(path for service in SERVICES for path in (ROOT / "services" / service).rglob(f"{name}.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> ModuleType:
    """The module in a file."""
    return importlib.import_module(module_of(path))


def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def tables(service: str) -> MetaData:
    """The tables of a service, all rooms imported."""
    for room in rooms("tables"):
        imported(room)
    metadata: MetaData = importlib.import_module(f"services.{service}.schema").Table.metadata
    return metadata

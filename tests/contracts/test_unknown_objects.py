"""A filter that names an object which is not there is refused by its name: every filter of the three documents."""

import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from services.kit.office.writing import CSV
from tests.indicators import samples
from tests.platform import Platform
from tests.structure.house import SERVICES, document

pytestmark = pytest.mark.untraced

UNKNOWN: Final = ("nobody", "X999", "project:X999", "01890000-0000-7000-8000-000000000000")
"""What no object goes by, in one form for each kind of codes."""
NO_OBJECT: Final = {
    "search": "words",
    "q": "words",
    "cursor": "a page's own",
    "sort": "a fixed list",
    "measure": "what is measured, a word of the plan file",
    "medium": "what is written of it, by whoever writes it",
    "period": "a period",
    "edition": "a fixed list",
    "class_prefix": "part of a class of a published standard",
    "credit_code": "an enterprise's own, which is looked up by it",
    "national_code": "a project's own, which is looked up by it",
    "sha256": "a file's own, which is looked up by it",
    "name": "a person's own, or what is resolved",
    "operation": "what a job does, a fixed word",
    "message_id": "a mail's own, which is looked up by it",
    "client_id": "who did something: what was done stays when the caller is gone",
    "holder": "as client_id",
    "role": "a fixed list",
    "act": "what was done, a word of the trail or of a decision",
    "provider": "a name in the settings of an installation",
    "step": "a word of the kinds of projects",
    "node": "a word of the kinds of projects",
    "level": "a word of the plan's ladder",
    "format": "a fixed list",
    "by": "a fixed list",
    "after": "a position",
}
"""Filters that name no object, and why."""
OTHERWISE: Final = {
    "audit_list subject": "what something was done to: it may be gone, or never have been",
    "files_list subject": "whatever refers to a file, also what has no list of its own",
    "change_requests_list target": "the registry keeps no targets",
    "lights_history target": "what is read, not a filter of it: 404",
}
"""Filters that stand for something else in one operation, and why."""


def value(schema: dict[str, Any]) -> str | None:
    """A value that the schema takes and that names nothing; None where it takes no name."""
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    kind = kinds[0].get("items", kinds[0])
    if kind.get("type") != "string" or "enum" in kind or "const" in kind or kind.get("format") in {"date", "date-time"}:
        return None
    if kind.get("format") == "uuid":
        return UNKNOWN[-1]
    return next(each for each in UNKNOWN if re.search(kind.get("pattern", ""), each))


def asked() -> Iterator[tuple[str, str, str, str, dict[str, str], list[str]]]:
    """Each filter that names an object: service, operation, path, its name, what is asked, and as what."""
    for service in SERVICES:
        for path, item in document(service)["paths"].items():
            operation = item.get("get")
            if operation is None or "{" in path:
                continue
            kinds = operation["responses"]["200"].get("content", {})
            for parameter in operation.get("parameters", []):
                name = parameter["name"]
                if parameter["in"] != "query" or name in NO_OBJECT or f"{operation['operationId']} {name}" in OTHERWISE:
                    continue
                if (unknown := value(parameter["schema"])) is not None:
                    needed = {each["name"]: "x" for each in operation["parameters"] if each.get("required")}
                    media = ["application/json", *([CSV] if CSV in kinds else [])]
                    yield service, operation["operationId"], path, name, {**needed, name: unknown}, media


async def complaints(platform: Platform) -> list[str]:
    found = []
    for service, operation, path, name, params, kinds in asked():
        client: httpx.AsyncClient = getattr(platform, service)
        for accept in kinds:
            answer = await client.get(path, params=params, headers={"Accept": accept})
            told = [fault["pointer"] for fault in answer.json()["errors"]] if answer.status_code == 422 else None
            if told != [f"/query/{name}"] or params[name] not in answer.json()["detail"]:
                found.append(f"{service} {operation} {name} as {accept}: {answer.status_code} {answer.text[:120]}")
    return found


async def test_a_filter_that_names_nothing_is_refused_by_its_name(platform: Platform) -> None:
    await samples.set_up(platform)
    assert await complaints(platform) == []


async def test_it_says_in_both_languages_what_would_be_right(platform: Platform) -> None:
    for language, said in (
        ("en", "no industry nobody that you may see: give the code of one that GET /registry/v1/industries lists"),
        ("zh", "没有可见的产业：nobody；请填写 GET /registry/v1/industries 所列的代码"),
    ):
        answer = await platform.registry.get(
            "/v1/enterprises", params={"industry": "nobody"}, headers={"Accept-Language": language}
        )
        assert (answer.json()["code"], answer.json()["detail"]) == ("unknown-object", said)


def test_every_filter_without_an_object_is_one_of_a_document() -> None:
    names = {
        parameter["name"]
        for service in SERVICES
        for item in document(service)["paths"].values()
        for parameter in item.get("get", {}).get("parameters", [])
    }
    assert set(NO_OBJECT) <= names
    operations = {
        operation["operationId"]
        for service in SERVICES
        for item in document(service)["paths"].values()
        for operation in item.values()
    }
    assert {each.partition(" ")[0] for each in OTHERWISE} <= operations
    assert len(list(asked())) > 60

"""What belongs to something that is not there is not there either: every reading path of the three documents."""

import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from services.kit.office.writing import CSV
from tests.platform import Platform
from tests.structure.house import SERVICES, document

pytestmark = pytest.mark.untraced

NOBODY: Final = ("nobody", "X999", "9999-9999", "C999999", "V999999", "W999999", "f" * 64)
"""What no object goes by, in one form for each kind of codes."""
OF_TYPES: Final = {
    "integer": "2099",
    "date": "2018-06-30",
    "uuid": "01890000-0000-7000-8000-000000000000",
    "string": "nobody",
}
NEVER_MISSING: Final = {
    "calendar_days": "a year without a notice has its days too: they count weekends only, and are said to be provisional",
    "template_read": "kinds of objects are a fixed list",
}
"""Operations that answer about what nobody recorded, and why."""


def value(schema: dict[str, Any]) -> str:
    """A value that the schema takes and that names nothing."""
    if "enum" in schema:
        return str(schema["enum"][0])
    if "pattern" in schema:
        return next(code for code in NOBODY if re.search(schema["pattern"], code))
    return OF_TYPES[schema.get("format") or schema["type"]]


def asked() -> Iterator[tuple[str, str, str, dict[str, str], bool]]:
    """Each reading operation below something: service, name, path, what its query must have, whether it is a list."""
    for service in SERVICES:
        for template, item in document(service)["paths"].items():
            operation = item.get("get")
            if operation is None or "{" not in template or operation["operationId"] in NEVER_MISSING:
                continue
            path, query = template, {}
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    path = path.replace(f"{{{parameter['name']}}}", value(parameter["schema"]))
                elif parameter.get("required"):
                    query[parameter["name"]] = value(parameter["schema"])
            yield service, operation["operationId"], path, query, CSV in operation["responses"]["200"]["content"]


async def test_whatever_belongs_to_what_is_not_there_is_not_found(platform: Platform) -> None:
    found = []
    for service, name, path, query, as_file in asked():
        client: httpx.AsyncClient = getattr(platform, service)
        for accept in ("application/json", *([CSV] if as_file else [])):
            answer = await client.get(path, params=query, headers={"Accept": accept})
            if (answer.status_code, answer.headers["content-type"]) != (404, "application/problem+json"):
                found.append(f"{service} {name} as {accept}: {answer.status_code} {answer.text[:80]}")
    assert found == []


def test_what_can_be_missing_says_so_in_its_document() -> None:
    silent = {
        operation["operationId"]
        for service in SERVICES
        for path, item in document(service)["paths"].items()
        for method, operation in item.items()
        if method == "get" and "{" in path and "404" not in operation["responses"]
    }
    assert silent == set(NEVER_MISSING)

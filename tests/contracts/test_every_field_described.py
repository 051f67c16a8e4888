"""What somebody who writes a client reads beside each field and parameter: a sentence, and not its name once more."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.structure.house import document

pytestmark = pytest.mark.untraced

Json = dict[str, Any]
SERVICES = ("registry", "indicators", "notifier")
FEW = 3
"""Words that say something: `code of the plan`; a Chinese term is one."""
FILLING = {"a", "an", "the", "its"}
"""Words that make no sentence of a name: `the name`."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_and_parameter_is_described(service: str) -> None:
    assert undescribed(document(service)) == []


def undescribed(shown: Json) -> list[str]:
    """The fields, parameters and headers of a document that say nothing of themselves, each with what it says."""
    return [
        f"{place}: {said or 'nothing'}"
        for place, name, said in described(shown)
        if len(said.split()) < FEW or set(words(said)) - FILLING <= set(words(name))
    ]


def described(shown: Json) -> Iterator[tuple[str, str, str]]:
    """Where each stands, its name, and what is said of it; of a field that is another schema alone, what that says."""
    components = shown["components"]
    for schema, told in components["schemas"].items():
        for name, field in told.get("properties", {}).items():
            yield f"{schema}.{name}", name, field.get("description") or of_another(field, components["schemas"])
    for path, item in shown["paths"].items():
        for method, operation in item.items():
            where = f"{method.upper()} {path}"
            for each in operation.get("parameters", ()):
                yield f"{where} {each['in']} {each['name']}", each["name"], each.get("description", "")
            for status, answer in operation["responses"].items():
                yield from headers(f"{where} {status}", answer)
    for name, answer in components.get("responses", {}).items():
        yield from headers(name, answer)
    yield from headers("every answer", components)


def headers(where: str, answer: Json) -> Iterator[tuple[str, str, str]]:
    for name, header in answer.get("headers", {}).items():
        if "$ref" not in header:
            yield f"{where} header {name}", name, header.get("description", "")


def of_another(field: Json, schemas: Json) -> str:
    """What the schema says that a field is, alone or but for null; nothing where it may be several."""
    parts = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
    if len(parts) != 1 or "$ref" not in parts[0]:
        return ""
    said: str = schemas[parts[0]["$ref"].rpartition("/")[2]].get("description", "")
    return said


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("_", " ").replace("-", " ").lower())


def small(**field: Any) -> Json:  # noqa: ANN401 - JSON
    """A document with one field, called `due_day`."""
    other = {"description": "The day by which it is due.", "properties": {}}
    return {"paths": {}, "components": {"schemas": {"Report": {"properties": {"due_day": field}}, "Day": other}}}


@pytest.mark.parametrize(
    "field",
    [
        {"type": "string", "description": "day by which the report is due"},
        {"$ref": "#/components/schemas/Day"},
        {"anyOf": [{"$ref": "#/components/schemas/Day"}, {"type": "null"}]},
    ],
)
def test_a_sentence_of_its_own_or_of_the_schema_that_it_is_describes_a_field(field: Json) -> None:
    assert undescribed(small(**field)) == []


@pytest.mark.parametrize("said", [None, "", "day", "the due day", "The due_day, a day"])
def test_nothing_or_the_name_once_more_describes_no_field(said: str | None) -> None:
    assert undescribed(small(type="string", description=said)) == [f"Report.due_day: {said or 'nothing'}"]


def test_a_list_of_what_is_described_says_not_yet_what_the_list_is() -> None:
    field = {"type": "array", "items": {"$ref": "#/components/schemas/Day"}}
    assert undescribed(small(**field)) == ["Report.due_day: nothing"]

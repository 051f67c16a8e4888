"""Every field, parameter and header of a document is explained: who makes a client of it reads nothing else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.structure.house import document, operations

pytestmark = pytest.mark.untraced

Json = dict[str, Any]
SERVICES = ("indicators", "notifier")
FEWEST_WORDS = 3
WORD = re.compile(r"[a-z0-9]+|[一-鿿]+")


@pytest.mark.parametrize("service", SERVICES)
def test_everything_in_a_document_is_explained(service: str) -> None:
    assert unexplained(document(service), operations(service)) == []


def unexplained(shown: Json, called: dict[str, Json]) -> list[str]:
    """The fields, parameters and headers of a document of which there is no explanation, or one that is none."""
    return [place for place, name, part in places(shown, called) if not explains(words(shown, part), name)]


def places(shown: Json, called: dict[str, Json]) -> Iterator[tuple[str, str, Json]]:
    """Where something is to be explained, what it is called, and what says it."""
    for schema, told in shown["components"]["schemas"].items():
        for name, field in told.get("properties", {}).items():
            yield f"{schema}.{name}", name, field
    for name, header in shown["components"].get("headers", {}).items():
        yield f"header {name}", name, header
    for operation, told in called.items():
        for parameter in told.get("parameters", ()):
            yield f"{operation} {parameter['name']}", parameter["name"], parameter
        for status, answer in told["responses"].items():
            for name, header in answer.get("headers", {}).items():
                if "$ref" not in header:
                    yield f"{operation} {status} {name}", name, header


def words(shown: Json, part: Json) -> str:
    """What is said of a part; where it is another schema and nothing more, what is said of that one."""
    if "description" in part:
        return str(part["description"])
    choices = [each for kind in ("anyOf", "allOf", "oneOf") for each in part.get(kind, ()) if each != {"type": "null"}]
    of = part.get("$ref") or (choices[0].get("$ref") if len(choices) == 1 else None)
    return "" if of is None else words(shown, shown["components"]["schemas"][of.rpartition("/")[2]])


def explains(said: str, name: str) -> bool:
    """Whether it is a few words, and more than the name again."""
    found = WORD.findall(said.lower())
    return len(found) >= FEWEST_WORDS and not {*found} <= {*WORD.findall(name.lower()), "a", "its", "of", "the"}


@pytest.mark.parametrize(
    ("said", "name"), [("", "id"), ("UUIDv7", "id"), ("the recorded at", "recorded_at"), ("the name of the", "name")]
)
def test_no_words_few_words_and_the_name_again_are_no_explanation(said: str, name: str) -> None:
    assert not explains(said, name)


def test_a_field_that_is_another_schema_is_explained_by_it() -> None:
    ladder: Json = {"$ref": "#/components/schemas/Ladder"}
    shown: Json = {"components": {"schemas": {"Ladder": {"description": "The ordered levels of supervision."}}}}
    assert explains(words(shown, {"anyOf": [ladder, {"type": "null"}]}), "ladder")
    assert words(shown, {"type": "array", "items": ladder}) == ""

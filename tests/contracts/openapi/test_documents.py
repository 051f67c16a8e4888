import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contracts.openapi.comparing import breaks
from tests.contracts.openapi.frozen import SERVICES, frozen
from tests.structure.house import answer_of, document, operations

pytestmark = pytest.mark.untraced

Json = dict[str, Any]
each_service = pytest.mark.parametrize("service", SERVICES)


@each_service
def test_the_document_is_valid_openapi_3_1(service: str) -> None:
    shown = document(service)
    assert shown["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(shown).iter_errors()] == []


@each_service
def test_no_client_of_the_frozen_document_breaks(service: str) -> None:
    assert breaks(frozen(service), document(service)) == []


@each_service
def test_what_was_added_is_frozen_too(service: str) -> None:
    """Else a later change could take it away unseen. `python -m tests.contracts.openapi` freezes it."""
    assert breaks(document(service), frozen(service)) == []


@each_service
def test_every_reference_leads_somewhere(service: str) -> None:
    there = {f"#/components/{kind}/{name}" for kind, name in shared(document(service))}
    assert set(referred(document(service))) - there == set()


@each_service
def test_everything_shared_is_referred_to(service: str) -> None:
    there = {f"#/components/{kind}/{name}" for kind, name in shared(document(service)) if kind != "securitySchemes"}
    assert there - set(referred(document(service))) == set()


@each_service
def test_no_two_schemas_share_a_name_and_none_is_named_by_where_its_class_stands(service: str) -> None:
    """FastAPI names both of two models of one name by their Python modules, and generators of clients drop them."""
    schemas = document(service)["components"]["schemas"]
    titles = Counter(schema["title"] for schema in schemas.values() if "title" in schema)
    assert [name for name in schemas if "__" in name] == []
    assert [title for title, times in titles.items() if times > 1] == []


@each_service
def test_a_document_has_a_title_that_a_package_can_have(service: str) -> None:
    assert document(service)["info"]["title"].isascii()


@each_service
def test_every_operation_but_the_probes_tells_its_limits(service: str) -> None:
    """The two headers on every answer, and 429 among them."""
    shown = document(service)
    bare = []
    for name, operation in operations(service).items():
        answers = {status: answer_of(shown, answer) for status, answer in operation["responses"].items()}
        without = [status for status, each in answers.items() if not {*each.get("headers", {})} >= LIMITS]
        if ("429" not in answers or without) and not name.endswith(("/livez", "/readyz")):
            bare.append(f"{name}: {without}")
    assert bare == []


LIMITS = {"RateLimit", "RateLimit-Policy"}


def shared(shown: Json) -> list[tuple[str, str]]:
    return [(kind, name) for kind, entries in shown["components"].items() for name in entries]


def referred(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [name for inner in part.values() for name in referred(inner)]
    return [name for inner in part for name in referred(inner)] if isinstance(part, list) else []


SMALL: Json = {
    "paths": {
        "/v1/figures": {
            "get": {
                "operationId": "figures_list",
                "security": [{"token": ["figures:read"]}],
                "parameters": [
                    {"in": "query", "name": "light", "schema": {"type": "string", "enum": ["red", "green"]}}
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                },
            },
            "post": {
                "operationId": "figure_submit",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Figure"}}}},
                "responses": {"201": {}},
            },
        },
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Figure"}},
                    "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            },
            "Figure": {
                "type": "object",
                "required": ["value"],
                "properties": {
                    "value": {"type": "string"},
                    "light": {"type": "string", "enum": ["red", "green"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Figure"}},
                },
            },
        }
    },
}


def listing(document_: Json) -> Json:
    operation: Json = document_["paths"]["/v1/figures"]["get"]
    return operation


def figure(document_: Json) -> Json:
    schema: Json = document_["components"]["schemas"]["Figure"]
    return schema


CHANGES: dict[str, tuple[Callable[[Json], object], str]] = {
    "a path is taken away": (lambda d: d["paths"].clear(), "GET /v1/figures: gone"),
    "an operation is taken away": (lambda d: d["paths"]["/v1/figures"].pop("post"), "POST /v1/figures: gone"),
    "an operation is renamed": (lambda d: listing(d).update(operationId="x"), "GET /v1/figures: is now called x"),
    "a scope is asked for": (
        lambda d: listing(d)["security"][0]["token"].append("admin"),
        "GET /v1/figures: needs the scope admin",
    ),
    "a parameter is taken away": (lambda d: listing(d)["parameters"].clear(), "GET /v1/figures ?light: gone"),
    "a parameter becomes required": (
        lambda d: listing(d)["parameters"][0].update(required=True),
        "GET /v1/figures ?light: is required",
    ),
    "a parameter takes less": (
        lambda d: listing(d)["parameters"][0]["schema"].update(enum=["red"]),
        "GET /v1/figures ?light: takes only red",
    ),
    "an answer has another status": (
        lambda d: listing(d).update(responses={"202": {}}),
        "GET /v1/figures: no longer answers 200",
    ),
    "an answer has another media type": (
        lambda d: listing(d)["responses"]["200"].update(content={"text/csv": {}}),
        "GET /v1/figures: 200 no longer comes as application/json",
    ),
    "a field is taken away": (
        lambda d: figure(d)["properties"].pop("light"),
        "GET /v1/figures 200.items[].light: gone",
    ),
    "a field may be missing": (
        lambda d: figure(d).update(required=[]),
        "GET /v1/figures 200.items[].value: may be missing",
    ),
    "a field has another type": (
        lambda d: figure(d)["properties"]["value"].update(type="number"),
        "GET /v1/figures 200.items[].value: type was string, is number",
    ),
    "a field has another value": (
        lambda d: figure(d)["properties"]["light"]["enum"].append("grey"),
        "GET /v1/figures 200.items[].light: may now be grey",
    ),
    "a field that may be null is something else": (
        lambda d: d["components"]["schemas"]["Page"]["properties"]["next"]["anyOf"].append({"type": "integer"}),
        "GET /v1/figures 200.next: may now be integer",
    ),
    "a field must be sent": (
        lambda d: figure(d)["required"].append("light"),
        "POST /v1/figures body.light: is required",
    ),
    "a field is no longer taken": (
        lambda d: figure(d)["properties"].pop("light"),
        "POST /v1/figures body.light: gone",
    ),
}


def test_an_answer_that_is_written_in_one_place_for_many_is_the_same_answer() -> None:
    moved = copy.deepcopy(SMALL)
    moved["components"]["responses"] = {"Page": listing(moved)["responses"]["200"]}
    listing(moved)["responses"]["200"] = {"$ref": "#/components/responses/Page"}
    assert breaks(SMALL, moved) == breaks(moved, SMALL) == []
    del moved["components"]["responses"]["Page"]["content"]
    assert breaks(SMALL, moved) == ["GET /v1/figures: 200 no longer comes as application/json"]


def test_another_name_of_a_schema_breaks_nobody_and_other_fields_under_it_do() -> None:
    first, second = copy.deepcopy(SMALL), copy.deepcopy(SMALL)
    for shown, name in ((first, "Figure"), (second, "ReportedFigure")):
        schemas = shown["components"]["schemas"]
        schemas[name] = schemas.pop("Figure") | {"title": name}
        schemas["Page"]["properties"]["best"] = {
            "anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}],
        }
        reference = {"$ref": f"#/components/schemas/{name}"}
        schemas["Page"]["properties"]["items"]["items"] = reference
        schemas[name]["properties"]["parts"]["items"] = reference
        shown["paths"]["/v1/figures"]["post"]["requestBody"]["content"]["application/json"]["schema"] = reference
    assert breaks(first, second) == breaks(second, first) == []
    second["components"]["schemas"]["ReportedFigure"]["required"] = []
    broken = breaks(first, second)
    assert [line.rpartition(".")[2] for line in broken] == ["value: may be missing"]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_breaks_clients_is_seen(name: str) -> None:
    change, said = CHANGES[name]
    changed = copy.deepcopy(SMALL)
    change(changed)
    assert said in breaks(SMALL, changed)


def test_an_addition_breaks_nobody() -> None:
    more = copy.deepcopy(SMALL)
    more["paths"]["/v1/figures"]["delete"] = {"operationId": "figures_delete", "responses": {"204": {}}}
    listing(more)["parameters"].append({"in": "query", "name": "year", "schema": {"type": "integer"}})
    figure(more)["properties"]["note"] = {"type": "string"}
    assert breaks(SMALL, more) == []
    assert breaks(more, SMALL) != []

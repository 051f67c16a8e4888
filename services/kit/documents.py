"""What every OpenAPI document of ours says besides its routes: problems, and the limits that each answer tells."""

from typing import Any

from fastapi import FastAPI

from services.kit import code_lists, manners
from services.kit.codes import CodeLists
from services.kit.errors import MEDIA_TYPE, TITLES, Problem, problems
from services.kit.rates import PROBES

Json = dict[str, Any]
POLICY, STANDING = "RateLimit-Policy", "RateLimit"
RATES = {name: {"$ref": f"#/components/headers/{name}"} for name in (POLICY, STANDING)}
WAIT = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
HEADERS: Json = {
    POLICY: {
        "description": "the quota that the request counts on, by its name: `q` requests in any `w` seconds "
        "(draft-ietf-httpapi-ratelimit-headers)",
        "schema": {"type": "string"},
        "example": '"client";q=6000;w=60',
    },
    STANDING: {
        "description": "what is left of it: `r` requests, and `t` seconds until more are",
        "schema": {"type": "string"},
        "example": '"client";r=5999;t=60',
    },
    "Retry-After": {
        "description": "seconds after which the same request may be sent again",
        "schema": {"type": "integer", "minimum": 0},
        "example": 12,
    },
}


def complete(app: FastAPI, codes: CodeLists | None) -> None:
    """Let the document of an app describe its problems and limits, and name the code lists of fixed values."""
    documented = app.openapi

    def completed() -> Json:
        document = documented()
        components = document.setdefault("components", {})
        if "headers" not in components:  # FastAPI keeps a document until a route is added
            components["headers"] = HEADERS | manners.describe(document)
            schemas = components.setdefault("schemas", {})
            _share_schemas(document["paths"], schemas)
            if codes is not None:
                code_lists.mark(document, codes)
            _describe_problem(schemas)
            for path, item in document["paths"].items():
                if "get" in item:
                    _name_forms(item["get"]["responses"])
                for operation in item.values():
                    _name_problems(operation)
                    if path not in PROBES:
                        _tell_limits(operation["responses"], components.setdefault("responses", {}))
        return document

    app.openapi = completed  # type: ignore[method-assign]  # FastAPI's documented way to extend a document


def _describe_problem(schemas: Json) -> None:
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _share_schemas(paths: Json, schemas: Json) -> None:
    """An answer's own schema stands among the others: makers of clients would make a model of each place where it is."""
    operations = [operation for item in paths.values() for operation in item.values()]
    answers = [answer for operation in operations for answer in operation["responses"].values()]
    for content in (content for answer in answers for content in answer.get("content", {}).values()):
        schema = content.get("schema", {})
        if "properties" in schema:
            schemas[schema["title"]] = schema
            content["schema"] = {"$ref": f"#/components/schemas/{schema['title']}"}


def _name_problems(operation: Json) -> None:
    """A body of JSON can come too slowly, be too large, or be something else."""
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        for status, answer in problems(408, 413, 415).items():
            operation["responses"].setdefault(str(status), answer)


def _name_forms(answers: Json) -> None:
    """What a read answers comes in its own forms only, where it says what it answers."""
    if answers["200"].get("content", {}).get("application/json", {}).get("schema"):
        answers["406"] = problems(406)[406]


def _tell_limits(answers: Json, shared: Json) -> None:
    """Every answer has the two headers; those that many operations give alike stand in one place."""
    answers["429"] = problems(429)[429]
    for status, answer in answers.items():
        if list(answer.get("content", {})) == [MEDIA_TYPE] and answer == problems(int(status))[int(status)]:
            name = TITLES[int(status)][0].title().replace(" ", "").replace("-", "")
            headers = RATES | (WAIT if status in {"429", "503"} else {})
            shared[name] = {**answer, "headers": headers}
            answers[status] = {"$ref": f"#/components/responses/{name}"}
        else:
            answer["headers"] = {**answer.get("headers", {}), **RATES}

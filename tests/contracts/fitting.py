"""Whether an answer is what the document says: many are written by Postgres, and no model looks at them."""

import copy
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.structure.house import document


@cache
def _closed(service: str) -> dict[str, Any]:
    """The document, in which no object has a field that is not named."""
    shown = copy.deepcopy(document(service))
    for schema in shown["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return shown


def misfits(service: str, path: str, body: object) -> list[str]:
    """What in the answer to a GET of `path` is not as the document says, and where."""
    shown = _closed(service)
    said = shown["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    wrong = Draft202012Validator({**said, "components": shown["components"]}).iter_errors(body)
    return [f"{path} {error.json_path}: {error.message[:200]}" for error in wrong]

"""Requests made of a call and its values: the path, what is sent, and nothing but who asks to decide on the answer."""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import httpx

from tests.contracts.openapi.frozen import frozen
from tests.platform import Platform
from tests.roles.bodies import SENT, Asked
from tests.roles.world import Json, Values


async def request_for(
    platform: Platform, service: str, operation: Json, *, method: str, template: str, values: Values
) -> Asked:
    """What to send: what the table says; else, to replace something, itself; else nothing."""
    name = operation["operationId"]
    for known in (f"{service} {name}", name):
        if known in SENT:
            return SENT[known](values)
    admin: httpx.AsyncClient = getattr(platform, service)
    taken = fields(service, operation)
    if method == "PUT":
        return await _itself(admin, template, values, taken)
    if method == "POST" and "{" not in template:
        example = _sent(_first(await admin.get(template)), taken)
        return Asked(json={**example, "code": "another"} if "code" in example else example)
    return Asked(json={} if method == "POST" and "requestBody" in operation else None)


def fields(service: str, operation: Json) -> set[str]:
    """The fields of the body that an operation takes."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return set(_schemas(service).get(name, {}).get("properties", ()))


@cache
def _schemas(service: str) -> Json:
    schemas: Json = frozen(service)["components"]["schemas"]
    return schemas


async def _itself(admin: httpx.AsyncClient, template: str, values: Values, taken: set[str]) -> Asked:
    """An object as it is, with its ETag; in place of one that is missing, one of its kind under its name."""
    found = await admin.get(path_of(template, values))
    if found.is_success:
        return Asked(json=_sent(found.json(), taken), headers={"If-Match": found.headers.get("etag", '"1"')})
    listing = re.sub(r"/\{[^}]+\}$", "", template)
    example = await admin.get(listing if "{" not in listing else f"/v1/{listing.rsplit('/', 1)[1]}")
    body = {**_first(example), **path_values(values)}
    return Asked(json=_sent(body, taken), headers={"If-Match": '"1"'})


def _first(answer: httpx.Response) -> Json:
    """The first item of a list; nothing where there is none, or no list."""
    items = answer.json().get("items") if answer.is_success else None
    return items[0] if items else {}


def _sent(shown: Json, taken: set[str]) -> Json:
    """Of what is answered, what is taken."""
    return {name: value for name, value in shown.items() if name in taken}


def path_values(values: Values) -> Values:
    """Those of the path."""
    return {name: value for name, value in values.items() if name[0] not in "?="}


def query_values(values: Values) -> Values:
    """Those of the query."""
    return {name[1:]: value for name, value in values.items() if name.startswith("?")}


def path_of(template: str, values: Values) -> str:
    """The path of a route with these values."""
    for name, value in path_values(values).items():
        template = template.replace(f"{{{name}}}", value)
    return template


Send = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


def sending(method: str, template: str, values: Values, asked: Asked) -> Send:
    """The request, to be sent by whoever calls; `{caller}` in a text of the body is who that is."""

    async def send(client: httpx.AsyncClient, caller: str) -> httpx.Response:
        return await client.request(
            method,
            path_of(template, values),
            json=_named(asked.json, caller),
            content=asked.content,
            files=asked.files,
            params={
                name: str(value).lower() if isinstance(value, bool) else value
                for name, value in {**asked.params, **query_values(values)}.items()
            },
            headers=asked.headers,
            timeout=60,
        )

    return send


def _named(body: Any, caller: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(body, dict):
        return {
            name: value.replace("{caller}", caller.replace("@", ".")) if isinstance(value, str) else value
            for name, value in body.items()
        }
    return body

"""Who may do what to what: every route of the documents, every role, by how the object stands to the caller's unit.

`allowed`: the caller came through, whatever else there was to say (2xx, 304, 409, 412, 428); `invalid`: came through as
far as what was sent, which is not what the route wants (422, 400, 415); otherwise the status: 401 not signed in, 403 not
allowed, 404 not visible or not there, and of the routes that sign in, what they say to nobody.
`shown` and `hidden` say of a list whether it holds things of that unit.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from services.registry.identity.rules import ROLES
from tests.notifier.others import sample
from tests.platform import Platform
from tests.roles.asking import request_for, sending
from tests.roles.world import NOBODY, UNITS, World
from tests.structure.house import SERVICES, document

ALLOWED = {200, 201, 202, 204, 304, 409, 412, 428}
INVALID = {400, 415, 422}
OF_UNIT = "@unit"
CALLERS = (
    "nobody",
    *ROLES,
    *(f"{code}{OF_UNIT}" for code, role in ROLES.items() if not role.of_unit),
)
"""Roles as they are granted: those of a unit for `own`; the others for the whole region, and once more for `own`."""
HEADS = ("call", "operation", "object", *CALLERS)
CODES = {unit.name: unit.code for unit in sample().units}
METHODS = ("get", "post", "put", "patch", "delete")
Row = tuple[str, ...]


def path_to(service: str) -> Path:
    """The table of a service."""
    return Path(__file__).with_name(f"{service}.csv")


async def callers(platform: Platform) -> dict[str, str | None]:
    """A key for each caller: of a client without scopes that was granted the role."""
    found: dict[str, str | None] = {"nobody": None}
    for name in CALLERS[1:]:
        role = name.removesuffix(OF_UNIT)
        unit = UNITS["own"] if ROLES[role].of_unit or name.endswith(OF_UNIT) else None
        client_id = name.replace("@", ".")
        made = await platform.registry.post("/v1/keys", json={"client_id": client_id, "scopes": [], "unit": unit})
        assert made.status_code == httpx.codes.CREATED, made.text
        grant = {"holder": f"client:{client_id}", "role": role, "unit": unit}
        granted = await platform.registry.post("/v1/grants", json=grant)
        assert granted.status_code == httpx.codes.CREATED, granted.text
        found[name] = made.json()["key"]
    return found


async def walk(world: World) -> dict[str, list[Row]]:
    """The rows of every service's table, in the order of its document."""
    keys = await callers(world.platform)
    rows: dict[str, list[Row]] = {}
    for service in SERVICES:
        clients = {name: world.platform.client(service, key) for name, key in keys.items()}
        rows[service] = [
            row
            for method, template, operation in operations(service)
            for row in await _rows(world, service, clients, method=method, template=template, operation=operation)
        ]
    return rows


def operations(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a document."""
    for template, item in document(service)["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), template, item[method]


async def _rows(
    world: World,
    service: str,
    clients: dict[str, httpx.AsyncClient],
    *,
    method: str,
    template: str,
    operation: dict[str, Any],
) -> list[Row]:
    call, name = f"{method} {template}", operation["operationId"]
    rows: list[Row] = []
    for relation, values in _places(world, service, template, operation).items():
        asked = await request_for(world.platform, service, operation, method=method, template=template, values=values)
        send = sending(method, template, values, asked)
        # Those of a unit first: what the others did to it they might see no more.
        turns = sorted(clients, key=lambda caller: not _of_unit(caller))
        cells = {caller: _cell(await send(clients[caller])) for caller in turns}
        rows.append((call, name, relation, *(cells[caller] for caller in clients)))
    if "{" not in template and method == "GET":
        rows += await _lists(world.platform, service, clients, call=call, name=name, template=template)
    return rows


def _of_unit(caller: str) -> bool:
    return caller.endswith(OF_UNIT) or (caller in ROLES and ROLES[caller].of_unit)


def _places(world: World, service: str, template: str, operation: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The values of the path by relation; a path without any is asked once."""
    known = world.places(service, template)
    if known:
        return dict(known)
    if "{" not in template:
        return {"": {}}
    schemas = {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == "path"}
    return {"missing": {name: _nothing(schema) for name, schema in schemas.items()}}


NOTHING = ("nobody", "9999-9999", "C9999", "V9999", "W9999", "0" * 64)
"""What is not there, in the forms that codes have."""


def _nothing(schema: dict[str, Any]) -> str:
    """A value that the schema takes and that names nothing."""
    known = {"uuid": str(NOBODY), "date": "2199-12-31"}.get(schema.get("format", ""))
    if known is not None:
        return known
    if "enum" in schema:
        return str(schema["enum"][0])
    if schema.get("type") == "integer":
        return "2199"
    return next((each for each in NOTHING if re.fullmatch(schema.get("pattern", ".*"), each)), "nobody")


def _cell(answer: httpx.Response) -> str:
    assert answer.status_code < 500 or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
    if answer.status_code in ALLOWED:
        return "allowed"
    return "invalid" if answer.status_code in INVALID else str(answer.status_code)


async def _lists(
    platform: Platform, service: str, clients: dict[str, httpx.AsyncClient], *, call: str, name: str, template: str
) -> list[Row]:
    """Whether a list holds things of each unit, where its items name one."""
    everything = await _units_in(getattr(platform, service), template)
    if not everything >= set(UNITS.values()):
        return []
    seen = {caller: await _units_in(client, template) for caller, client in clients.items()}
    return [
        (call, name, f"{relation} in the list", *("shown" if unit in seen[caller] else "hidden" for caller in clients))
        for relation, unit in UNITS.items()
    ]


async def _units_in(client: httpx.AsyncClient, path: str) -> set[str]:
    """The units that the items of a list name as theirs, as those that answer, or that reported, by code."""
    found: set[str] = set()
    cursor = None
    while True:
        answer = await client.get(path, params={"limit": 200} | ({} if cursor is None else {"cursor": cursor}))
        page = answer.json() if answer.is_success and answer.headers["content-type"] == "application/json" else {}
        items = page.get("items") if isinstance(page, dict) else None
        for item in items or ():
            named = [item.get(name) for name in ("unit", "lead", "reporter")] if isinstance(item, dict) else []
            found |= {CODES.get(each, each) for each in named if isinstance(each, str)}
        cursor = page.get("next") if items else None
        if not isinstance(cursor, str):
            return found


def text_of(rows: list[Row]) -> str:
    """The rows as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(rows)
    return out.getvalue()


def kept(service: str) -> list[Row]:
    """The table in the repository."""
    with path_to(service).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]
